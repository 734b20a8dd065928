from typing import Any

from tenants.practices.tenant import Tenant
from tenants.refusals import NotFound
from tenants.resources.tables import Resource, ResourceKind
from tenants.scope import fetch

_THINGS = """
SELECT resource.*, place.name AS place_name, place.ref AS place_ref, place.retired_at AS place_retired_at
FROM resource JOIN place ON place.id = resource.place_id
WHERE resource.tenant_id = $1 AND ($2::bigint IS NULL OR kind_id = $2)
ORDER BY place.position, place.id, resource.position, resource.id
"""
_NEEDED_BY = """
SELECT service.ref, service.name FROM service_need JOIN service ON service.id = service_id
WHERE service_need.tenant_id = $1 AND kind_id = $2 AND service.retired_at IS NULL
ORDER BY service.position, service.id
"""


async def kinds(tenant: Tenant) -> list[dict[str, Any]]:
    """Rooms first, each with its `things`, those that are retired left out."""
    things = [row for row in await things_of(tenant) if row["retired_at"] is None and row["place_retired_at"] is None]
    rows = await ResourceKind.of(tenant).where(ResourceKind.retired_at.is_null())
    rows.sort(key=lambda row: (row["what"] != "room", row["name"].casefold(), row["id"]))
    return [row | {"things": [each for each in things if each["kind_id"] == row["id"]]} for row in rows]


async def retired_kinds(tenant: Tenant) -> list[dict[str, Any]]:
    return await ResourceKind.of(tenant).where(ResourceKind.retired_at.is_not_null()).order_by(ResourceKind.name)


async def find_kind(tenant: Tenant, ref: str) -> dict[str, Any]:
    """Raises NotFound, also for what is retired."""
    row = await ResourceKind.of(tenant).where((ResourceKind.ref == ref) & ResourceKind.retired_at.is_null()).first()
    if row is None:
        raise NotFound("resource_kind")
    return row


async def find_thing(tenant: Tenant, kind_id: int, ref: str) -> dict[str, Any]:
    """Of that kind. Raises NotFound, also for what is retired."""
    mine = (Resource.kind_id == kind_id) & (Resource.ref == ref) & Resource.retired_at.is_null()
    row = await Resource.of(tenant).where(mine).first()
    if row is None:
        raise NotFound("resource")
    return row


async def things_of(tenant: Tenant, kind_id: int | None = None) -> list[dict[str, Any]]:
    """By place, with its name; the retired ones, too. Of every kind where none is named."""
    return [dict(row) for row in await fetch(_THINGS, tenant.id, kind_id)]


async def needed_by(tenant: Tenant, kind_id: int) -> list[dict[str, Any]]:
    """Ref and name of each service that is offered and needs one."""
    return [dict(row) for row in await fetch(_NEEDED_BY, tenant.id, kind_id)]
