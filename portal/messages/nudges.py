"""What pages write, others hear of at once: the worker that sends, and the desks that show it. NOTIFY of PostgreSQL.

A nudge is sent after the change is committed, in a statement of its own, and at most ten times a second by each
process: NOTIFY inside the booking's own transaction would make all bookings commit one after the other. A nudge that
gets lost costs the worker a second, since it also looks by itself, and a desk the minute until it asks again.
"""

import asyncio
from collections.abc import Callable, Collection
from contextlib import suppress
from typing import Any

import asyncpg
from litestar import Request
from litestar.datastructures import State

from portal.database import TROUBLE, practices_touched, read_row
from portal.listening import listen

WORKERS, DESKS = "carnet_messages", "carnet_desks"
PAUSE = 0.1
_NUDGE = """
SELECT pg_notify($1, ''), (SELECT count(pg_notify($2, id::text)) FROM unnest($3::bigint[]) AS id)
"""


class Nudges:
    """One process's own; `ring` returns at once."""

    def __init__(self) -> None:
        self._under_way: asyncio.Task[None] | None = None
        self._wanted = False
        self._practices: set[int] = set()

    def ring(self, practices: Collection[int] = ()) -> None:
        """`practices` are those whose desks should look again."""
        self._wanted = True
        self._practices.update(practices)
        if self._under_way is None or self._under_way.done():
            self._under_way = asyncio.create_task(self._send())

    async def _send(self) -> None:
        while self._wanted:
            practices, self._practices, self._wanted = list(self._practices), set(), False
            with suppress(*TROUBLE, asyncpg.PostgresError, AssertionError):  # the last: the pool is closed already
                await read_row(_NUDGE, WORKERS, DESKS, practices)
            await asyncio.sleep(PAUSE)


async def tell_desks(practices: Collection[int]) -> None:
    """From the worker: what it has changed there is to be looked at again."""
    with suppress(*TROUBLE, asyncpg.PostgresError):
        await read_row(_NUDGE, WORKERS, DESKS, list(practices))


async def nudge(request: Request[Any, Any, State]) -> None:
    """After each answer to a change; whether it owes a message the worker sees."""
    if request.method == "POST":
        request.app.state.nudges.ring(practices_touched())


async def hear_nudges(
    bells: Collection[asyncio.Event], stop: asyncio.Event, nudged: asyncio.Event | None = None
) -> None:
    """Rings every bell at each nudge, on a connection of its own, until `stop`."""

    def ring(*_: object) -> None:
        for bell in bells:
            bell.set()

    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(listen(WORKERS, ring, stop))
        if nudged:
            tasks.create_task(_pass_on(nudged, ring, stop))


async def _pass_on(nudged: asyncio.Event, ring: Callable[[], None], stop: asyncio.Event) -> None:
    while not stop.is_set():
        waits = [asyncio.create_task(event.wait()) for event in (stop, nudged)]
        await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
        for wait in waits:
            wait.cancel()
        if nudged.is_set():
            nudged.clear()
            ring()
