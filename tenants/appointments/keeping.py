"""Appointments to come that keep what has been changed or given up around them: their thing, seat, instant."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from tenants.places.zone import reads_differently
from tenants.practices.tenant import Tenant
from tenants.scope import fetch

# A group has its room by one of its members; all of them meet there.
_WITH_THINGS = """
SELECT DISTINCT member.id, member.starts_at
FROM resource_use
JOIN appointment ON appointment.id = resource_use.appointment_id
JOIN appointment AS member ON member.tenant_id = $1 AND member.cancelled_at IS NULL AND (
    member.id = appointment.id OR (
        appointment.seat IS NOT NULL AND member.seat IS NOT NULL AND member.service_id = appointment.service_id
        AND member.practitioner_id = appointment.practitioner_id AND member.starts_at = appointment.starts_at
    )
)
WHERE resource_use.tenant_id = $1 AND resource_id = ANY ($2::bigint[]) AND appointment.ends_at > $3
ORDER BY member.starts_at, member.id
"""
_AT_PLACE = """
SELECT id, starts_at FROM appointment
WHERE tenant_id = $1 AND place_id = $2 AND cancelled_at IS NULL AND ends_at > $3
ORDER BY starts_at, id
"""
_FULLER = """
SELECT appointment.starts_at, place.zone, practitioner.name AS practitioner, count(*) AS booked
FROM appointment
JOIN service ON service.id = service_id
JOIN practitioner ON practitioner.id = practitioner_id
JOIN place ON place.id = place_id
WHERE appointment.tenant_id = $1 AND service.ref = $2 AND seat IS NOT NULL AND cancelled_at IS NULL AND starts_at > $3
GROUP BY appointment.starts_at, place.zone, practitioner.name, practitioner_id, service.capacity
HAVING count(*) > service.capacity
ORDER BY appointment.starts_at, practitioner.name
"""


async def standing_with(tenant: Tenant, things: Sequence[int], now: datetime) -> list[int]:
    """The ids of live appointments, not over yet, that have one of these rooms or things; by their start."""
    return [row["id"] for row in await fetch(_WITH_THINGS, tenant.id, list(things), now)]


async def told_otherwise(tenant: Tenant, place_id: int, before: ZoneInfo, after: ZoneInfo, now: datetime) -> list[int]:
    """The ids of live appointments there, not over yet, that read differently by the other clock; by their start."""
    rows = await fetch(_AT_PLACE, tenant.id, place_id, now)
    return [row["id"] for row in rows if reads_differently(row["starts_at"], before, after)]


async def fuller_groups(tenant: Tenant, service: str, now: datetime) -> list[dict[str, Any]]:
    """Groups to come in which more are `booked` than the service has seats by now; `service` is a ref."""
    return [dict(row) for row in await fetch(_FULLER, tenant.id, service, now)]
