"""Where a service cannot be given, because nothing is there of a kind that it needs."""

from dataclasses import dataclass

from tenants.practices.tenant import Tenant
from tenants.scope import fetch


@dataclass(frozen=True, slots=True)
class Missing:
    """Names, for whoever reads it."""

    kind: str
    place: str


async def missing_needs(tenant: Tenant) -> dict[str, list[Missing]]:
    """By the service's ref; only services that nobody could book somewhere are in it."""
    found: dict[str, list[Missing]] = {}
    for row in await fetch(_MISSING, tenant.id):
        found.setdefault(row["ref"], []).append(Missing(row["kind"], row["place"]))
    return found


_MISSING = """
SELECT service.ref, resource_kind.name AS kind, place.name AS place
FROM service_need
JOIN service ON service.id = service_need.service_id AND service.retired_at IS NULL
JOIN resource_kind ON resource_kind.id = service_need.kind_id
JOIN service_place ON service_place.service_id = service.id
JOIN place ON place.id = service_place.place_id AND place.retired_at IS NULL
WHERE service_need.tenant_id = $1 AND NOT EXISTS (
    SELECT FROM resource
    WHERE resource.tenant_id = $1 AND resource.kind_id = service_need.kind_id AND resource.place_id = place.id
          AND resource.retired_at IS NULL
)
ORDER BY place.position, place.id, resource_kind.name
"""
