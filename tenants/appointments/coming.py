from datetime import datetime
from typing import Any

from tenants.practices.tenant import Tenant
from tenants.scope import fetch

_COMING = """
SELECT appointment.ref, appointment.starts_at, appointment.ends_at, service.name AS service_name,
       practitioner.name AS practitioner_name, client_record.first_name, client_record.last_name,
       count(*) OVER () AS in_all
FROM appointment
JOIN service ON service.id = appointment.service_id
JOIN practitioner ON practitioner.id = appointment.practitioner_id
JOIN place ON place.id = appointment.place_id
JOIN client_record ON client_record.id = appointment.client_record_id
WHERE appointment.tenant_id = $1 AND appointment.starts_at > $2 AND appointment.cancelled_at IS NULL
      AND place.zone IS NULL
ORDER BY appointment.starts_at, appointment.id LIMIT $3
"""


async def coming_in_own_zone(tenant: Tenant, now: datetime, most: int) -> list[dict[str, Any]]:
    """The next ones at places that share the practice's zone; `in_all` tells how many there are."""
    return [dict(row) for row in await fetch(_COMING, tenant.id, now, most)]
