from collections.abc import Sequence
from datetime import datetime
from typing import Any

from tenants.hours.close import Shut
from tenants.practices.tenant import Tenant
from tenants.scope import fetch

# An appointment lasts 24 hours at most (`service`'s CHECK), so none that began earlier reaches into the closure.
_CLOSURES = """
SELECT closure.*, practitioner.name AS practitioner_name, practitioner.ref AS practitioner_ref,
       place.name AS place_name, place.ref AS place_ref,
       (SELECT count(*) FROM appointment
        WHERE appointment.tenant_id = $1 AND appointment.cancelled_at IS NULL AND appointment.ends_at > $2
              AND appointment.starts_at >= closure.starts_at - '24 hours'::interval
              AND appointment.starts_at < closure.ends_at AND appointment.ends_at > closure.starts_at
              AND (closure.practitioner_id IS NULL OR closure.practitioner_id = appointment.practitioner_id)
              AND (closure.place_id IS NULL OR closure.place_id = appointment.place_id)
              AND ($3::bigint IS NULL OR appointment.practitioner_id = $3)) AS appointments
FROM closure
LEFT JOIN practitioner ON practitioner.id = closure.practitioner_id
LEFT JOIN place ON place.id = closure.place_id
WHERE closure.tenant_id = $1 AND closure.ends_at > $2
ORDER BY closure.starts_at, closure.id
"""

_STANDING = """
SELECT shut.number, appointment.id
FROM unnest($3::bigint[], $4::bigint[], $5::timestamptz[], $6::timestamptz[]) WITH ORDINALITY
     AS shut (practitioner_id, place_id, starts_at, ends_at, number)
JOIN appointment ON appointment.tenant_id = $1 AND appointment.cancelled_at IS NULL AND appointment.ends_at > $2
     AND appointment.starts_at >= shut.starts_at - '24 hours'::interval
     AND appointment.starts_at < shut.ends_at AND appointment.ends_at > shut.starts_at
     AND (shut.practitioner_id IS NULL OR shut.practitioner_id = appointment.practitioner_id)
     AND (shut.place_id IS NULL OR shut.place_id = appointment.place_id)
     AND ($7::bigint IS NULL OR appointment.practitioner_id = $7)
ORDER BY appointment.starts_at, appointment.id
"""


async def closures_to_come(tenant: Tenant, now: datetime, practitioner_id: int | None = None) -> list[dict[str, Any]]:
    """With how many live appointments, not over yet, stand in each: somebody has to move or cancel them.

    Everybody's appointments, or one practitioner's.
    """
    return [dict(row) for row in await fetch(_CLOSURES, tenant.id, now, practitioner_id)]


async def standing_in(
    tenant: Tenant, shuts: Sequence[Shut], now: datetime, practitioner_id: int | None = None
) -> list[list[int]]:
    """For each, the ids of the same appointments that `closures_to_come` would count in it, by their start."""
    columns = (
        [each.practitioner_id for each in shuts],
        [each.place_id for each in shuts],
        [each.starts_at for each in shuts],
        [each.ends_at for each in shuts],
    )
    found: list[list[int]] = [[] for _ in shuts]
    for row in await fetch(_STANDING, tenant.id, now, *columns, practitioner_id):
        found[row["number"] - 1].append(row["id"])
    return found
