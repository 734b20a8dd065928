"""What staff do with the book: move, resize, hand to somebody else, and bring back what was cancelled."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from asyncpg import ExclusionViolationError, Range

from tenants.appointments.find import locked_appointment
from tenants.appointments.tables import Appointment
from tenants.arranging.insist import NEVER, Insistence, Spot, find_spot, note_overrides
from tenants.arranging.taken import Without
from tenants.availability.spans import union
from tenants.availability.wall_clock import moment
from tenants.booking.move import check_live, relocate, wanted_when_moving
from tenants.booking.open_times import Slot
from tenants.booking.plan import Plan, PlannedService, current_plan, lasting
from tenants.booking.resources import give_resources
from tenants.booking.seats import ALONE, Seat, find_seat
from tenants.booking.slot import Choice
from tenants.booking.turn import take_turn
from tenants.notifications.owe import note_change
from tenants.practices.tenant import Tenant
from tenants.refusals import AppointmentOver, MovedMeanwhile, PractitionerBusy, SlotTaken
from tenants.scope import fetch

LONGEST = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Move:
    """`practitioner` and `place` are refs, `length` at most 24 hours: None leaves each as it is.

    `seen` is the appointment's sequence as it stood on the page. `by` and `tell` are as in `appoint.How`.
    """

    starts_at: datetime
    practitioner: str | None = None
    place: str | None = None
    length: timedelta | None = None
    insistence: Insistence = NEVER
    seen: int | None = None
    by: str = "staff"
    tell: bool = True


async def move_by_staff(tenant: Tenant, ref: str, move: Move, now: datetime) -> None:
    """Raises NotFound, AppointmentCancelled, MovedMeanwhile and what `find_spot` raises."""
    appointment = await locked_appointment(tenant, ref)
    check_live(appointment)
    if move.seen is not None and move.seen != appointment["sequence"]:
        raise MovedMeanwhile(appointment["starts_at"])
    if await put(tenant, appointment, move, now, Without(frozenset({appointment["id"]}))):
        left = appointment["practitioner_id"]
        await note_change(tenant, appointment["id"], "moved", move.by, now, left=left, tell=move.tell)


async def put(tenant: Tenant, appointment: dict[str, Any], move: Move, now: datetime, besides: Without) -> bool:
    """False when nothing changes. Whoever calls owes the message. Raises as `find_spot`."""
    spot = await find_spot(
        tenant,
        Choice(await wanted_when_moving(tenant, appointment, move.practitioner, move.place), move.starts_at),
        now,
        length=move.length or appointment["ends_at"] - appointment["starts_at"],
        insistence=move.insistence,
        besides=besides,
        keeps=appointment["practitioner_id"],
    )
    where = {
        **spot.times,
        "practitioner_id": spot.slot.practitioner_id,
        "place_id": _place(appointment, spot, move),
        "shares": spot.shares,
        "seat": spot.seat,
    }
    if all(appointment[name] == value for name, value in where.items() if name not in {"shares", "seat"}):
        return False
    try:
        await relocate(tenant, appointment, where, now)
    except SlotTaken:
        raise PractitionerBusy(spot.slot.starts_at) from None
    if spot.is_first:
        slot = spot.slot._replace(place_id=_place(appointment, spot, move))
        plan = await current_plan(tenant)
        await give_resources(tenant, plan, spot.service, slot, now, appointment_id=appointment["id"])
    await note_overrides(tenant, appointment["id"], spot, move.insistence, move.by, now)
    return True


async def restore(tenant: Tenant, ref: str, now: datetime, *, by: str = "staff", tell: bool = True) -> None:
    """Takes a cancellation back, if nobody has the time by now. Restoring what stands changes nothing.

    What it was laid over on purpose, and is still there, is nobody in its way.
    Raises NotFound, AppointmentOver, PractitionerBusy.
    """
    appointment = await locked_appointment(tenant, ref)
    if not appointment["cancelled_at"]:
        return
    if appointment["starts_at"] <= now:
        raise AppointmentOver(appointment["starts_at"])
    await bring_back(tenant, appointment, now)
    await note_change(tenant, appointment["id"], "booked", by, now, tell=tell)


async def bring_back(tenant: Tenant, appointment: dict[str, Any], now: datetime) -> None:
    """Of a locked row. Whoever calls owes the message. Raises PractitionerBusy, NoResourceFree."""
    plan = await current_plan(tenant)
    service = next((each for each in plan.services.values() if each.row["id"] == appointment["service_id"]), None)
    slot = Slot(int(appointment["starts_at"].timestamp()), appointment["practitioner_id"], appointment["place_id"])
    seat = ALONE
    if service is not None:
        service = lasting(service, appointment["ends_at"] - appointment["starts_at"])
        seat = await _seat_again(tenant, plan, service, slot, now) if appointment["seat"] else seat
    values: dict[Any, Any] = {
        "cancelled_at": None,
        "cancelled_by": None,
        "cancel_reason": "",
        "shares": [*seat.shares] or await _shared_before(tenant, appointment),
        "seat": seat.number,
        "sequence": appointment["sequence"] + 1,
    }
    try:
        await Appointment.update(values).where(
            (Appointment.tenant_id == tenant.id) & (Appointment.id == appointment["id"])
        )
    except ExclusionViolationError:
        raise PractitionerBusy(appointment["starts_at"]) from None
    if service is not None and seat.is_first:
        await give_resources(tenant, plan, service, slot, now, appointment_id=appointment["id"])


async def _seat_again(tenant: Tenant, plan: Plan, service: PlannedService, slot: Slot, now: datetime) -> Seat:
    """In its group as it is now. Raises PractitionerBusy when that is full."""
    if slot.practitioner_id in plan.practitioners:
        await take_turn(plan.practitioners[slot.practitioner_id]["ref"])
    try:
        return await find_seat(tenant, service, slot, now)
    except SlotTaken:
        raise PractitionerBusy(slot.starts_at) from None


_LAID_OVER = """
SELECT other.blocked_from, other.blocked_until
FROM booking_override JOIN appointment AS other ON other.tenant_id = $1 AND other.id = over_id
WHERE booking_override.tenant_id = $1 AND appointment_id = $2 AND at >= $3 AND other.practitioner_id = $4
      AND other.cancelled_at IS NULL
"""


async def _shared_before(tenant: Tenant, appointment: dict[str, Any]) -> list[Range]:
    """With those alone that it was named to share with when it was put there."""
    put_there = appointment["moved_at"] or appointment["booked_at"]
    rows = await fetch(_LAID_OVER, tenant.id, appointment["id"], put_there, appointment["practitioner_id"])
    spans = union((int(row["blocked_from"].timestamp()), int(row["blocked_until"].timestamp())) for row in rows)
    return [Range(moment(begins), moment(ends)) for begins, ends in spans]


def _place(appointment: dict[str, Any], spot: Spot, move: Move) -> int:
    """Outside opening hours nobody says where, so it stays where it was."""
    stays = move.place is None and spot.outside_hours and appointment["place_id"] in spot.service.places
    return int(appointment["place_id"]) if stays else spot.slot.place_id
