"""Where an appointment of a given length can begin."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple
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


class Candidate(NamedTuple):
    """A start that hours allow, before anyone asks whether the practitioner is busy."""

    instant: int
    place_id: int


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
    found: dict[int, Candidate] = {}
    for place_id, opens, closes in hours_on(day, weekly, dated):
        opening = (edge(day, opens, zone), edge(day, closes, zone))
        cuts = sorted(span for place, span in closures if place is None or place == place_id)
        possible = starts(day, opens, closes, step, zone)
        for begins, ends in without(opening, cuts):
            for instant in possible[bisect_left(possible, begins) : bisect_right(possible, ends - length.duration)]:
                found.setdefault(instant, Candidate(instant, place_id))
    return [found[instant] for instant in sorted(found)]


def free(
    candidates: Sequence[Candidate], busy: Sequence[Span], length: Length, earliest: int, latest: int
) -> Iterator[Candidate]:
    """The candidates from `earliest` to `latest`, both included, whose blocked time meets nothing busy.

    Candidates are in order, and `busy` is a union (`spans.union`): sorted and without overlaps. So both are walked
    once, side by side; whoever only asks whether there is any stops at the first.
    """
    before, whole = length.before, length.duration + length.after
    if candidates:
        at = max(0, bisect_left(busy, (candidates[0].instant - before,)) - 1)
    for candidate in candidates:
        instant = candidate.instant
        if earliest <= instant <= latest:
            while at < len(busy) and busy[at][1] <= instant - before:
                at += 1
            if at == len(busy) or busy[at][0] >= instant + whole:
                yield candidate
