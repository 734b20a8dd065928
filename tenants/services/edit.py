"""Offering a service, and changing what is offered. Appointments already made keep the times they have."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from tenants.places.tables import Place
from tenants.practices.tenant import Tenant
from tenants.practitioners.tables import Practitioner
from tenants.refs import fingerprint, new_ref
from tenants.refusals import ChangedMeanwhile, NotFound
from tenants.scope import OwnedByTenant, fetch, fetch_first
from tenants.services.tables import Service


@dataclass(frozen=True, slots=True)
class Offer:
    """A service as its form has it. `practitioners` and `places` are refs, sorted; `price` as in the table."""

    name: str
    about: str
    duration: timedelta
    buffer_before: timedelta
    buffer_after: timedelta
    step: timedelta
    price: int | None
    practitioners: tuple[str, ...]
    places: tuple[str, ...]

    @property
    def columns(self) -> dict[Any, Any]:
        names = ("name", "about", "duration", "buffer_before", "buffer_after", "step", "price")
        return {name: getattr(self, name) for name in names}


_PRACTITIONERS = """
SELECT practitioner.ref FROM service_practitioner
JOIN practitioner ON practitioner.id = service_practitioner.practitioner_id
WHERE service_practitioner.tenant_id = $1 AND service_id = $2 AND practitioner.retired_at IS NULL
"""
_PLACES = """
SELECT place.ref FROM service_place JOIN place ON place.id = service_place.place_id
WHERE service_place.tenant_id = $1 AND service_id = $2 AND place.retired_at IS NULL
"""
_LAST = "SELECT coalesce(max(position), -1) + 1 AS next FROM service WHERE tenant_id = $1"

_NOT_GIVEN_BY = """
DELETE FROM service_practitioner WHERE tenant_id = $1 AND service_id = $2 AND NOT practitioner_id = ANY ($3)
"""
_GIVEN_BY = """
INSERT INTO service_practitioner (tenant_id, service_id, practitioner_id) SELECT $1, $2, unnest($3::bigint[])
ON CONFLICT DO NOTHING
"""
_NOT_GIVEN_AT = "DELETE FROM service_place WHERE tenant_id = $1 AND service_id = $2 AND NOT place_id = ANY ($3)"
_GIVEN_AT = """
INSERT INTO service_place (tenant_id, service_id, place_id) SELECT $1, $2, unnest($3::bigint[])
ON CONFLICT DO NOTHING
"""


async def find_offer(tenant: Tenant, ref: str) -> Offer:
    """Raises NotFound, also for what is offered no more."""
    row = await Service.of(tenant).where((Service.ref == ref) & Service.retired_at.is_null()).first()
    if row is None:
        raise NotFound("service")
    return await _offer(tenant, row)


async def add_service(tenant: Tenant, offer: Offer) -> str:
    """The ref of a new service, last in the list. Raises NotFound for a practitioner or place of nobody here."""
    last = await fetch_first(_LAST, tenant.id)
    assert last is not None
    service = Service(tenant_id=tenant.id, ref=new_ref(), position=last["next"])
    for column, value in offer.columns.items():
        setattr(service, column, value)
    made = await Service.insert(service)
    await _link(tenant, made[0]["id"], offer)
    return str(service.ref)


async def change_service(tenant: Tenant, ref: str, offer: Offer, seen: str) -> None:
    """`seen` is the fingerprint of the offer that the form was filled from. Raises NotFound, ChangedMeanwhile."""
    query = Service.of(tenant).where((Service.ref == ref) & Service.retired_at.is_null())
    row = await query.lock_rows("NO KEY UPDATE").first()
    if row is None:
        raise NotFound("service")
    stands = await _offer(tenant, row)
    if stands == offer:
        return
    if fingerprint(stands) != seen:
        raise ChangedMeanwhile
    await Service.update(offer.columns).where((Service.tenant_id == tenant.id) & (Service.id == row["id"]))
    await _link(tenant, row["id"], offer)


async def restore_service(tenant: Tenant, ref: str) -> None:
    """Offers again what was retired. Raises NotFound."""
    row = await Service.of(tenant, Service.id).where(Service.ref == ref).first()
    if row is None:
        raise NotFound("service")
    await Service.update({Service.retired_at: None}).where((Service.tenant_id == tenant.id) & (Service.id == row["id"]))


async def retired_services(tenant: Tenant) -> list[dict[str, Any]]:
    return await Service.of(tenant).where(Service.retired_at.is_not_null()).order_by(Service.name)


async def _offer(tenant: Tenant, row: dict[str, Any]) -> Offer:
    names = ("name", "about", "duration", "buffer_before", "buffer_after", "step", "price")
    given_by = await fetch(_PRACTITIONERS, tenant.id, row["id"])
    given_at = await fetch(_PLACES, tenant.id, row["id"])
    return Offer(
        **{name: row[name] for name in names},
        practitioners=tuple(sorted(each["ref"] for each in given_by)),
        places=tuple(sorted(each["ref"] for each in given_at)),
    )


async def _link(tenant: Tenant, service_id: int, offer: Offer) -> None:
    practitioners = await _ids(tenant, Practitioner, offer.practitioners)
    places = await _ids(tenant, Place, offer.places)
    await fetch(_NOT_GIVEN_BY, tenant.id, service_id, practitioners)
    await fetch(_GIVEN_BY, tenant.id, service_id, practitioners)
    await fetch(_NOT_GIVEN_AT, tenant.id, service_id, places)
    await fetch(_GIVEN_AT, tenant.id, service_id, places)


async def _ids(tenant: Tenant, table: type[OwnedByTenant], refs: tuple[str, ...]) -> list[int]:
    wanted: Any = table
    rows = await wanted.of(tenant, wanted.id).where(wanted.ref.is_in(list(refs))) if refs else []
    if len(rows) != len(set(refs)):
        raise NotFound(table._meta.tablename)  # noqa: SLF001 - Piccolo's name for it
    return [row["id"] for row in rows]
