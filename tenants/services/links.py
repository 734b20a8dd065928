"""What hangs on a service: who gives it, where, and what it needs one of; told as refs, kept as rows."""

from dataclasses import dataclass
from typing import Any

from tenants.places.tables import Place
from tenants.practices.tenant import Tenant
from tenants.practitioners.tables import Practitioner
from tenants.refusals import NotFound
from tenants.resources.tables import ResourceKind
from tenants.scope import OwnedByTenant, fetch

Refs = tuple[str, ...]

_GIVEN_BY = """
SELECT practitioner.ref FROM service_practitioner
JOIN practitioner ON practitioner.id = service_practitioner.practitioner_id
WHERE service_practitioner.tenant_id = $1 AND service_id = $2 AND practitioner.retired_at IS NULL
"""
_GIVEN_AT = """
SELECT place.ref FROM service_place JOIN place ON place.id = service_place.place_id
WHERE service_place.tenant_id = $1 AND service_id = $2 AND place.retired_at IS NULL
"""
_NEEDS = """
SELECT resource_kind.ref FROM service_need JOIN resource_kind ON resource_kind.id = service_need.kind_id
WHERE service_need.tenant_id = $1 AND service_id = $2 AND resource_kind.retired_at IS NULL
"""

# Whoever is retired, and a place that is, keeps what it had: it is as before once it comes back.
_NOT_GIVEN_BY = """
DELETE FROM service_practitioner USING practitioner
WHERE service_practitioner.tenant_id = $1 AND service_id = $2 AND NOT practitioner_id = ANY ($3::bigint[])
      AND practitioner.id = practitioner_id AND practitioner.retired_at IS NULL
"""
_NOT_GIVEN_AT = """
DELETE FROM service_place USING place
WHERE service_place.tenant_id = $1 AND service_id = $2 AND NOT place_id = ANY ($3::bigint[])
      AND place.id = place_id AND place.retired_at IS NULL
"""
_NOT_NEEDED = "DELETE FROM service_need WHERE tenant_id = $1 AND service_id = $2 AND NOT kind_id = ANY ($3::bigint[])"
_GIVE_BY = """
INSERT INTO service_practitioner (tenant_id, service_id, practitioner_id) SELECT $1, $2, unnest($3::bigint[])
ON CONFLICT DO NOTHING
"""
_GIVE_AT = """
INSERT INTO service_place (tenant_id, service_id, place_id) SELECT $1, $2, unnest($3::bigint[])
ON CONFLICT DO NOTHING
"""
_NEED = """
INSERT INTO service_need (tenant_id, service_id, kind_id) SELECT $1, $2, unnest($3::bigint[]) ON CONFLICT DO NOTHING
"""


async def given_by(tenant: Tenant, service_id: int) -> Refs:
    return _refs(await fetch(_GIVEN_BY, tenant.id, service_id))


async def given_at(tenant: Tenant, service_id: int) -> Refs:
    return _refs(await fetch(_GIVEN_AT, tenant.id, service_id))


async def needs_of(tenant: Tenant, service_id: int) -> Refs:
    return _refs(await fetch(_NEEDS, tenant.id, service_id))


@dataclass(frozen=True, slots=True)
class Links:
    """Ids of what hangs on a service."""

    practitioners: list[int]
    places: list[int]
    needs: list[int]


async def find_links(tenant: Tenant, practitioners: Refs, places: Refs, needs: Refs) -> Links:
    """Before anything is written: whoever gives one of them up locks it first, and the practice's plan after.

    Raises NotFound for whoever, or whatever, is not of this practice.
    """
    return Links(
        await ids_of(tenant, Practitioner, practitioners),
        await ids_of(tenant, Place, places),
        await ids_of(tenant, ResourceKind, needs),
    )


async def link(tenant: Tenant, service_id: int, links: Links) -> None:
    """These and no others."""
    await fetch(_NOT_GIVEN_BY, tenant.id, service_id, links.practitioners)
    await fetch(_GIVE_BY, tenant.id, service_id, links.practitioners)
    await fetch(_NOT_GIVEN_AT, tenant.id, service_id, links.places)
    await fetch(_GIVE_AT, tenant.id, service_id, links.places)
    await fetch(_NOT_NEEDED, tenant.id, service_id, links.needs)
    await fetch(_NEED, tenant.id, service_id, links.needs)


async def ids_of(tenant: Tenant, table: type[OwnedByTenant], refs: Refs) -> list[int]:
    """Raises NotFound, also for what is retired. Locked against being retired before this is saved."""
    if not refs:
        return []
    wanted: Any = table
    known = wanted.ref.is_in(list(refs)) & wanted.retired_at.is_null()
    rows = await wanted.of(tenant, wanted.id).where(known).order_by(wanted.id).lock_rows("KEY SHARE")
    if len(rows) != len(set(refs)):
        raise NotFound(table._meta.tablename)  # noqa: SLF001 - Piccolo's name for it
    return [row["id"] for row in rows]


def _refs(rows: list[Any]) -> Refs:
    return tuple(sorted(row["ref"] for row in rows))
