"""Many clients who post at the same moment, each over a connection that stands already."""

import asyncio
import re
import time
from collections.abc import Sequence
from types import TracebackType
from typing import Self

_LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)
PATIENCE = 60  # seconds


class Crowd:
    def __init__(self, port: int, size: int) -> None:
        self._port, self._size = port, size
        self._lines: list[tuple[asyncio.StreamReader, asyncio.StreamWriter]] = []

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
        statuses = await asyncio.wait_for(asyncio.gather(*(_status(reader) for reader, _ in self._lines)), PATIENCE)
        return list(statuses), time.perf_counter() - began


async def _status(reader: asyncio.StreamReader) -> int:
    head = await reader.readuntil(b"\r\n\r\n")
    length = _LENGTH.search(head)
    if length:
        await reader.readexactly(int(length[1]))
    return int(head.split(b" ", 2)[1])
