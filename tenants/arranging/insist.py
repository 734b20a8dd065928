"""Where staff may put an appointment: wherever nothing speaks against it, and where it does, only on purpose.

What is overridden is named, kept with its reason, and known to the constraint: see the appointment's `shares`.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from asyncpg import Range

from tenants.arranging.taken import ALL, Taken, Without, taken_between
from tenants.arranging.why import (
    BUFFER,
    BUSY,
    CLOSURE,
    FULL,
    HELD,
    NONE,
    NOT_GIVEN,
    OUTSIDE_HOURS,
    RESOURCE,
    TOO_LONG,
    Asked,
    Closed,
    Uses,
    all_reasons,
    edges_of,
    openings_around,
)
from tenants.availability.spans import union
from tenants.availability.wall_clock import local_day, moment
from tenants.booking.crowd import Crowd, load_uses
from tenants.booking.open_times import Slot, chosen_place, chosen_practitioners, open_times
from tenants.booking.plan import Plan, PlannedService, current_plan, lasting
from tenants.booking.slot import Choice
from tenants.booking.tables import BookingOverride
from tenants.booking.turn import take_turn
from tenants.practices.tenant import Tenant
from tenants.refusals import NoResourceFree, NotOpenThen, PractitionerBusy, Refusal, ServiceNotGiven

_HOURS = {OUTSIDE_HOURS, TOO_LONG, CLOSURE}
_TAKEN = {BUSY, BUFFER, FULL}


@dataclass(frozen=True, slots=True)
class Insistence:
    """What is done on purpose, and why."""

    overbook: bool = False
    outside_hours: bool = False
    reason: str = ""


NEVER = Insistence()


@dataclass(frozen=True, slots=True)
class Spot:
    """A place for an appointment in the book: `over` are the appointments that it is laid over.

    `fellows` are those of the group that it joins.
    """

    slot: Slot
    service: PlannedService
    over: tuple[Taken, ...] = ()
    outside_hours: bool = False
    fellows: tuple[Taken, ...] = ()

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
        shared = union(each.blocked for each in (*self.over, *self.fellows) if each.id is not None)
        return [Range(moment(begins), moment(ends)) for begins, ends in shared]

    @property
    def is_first(self) -> bool:
        """Of its group, or alone: the room is its to ask for."""
        return all(each.id is None for each in self.fellows)

    @property
    def seat(self) -> int | None:
        if not self.service.is_group:
            return None
        taken = {each.seat for each in self.fellows}
        return next(seat for seat in range(1, len(taken) + 2) if seat not in taken)


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
    plan.check_open()
    service = lasting(plan.service(choice.wanted.service), length)
    who = chosen_practitioners(plan, service, choice.wanted, keeps)[0]
    await take_turn(plan.practitioners[who]["ref"])
    start = int(choice.starts_at.timestamp())
    asked = Asked(service, who, chosen_place(plan, service, choice.wanted), start)
    taken = await taken_between(tenant, [who], asked.span, now, besides)
    uses = await load_uses(tenant, plan, service, asked.span, now, [*besides.ids])
    reasons = [each for each in all_reasons(asked, plan, taken, now, uses) if each.why != NOT_GIVEN or who != keeps]
    objections = unmet(reasons, plan, insistence)
    if objections:
        raise await _refused(tenant, choice, objections, plan, now)
    fellows = tuple(each for each in taken if asked.is_shared_with(each))
    place_id = fellows[0].place_id if fellows else place_then(asked, plan, uses)
    over = tuple(each.taken for each in reasons if each.why in _TAKEN and each.taken)
    outside_hours = any(each.why in _HOURS for each in reasons)
    return Spot(Slot(start, who, place_id), service, over, outside_hours, fellows)


def unmet(reasons: Iterable[Closed], plan: Plan, insistence: Insistence) -> list[Closed]:
    """What still speaks against it. Staff are not bound by the grid of starts, by notice or by horizon."""
    return [
        each
        for each in reasons
        if each.why in {NOT_GIVEN, HELD, RESOURCE}
        or (each.why in _HOURS and not insistence.outside_hours)
        or (each.why in _TAKEN and not (insistence.overbook and plan.policy.overbooking))
    ]


def place_then(asked: Asked, plan: Plan, uses: Uses = NONE) -> int:
    """Where they receive at that time, else that day, else where the service is given at all.

    Where it needs something, a place where that is free comes first.
    Raises ServiceNotGiven when it is given nowhere.
    """
    if asked.place_id is not None:
        return asked.place_id
    if not asked.service.places:
        raise ServiceNotGiven
    openings = openings_around(plan, asked.practitioner_id, asked.start)
    edges = [(opening[0], edges_of(plan, opening, asked.start)) for opening in openings]
    away = {place: max(begins - asked.start, asked.start - ends, 0) for place, (begins, ends) in reversed(edges)}
    crowd = Crowd(uses=uses)

    def preference(place: int) -> tuple[bool, bool, int, int]:
        lacks = crowd.missing(plan, asked.service, (asked.start, place)) is not None
        return lacks, place not in away, away.get(place, 0), place

    return min(asked.service.places, key=preference)


async def note_overrides(
    tenant: Tenant, appointment_id: int, spot: Spot, why: Insistence, by: str, now: datetime
) -> None:
    over = [each.id for each in spot.over]
    for what, over_id in [("overbooked", each) for each in over] + [("outside_hours", None)] * spot.outside_hours:
        row = BookingOverride(appointment_id=appointment_id, at=now, by_email=by, what=what, over_id=over_id)
        row.tenant_id, row.reason = tenant.id, why.reason
        await BookingOverride.insert(row)


async def _refused(tenant: Tenant, choice: Choice, objections: Sequence[Closed], plan: Plan, now: datetime) -> Refusal:
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
    if kind := next((each.kind for each in objections if each.kind is not None), None):
        return NoResourceFree(choice.starts_at, nearest, plan.kinds[kind]["name"])
    first = objections[0]
    return NotOpenThen(choice.starts_at, nearest, first.why)
