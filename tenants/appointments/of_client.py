from datetime import datetime
from typing import Any

from tenants.practices.tenant import Tenant
from tenants.scope import fetch

PAGE = 10
_MOST_TO_COME = 100

_LINES = """
SELECT appointment.ref, appointment.starts_at, appointment.ends_at, appointment.cancelled_at, appointment.no_show_at,
       appointment.moved_at, appointment.arrived_at, appointment.completed_at, appointment.pending,
       appointment.practitioner_id,
       appointment.approve_by, appointment.accepted_at, appointment.cancelled_by,
       service.name AS service_name, practitioner.name AS practitioner_name, place.name AS place_name
FROM appointment
JOIN service ON service.id = appointment.service_id
JOIN practitioner ON practitioner.id = appointment.practitioner_id
JOIN place ON place.id = appointment.place_id
WHERE appointment.tenant_id = $1 AND appointment.client_record_id = $2
"""


async def to_come_of(tenant: Tenant, record_id: int, now: datetime) -> list[dict[str, Any]]:
    """Those that are not over, soonest first, cancelled ones too."""
    rows = await fetch(
        _LINES + "AND appointment.ends_at > $3 ORDER BY appointment.starts_at LIMIT $4",
        tenant.id,
        record_id,
        now,
        _MOST_TO_COME,
    )
    return [dict(row) for row in rows]


async def past_of(tenant: Tenant, record_id: int, now: datetime, page: int) -> tuple[list[dict[str, Any]], bool]:
    """One page of those that are over, the latest first, and whether there are earlier ones."""
    rows = await fetch(
        _LINES + "AND appointment.ends_at <= $3 ORDER BY appointment.starts_at DESC LIMIT $4 OFFSET $5",
        tenant.id,
        record_id,
        now,
        PAGE + 1,
        (page - 1) * PAGE,
    )
    return [dict(row) for row in rows[:PAGE]], len(rows) > PAGE
