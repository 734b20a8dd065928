"""From the clock on the wall to instants, on every day of the year.

Two rules for the nights when clocks change: a wall time that is skipped does not exist, and a wall time
that comes twice means its first coming.
"""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

DAY = 86_400
LONGEST_DAY = DAY + 3600
MINUTE = 60


@lru_cache(maxsize=16_384)
def day_span(day: date, zone: ZoneInfo) -> tuple[int, int]:
    """The instants at which a calendar day begins and ends in the zone: 23, 24, 25 or another number of hours."""
    return _edge(_wall(day, 0), zone), _edge(_wall(day, 1440), zone)


def edge(day: date, minute: int, zone: ZoneInfo) -> int:
    """The instant of a wall time, `minute` from 0 to 1440; a skipped one gives the moment the clock jumped."""
    begins, ends = day_span(day, zone)
    if ends - begins == DAY:
        return begins + minute * MINUTE
    return _edge(_wall(day, minute), zone)


def starts(day: date, first: int, end: int, step: int, zone: ZoneInfo) -> Sequence[int]:
    """The instants of the wall times from minute `first` to before `end`, in order, without those the clock skips."""
    begins, ends = day_span(day, zone)
    if ends - begins == DAY:
        return range(begins + first * MINUTE, begins + end * MINUTE, step * MINUTE)
    walls = [_wall(day, minute) for minute in range(first, end, step)]
    return [instant for wall in walls if _shown(instant := _first(wall, zone), zone) == wall]


def offsets(first: date, last: date, zone: ZoneInfo) -> list[tuple[datetime, int]]:
    """Seconds from UTC, each from a wall time on, that turn the wall times of these days into instants.

    A wall time that comes twice gets the first offset, as everywhere; one that is skipped the earlier one.
    """
    found = [(_wall(first, 0), _offset(day_span(first, zone)[0], zone))]
    for number in range((last - first).days + 1):
        begins, ends = day_span(first + timedelta(days=number), zone)
        if _offset(begins, zone) != _offset(ends, zone):
            jump = _jump(begins, ends, zone)
            walls = _shown(jump - 1, zone) + timedelta(seconds=1), _shown(jump, zone)
            found.append((max(walls), _offset(jump, zone)))
    return found


def comings(day: date, minute: int, zone: ZoneInfo) -> list[int]:
    """The instants at which clocks show a wall time: none where it is skipped, two where it comes twice."""
    wall = _wall(day, minute)
    both = {int(wall.replace(tzinfo=zone, fold=fold).timestamp()) for fold in (0, 1)}
    return sorted(instant for instant in both if _shown(instant, zone) == wall)


def local_day(instant: int, zone: ZoneInfo) -> date:
    return datetime.fromtimestamp(instant, zone).date()


def _wall(day: date, minute: int) -> datetime:
    return datetime(day.year, day.month, day.day) + timedelta(minutes=minute)  # noqa: DTZ001 - a wall has no zone


def _first(wall: datetime, zone: ZoneInfo) -> int:
    return int(wall.replace(tzinfo=zone).timestamp())


def _shown(instant: int, zone: ZoneInfo) -> datetime:
    return datetime.fromtimestamp(instant, zone).replace(tzinfo=None, fold=0)


def _edge(wall: datetime, zone: ZoneInfo) -> int:
    instant = _first(wall, zone)
    if _shown(instant, zone) == wall:
        return instant
    return _jump(int(wall.replace(tzinfo=zone, fold=1).timestamp()), instant, zone)


def _jump(before: int, after: int, zone: ZoneInfo) -> int:
    """The first instant in (before, after] whose offset from UTC is that of `after`."""
    offset = _offset(after, zone)
    while after - before > 1:
        middle = (before + after) // 2
        if _offset(middle, zone) == offset:
            after = middle
        else:
            before = middle
    return after


def _offset(instant: int, zone: ZoneInfo) -> int:
    offset = datetime.fromtimestamp(instant, zone).utcoffset()
    assert offset is not None
    return int(offset.total_seconds())


def moment(instant: int) -> datetime:
    """An instant as the aware datetime that rows and pages use."""
    return datetime.fromtimestamp(instant, UTC)
