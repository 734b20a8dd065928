from datetime import datetime

from tenants.appointments.find import locked_appointment
from tenants.appointments.tables import Appointment
from tenants.practices.tenant import Tenant
from tenants.refusals import AppointmentCancelled, NotYetBegun


async def mark_no_show(tenant: Tenant, ref: str, now: datetime, *, missed: bool = True) -> None:
    """The client did not come; `missed=False` takes it back. Raises NotFound, AppointmentCancelled, NotYetBegun."""
    appointment = await locked_appointment(tenant, ref)
    if appointment["cancelled_at"]:
        raise AppointmentCancelled(appointment["cancelled_at"])
    if missed and appointment["starts_at"] > now:
        raise NotYetBegun(appointment["starts_at"])
    await Appointment.update({Appointment.no_show_at: now if missed else None}).where(
        (Appointment.tenant_id == tenant.id) & (Appointment.id == appointment["id"])
    )
