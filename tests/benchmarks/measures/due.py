"""What one look for due reminders takes, among ten thousand practices and a million appointments to come."""

import time
from collections.abc import Sequence
from datetime import datetime, timedelta
from statistics import median
from zoneinfo import ZoneInfo

from portal.database import close_database, open_database, worker_lens
from portal.messages.worker import LOOK_EVERY
from tenants.due import OVERLAP, find_due
from tenants.writing.quiet import LEAD
from tests.benchmarks import practices
from tests.benchmarks.figures import ROUNDS, Figure, Run

MOST = 250  # milliseconds
_ON_THE_DAY_AFTER = 10


async def measure(run: Run) -> list[Figure]:
    """Of the usual looks, at moments when reminders are due; each round looks at another minute."""
    await open_database(run.installation.address.app_dsn, smallest=1, largest=1)
    try:
        usual = [await _look(moment) for moment in _working_moments(run)]
        evenings = [await _look(moment) for moment in _evenings(run)]
    finally:
        await close_database()
    return [
        Figure("Finding what is due, usual look", _milliseconds(usual), "ms", most=MOST),
        Figure("… reminders that it finds", median(found for _, found in usual), ""),
        Figure("Finding what is due as the quiet hours of most begin", _milliseconds(evenings), "ms"),
        Figure("… reminders that it finds", max(found for _, found in evenings), ""),
    ]


async def _look(now: datetime) -> tuple[float, int]:
    began = time.perf_counter()
    async with worker_lens():
        found = await find_due(now - timedelta(seconds=LOOK_EVERY) - OVERLAP, now)
    return time.perf_counter() - began, len(found)


def _milliseconds(looks: Sequence[tuple[float, int]]) -> float:
    return 1000 * median(seconds for seconds, _ in looks)


def _working_moments(run: Run) -> list[datetime]:
    noon = _at(run, 12)
    return [noon + timedelta(minutes=5 * turn) for turn in range(3 * ROUNDS)]


def _evenings(run: Run) -> list[datetime]:
    return [_at(run, 21) - LEAD + timedelta(days=day) for day in range(ROUNDS)]


def _at(run: Run, hour: int) -> datetime:
    day = run.today + timedelta(days=_ON_THE_DAY_AFTER)
    return datetime(day.year, day.month, day.day, hour, tzinfo=ZoneInfo(practices.ZONE))
