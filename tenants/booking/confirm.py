from datetime import datetime

from tenants.appointments.find import locked_appointment
from tenants.appointments.tables import Appointment
from tenants.practices.tenant import Tenant
from tenants.refusals import AppointmentCancelled, AppointmentOver, MovedMeanwhile, NotYetAgreed


async def confirm_appointment(
    tenant: Tenant, ref: str, now: datetime, *, by: str = "client", seen: datetime | None = None
) -> None:
    """`by` is "client" or "staff"; confirming again changes nothing. `seen` is the start that was agreed to.

    Raises NotFound, AppointmentCancelled, AppointmentOver, MovedMeanwhile, NotYetAgreed.
    """
    appointment = await locked_appointment(tenant, ref)
    if appointment["cancelled_at"]:
        raise AppointmentCancelled(appointment["cancelled_at"])
    if appointment["starts_at"] <= now:
        raise AppointmentOver(appointment["starts_at"])
    if seen is not None and seen != appointment["starts_at"]:
        raise MovedMeanwhile(appointment["starts_at"])
    if appointment["pending"]:
        raise NotYetAgreed(appointment["approve_by"])
    if not appointment["confirmed_at"]:
        await Appointment.update({Appointment.confirmed_at: now, Appointment.confirmed_by: by}).where(
            (Appointment.tenant_id == tenant.id) & (Appointment.id == appointment["id"])
        )
