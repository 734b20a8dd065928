"""For tests that are not coroutines themselves: one event loop, and on it the application's pool."""

import asyncio
from collections.abc import Awaitable
from typing import Any

import asyncpg

from portal.database import close_database, open_database
from tests import databases


class OneLoop:
    """Where the pool of other tests is put aside (`no_pool`), on an empty database."""

    def __init__(self, owner_dsn: str, app_dsn: str) -> None:
        self._loop = asyncio.Runner(loop_factory=asyncio.new_event_loop)
        self.run(open_database(app_dsn, largest=2))
        self.owner: asyncpg.Connection = self.run(asyncpg.connect(owner_dsn))
        self.run(databases.empty(self.owner))

    def run(self, work: Awaitable[Any]) -> Any:
        async def done() -> Any:
            return await work

        return self._loop.run(done())

    def close(self) -> None:
        self.run(self.owner.close())
        self.run(close_database())
        self._loop.close()
