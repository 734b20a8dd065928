"""Where an appointment of a given length can begin."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import repeat
from zoneinfo import ZoneInfo

from tenants.availability.hours import DatedHours, WeeklyHours, hours_on
from tenants.availability.spans import Span, without
from tenants.availability.wall_clock import day_span, edge, starts

HERE: Mapping[int, ZoneInfo] = {}
ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Length:
    """Seconds. The buffers need the practitioner's time too, but not the practice's opening."""

    duration: int
    before: int = 0
    after: int = 0


Candidate = tuple[int, int]
"""(instant, place_id): a start that hours allow, before anyone asks whether the practitioner is busy."""


def candidates(
    day: date,
    *,
    weekly: Sequence[WeeklyHours],
    dated: Sequence[DatedHours],
    closures: Sequence[tuple[int | None, Span]],
    length: Length,
    step: int,
    zone: ZoneInfo,
    elsewhere: Mapping[int, ZoneInfo] = HERE,
) -> list[Candidate]:
    """Every start of the day that hours and closures leave, in order and each once.

    `step` is in minutes and counts on the wall from the opening, so 09:00 stays 09:00 on the nights when clocks
    change. A closure is (place_id or None for every place, span); closures need not be sorted.

    The day is one of `zone`; the hours of a place in `elsewhere` are wall times of its own zone.
    """
    found: list[Candidate] = []
    openings = _openings(day, weekly, dated, zone, elsewhere)
    for place_id, wall_day, opens, closes, wall in openings:
        opening = (edge(wall_day, opens, wall), edge(wall_day, closes, wall))
        cuts = sorted(span for place, span in closures if place is None or place == place_id)
        possible = starts(wall_day, opens, closes, step, wall)
        for begins, ends in without(opening, cuts):
            inside = possible[bisect_left(possible, begins) : bisect_right(possible, ends - length.duration)]
            found += zip(inside, repeat(place_id))
    if elsewhere:
        begins, ends = day_span(day, zone)
        found = [candidate for candidate in found if begins <= candidate[0] < ends]
    return found if len(openings) == 1 else sorted(dict(reversed(found)).items())


def _openings(
    day: date,
    weekly: Sequence[WeeklyHours],
    dated: Sequence[DatedHours],
    zone: ZoneInfo,
    elsewhere: Mapping[int, ZoneInfo],
) -> list[tuple[int, date, int, int, ZoneInfo]]:
    """(place_id, day, opens, closes, zone). A day of one zone meets three of another one at most."""
    found = [(place, day, *times, zone) for place, *times in hours_on(day, weekly, dated) if place not in elsewhere]
    for near in (day - ONE_DAY, day, day + ONE_DAY) if elsewhere else ():
        hours = hours_on(near, weekly, dated)
        found += [(place, near, *times, elsewhere[place]) for place, *times in hours if place in elsewhere]
    return found  # type: ignore[return-value]  # two times, which the star hides


def free(
    candidates: Sequence[Candidate], busy: Sequence[Span], length: Length, earliest: int, latest: int
) -> Iterator[Candidate]:
    """The candidates from `earliest` to `latest`, both included, whose blocked time meets nothing busy.

    Candidates are in order, and `busy` is a union (`spans.union`): sorted and without overlaps. From one busy span to
    the next, so that the work grows with these and not with the candidates; whoever only asks whether there is any
    stops at the first.
    """
    before, whole = length.before, length.duration + length.after
    here, end = bisect_left(candidates, (earliest,)), bisect_left(candidates, (latest + 1,))
    at = max(0, bisect_left(busy, (candidates[here][0] - before,)) - 1) if here < end else 0
    while here < end:
        while at < len(busy) and busy[at][1] <= candidates[here][0] - before:
            at += 1
        if at == len(busy):
            yield from candidates[here:end]
            return
        begins, ends = busy[at]
        fitting = bisect_left(candidates, (begins - whole + 1,), here, end)
        yield from candidates[here:fitting]
        here = bisect_left(candidates, (ends + before,), fitting, end)
