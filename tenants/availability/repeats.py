"""The same wall time every so many weeks."""

from collections.abc import Iterator
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from tenants.availability.wall_clock import starts


def repeats(day: date, minute: int, every_weeks: int, times: int, zone: ZoneInfo) -> Iterator[tuple[date, int | None]]:
    """Each day with the instant of that minute after its midnight, the first day included.

    None on a night that skips it; where it comes twice, its first coming.
    """
    for number in range(times):
        each = day + timedelta(weeks=every_weeks * number)
        yield each, next(iter(starts(each, minute, minute + 1, 1, zone)), None)
