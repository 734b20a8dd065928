"""What messages are handed to, as a process of its own: Twilio's API and an SMTP server that answer in 100 ms.

`python -m tests.benchmarks.providers` says on one line where they listen; `/arrived` tells what they have taken.
"""

import asyncio
import json
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.request import urlopen

import uvloop
from aiohttp import web

from tests.fake_twilio import FakeTwilio, fake_twilio

ANSWERS_IN = 0.1  # seconds
_TO = re.compile(rb"^To: (?:.*<)?([^>\r\n]+)", re.MULTILINE)
_ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class Arrived:
    """Distinct ones as well: by their bodies, of which each has its own link, and by their Message-IDs.

    `mails` are the moments (since the epoch) at which each address had its first.
    """

    texts: int
    different_texts: int
    letters: int
    different_letters: int
    mails: dict[str, float]


@dataclass(frozen=True)
class Providers:
    twilio_url: str
    smtp_port: int
    control: str

    def arrived(self) -> Arrived:
        with urlopen(self.control + "/arrived") as answer:
            return Arrived(**json.load(answer))

    def forget(self) -> None:
        with urlopen(self.control + "/forget"):
            pass


@contextmanager
def providers() -> Iterator[Providers]:
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.benchmarks.providers"], cwd=_ROOT, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    try:
        yield Providers(**json.loads(process.stdout.readline()))
    finally:
        process.terminate()
        process.wait()


class SlowTwilio(FakeTwilio):
    async def create(self, request: web.Request) -> web.StreamResponse:
        accepted = await super().create(request)
        await asyncio.sleep(ANSWERS_IN)
        return accepted


@dataclass
class Letters:
    count: int = 0
    ids: set[bytes] = field(default_factory=set)
    mails: dict[str, float] = field(default_factory=dict)

    def take(self, letter: bytes) -> None:
        self.count += 1
        self.ids.add(letter.partition(b"Message-ID:")[2].split(maxsplit=1)[0])
        if to := _TO.search(letter):
            self.mails.setdefault(to[1].decode(), time.time())

    def forget(self) -> None:
        self.count = 0
        self.ids.clear()
        self.mails.clear()


class SlowSmtp(asyncio.Protocol):
    """Answers each command at once and each letter in `ANSWERS_IN`, as servers do that look into it first."""

    def __init__(self, letters: Letters) -> None:
        self._letters = letters
        self._buffer = bytearray()
        self._reads_letter = False

    def connection_made(self, transport: Any) -> None:
        self._transport = transport
        self._say(b"220 ready")

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        end = b"\r\n.\r\n" if self._reads_letter else b"\r\n"
        while end in self._buffer:
            said, _, rest = bytes(self._buffer).partition(end)
            self._buffer = bytearray(rest)
            self._letter(said) if self._reads_letter else self._command(said)
            end = b"\r\n.\r\n" if self._reads_letter else b"\r\n"

    def _command(self, said: bytes) -> None:
        match said[:4].upper():
            case b"DATA":
                self._reads_letter = True
                self._say(b"354 go on")
            case b"QUIT":
                self._say(b"221 bye")
                self._transport.close()
            case _:
                self._say(b"250 OK")

    def _letter(self, letter: bytes) -> None:
        self._reads_letter = False
        self._letters.take(letter)
        asyncio.get_running_loop().call_later(ANSWERS_IN, self._say, b"250 OK")

    def _say(self, line: bytes) -> None:
        if not self._transport.is_closing():
            self._transport.write(line + b"\r\n")


async def serve() -> None:
    letters = Letters()
    smtp = await asyncio.get_running_loop().create_server(lambda: SlowSmtp(letters), "127.0.0.1", 0)
    async with fake_twilio(SlowTwilio()) as twilio:
        where = Providers(twilio.url, smtp.sockets[0].getsockname()[1], await _listen(twilio, letters))
        print(json.dumps(where.__dict__), flush=True)  # noqa: T201 - read by whoever has started it
        await asyncio.Event().wait()


async def _listen(twilio: FakeTwilio, letters: Letters) -> str:
    async def arrived(_: web.Request) -> web.Response:
        texts = [message["body"] for message in twilio.messages]
        told = Arrived(len(texts), len(set(texts)), letters.count, len(letters.ids), letters.mails)
        return web.json_response(told.__dict__)

    async def forget(_: web.Request) -> web.Response:
        twilio.messages.clear()
        twilio.received.clear()
        letters.forget()
        return web.Response()

    app = web.Application()
    app.add_routes([web.get("/arrived", arrived), web.get("/forget", forget)])
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    host, port = runner.addresses[0]
    return f"http://{host}:{port}"


if __name__ == "__main__":
    uvloop.run(serve())
