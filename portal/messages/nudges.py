"""What pages write for the worker to send, it hears of at once: LISTEN and NOTIFY of PostgreSQL.

A nudge is sent after the change is committed, in a statement of its own, and at most ten times a second by each
process: NOTIFY inside the booking's own transaction would make all bookings commit one after the other. A nudge that
gets lost costs a second, since the worker also looks by itself.
"""

import asyncio
import logging
from collections.abc import Callable, Collection
from contextlib import suppress
from typing import Any

import asyncpg
from litestar import Request
from litestar.datastructures import State

from portal.database import TROUBLE, engine, read_row

CHANNEL = "carnet_messages"
PAUSE = 0.1
_AGAIN_AFTER = 5.0  # seconds until a lost connection is opened again
log = logging.getLogger(__name__)


class Nudges:
    """One process's own; `ring` returns at once."""

    def __init__(self) -> None:
        self._under_way: asyncio.Task[None] | None = None
        self._wanted = False

    def ring(self) -> None:
        self._wanted = True
        if self._under_way is None or self._under_way.done():
            self._under_way = asyncio.create_task(self._send())

    async def _send(self) -> None:
        while self._wanted:
            self._wanted = False
            with suppress(*TROUBLE, asyncpg.PostgresError, AssertionError):  # the last: the pool is closed already
                await read_row("SELECT pg_notify($1, '')", CHANNEL)
            await asyncio.sleep(PAUSE)


async def nudge_worker(request: Request[Any, Any, State]) -> None:
    """After each answer to a change; whether it owes a message the worker sees."""
    if request.method == "POST":
        request.app.state.nudges.ring()


async def hear_nudges(
    bells: Collection[asyncio.Event], stop: asyncio.Event, nudged: asyncio.Event | None = None
) -> None:
    """Rings every bell at each nudge, on a connection of its own, until `stop`."""

    def ring(*_: object) -> None:
        for bell in bells:
            bell.set()

    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(_listen(ring, stop))
        if nudged:
            tasks.create_task(_pass_on(nudged, ring, stop))


async def _listen(ring: Callable[..., None], stop: asyncio.Event) -> None:
    while not stop.is_set():
        try:
            connection = await asyncpg.connect(engine.config["dsn"])
        except (*TROUBLE, asyncpg.PostgresError):
            log.warning("nobody can be heard at the moment; messages leave a second later")
        else:
            await _listen_on(connection, ring, stop)
        with suppress(TimeoutError):
            await asyncio.wait_for(stop.wait(), _AGAIN_AFTER)


async def _listen_on(connection: asyncpg.Connection, ring: Callable[..., None], stop: asyncio.Event) -> None:
    """Until the connection ends, or `stop`."""
    ended = asyncio.Event()
    connection.add_termination_listener(lambda _: ended.set())
    try:
        await connection.add_listener(CHANNEL, ring)
        ring()  # for what was written before anybody listened
        waits = [asyncio.create_task(event.wait()) for event in (stop, ended)]
        await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
        for wait in waits:
            wait.cancel()
    except (*TROUBLE, asyncpg.PostgresError):
        log.warning("nobody can be heard at the moment; messages leave a second later")
    finally:
        with suppress(*TROUBLE, asyncpg.PostgresError):
            await connection.close(timeout=2)


async def _pass_on(nudged: asyncio.Event, ring: Callable[..., None], stop: asyncio.Event) -> None:
    while not stop.is_set():
        waits = [asyncio.create_task(event.wait()) for event in (stop, nudged)]
        await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
        for wait in waits:
            wait.cancel()
        if nudged.is_set():
            nudged.clear()
            ring()
