"""Offering a service, and changing what is offered. Appointments already made keep the times and seats they have."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from tenants.order import move_row
from tenants.practices.tenant import Tenant
from tenants.refs import fingerprint, new_ref
from tenants.refusals import ChangedMeanwhile, NotFound
from tenants.scope import fetch, fetch_first
from tenants.services.links import Links, find_links, given_at, given_by, link, needs_of
from tenants.services.tables import Service
from tenants.services.texts import Text, texts_of, write_texts


@dataclass(frozen=True, slots=True)
class Offer:
    """A service as its form has it; columns as in its table.

    `practitioners`, `places` and `needs` (kinds of rooms or equipment) are refs, sorted. `texts` are those that say
    something, in the order of the practice's languages.
    """

    name: str
    about: str
    duration: timedelta
    buffer_before: timedelta
    buffer_after: timedelta
    step: timedelta
    price: int | None
    practitioners: tuple[str, ...]
    places: tuple[str, ...]
    capacity: int = 1
    online: bool = True
    needs_approval: bool = False
    colour: str = ""
    needs: tuple[str, ...] = ()
    texts: tuple[Text, ...] = ()

    @property
    def columns(self) -> dict[Any, Any]:
        return {name: getattr(self, name) for name in COLUMNS}


COLUMNS = (
    "name",
    "about",
    "duration",
    "buffer_before",
    "buffer_after",
    "step",
    "price",
    "capacity",
    "online",
    "needs_approval",
    "colour",
)
_LAST = "SELECT coalesce(max(position), -1) + 1 AS next FROM service WHERE tenant_id = $1"


async def find_offer(tenant: Tenant, ref: str) -> Offer:
    """Raises NotFound, also for what is offered no more."""
    row = await Service.of(tenant).where((Service.ref == ref) & Service.retired_at.is_null()).first()
    if row is None:
        raise NotFound("service")
    return await _offer(tenant, row)


async def add_service(tenant: Tenant, offer: Offer) -> str:
    """The ref of a new service, last in the list.

    Raises NotFound for a practitioner, a place or a kind that is not of this practice.
    """
    links = await _links(tenant, offer)
    last = await fetch_first(_LAST, tenant.id)
    assert last is not None
    service = Service(tenant_id=tenant.id, ref=new_ref(), position=last["next"])
    for column, value in offer.columns.items():
        setattr(service, column, value)
    made = await Service.insert(service)
    await link(tenant, made[0]["id"], links)
    await write_texts(tenant, made[0]["id"], offer.texts)
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
    links = await _links(tenant, offer)
    await Service.update(offer.columns).where((Service.tenant_id == tenant.id) & (Service.id == row["id"]))
    await link(tenant, row["id"], links)
    await write_texts(tenant, row["id"], offer.texts)


async def move_service(tenant: Tenant, ref: str, step: int) -> int:
    """As `order.move_row` has it. Raises NotFound."""
    return await move_row(tenant, Service, ref, step, ("position", "id"))


async def restore_service(tenant: Tenant, ref: str) -> None:
    """Offers again what was retired, without what the practice has no more. Raises NotFound."""
    row = await Service.of(tenant, Service.id).where(Service.ref == ref).first()
    if row is None:
        raise NotFound("service")
    await fetch(_NEEDS_NO_MORE, tenant.id, row["id"])
    await Service.update({Service.retired_at: None}).where((Service.tenant_id == tenant.id) & (Service.id == row["id"]))


_NEEDS_NO_MORE = """
DELETE FROM service_need USING resource_kind
WHERE service_need.tenant_id = $1 AND service_id = $2 AND resource_kind.id = kind_id
      AND resource_kind.retired_at IS NOT NULL
"""


async def retired_services(tenant: Tenant) -> list[dict[str, Any]]:
    return await Service.of(tenant).where(Service.retired_at.is_not_null()).order_by(Service.name)


async def _offer(tenant: Tenant, row: dict[str, Any]) -> Offer:
    return Offer(
        **{name: row[name] for name in COLUMNS},
        practitioners=await given_by(tenant, row["id"]),
        places=await given_at(tenant, row["id"]),
        needs=await needs_of(tenant, row["id"]),
        texts=await texts_of(tenant, row["id"]),
    )


async def _links(tenant: Tenant, offer: Offer) -> Links:
    return await find_links(tenant, offer.practitioners, offer.places, offer.needs)
