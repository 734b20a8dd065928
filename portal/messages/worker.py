"""The worker: as many as wanted, on as many machines as wanted; none holds anything that another would miss."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Any

from portal.clock import Clock, wall_clock
from portal.database import worker_lens
from portal.messages.account_messages import ACCOUNT_MESSAGES
from portal.messages.delivery import deliver, not_delivered
from portal.messages.email.bounces import Bounces
from portal.messages.email.smtp import PATIENCE
from portal.messages.erasures import EVERY, announce_erasures, erase_what_is_due
from portal.messages.health import note_health
from portal.messages.lapses import EVERY as LAPSE_EVERY
from portal.messages.lapses import lapse_requests
from portal.messages.letters.letter import Letter
from portal.messages.letters.text import Text
from portal.messages.nudges import hear_nudges
from portal.messages.practice_messages import PRACTICE_MESSAGES
from portal.messages.prune import prune
from portal.messages.purges import EVERY as PURGED_EVERY
from portal.messages.purges import purge_what_is_due
from portal.messages.queue import Outcome, Queue, Row
from portal.messages.rooms import open_room
from portal.messages.sms.incoming import handle_texts
from portal.messages.sms.stops import is_opt_out, note_stops
from portal.messages.waiting import EVERY as LOOK_EVERYWHERE
from portal.messages.waiting import look_everywhere, offer_what_came_free
from portal.people.offers import offer_what_waits
from portal.settings import Settings
from portal.transfers.work import work_off
from tenants.due import owe_what_is_due

POLL = 1.0  # seconds between looks when nobody nudges
LOOK_EVERY = 5.0  # for reminders: they leave within 30 seconds of their moment
CHORES_EVERY = 60.0
PAUSE_IN_TROUBLE = 5.0
BATCHES = 4  # at once and for each queue, so that one slow answer holds nobody up
_MARGIN = timedelta(seconds=2 * PATIENCE)  # a claim with less left than the slowest sending is put back

log = logging.getLogger(__name__)


async def work(
    settings: Settings, stop: asyncio.Event, nudged: asyncio.Event | None = None, clock: Clock = wall_clock
) -> None:
    """Until `stop`; what is being sent then is finished first. Codes wait for no practice's message."""
    bells = {queue.name: asyncio.Event() for queue in (ACCOUNT_MESSAGES, PRACTICE_MESSAGES)}
    async with asyncio.TaskGroup() as tasks:
        texts_came, transfer_wanted, time_freed = asyncio.Event(), asyncio.Event(), asyncio.Event()
        tasks.create_task(hear_nudges([*bells.values(), texts_came, transfer_wanted, time_freed], stop, nudged))
        for queue in (ACCOUNT_MESSAGES, PRACTICE_MESSAGES):
            tasks.create_task(_send_from(queue, settings, stop, bells[queue.name], clock))
        tasks.create_task(_often(look_for_reminders, stop, clock, every=LOOK_EVERY))
        tasks.create_task(_often(lapse_requests, stop, clock, every=LAPSE_EVERY))
        tasks.create_task(_often(handle_texts, stop, clock, every=LOOK_EVERY, bell=texts_came))
        tasks.create_task(_often(offer_what_came_free, stop, clock, every=LOOK_EVERY, bell=time_freed))
        tasks.create_task(_often(look_everywhere, stop, clock, every=LOOK_EVERYWHERE.total_seconds()))
        tasks.create_task(work_off(stop, transfer_wanted, clock))
        chores = [prune, offer_what_waits, erase_what_is_due]
        if settings.bounce_maildir:
            chores.append(Bounces(settings, settings.bounce_maildir, stop).read)
        tasks.create_task(_often(announce_erasures, stop, clock, every=EVERY.total_seconds()))
        tasks.create_task(_often(purge_what_is_due, stop, clock, every=PURGED_EVERY.total_seconds()))
        for chore in chores:
            tasks.create_task(_often(chore, stop, clock, every=CHORES_EVERY))


async def look_for_reminders(now: datetime) -> None:
    """What it finds, the next look for messages sends."""
    async with worker_lens():
        await owe_what_is_due(now)


async def send_batch(queue: Queue, settings: Settings, stop: asyncio.Event, clock: Clock) -> int:
    """Claims what is due and gives how many rows it claimed, once all of them have their outcome."""
    rows = await queue.claim(clock())
    if rows:
        await _send(rows, queue, settings, stop, clock)
    return len(rows)


async def _send(rows: list[Row], queue: Queue, settings: Settings, stop: asyncio.Event, clock: Clock) -> None:
    """Side by side, so that no channel waits for another."""
    results = _Results(queue)
    if stop.is_set():
        await queue.record([Outcome(row) for row in rows])
        return
    by_channel: dict[str, list[tuple[Row, Letter | Text]]] = {}
    for row, message in zip(rows, await queue.write(rows, settings, clock()), strict=True):
        if isinstance(message, Letter | Text):
            by_channel.setdefault("email" if isinstance(message, Letter) else "sms", []).append((row, message))
        else:
            results.add(not_delivered(row, message, clock))
    ends = await asyncio.gather(
        *(_send_through(channel, each, results, settings, stop, clock) for channel, each in by_channel.items()),
        return_exceptions=True,  # the others finish what they are sending
    )
    await results.written()
    for trouble in ends:
        if trouble is not None:
            raise trouble


async def _send_through(
    channel: str,
    messages: list[tuple[Row, Letter | Text]],
    results: "_Results",
    settings: Settings,
    stop: asyncio.Event,
    clock: Clock,
) -> None:
    """One room for all of them, so that it connects as seldom as it can."""
    room = open_room(channel, settings)

    async def send(row: Row, message: Letter | Text) -> Outcome:
        if stop.is_set() or row["claimed_until"] - clock() < _MARGIN:
            outcome = Outcome(row)
        else:
            outcome = await deliver(row, message, room, clock)
        results.add(outcome)
        return outcome

    try:
        outcomes = await asyncio.gather(*(send(row, message) for row, message in messages))
    finally:
        await room.close()
    await note_health(channel, outcomes, clock())
    if channel == "sms":
        pairs = zip(messages, outcomes, strict=True)
        await note_stops([text.to for (_, text), outcome in pairs if is_opt_out(outcome.reason)], clock())


class _Results:
    """Written as soon as they are there: while one writing is under way, the next ones gather."""

    def __init__(self, queue: Queue) -> None:
        self._queue = queue
        self._waiting: list[Outcome] = []
        self._writings: list[asyncio.Task[None]] = []

    def add(self, outcome: Outcome) -> None:
        self._waiting.append(outcome)
        if not self._writings or self._writings[-1].done():
            self._writings.append(asyncio.create_task(self._write()))

    async def written(self) -> None:
        """Raises what the database raises: the claims then end by themselves."""
        for trouble in await asyncio.gather(*self._writings, return_exceptions=True):
            if trouble is not None:
                raise trouble

    async def _write(self) -> None:
        while self._waiting:
            outcomes, self._waiting = self._waiting, []
            await self._queue.record(outcomes)


async def _send_from(queue: Queue, settings: Settings, stop: asyncio.Event, bell: asyncio.Event, clock: Clock) -> None:
    under_way: set[asyncio.Task[None]] = set()
    while not stop.is_set():
        try:
            rows = await queue.claim(clock()) if len(under_way) < BATCHES else []
            if rows:
                under_way.add(asyncio.create_task(_send(rows, queue, settings, stop, clock)))
            else:
                await _first_of(stop, bell, *under_way, seconds=POLL)
                bell.clear()
            for ended in [task for task in under_way if task.done()]:
                under_way.discard(ended)
                ended.result()
        except Exception:
            log.exception("%s: sending was interrupted", queue.name)
            await _first_of(stop, seconds=PAUSE_IN_TROUBLE)
    for trouble in await asyncio.gather(*under_way, return_exceptions=True):
        if trouble is not None:
            log.error("%s: sending was interrupted", queue.name, exc_info=trouble)


async def _often(
    chore: Callable[[datetime], Awaitable[None]],
    stop: asyncio.Event,
    clock: Clock,
    *,
    every: float,
    bell: asyncio.Event | None = None,
) -> None:
    """And at once when its bell rings."""
    bell = bell or asyncio.Event()
    while not stop.is_set():
        bell.clear()
        try:
            await chore(clock())
        except Exception:
            log.exception("%s was interrupted", chore.__name__)
        await _first_of(stop, bell, seconds=every)


async def _first_of(*events: asyncio.Event | asyncio.Task[Any], seconds: float) -> None:
    """Or until the time is over. Tasks go on by themselves."""
    waits = [asyncio.create_task(event.wait()) for event in events if isinstance(event, asyncio.Event)]
    tasks = [task for task in events if isinstance(task, asyncio.Task)]
    await asyncio.wait([*waits, *tasks], timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
    for wait in waits:
        wait.cancel()
