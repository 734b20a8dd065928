"""LISTEN of PostgreSQL: one connection for one channel, opened again whenever it is lost."""

import asyncio
import logging
from collections.abc import Callable
from contextlib import suppress

import asyncpg

from portal.database import TROUBLE, engine

AGAIN_AFTER = 5.0  # seconds until a lost connection is opened again
log = logging.getLogger(__name__)

Heard = Callable[[str | None], None]
"""Told what each notification carries; None each time that a connection has just been opened, for what went unheard."""


async def listen(channel: str, heard: Heard, stop: asyncio.Event, again_after: float = AGAIN_AFTER) -> None:
    """On a connection of its own, until `stop`."""
    while not stop.is_set():
        try:
            connection = await asyncpg.connect(engine.config["dsn"])
        except (*TROUBLE, asyncpg.PostgresError):
            log.warning("nobody can be heard on %s at the moment", channel)
        else:
            await _listen_on(connection, channel, heard, stop)
        with suppress(TimeoutError):
            await asyncio.wait_for(stop.wait(), again_after)


async def _listen_on(connection: asyncpg.Connection, channel: str, heard: Heard, stop: asyncio.Event) -> None:
    """Until the connection ends, or `stop`."""
    ended = asyncio.Event()
    connection.add_termination_listener(lambda _: ended.set())
    try:
        await connection.add_listener(channel, lambda *what: heard(what[-1]))
        heard(None)
        waits = [asyncio.create_task(event.wait()) for event in (stop, ended)]
        await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
        for wait in waits:
            wait.cancel()
    except (*TROUBLE, asyncpg.PostgresError):
        log.warning("nobody can be heard on %s at the moment", channel)
    finally:
        with suppress(*TROUBLE, asyncpg.PostgresError):
            await connection.close(timeout=2)
