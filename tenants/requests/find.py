"""What waits for an answer, and what was answered lately."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from tenants.practices.tenant import Tenant
from tenants.scope import fetch, fetch_first

LATELY = timedelta(days=14)
MOST_ANSWERED = 20

# New is whose record has nothing else agreed, nor ever had.
_WAITING = """
SELECT appointment.ref, sequence, starts_at, ends_at, approve_by, booked_at, moved_at, appointment.note,
       appointment.practitioner_id, practitioner.name AS practitioner_name, service.name AS service_name,
       place.name AS place_name, client_record.ref AS client_ref, first_name, last_name,
       NOT EXISTS (
           SELECT FROM appointment AS other
           WHERE other.tenant_id = $1 AND other.client_record_id = appointment.client_record_id
                 AND (other.approve_by IS NULL OR other.accepted_at IS NOT NULL)
       ) AS is_new
FROM appointment
JOIN service ON service.id = service_id
JOIN practitioner ON practitioner.id = practitioner_id
JOIN place ON place.id = place_id
JOIN client_record ON client_record.id = client_record_id
WHERE appointment.tenant_id = $1 AND pending AND approve_by IS NOT NULL AND approve_by > $2
      AND ($3::bigint IS NULL OR practitioner_id = $3)
ORDER BY approve_by, starts_at, appointment.id
"""

_ANSWERED = """
SELECT appointment.ref, starts_at, accepted_at, accepted_by, declined_at, cancelled_at, cancelled_by, approve_by,
       cancel_reason, practitioner.name AS practitioner_name, service.name AS service_name,
       client_record.ref AS client_ref, first_name, last_name, declined.by_email AS declined_by,
       coalesce(accepted_at, cancelled_at) AS answered_at
FROM appointment
JOIN service ON service.id = service_id
JOIN practitioner ON practitioner.id = practitioner_id
JOIN client_record ON client_record.id = client_record_id
LEFT JOIN LATERAL (
    SELECT by_email FROM message
    WHERE appointment_id = appointment.id AND kind = 'declined' AND audience = 'client'
    ORDER BY message.sequence DESC LIMIT 1
) AS declined ON declined_at IS NOT NULL
WHERE appointment.tenant_id = $1 AND NOT pending AND approve_by IS NOT NULL AND approve_by > $2
      AND coalesce(accepted_at, cancelled_at) > $2 AND ($3::bigint IS NULL OR practitioner_id = $3)
ORDER BY answered_at DESC, appointment.id DESC LIMIT $4
"""

_COUNT = """
SELECT count(*) AS count, min(approve_by) AS first_by FROM appointment
WHERE tenant_id = $1 AND pending AND approve_by IS NOT NULL AND approve_by > $2
      AND ($3::bigint IS NULL OR practitioner_id = $3)
"""


@dataclass(frozen=True, slots=True)
class Waiting:
    """How many requests wait, and until when the first of them can be answered."""

    count: int
    first_by: datetime | None


async def waiting_requests(tenant: Tenant, now: datetime, of: int | None = None) -> list[dict[str, Any]]:
    """Whose answer is due first comes first; `of` is the practitioner whose own alone are wanted."""
    return [dict(row) for row in await fetch(_WAITING, tenant.id, now, of)]


async def answered_lately(tenant: Tenant, now: datetime, of: int | None = None) -> list[dict[str, Any]]:
    """Accepted, declined, withdrawn or over without an answer, the latest first."""
    return [dict(row) for row in await fetch(_ANSWERED, tenant.id, now - LATELY, of, MOST_ANSWERED)]


async def count_requests(tenant: Tenant, now: datetime, of: int | None = None) -> Waiting:
    """By an index alone, so that any page may say it."""
    row = await fetch_first(_COUNT, tenant.id, now, of)
    assert row is not None
    return Waiting(row["count"], row["first_by"])
