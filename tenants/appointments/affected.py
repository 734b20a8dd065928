from datetime import datetime
from typing import Any

from tenants.practices.tenant import Tenant
from tenants.scope import fetch

# An appointment lasts 24 hours at most (`service`'s CHECK), so none that began earlier reaches into the closure.
_CLOSURES = """
SELECT closure.*, practitioner.name AS practitioner_name, practitioner.ref AS practitioner_ref,
       place.name AS place_name, place.ref AS place_ref,
       (SELECT count(*) FROM appointment
        WHERE appointment.tenant_id = $1 AND appointment.cancelled_at IS NULL
              AND appointment.starts_at >= closure.starts_at - '24 hours'::interval
              AND appointment.starts_at < closure.ends_at AND appointment.ends_at > closure.starts_at
              AND (closure.practitioner_id IS NULL OR closure.practitioner_id = appointment.practitioner_id)
              AND (closure.place_id IS NULL OR closure.place_id = appointment.place_id)) AS appointments
FROM closure
LEFT JOIN practitioner ON practitioner.id = closure.practitioner_id
LEFT JOIN place ON place.id = closure.place_id
WHERE closure.tenant_id = $1 AND closure.ends_at > $2
ORDER BY closure.starts_at, closure.id
"""


async def closures_to_come(tenant: Tenant, now: datetime) -> list[dict[str, Any]]:
    """With how many live appointments stand in each: somebody has to move or cancel them."""
    return [dict(row) for row in await fetch(_CLOSURES, tenant.id, now)]
