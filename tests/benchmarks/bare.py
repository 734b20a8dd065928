"""The limit of what a page can reach here: granian as `portal/operations/serve.py` starts it, and two bare routes.

One is empty; the other renders a page of as many bytes as asked for, as the portal renders its own.
"""

import multiprocessing
import sys

from granian.constants import Interfaces
from granian.server import Server
from jinja2 import DictLoader
from litestar import Litestar, get
from litestar.params import FromPath
from litestar.plugins.jinja import JinjaTemplateEngine
from litestar.response import Template
from litestar.template import TemplateConfig

from portal.web.templates import template_engine
from tests.benchmarks.installation import PROCESSES

ANSWER = b'{"day":"2026-12-01","times":[]}'

LINES = 40  # as many as the list has that is compared with it
PAGE = """<!doctype html>
<html lang="en"><title>{{ title }}</title>
<ul>
{% for line in lines %}
<li class="{{ line.kind }}">{{ line.words }}</li>
{% endfor %}
</ul>
</html>
"""


@get(["/", "/health/live"], media_type="application/json")
async def bare_route() -> bytes:
    return ANSWER


@get("/page/{length:int}")
async def bare_page(length: FromPath[int]) -> Template:
    words = "a" * (length // LINES - len('<li class="line"></li>\n'))
    return Template("page.html", context={"title": "Bare", "lines": [{"kind": "line", "words": words}] * LINES})


def pages() -> Litestar:
    environment = template_engine().engine.overlay(loader=DictLoader({"page.html": PAGE}))
    return Litestar(
        [bare_route, bare_page],
        template_config=TemplateConfig(instance=JinjaTemplateEngine.from_environment(environment)),
        openapi_config=None,
        logging_config=None,
    )


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
