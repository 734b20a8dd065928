"""What was done on purpose against the rules, as the appointment's own page tells it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from tenants.practices.tenant import Tenant
from tenants.scope import fetch

# `own` is about the appointment itself, else another one was laid over it. It stands while both are live and still
# meet, and no more once the one that was put there has been put elsewhere.
_OVERRIDES = """
SELECT override.appointment_id = $2 AS own, override.at, override.by_email, override.what, override.reason,
       other.ref, other.starts_at, other.ends_at, other.practitioner_id,
       concat_ws(' ', first_name, last_name) AS client,
       this.cancelled_at IS NULL AND override.at >= coalesce(placed.moved_at, placed.booked_at)
       AND (other.id IS NULL OR (
           other.cancelled_at IS NULL AND other.practitioner_id = this.practitioner_id
           AND other.blocked_from < this.blocked_until AND other.blocked_until > this.blocked_from
       )) AS stands
FROM booking_override AS override
JOIN appointment AS this ON this.tenant_id = $1 AND this.id = $2
JOIN appointment AS placed ON placed.tenant_id = $1 AND placed.id = override.appointment_id
LEFT JOIN appointment AS other ON other.tenant_id = $1
     AND other.id = CASE WHEN override.appointment_id = $2 THEN override.over_id ELSE override.appointment_id END
LEFT JOIN client_record ON client_record.tenant_id = $1 AND client_record.id = other.client_record_id
WHERE override.tenant_id = $1 AND (override.appointment_id = $2 OR override.over_id = $2)
      AND (override.what = 'outside_hours' OR other.id IS NOT NULL)
ORDER BY override.at, override.id
"""

_OTHER = ("ref", "client", "starts_at", "ends_at", "practitioner_id")


@dataclass(frozen=True, slots=True)
class Override:
    """`what` is "overbooked" or "outside_hours"; `own` when this appointment was put there, not another over it.

    `other` is the appointment on the other side, None outside hours.
    """

    own: bool
    stands: bool
    what: str
    at: datetime
    by_email: str
    reason: str
    other: dict[str, Any] | None


async def overrides_of(tenant: Tenant, appointment_id: int) -> list[Override]:
    """In the order in which they were made, those that are over too; without those over what the lens does not show."""
    rows = await fetch(_OVERRIDES, tenant.id, appointment_id)
    return [
        Override(
            row["own"],
            row["stands"],
            row["what"],
            row["at"],
            row["by_email"],
            row["reason"],
            {name: row[name] for name in _OTHER} if row["ref"] else None,
        )
        for row in rows
    ]
