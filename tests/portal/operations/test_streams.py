"""Streams of several processes: a change made in one is heard in all, and none keeps the server from stopping."""

import asyncio
import signal
import socket
import time
from contextlib import ExitStack
from dataclasses import dataclass
from hashlib import sha256

import asyncpg

from tenants.refs import new_key, new_ref
from tests.journeys.demo import CONNECT
from tests.portal.operations.installation import PATIENCE, Installation

NORA = "nora@harbour.example"
QUIET = 0.5  # seconds without a word: nothing more is under way
STOPS_WITHIN = 10  # seconds; for a stream it would wait three times as long


@dataclass
class Stream:
    line: socket.socket

    def hear(self) -> int:
        """How many changes are told until it is quiet; -1 once the stream has ended."""
        told = b""
        try:
            while said := self.line.recv(4096):
                told += said
        except TimeoutError:
            return told.count(b"event: changed")
        return -1


def _listen(installation: Installation, token: str) -> Stream:
    line = socket.create_connection(("127.0.0.1", installation.port), timeout=QUIET)
    asked = f"GET /desk/harbour/changes HTTP/1.1\r\nHost: localhost\r\nCookie: connection={token}\r\n\r\n"
    line.sendall(asked.encode())
    return Stream(line)


async def _let_in(installation: Installation) -> str:
    owner = await asyncpg.connect(installation.address.owner_dsn)
    token = new_key()
    await owner.execute(CONNECT, NORA, new_ref(), sha256(token.encode()).digest())
    await owner.close()
    return token


async def _notify(installation: Installation) -> None:
    owner = await asyncpg.connect(installation.address.owner_dsn)
    await owner.execute("SELECT pg_notify('carnet_desks', id::text) FROM practice WHERE slug = 'harbour'")
    await owner.close()


def test_change_is_heard_in_every_process_and_streams_end_with_the_server(demo: Installation) -> None:
    server = demo.start("serve", PORTAL_PROCESSES="2", PORTAL_SECRET_KEY="k" * 40)
    demo.answers()
    token = asyncio.run(_let_in(demo))
    with ExitStack() as open_:
        streams = [_listen(demo, token) for _ in range(4)]
        for stream in streams:
            open_.enter_context(stream.line)
        opened = [stream.hear() > 0 for stream in streams]

        asyncio.run(_notify(demo))
        heard = [stream.hear() for stream in streams]
        server.send_signal(signal.SIGTERM)
        begun = time.monotonic()
        server.wait(PATIENCE)

        assert (opened, heard) == ([True] * 4, [1] * 4)
        assert (server.returncode, time.monotonic() - begun < STOPS_WITHIN) == (0, True)
        assert [stream.hear() for stream in streams] == [-1] * 4
