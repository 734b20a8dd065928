from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from tenants.appointments.find import locked_appointment
from tenants.appointments.tables import Appointment
from tenants.booking.policy import Policy, find_policy
from tenants.notifications.owe import note_change, note_changes
from tenants.practices.tenant import Tenant
from tenants.refusals import AppointmentOver, TooLateToCancel


def cancel_until(policy: Policy, appointment: Mapping[str, Any]) -> datetime:
    """The last moment at which the client may cancel: as long as nobody has agreed to it, until it begins."""
    starts_at: datetime = appointment["starts_at"]
    return starts_at if appointment["pending"] else policy.cancel_until(appointment)


async def cancel_by_client(tenant: Tenant, ref: str, reason: str, now: datetime) -> None:
    """Cancelling what is cancelled changes nothing. A request is withdrawn whenever one likes before it begins.

    Raises NotFound, AppointmentOver or TooLateToCancel.
    """
    appointment = await locked_appointment(tenant, ref)
    if appointment["cancelled_at"]:
        return
    if appointment["starts_at"] <= now:
        raise AppointmentOver(appointment["starts_at"])
    deadline = cancel_until(await find_policy(tenant), appointment)
    if now > deadline:
        raise TooLateToCancel(deadline)
    await _cancel(tenant, appointment, "", reason, now)
    await note_change(tenant, appointment["id"], "cancelled", "", now)


async def cancel_by_staff(
    tenant: Tenant, ref: str, reason: str, now: datetime, *, by: str = "staff", tell: bool = True
) -> None:
    """Always possible, also afterwards; `by` is the address of whoever cancels it. Raises NotFound.

    Without `tell` the client gets no notice.
    """
    appointment = await locked_appointment(tenant, ref)
    if not appointment["cancelled_at"]:
        await _cancel(tenant, appointment, by, reason, now)
        await note_change(tenant, appointment["id"], "cancelled", by, now, tell=tell)


async def cancel_several(
    tenant: Tenant, appointments: Sequence[dict[str, Any]], reason: str, now: datetime, *, by: str, tell: bool = True
) -> None:
    """Locked rows of one client, none of them cancelled: the client hears of all in one message."""
    for appointment in appointments:
        await _cancel(tenant, appointment, by, reason, now)
    await note_changes(tenant, [row["id"] for row in appointments], "cancelled", by, now, tell=tell)


async def _cancel(tenant: Tenant, appointment: dict[str, Any], by: str, reason: str, now: datetime) -> None:
    await Appointment.update(
        {
            Appointment.cancelled_at: now,
            Appointment.cancelled_by: "staff" if by else "client",
            Appointment.cancel_reason: reason,
            Appointment.sequence: appointment["sequence"] + 1,
        }
    ).where((Appointment.tenant_id == tenant.id) & (Appointment.id == appointment["id"]))
