"""A practitioner together with the services that they give, as their form has both."""

from dataclasses import dataclass

from tenants.practices.tenant import Tenant
from tenants.practitioners.edit import Profile, add_practitioner, locked_practitioner, write_profile
from tenants.practitioners.tables import Practitioner
from tenants.refs import fingerprint
from tenants.refusals import ChangedMeanwhile, NotFound
from tenants.scope import fetch
from tenants.services.links import ids_of
from tenants.services.tables import Service


@dataclass(frozen=True, slots=True)
class Giver:
    """`services` are refs, sorted."""

    profile: Profile
    services: tuple[str, ...]


_SERVICES = """
SELECT service.ref FROM service_practitioner JOIN service ON service.id = service_id
WHERE service_practitioner.tenant_id = $1 AND practitioner_id = $2 AND service.retired_at IS NULL
"""
_GIVES_NO_MORE = """
DELETE FROM service_practitioner USING service
WHERE service_practitioner.tenant_id = $1 AND practitioner_id = $2 AND NOT service_id = ANY ($3::bigint[])
      AND service.id = service_id AND service.retired_at IS NULL
"""
_GIVES = """
INSERT INTO service_practitioner (tenant_id, practitioner_id, service_id) SELECT $1, $2, unnest($3::bigint[])
ON CONFLICT DO NOTHING
"""


async def find_giver(tenant: Tenant, ref: str) -> Giver:
    """Raises NotFound, also for whoever is retired."""
    row = await Practitioner.of(tenant).where((Practitioner.ref == ref) & Practitioner.retired_at.is_null()).first()
    if row is None:
        raise NotFound("practitioner")
    return await _giver(tenant, row)


async def add_giver(tenant: Tenant, giver: Giver) -> str:
    """The ref of a new practitioner. Raises NotFound for a service that is not of this practice."""
    services = await ids_of(tenant, Service, giver.services)
    made = await add_practitioner(tenant, giver.profile)
    await _give(tenant, made["id"], services)
    return str(made["ref"])


async def change_giver(tenant: Tenant, ref: str, giver: Giver, seen: str) -> None:
    """`seen` is the fingerprint of what the form was filled from. Raises NotFound, ChangedMeanwhile."""
    row = await locked_practitioner(tenant, ref)
    stands = await _giver(tenant, row)
    if stands == giver:
        return
    if fingerprint(stands) != seen:
        raise ChangedMeanwhile
    services = await ids_of(tenant, Service, giver.services)
    await write_profile(tenant, row["id"], giver.profile)
    await _give(tenant, row["id"], services)


async def _giver(tenant: Tenant, row: dict[str, object]) -> Giver:
    given = await fetch(_SERVICES, tenant.id, row["id"])
    profile = Profile(str(row["name"]), str(row["title"]), str(row["about"]))
    return Giver(profile, tuple(sorted(each["ref"] for each in given)))


async def _give(tenant: Tenant, practitioner_id: int, services: list[int]) -> None:
    await fetch(_GIVES_NO_MORE, tenant.id, practitioner_id, services)
    await fetch(_GIVES, tenant.id, practitioner_id, services)
