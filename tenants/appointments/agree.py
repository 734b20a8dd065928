"""A request becomes an appointment. Whoever calls has locked the row, and owes the message."""

from datetime import datetime
from typing import Any

from tenants.appointments.tables import Appointment
from tenants.practices.tenant import Tenant


async def agree(tenant: Tenant, appointment_id: int, now: datetime, by: str, **more: Any) -> None:
    """`by` is the address of whoever agrees; `more` are columns that change with it."""
    values: dict[Any, Any] = {"accepted_at": now, "accepted_by": by, **more}
    await Appointment.update(values).where((Appointment.tenant_id == tenant.id) & (Appointment.id == appointment_id))
