"""The limit of what a page can reach here: granian as `portal/operations/serve.py` starts it, and one empty route."""

import multiprocessing
import sys

from granian.constants import Interfaces
from granian.server import Server
from litestar import Litestar, get

from tests.benchmarks.installation import PROCESSES

ANSWER = b'{"day":"2026-12-01","times":[]}'


@get(["/", "/health/live"], media_type="application/json")
async def bare_route() -> bytes:
    return ANSWER


def pages() -> Litestar:
    return Litestar([bare_route], openapi_config=None, logging_config=None)


def main() -> None:
    multiprocessing.set_start_method("spawn")
    Server(
        "tests.benchmarks.bare:pages",
        factory=True,
        interface=Interfaces.ASGI,
        port=int(sys.argv[1]),
        workers=PROCESSES,
        websockets=False,
        log_enabled=False,
    ).serve()


if __name__ == "__main__":
    main()
