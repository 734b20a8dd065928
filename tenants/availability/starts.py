"""Where an appointment of a given length can begin."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import repeat
from zoneinfo import ZoneInfo

from tenants.availability.hours import DatedHours, WeeklyHours, hours_on
from tenants.availability.spans import Span, without
from tenants.availability.wall_clock import edge, starts


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
) -> list[Candidate]:
    """Every start of the day that hours and closures leave, in order and each once.

    `step` is in minutes and counts on the wall from the opening, so 09:00 stays 09:00 on the nights when clocks
    change. A closure is (place_id or None for every place, span); closures need not be sorted.
    """
    hours = hours_on(day, weekly, dated)
    found: list[Candidate] = []
    for place_id, opens, closes in hours:
        opening = (edge(day, opens, zone), edge(day, closes, zone))
        cuts = sorted(span for place, span in closures if place is None or place == place_id)
        possible = starts(day, opens, closes, step, zone)
        for begins, ends in without(opening, cuts):
            inside = possible[bisect_left(possible, begins) : bisect_right(possible, ends - length.duration)]
            found += zip(inside, repeat(place_id))
    return found if len(hours) == 1 else sorted(dict(reversed(found)).items())


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
