"""Keeping the list of rooms and equipment. What is retired is given out no more; appointments that have it keep it."""

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from tenants.places.tables import Place
from tenants.practices.tenant import Tenant
from tenants.refs import fingerprint, new_ref
from tenants.refusals import ChangedMeanwhile, KindStillNeeded, NotFound
from tenants.resources.find import find_kind, find_thing, needed_by
from tenants.resources.tables import Resource, ResourceKind
from tenants.scope import fetch, fetch_first

WHAT = ("room", "equipment")

_LAST = """
SELECT coalesce(max(position), -1) + 1 AS next FROM resource WHERE tenant_id = $1 AND kind_id = $2 AND place_id = $3
"""
_LOCK_KIND = "SELECT id FROM resource_kind WHERE tenant_id = $1 AND id = $2 FOR UPDATE"
_RETIRE_THINGS = """
UPDATE resource SET retired_at = $3 WHERE tenant_id = $1 AND kind_id = $2 AND retired_at IS NULL
"""
_RESTORE_THINGS = """
UPDATE resource SET retired_at = NULL WHERE tenant_id = $1 AND kind_id = $2 AND retired_at = $3
"""


@dataclass(frozen=True, slots=True)
class Kind:
    """`what` as in `ResourceKind`."""

    name: str
    what: str


def kind_of(row: dict[str, Any]) -> Kind:
    return Kind(row["name"], row["what"])


async def add_kind(tenant: Tenant, kind: Kind) -> dict[str, Any]:
    """`id` and `ref` of a new one, of which there is nothing yet."""
    row = ResourceKind(tenant_id=tenant.id, ref=new_ref(), **asdict(kind))
    made = await ResourceKind.insert(row)
    return {"id": made[0]["id"], "ref": row.ref}


async def change_kind(tenant: Tenant, ref: str, kind: Kind, seen: str) -> None:
    """`seen` is the fingerprint of the kind that the form was filled from. Raises NotFound, ChangedMeanwhile."""
    query = ResourceKind.of(tenant).where((ResourceKind.ref == ref) & ResourceKind.retired_at.is_null())
    row = await query.lock_rows("NO KEY UPDATE").first()
    if row is None:
        raise NotFound("resource_kind")
    stands = kind_of(row)
    if stands == kind:
        return
    if fingerprint(stands) != seen:
        raise ChangedMeanwhile
    values: dict[Any, Any] = asdict(kind)
    await ResourceKind.update(values).where((ResourceKind.tenant_id == tenant.id) & (ResourceKind.id == row["id"]))


async def unneeded_kind(tenant: Tenant, ref: str) -> dict[str, Any]:
    """Its row. Raises NotFound, and KindStillNeeded while a service needs one.

    The lock waits for services being saved, whose needs point to the kind.
    """
    row = await find_kind(tenant, ref)
    await fetch(_LOCK_KIND, tenant.id, row["id"])
    if services := await needed_by(tenant, row["id"]):
        raise KindStillNeeded(tuple(each["name"] for each in services))
    return row


async def retire_kind(tenant: Tenant, ref: str, now: datetime) -> None:
    """With everything there is of it. Raises NotFound, KindStillNeeded."""
    row = await unneeded_kind(tenant, ref)
    await fetch(_RETIRE_THINGS, tenant.id, row["id"], now)
    mine = (ResourceKind.tenant_id == tenant.id) & (ResourceKind.id == row["id"])
    await ResourceKind.update({ResourceKind.retired_at: now}).where(mine)


async def restore_kind(tenant: Tenant, ref: str) -> None:
    """With what was retired together with it. Raises NotFound."""
    row = await ResourceKind.of(tenant).where(ResourceKind.ref == ref).first()
    if row is None:
        raise NotFound("resource_kind")
    await fetch(_RESTORE_THINGS, tenant.id, row["id"], row["retired_at"])
    mine = (ResourceKind.tenant_id == tenant.id) & (ResourceKind.id == row["id"])
    await ResourceKind.update({ResourceKind.retired_at: None}).where(mine)


async def add_thing(tenant: Tenant, kind_id: int, place: str, name: str) -> str:
    """The ref of a new one, the last of its kind to be given out there. `place` is a ref. Raises NotFound."""
    at = await Place.of(tenant, Place.id).where((Place.ref == place) & Place.retired_at.is_null()).first()
    if at is None:
        raise NotFound("place")
    last = await fetch_first(_LAST, tenant.id, kind_id, at["id"])
    assert last is not None
    row = Resource(
        tenant_id=tenant.id, ref=new_ref(), kind_id=kind_id, place_id=at["id"], name=name, position=last["next"]
    )
    await Resource.insert(row)
    return str(row.ref)


async def rename_thing(tenant: Tenant, kind_id: int, ref: str, name: str, seen: str) -> None:
    """`seen` is the fingerprint of the name that the form was filled from. Raises NotFound, ChangedMeanwhile."""
    row = await find_thing(tenant, kind_id, ref)
    if row["name"] == name:
        return
    if fingerprint(row["name"]) != seen:
        raise ChangedMeanwhile
    await _write(tenant, row["id"], {Resource.name: name})


async def retire_thing(tenant: Tenant, kind_id: int, ref: str, now: datetime) -> None:
    """Raises NotFound."""
    row = await find_thing(tenant, kind_id, ref)
    await _write(tenant, row["id"], {Resource.retired_at: now})


async def restore_thing(tenant: Tenant, kind_id: int, ref: str) -> None:
    """Raises NotFound."""
    row = await Resource.of(tenant).where((Resource.kind_id == kind_id) & (Resource.ref == ref)).first()
    if row is None:
        raise NotFound("resource")
    await _write(tenant, row["id"], {Resource.retired_at: None})


async def _write(tenant: Tenant, resource_id: int, values: dict[Any, Any]) -> None:
    await Resource.update(values).where((Resource.tenant_id == tenant.id) & (Resource.id == resource_id))
