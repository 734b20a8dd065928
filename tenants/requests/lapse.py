"""A request that nobody has answered ends by itself, at the very instant until which it could be answered."""

from datetime import datetime
from typing import Any

from tenants.appointments.find import locked_appointment
from tenants.appointments.tables import Appointment
from tenants.notifications.owe import note_change
from tenants.practices.tenant import Tenant, tenant_from
from tenants.scope import fetch

_OVERDUE = """
SELECT appointment.id AS appointment_id, appointment.ref AS appointment_ref, practice.*
FROM appointment JOIN practice ON practice.id = appointment.tenant_id
WHERE pending AND approve_by <= $1 AND appointment.id > $2 ORDER BY appointment.id LIMIT $3
"""


async def overdue_requests(now: datetime, after: int, most: int) -> list[tuple[int, str, Tenant]]:
    """Id and ref of those beyond the id `after`. For the worker, over all practices."""
    rows = await fetch(_OVERDUE, now, after, most)
    return [(row["appointment_id"], row["appointment_ref"], tenant_from(row)) for row in rows]


async def lapse_if_due(tenant: Tenant, ref: str, now: datetime) -> bool:
    """False when it has been answered, moved or withdrawn meanwhile. Raises NotFound."""
    request = await locked_appointment(tenant, ref)
    if not request["pending"] or request["approve_by"] > now:
        return False
    values: dict[Any, Any] = {"cancelled_at": now, "cancelled_by": "rule", "sequence": request["sequence"] + 1}
    await Appointment.update(values).where((Appointment.tenant_id == tenant.id) & (Appointment.id == request["id"]))
    await note_change(tenant, request["id"], "lapsed", "", now)
    return True
