"""Why a time is not offered. Pure: plan, busy times and clock come in; `open_times` must never disagree."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime

from tenants.arranging.taken import Taken
from tenants.availability.hours import hours_on
from tenants.availability.spans import Span
from tenants.availability.wall_clock import edge, local_day, starts
from tenants.booking.open_times import booking_window
from tenants.booking.plan import Plan, PlannedService

NOT_GIVEN = "not_given"
OUTSIDE_HOURS, TOO_LONG, CLOSURE = "outside_hours", "too_long", "closure"
OFF_GRID = "off_grid"
PAST, NOTICE, HORIZON = "past", "notice", "horizon"
HELD, BUSY, BUFFER = "held", "busy", "buffer"
REASONS = (NOT_GIVEN, OUTSIDE_HOURS, TOO_LONG, CLOSURE, OFF_GRID, PAST, NOTICE, HORIZON, HELD, BUSY, BUFFER)
OWN, THEIRS, BOTH = "own", "theirs", "both"

Opening = tuple[int, int, int]
"""(place_id, opens, closes), minutes after midnight on the wall."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A start for one practitioner, at one place or (None) at any where they give the service."""

    service: PlannedService
    practitioner_id: int
    place_id: int | None
    start: int

    @property
    def span(self) -> Span:
        return self.start, self.start + self.service.length.duration

    @property
    def blocked(self) -> Span:
        return self.start - self.service.length.before, self.span[1] + self.service.length.after


@dataclass(frozen=True, slots=True)
class Closed:
    """`why` is one of REASONS. `openings` are that day's; `closure` its span and `taken` whose time it is."""

    why: str
    openings: tuple[Opening, ...] = ()
    closure: Span | None = None
    taken: Taken | None = None


def whose_buffer(asked: Asked, taken: Taken) -> str:
    """Where two appointments meet by buffers alone: of the one that is asked for, of the other, or of both together."""
    if _meet(asked.span, taken.blocked):
        return THEIRS
    return OWN if _meet(asked.blocked, taken.span) else BOTH


def why_closed(asked: Asked, plan: Plan, taken: Iterable[Taken], now: datetime) -> Closed | None:
    """The first reason, in the order of REASONS but for what is taken, which comes by time; None when it is offered."""
    return next(all_reasons(asked, plan, taken, now), None)


def all_reasons(asked: Asked, plan: Plan, taken: Iterable[Taken], now: datetime) -> Iterator[Closed]:
    places = asked.service.places if asked.place_id is None else asked.service.places & {asked.place_id}
    if asked.practitioner_id not in asked.service.practitioners or not places:
        yield Closed(NOT_GIVEN)
    day = local_day(asked.start, plan.zone)
    openings = tuple(each for each in openings_on(plan, asked.practitioner_id, day) if each[0] in places)
    yield from _hours(asked, plan, day, openings)
    earliest, latest = booking_window(plan, now)
    if asked.start <= now.timestamp():
        yield Closed(PAST)
    elif asked.start < earliest:
        yield Closed(NOTICE)
    elif asked.start > latest:
        yield Closed(HORIZON)
    for each in taken:
        if each.practitioner_id == asked.practitioner_id and _meet(asked.blocked, each.blocked):
            kind = HELD if each.id is None else BUSY if _meet(asked.span, each.span) else BUFFER
            yield Closed(kind, taken=each)


def openings_on(plan: Plan, practitioner_id: int, day: date) -> list[Opening]:
    """At every place, closures not heeded."""
    return hours_on(day, plan.weekly.get(practitioner_id, ()), plan.dated.get(practitioner_id, ()))


def closing(plan: Plan, practitioner_id: int, place_id: int, span: Span) -> Span | None:
    """The first closure that reaches into the span."""
    return min(
        (
            each
            for who, place, each in plan.closures
            if who in {None, practitioner_id} and place in {None, place_id} and _meet(each, span)
        ),
        default=None,
    )


def _hours(asked: Asked, plan: Plan, day: date, openings: tuple[Opening, ...]) -> Iterator[Closed]:
    """Where several openings would do, the one that objects least."""
    edges = [(edge(day, opens, plan.zone), edge(day, closes, plan.zone)) for _, opens, closes in openings]
    inside = [
        list(_one_opening(asked, plan, day, opening, ends))
        for opening, (begins, ends) in zip(openings, edges, strict=True)
        if begins <= asked.start < ends
    ]
    if not inside:
        closed = next((closing(plan, asked.practitioner_id, place, asked.span) for place, _, _ in openings), None)
        yield Closed(OUTSIDE_HOURS, openings, closed)
    else:
        yield from min(inside, key=len)


def _one_opening(asked: Asked, plan: Plan, day: date, opening: Opening, ends: int) -> Iterator[Closed]:
    place, opens, closes = opening
    if asked.span[1] > ends:
        yield Closed(TOO_LONG, (opening,))
    if closed := closing(plan, asked.practitioner_id, place, asked.span):
        yield Closed(CLOSURE, (opening,), closed)
    if asked.start not in starts(day, opens, closes, asked.service.step, plan.zone):
        yield Closed(OFF_GRID, (opening,))


def _meet(one: Span, other: Span) -> bool:
    return one[0] < other[1] and other[0] < one[1]
