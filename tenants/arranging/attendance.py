"""Who came: arrived, completed or missed. Each is a fact with its time, and can be taken back."""

from datetime import datetime
from typing import Any

from tenants.appointments.find import locked_appointment
from tenants.appointments.tables import Appointment
from tenants.practices.tenant import Tenant
from tenants.refusals import AppointmentCancelled, NotYetAgreed, NotYetBegun

COLUMNS = {"arrived": "arrived_at", "completed": "completed_at", "missed": "no_show_at"}


async def note_attendance(tenant: Tenant, ref: str, what: str, now: datetime, *, undo: bool = False) -> None:
    """`what` is one of COLUMNS. Whoever came has not missed it, and the other way round; completed means arrived.

    So whoever has not arrived after all has not completed it either.
    Arriving may be early; nobody has missed or completed what has not begun.
    Raises NotFound, AppointmentCancelled, NotYetAgreed, NotYetBegun.
    """
    appointment = await locked_appointment(tenant, ref)
    if appointment["cancelled_at"]:
        raise AppointmentCancelled(appointment["cancelled_at"])
    if appointment["pending"]:
        raise NotYetAgreed(appointment["approve_by"])
    if not undo and what != "arrived" and appointment["starts_at"] > now:
        raise NotYetBegun(appointment["starts_at"])
    await Appointment.update(_values(appointment, what, now, undo=undo)).where(
        (Appointment.tenant_id == tenant.id) & (Appointment.id == appointment["id"])
    )


def _values(appointment: dict[str, Any], what: str, now: datetime, *, undo: bool) -> dict[Any, Any]:
    if undo:
        return {COLUMNS[what]: None} | ({"completed_at": None} if what == "arrived" else {})
    if what == "missed":
        return {"no_show_at": now, "arrived_at": None, "completed_at": None}
    values = {"no_show_at": None, "arrived_at": appointment["arrived_at"] or now}
    return values | ({"completed_at": now} if what == "completed" else {})
