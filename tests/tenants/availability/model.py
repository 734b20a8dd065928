"""The same questions answered by walking: every minute of UTC, and what a clock on the wall shows then.

Slow and plain on purpose. Nothing of `tenants.availability` is used but its rows, and no rule for folds or gaps is
written down here: what a clock shows, and when it first shows it, is all there is.
"""

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from itertools import accumulate
from zoneinfo import ZoneInfo

from tenants.availability.hours import DatedHours, WeeklyHours
from tenants.availability.spans import Span
from tenants.availability.starts import Length


@lru_cache(maxsize=512)
def walk(day: date, zone: ZoneInfo) -> tuple[tuple[int, datetime], ...]:
    """Each minute of three days as (instant, what the wall shows), `day` being the middle one wherever one lives."""
    first = datetime(day.year, day.month, day.day, tzinfo=UTC) - timedelta(days=1)
    minutes = (first + timedelta(minutes=number) for number in range(3 * 1440))
    return tuple((int(each.timestamp()), each.astimezone(zone).replace(tzinfo=None)) for each in minutes)


def wall(day: date, minute: int) -> datetime:
    return datetime(day.year, day.month, day.day) + timedelta(minutes=minute)


def shown_first(day: date, minute: int, zone: ZoneInfo) -> int | None:
    """When the wall shows that time for the first time; None where it never does."""
    return _firsts(day, zone).get(wall(day, minute))


def reached(day: date, minute: int, zone: ZoneInfo) -> int:
    """When the wall shows that time or a later one for the first time."""
    return walk(day, zone)[bisect_left(_latest(day, zone), wall(day, minute))][0]


@lru_cache(maxsize=512)
def _firsts(day: date, zone: ZoneInfo) -> dict[datetime, int]:
    return {shown: instant for instant, shown in reversed(walk(day, zone))}


@lru_cache(maxsize=512)
def _latest(day: date, zone: ZoneInfo) -> list[datetime]:
    """The latest time that the wall has shown so far, minute by minute."""
    return list(accumulate((shown for _, shown in walk(day, zone)), max))


def minutes_of(spans: Iterable[Span]) -> set[int]:
    return {minute for begins, ends in spans for minute in range(begins, ends, 60)}


def rows_on(
    day: date, weekly: Sequence[WeeklyHours], dated: Sequence[DatedHours]
) -> list[tuple[int, int | None, int | None]]:
    rows: list[tuple[int, int | None, int | None]] = []
    for place in {row.place_id for row in weekly} | {row.place_id for row in dated}:
        exceptions = [(place, row.opens, row.closes) for row in dated if (row.place_id, row.day) == (place, day)]
        usual = [
            (place, row.opens, row.closes)
            for row in weekly
            if row.place_id == place
            and row.weekday == day.weekday()
            and not (row.from_day and day < row.from_day)
            and not (row.until_day and day > row.until_day)
        ]
        rows += exceptions or usual
    return rows


def offered(
    day: date,
    *,
    weekly: Sequence[WeeklyHours],
    dated: Sequence[DatedHours],
    closures: Sequence[tuple[int | None, Span]],
    length: Length,
    step: int,
    zone: ZoneInfo,
) -> dict[int, set[int]]:
    """Every start that hours and closures leave, with the places where it could be."""
    found: dict[int, set[int]] = {}
    for place, opens, closes in rows_on(day, weekly, dated):
        if opens is None or closes is None:
            continue
        shut = minutes_of(span for where, span in closures if where in {None, place})
        opening = set(range(reached(day, opens, zone), reached(day, closes, zone), 60)) - shut
        for minute in range(opens, closes, step):
            instant = shown_first(day, minute, zone)
            if instant is not None and opening.issuperset(range(instant, instant + length.duration, 60)):
                found.setdefault(instant, set()).add(place)
    return found


def undisturbed(instant: int, busy: Sequence[Span], length: Length) -> bool:
    blocked = range(instant - length.before, instant + length.duration + length.after, 60)
    return minutes_of(busy).isdisjoint(blocked)
