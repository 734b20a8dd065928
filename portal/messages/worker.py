"""The worker: as many as wanted, on as many machines as wanted; none holds anything that another would miss."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta

from portal.clock import Clock, wall_clock
from portal.messages.account_messages import ACCOUNT_MESSAGES
from portal.messages.delivery import deliver
from portal.messages.email.smtp import PATIENCE
from portal.messages.notices import NOTICES
from portal.messages.prune import prune
from portal.messages.queue import Queue, Row
from portal.messages.rooms import open_room
from portal.people.offers import offer_what_waits
from portal.settings import Settings

POLL = 1.0  # seconds between looks when nobody nudges
CHORES_EVERY = 60.0
PAUSE_IN_TROUBLE = 5.0
_MARGIN = timedelta(seconds=2 * PATIENCE)  # a claim with less left than the slowest sending is put back

log = logging.getLogger(__name__)


async def work(
    settings: Settings, stop: asyncio.Event, nudged: asyncio.Event | None = None, clock: Clock = wall_clock
) -> None:
    """Until `stop`; what is being sent then is finished first. Codes and notices never wait for each other."""
    nudged = nudged or asyncio.Event()
    async with asyncio.TaskGroup() as tasks:
        for queue in (ACCOUNT_MESSAGES, NOTICES):
            tasks.create_task(_send_from(queue, settings, stop, nudged, clock))
        for chore in (prune, offer_what_waits):
            tasks.create_task(_often(chore, stop, clock))


async def send_batch(queue: Queue, settings: Settings, stop: asyncio.Event, clock: Clock) -> int:
    """Claims what is due and gives how many rows it claimed. Side by side, so that no channel waits for another."""
    by_channel: dict[str, list[Row]] = {}
    for row in await queue.claim(clock()):
        by_channel.setdefault(row["channel"], []).append(row)
    ends = await asyncio.gather(
        *(_send_through(channel, rows, queue, settings, stop, clock) for channel, rows in by_channel.items()),
        return_exceptions=True,  # the others finish what they are sending
    )
    for trouble in ends:
        if trouble is not None:
            raise trouble
    return sum(map(len, by_channel.values()))


async def _send_through(
    channel: str, rows: list[Row], queue: Queue, settings: Settings, stop: asyncio.Event, clock: Clock
) -> None:
    """One room for all of them, so that it connects once."""
    room = open_room(channel, settings)
    try:
        for row in rows:
            if stop.is_set() or row["claimed_until"] - clock() < _MARGIN:
                await queue.put_back(row)
            else:
                await deliver(queue, row, room, settings, clock)
    finally:
        await room.close()


async def _send_from(
    queue: Queue, settings: Settings, stop: asyncio.Event, nudged: asyncio.Event, clock: Clock
) -> None:
    while not stop.is_set():
        try:
            if await send_batch(queue, settings, stop, clock) == 0:
                await _first_of(stop, nudged, seconds=POLL)
                nudged.clear()
        except Exception:
            log.exception("%s: sending was interrupted", queue.table.__name__)
            await _first_of(stop, seconds=PAUSE_IN_TROUBLE)


async def _often(chore: Callable[[datetime], Awaitable[None]], stop: asyncio.Event, clock: Clock) -> None:
    while not stop.is_set():
        try:
            await chore(clock())
        except Exception:
            log.exception("%s was interrupted", chore.__name__)
        await _first_of(stop, seconds=CHORES_EVERY)


async def _first_of(*events: asyncio.Event, seconds: float) -> None:
    waits = [asyncio.create_task(event.wait()) for event in events]
    await asyncio.wait(waits, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
    for wait in waits:
        wait.cancel()
