"""Where staff may put an appointment: wherever nothing speaks against it, and where it does, only on purpose.

What is overridden is named, kept with its reason, and known to the constraint: see the appointment's `shares`.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from asyncpg import Range

from tenants.arranging.taken import ALL, Taken, Without, taken_between
from tenants.arranging.why import (
    BUFFER,
    BUSY,
    CLOSURE,
    HELD,
    NOT_GIVEN,
    OUTSIDE_HOURS,
    TOO_LONG,
    Asked,
    Closed,
    all_reasons,
    openings_on,
)
from tenants.availability.spans import union
from tenants.availability.wall_clock import local_day, moment
from tenants.booking.move import TURN
from tenants.booking.open_times import Slot, chosen_place, chosen_practitioners, open_times
from tenants.booking.plan import Plan, PlannedService, current_plan, lasting
from tenants.booking.slot import Choice
from tenants.booking.tables import BookingOverride
from tenants.practices.tenant import Tenant
from tenants.refusals import NotOpenThen, PractitionerBusy, ServiceNotGiven
from tenants.scope import fetch

_HOURS = {OUTSIDE_HOURS, TOO_LONG, CLOSURE}
_TAKEN = {BUSY, BUFFER}


@dataclass(frozen=True, slots=True)
class Insistence:
    """What is done on purpose, and why."""

    overbook: bool = False
    outside_hours: bool = False
    reason: str = ""


NEVER = Insistence()


@dataclass(frozen=True, slots=True)
class Spot:
    """A place for an appointment in the book: `over` are the appointments that it is laid over."""

    slot: Slot
    service: PlannedService
    over: tuple[Taken, ...] = ()
    outside_hours: bool = False

    @property
    def times(self) -> dict[str, datetime]:
        """The appointment's four times, in the order of its columns."""
        length = self.service.length
        starts_at, ends_at = self.slot.starts_at, self.slot.starts_at + timedelta(seconds=length.duration)
        return {
            "starts_at": starts_at,
            "ends_at": ends_at,
            "blocked_from": starts_at - timedelta(seconds=length.before),
            "blocked_until": ends_at + timedelta(seconds=length.after),
        }

    @property
    def shares(self) -> list[Range]:
        return [Range(moment(begins), moment(ends)) for begins, ends in union(each.blocked for each in self.over)]


async def find_spot(
    tenant: Tenant,
    choice: Choice,
    now: datetime,
    *,
    length: timedelta | None = None,
    insistence: Insistence = NEVER,
    besides: Without = ALL,
    keeps: int | None = None,
) -> Spot:
    """`length` where it is not the service's own; `keeps` is the practitioner who has it already, and may go on.

    Rivals among staff take turns. Raises NotFound, ServiceNotGiven, NotOpenThen, PractitionerBusy.
    """
    plan = await current_plan(tenant)
    service = lasting(plan.service(choice.wanted.service), length)
    who = chosen_practitioners(plan, service, choice.wanted, keeps)[0]
    await fetch(TURN, plan.practitioners[who]["ref"])
    start = int(choice.starts_at.timestamp())
    asked = Asked(service, who, chosen_place(plan, service, choice.wanted), start)
    taken = await taken_between(tenant, [who], asked.span, now, besides)
    reasons = [each for each in all_reasons(asked, plan, taken, now) if each.why != NOT_GIVEN or who != keeps]
    objections = unmet(reasons, plan, insistence)
    if objections:
        raise await _refused(tenant, choice, objections, plan, now)
    spot = Spot(Slot(start, who, place_then(asked, plan)), service)
    over = tuple(each.taken for each in reasons if each.why in _TAKEN and each.taken)
    return replace(spot, over=over, outside_hours=any(each.why in _HOURS for each in reasons))


def unmet(reasons: Iterable[Closed], plan: Plan, insistence: Insistence) -> list[Closed]:
    """What still speaks against it. Staff are not bound by the grid of starts, by notice or by horizon."""
    return [
        each
        for each in reasons
        if each.why in {NOT_GIVEN, HELD}
        or (each.why in _HOURS and not insistence.outside_hours)
        or (each.why in _TAKEN and not (insistence.overbook and plan.policy.overbooking))
    ]


def place_then(asked: Asked, plan: Plan) -> int:
    """Where they receive at that time, else that day, else where the service is given at all.

    Raises ServiceNotGiven when it is given nowhere.
    """
    if asked.place_id is not None:
        return asked.place_id
    day = local_day(asked.start, plan.zone)
    minute = (asked.start - int(datetime(day.year, day.month, day.day, tzinfo=plan.zone).timestamp())) // 60
    openings = [each for each in openings_on(plan, asked.practitioner_id, day) if each[0] in asked.service.places]
    if not asked.service.places:
        raise ServiceNotGiven
    openings.sort(key=lambda each: max(each[1] - minute, minute - each[2], 0))
    return openings[0][0] if openings else min(asked.service.places)


async def note_overrides(
    tenant: Tenant, appointment_id: int, spot: Spot, why: Insistence, by: str, now: datetime
) -> None:
    over = [each.id for each in spot.over]
    for what, over_id in [("overbooked", each) for each in over] + [("outside_hours", None)] * spot.outside_hours:
        row = BookingOverride(appointment_id=appointment_id, at=now, by_email=by, what=what, over_id=over_id)
        row.tenant_id, row.reason = tenant.id, why.reason
        await BookingOverride.insert(row)


async def _refused(
    tenant: Tenant, choice: Choice, objections: Sequence[Closed], plan: Plan, now: datetime
) -> ServiceNotGiven | NotOpenThen | PractitionerBusy:
    """By what weighs most: nobody needs to know of opening hours where somebody is booked already."""
    whys = {each.why for each in objections}
    if NOT_GIVEN in whys:
        return ServiceNotGiven()
    day = local_day(int(choice.starts_at.timestamp()), tenant.zone)
    week = await open_times(tenant, choice.wanted, day, day + timedelta(days=7), now, limited=False)
    nearest = week.nearest(int(choice.starts_at.timestamp()))
    if taken := [each.taken for each in objections if each.taken]:
        others = tuple((each.client, moment(each.span[0]), moment(each.span[1])) for each in taken)
        return PractitionerBusy(choice.starts_at, nearest, others, plan.policy.overbooking and HELD not in whys)
    first = objections[0]
    return NotOpenThen(choice.starts_at, nearest, first.why)
