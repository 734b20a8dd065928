"""Why a time is not offered. Pure: plan, busy times and clock come in; `open_times` must never disagree."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from tenants.arranging.taken import Taken
from tenants.availability.hours import hours_on
from tenants.availability.spans import Span
from tenants.availability.wall_clock import edge, local_day, starts
from tenants.booking.crowd import Crowd
from tenants.booking.open_times import booking_window
from tenants.booking.plan import Plan, PlannedService

NOT_GIVEN = "not_given"
OUTSIDE_HOURS, TOO_LONG, CLOSURE = "outside_hours", "too_long", "closure"
OFF_GRID = "off_grid"
PAST, NOTICE, HORIZON = "past", "notice", "horizon"
HELD, BUSY, BUFFER = "held", "busy", "buffer"
FULL, RESOURCE = "full", "resource"
REASONS = (
    *(NOT_GIVEN, OUTSIDE_HOURS, TOO_LONG, CLOSURE, OFF_GRID, PAST, NOTICE, HORIZON),
    *(HELD, BUSY, BUFFER, FULL, RESOURCE),
)
OWN, THEIRS, BOTH = "own", "theirs", "both"

Uses = Mapping[int, list[Span]]
NONE: Uses = {}

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

    def is_shared_with(self, taken: Taken) -> bool:
        """Whether it would be of one group with that one."""
        is_same = (taken.practitioner_id, taken.service_id) == (self.practitioner_id, self.service.row["id"])
        is_there = self.place_id in {None, taken.place_id}
        return self.service.is_group and taken.seat is not None and is_same and is_there and taken.span == self.span


@dataclass(frozen=True, slots=True)
class Closed:
    """`why` is one of REASONS. `openings` are that day's; `closure` its span and `taken` whose time it is.

    `kind` is what nothing is free of.
    """

    why: str
    openings: tuple[Opening, ...] = ()
    closure: Span | None = None
    taken: Taken | None = None
    kind: int | None = None


def whose_buffer(asked: Asked, taken: Taken) -> str:
    """Where two appointments meet by buffers alone: of the one that is asked for, of the other, or of both together."""
    if _meet(asked.span, taken.blocked):
        return THEIRS
    return OWN if _meet(asked.blocked, taken.span) else BOTH


def why_closed(asked: Asked, plan: Plan, taken: Iterable[Taken], now: datetime, uses: Uses = NONE) -> Closed | None:
    """The first reason, in the order of REASONS but for what is taken, which comes by time; None when it is offered."""
    return next(all_reasons(asked, plan, taken, now, uses), None)


def all_reasons(asked: Asked, plan: Plan, taken: Iterable[Taken], now: datetime, uses: Uses = NONE) -> Iterator[Closed]:
    """`uses` are the times at which each resource is taken, as `booking.crowd` has them."""
    places = asked.service.places if asked.place_id is None else asked.service.places & {asked.place_id}
    if asked.practitioner_id not in asked.service.practitioners or not places:
        yield Closed(NOT_GIVEN)
    openings = tuple(each for each in openings_around(plan, asked.practitioner_id, asked.start) if each[0] in places)
    yield from _hours(asked, plan, openings)
    earliest, latest = booking_window(plan, now)
    if asked.start <= now.timestamp():
        yield Closed(PAST)
    elif asked.start < earliest:
        yield Closed(NOTICE)
    elif asked.start > latest:
        yield Closed(HORIZON)
    yield from _taken(asked, plan, taken, [place for place, _, _ in openings] or sorted(places), uses)


def _taken(asked: Asked, plan: Plan, taken: Iterable[Taken], places: Iterable[int], uses: Uses) -> Iterator[Closed]:
    """By the group that one would join, when it is full; else by others, or by what has the last room.

    Whatever a group was laid over on purpose is nobody's trouble who joins it: the time is the group's.
    """
    taken = list(taken)
    if fellows := [each for each in taken if asked.is_shared_with(each)]:
        if len(fellows) >= asked.service.capacity:
            yield Closed(FULL, taken=fellows[0])
        return
    for each in taken:
        if each.practitioner_id == asked.practitioner_id and _meet(asked.blocked, each.blocked):
            kind = HELD if each.id is None else BUSY if _meet(asked.span, each.span) else BUFFER
            yield Closed(kind, taken=each)
    missing = [Crowd(uses=uses).missing(plan, asked.service, (asked.start, place)) for place in places]
    if missing and all(kind is not None for kind in missing):
        yield Closed(RESOURCE, kind=missing[0])


def openings_around(plan: Plan, practitioner_id: int, instant: int) -> list[Opening]:
    """Those of the day that it is then at each place, closures not heeded."""
    weekly, dated = plan.weekly.get(practitioner_id, ()), plan.dated.get(practitioner_id, ())
    found = []
    for zone in (plan.zone, *{*plan.elsewhere.values()} - {plan.zone}):
        hours = hours_on(local_day(instant, zone), weekly, dated)
        found += [opening for opening in hours if plan.zone_at(opening[0]) == zone]
    return found


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


def _hours(asked: Asked, plan: Plan, openings: tuple[Opening, ...]) -> Iterator[Closed]:
    """Where several openings would do, the one that objects least."""
    edges = [edges_of(plan, opening, asked.start) for opening in openings]
    inside = [
        list(_one_opening(asked, plan, opening, ends))
        for opening, (begins, ends) in zip(openings, edges, strict=True)
        if begins <= asked.start < ends
    ]
    if not inside:
        closed = next((closing(plan, asked.practitioner_id, place, asked.span) for place, _, _ in openings), None)
        yield Closed(OUTSIDE_HOURS, openings, closed)
    else:
        yield from min(inside, key=len)


def edges_of(plan: Plan, opening: Opening, instant: int) -> Span:
    """The instants between which it is open, on the day that it is at its place at that instant."""
    place, opens, closes = opening
    zone = plan.zone_at(place)
    day = local_day(instant, zone)
    return edge(day, opens, zone), edge(day, closes, zone)


def _one_opening(asked: Asked, plan: Plan, opening: Opening, ends: int) -> Iterator[Closed]:
    place, opens, closes = opening
    zone = plan.zone_at(place)
    if asked.span[1] > ends:
        yield Closed(TOO_LONG, (opening,))
    if closed := closing(plan, asked.practitioner_id, place, asked.span):
        yield Closed(CLOSURE, (opening,), closed)
    if asked.start not in starts(local_day(asked.start, zone), opens, closes, asked.service.step, zone):
        yield Closed(OFF_GRID, (opening,))


def _meet(one: Span, other: Span) -> bool:
    return one[0] < other[1] and other[0] < one[1]
