"""Asking why a time is not offered: of one practitioner, or of everybody who could give the service then."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from tenants.arranging.taken import taken_between
from tenants.arranging.why import Asked, Closed, why_closed
from tenants.availability.wall_clock import local_day, moment
from tenants.booking.crowd import load_uses
from tenants.booking.open_times import OpenTimes, Slot, Wanted, booking_window, open_times
from tenants.booking.plan import Plan, PlannedService, current_plan
from tenants.hours.find import closures_between
from tenants.practices.tenant import Tenant
from tenants.refusals import NotFound, ServiceNotGiven


@dataclass(frozen=True, slots=True)
class Answer:
    """`closed` is None when clients are offered that time. `closure` is the row of the closure in it.

    `next_free` is the first slot after it, or after now, that a client can book.
    """

    asked: Asked
    closed: Closed | None
    closure: dict[str, Any] | None
    next_free: Slot | None


@dataclass(frozen=True, slots=True)
class Answers:
    """By the practitioners' names; none where nobody gives the service."""

    plan: Plan
    service: PlannedService
    answers: list[Answer]


async def ask_why(tenant: Tenant, wanted: Wanted, start: int, now: datetime) -> Answers:
    """As clients would be answered, who are bound by notice and horizon. The number of queries is always the same.

    Raises NotFound for a service, practitioner or place that this practice does not have.
    """
    plan = await current_plan(tenant)
    service = plan.service(wanted.service)
    place_id = _id(plan.places, "place", wanted.place)
    chosen = _id(plan.practitioners, "practitioner", wanted.practitioner)
    people = [chosen] if chosen is not None else list(service.practitioners)
    ahead = await _ahead(tenant, wanted, start, now, plan)
    if ahead is not None:
        plan, service = ahead.plan, ahead.service
    span = (start, start + service.length.duration)
    taken = await taken_between(tenant, people, span, now)
    uses = await load_uses(tenant, plan, service, span, now)
    closures = await closures_between(tenant, moment(span[0]), moment(span[1]))
    answers = []
    for who in people:
        asked = Asked(service, who, place_id, start)
        closed = why_closed(asked, plan, taken, now, uses)
        answers.append(Answer(asked, closed, _closure(closures, who, closed), _next(ahead, who, start)))
    return Answers(plan, service, answers)


async def _ahead(tenant: Tenant, wanted: Wanted, start: int, now: datetime, plan: Plan) -> OpenTimes | None:
    """All that can be booked from that day on. None when it is not given by them, or there."""
    first = local_day(max(start, int(now.timestamp())), plan.zone)
    last = local_day(booking_window(plan, now)[1], plan.zone)
    try:
        return await open_times(tenant, wanted, first, max(first, last), now)
    except ServiceNotGiven:
        return None


def _next(ahead: OpenTimes | None, who: int, start: int) -> Slot | None:
    if ahead is None:
        return None
    own = replace(ahead, practitioners=[who])
    days = range((ahead.last_day - ahead.first_day).days + 1)
    slots = (slot for number in days for slot in own.day(ahead.first_day + timedelta(days=number)))
    return next((slot for slot in slots if slot.start > start), None)


def _closure(rows: list[dict[str, Any]], who: int, closed: Closed | None) -> dict[str, Any] | None:
    """The row whose span the answer names, of whom and where it speaks."""
    if closed is None or closed.closure is None:
        return None
    places = {None, *(place for place, _, _ in closed.openings)}
    return next(
        (
            row
            for row in rows
            if row["practitioner_id"] in {None, who}
            and row["place_id"] in places
            and (int(row["starts_at"].timestamp()), int(row["ends_at"].timestamp())) == closed.closure
        ),
        None,
    )


def _id(rows: dict[int, dict[str, Any]], what: str, ref: str | None) -> int | None:
    """Raises NotFound."""
    if ref is None:
        return None
    found = next((key for key, row in rows.items() if row["ref"] == ref), None)
    if found is None:
        raise NotFound(what)
    return found
