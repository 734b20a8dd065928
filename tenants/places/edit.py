"""Where clients come to, and by what clock. Moving to another zone moves no appointment: its instant was agreed."""

from dataclasses import asdict, dataclass
from typing import Any

from tenants.order import move_row
from tenants.places.tables import Place
from tenants.practices.tenant import Tenant
from tenants.refs import fingerprint, new_ref
from tenants.refusals import ChangedMeanwhile, NotFound
from tenants.scope import fetch_first

_LAST = "SELECT coalesce(max(position), -1) + 1 AS next FROM place WHERE tenant_id = $1"


@dataclass(frozen=True, slots=True)
class Premises:
    """A place as its form has it; `zone` as in its table."""

    name: str
    street: str
    postcode: str
    city: str
    directions: str
    zone: str | None = None


async def places_in_order(tenant: Tenant) -> list[dict[str, Any]]:
    return await Place.of(tenant).where(Place.retired_at.is_null()).order_by(Place.position).order_by(Place.id)


async def retired_places(tenant: Tenant) -> list[dict[str, Any]]:
    return await Place.of(tenant).where(Place.retired_at.is_not_null()).order_by(Place.name)


async def find_place(tenant: Tenant, ref: str) -> dict[str, Any]:
    """Raises NotFound, also for what is retired."""
    row = await Place.of(tenant).where((Place.ref == ref) & Place.retired_at.is_null()).first()
    if row is None:
        raise NotFound("place")
    return row


def premises(row: dict[str, Any]) -> Premises:
    return Premises(**{name: row[name] for name in Premises.__slots__})


async def add_place(tenant: Tenant, new: Premises) -> str:
    """The ref of a new place, last in the list."""
    last = await fetch_first(_LAST, tenant.id)
    assert last is not None
    row = Place(tenant_id=tenant.id, ref=new_ref(), position=last["next"], **asdict(new))
    await Place.insert(row)
    return str(row.ref)


async def change_place(tenant: Tenant, ref: str, new: Premises, seen: str) -> None:
    """`seen` is the fingerprint of the premises that the form was filled from. Raises NotFound, ChangedMeanwhile."""
    query = Place.of(tenant).where((Place.ref == ref) & Place.retired_at.is_null())
    row = await query.lock_rows("NO KEY UPDATE").first()
    if row is None:
        raise NotFound("place")
    stands = premises(row)
    if stands == new:
        return
    if fingerprint(stands) != seen:
        raise ChangedMeanwhile
    values: dict[Any, Any] = asdict(new)
    await Place.update(values).where((Place.tenant_id == tenant.id) & (Place.id == row["id"]))


async def move_place(tenant: Tenant, ref: str, step: int) -> int:
    """As `order.move_row` has it. Raises NotFound."""
    return await move_row(tenant, Place, ref, step, ("position", "id"))


async def restore_place(tenant: Tenant, ref: str) -> None:
    """With the hours and rooms it had. Raises NotFound."""
    row = await Place.of(tenant, Place.id).where(Place.ref == ref).first()
    if row is None:
        raise NotFound("place")
    await Place.update({Place.retired_at: None}).where((Place.tenant_id == tenant.id) & (Place.id == row["id"]))
