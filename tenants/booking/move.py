"""Moving is one UPDATE: the old time is free and the new one taken in the same instant, or nothing has happened."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from asyncpg import DeadlockDetectedError, ExclusionViolationError

from tenants.appointments.find import locked_appointment
from tenants.appointments.tables import Appointment
from tenants.availability.wall_clock import local_day
from tenants.booking.book import blocked_times, check_daily_limit
from tenants.booking.busy import Besides
from tenants.booking.open_times import Wanted
from tenants.booking.policy import find_policy
from tenants.booking.resources import give_resources
from tenants.booking.seats import find_seat
from tenants.booking.slot import Choice, Found, find_slot
from tenants.booking.turn import take_turn
from tenants.notifications.owe import note_change
from tenants.practices.tenant import Tenant
from tenants.refusals import AppointmentCancelled, AppointmentOver, SlotTaken, TooLateToMove
from tenants.scope import fetch, fetch_first
from tenants.services.tables import Service


async def move_by_client(
    tenant: Tenant, ref: str, starts_at: datetime, now: datetime, *, practitioner: str | None = None
) -> None:
    """To another start of the same service, with the same practitioner unless another is named. It lasts as long.

    Raises NotFound, AppointmentCancelled, AppointmentOver, TooLateToMove, DailyLimitReached, and as `find_slot`.
    """
    appointment = await locked_appointment(tenant, ref)
    check_live(appointment)
    if appointment["starts_at"] <= now:
        raise AppointmentOver(appointment["starts_at"])
    policy = await find_policy(tenant)
    deadline = policy.move_until(appointment)
    if now > deadline:
        raise TooLateToMove(deadline)
    wanted = await wanted_when_moving(tenant, appointment, practitioner)
    assert wanted.practitioner is not None
    await take_turn(wanted.practitioner)
    besides, length = Besides(appointment_id=appointment["id"]), appointment["ends_at"] - appointment["starts_at"]
    found = await find_slot(tenant, Choice(wanted, starts_at), now, besides=besides, length=length)
    if policy.daily_limit is not None:
        await _check_limit(tenant, appointment, found, policy.daily_limit)
    slot = found.slot
    if slot.starts_at == appointment["starts_at"] and slot.practitioner_id == appointment["practitioner_id"]:
        return
    seat = await find_seat(tenant, found.service, slot, now, besides)
    where = {"practitioner_id": slot.practitioner_id, "place_id": slot.place_id} | seat.columns
    try:
        await relocate(tenant, appointment, blocked_times(slot, found.service) | where, now)
    except SlotTaken:
        raise SlotTaken(slot.starts_at, found.others) from None
    if seat.is_first:
        await give_resources(tenant, found.plan, found.service, slot, now, appointment_id=appointment["id"])
    await note_change(tenant, appointment["id"], "moved", "", now, left=appointment["practitioner_id"])


async def relocate(tenant: Tenant, appointment: Mapping[str, Any], where: Mapping[str, Any], now: datetime) -> None:
    """What was confirmed was the old time: it is asked for again. Raises SlotTaken."""
    values: dict[Any, Any] = {
        **where,
        "moved_at": now,
        "sequence": appointment["sequence"] + 1,
        "confirmed_at": None,
        "confirmed_by": None,
    }
    try:
        await Appointment.update(values).where(
            (Appointment.tenant_id == tenant.id) & (Appointment.id == appointment["id"])
        )
    except (ExclusionViolationError, DeadlockDetectedError):
        raise SlotTaken(where["starts_at"]) from None


async def wanted_when_moving(
    tenant: Tenant, appointment: Mapping[str, Any], practitioner: str | None = None, place: str | None = None
) -> Wanted:
    """What to ask `open_times` for on the page that moves it; `practitioner` names another one than today's."""
    service = await Service.of(tenant, Service.ref).where(Service.id == appointment["service_id"]).first()
    assert service is not None
    today = await fetch_first("SELECT ref FROM practitioner WHERE id = $1", appointment["practitioner_id"])
    assert today is not None
    return Wanted(service["ref"], practitioner or today["ref"], place)


def check_live(appointment: Mapping[str, Any]) -> None:
    """Raises AppointmentCancelled."""
    if appointment["cancelled_at"]:
        raise AppointmentCancelled(appointment["cancelled_at"])


async def _check_limit(tenant: Tenant, appointment: dict[str, Any], found: Found, limit: int) -> None:
    if local_day(found.slot.start, tenant.zone) == local_day(int(appointment["starts_at"].timestamp()), tenant.zone):
        return
    client = appointment["client_record_id"]
    await fetch("SELECT id FROM client_record WHERE tenant_id = $1 AND id = $2 FOR NO KEY UPDATE", tenant.id, client)
    await check_daily_limit(tenant, client, found.slot.start, limit, besides=appointment["id"])
