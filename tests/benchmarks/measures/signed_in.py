"""What is asked of the database for a person who is signed in, each beside the same SQL by asyncpg alone."""

import time
from collections.abc import Awaitable, Callable
from datetime import datetime
from statistics import median

import asyncpg

from portal.clock import wall_clock
from portal.database import close_database, open_database, person_lens
from portal.people import connections
from tenants import across
from tests.benchmarks import client
from tests.benchmarks.figures import Figure, Limit, Run

LIST_AT_MOST, CHECK_AT_MOST = 1, 0.3
_CALLS, _TURN = 2_000, 100
_AS_THE_PAGES = {"plan_cache_mode": "force_generic_plan"}

Ask = Callable[[], Awaitable[object]]


async def measure(run: Run) -> list[Figure]:
    person = await client.make(run.installation.owner, run.now)
    dsn = run.installation.address.app_dsn
    alone = await asyncpg.connect(dsn, server_settings=_AS_THE_PAGES)
    await open_database(dsn, smallest=2, largest=2)
    try:
        return [await _merged_list(person, alone, run.now), await _check(alone, wall_clock())]
    finally:
        await close_database()
        await alone.close()


async def _merged_list(person: int, alone: asyncpg.Connection, now: datetime) -> Figure:
    async def ours() -> None:
        async with person_lens(person):
            found = await across.merged_appointments(person, now)
        assert len(found.upcoming) + len(found.past) == client.COMING + client.PAST

    async def plain() -> None:
        await alone.fetch(across._LISTED, person, now, client.PAST, "")

    return await _beside("Merged list of 60 appointments, from the database", ours, plain, LIST_AT_MOST)


async def _check(alone: asyncpg.Connection, now: datetime) -> Figure:
    digest = connections._digest(client.TOKEN)

    async def ours() -> None:
        assert await connections.find_connection(client.TOKEN, now)

    async def plain() -> None:
        await alone.fetchrow(connections._FIND, digest, now - connections.LIFE)

    return await _beside("Check of a connection, on every request", ours, plain, CHECK_AT_MOST)


async def _beside(name: str, ours: Ask, plain: Ask, most: float) -> Figure:
    """By turns, so that what else the machine does slows both."""
    times: dict[Ask, list[float]] = {ours: [], plain: []}
    for _ in range(_CALLS // _TURN):
        for ask, taken in times.items():
            for _ in range(_TURN):
                began = time.perf_counter()
                await ask()
                taken.append(time.perf_counter() - began)
    figure, limit = (1000 * median(taken) for taken in times.values())
    return Figure(f"{name}, median", figure, "ms", most=most, limits=(Limit("asyncpg, same SQL", limit),))
