"""Many clients who post at the same moment, each over a connection that stands already."""

import asyncio
import re
import time
from collections.abc import Sequence
from dataclasses import dataclass
from types import TracebackType
from typing import Self

_LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)
_LOCATION = re.compile(rb"\r\nlocation: *([^\r]+)", re.IGNORECASE)
PATIENCE = 60  # seconds

Line = tuple[asyncio.StreamReader, asyncio.StreamWriter]


@dataclass(frozen=True)
class Answer:
    status: int
    location: str


class Crowd:
    def __init__(self, port: int, size: int) -> None:
        self._port, self._size = port, size
        self._lines: list[Line] = []

    async def __aenter__(self) -> Self:
        for _ in range(self._size):
            self._lines.append(await asyncio.open_connection("127.0.0.1", self._port))
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for _, writer in self._lines:
            writer.close()

    async def post(self, requests: Sequence[bytes]) -> tuple[list[int], float]:
        """The statuses, and the seconds until the last answer had come."""
        began = time.perf_counter()
        for request, (_, writer) in zip(requests, self._lines, strict=True):
            writer.write(request)
        answers = await asyncio.wait_for(asyncio.gather(*(read_answer(reader) for reader, _ in self._lines)), PATIENCE)
        return [answer.status for answer in answers], time.perf_counter() - began


async def read_answer(reader: asyncio.StreamReader) -> Answer:
    """Raises IncompleteReadError when the connection ends before it."""
    head = await reader.readuntil(b"\r\n\r\n")
    length, location = _LENGTH.search(head), _LOCATION.search(head)
    if length:
        await reader.readexactly(int(length[1]))
    return Answer(int(head.split(b" ", 2)[1]), location[1].decode() if location else "")
