"""Who gives the services: what clients read of them, and in what order."""

from dataclasses import asdict, dataclass
from typing import Any

from tenants.order import move_row
from tenants.practices.tenant import Tenant
from tenants.practitioners.tables import Practitioner
from tenants.refs import new_ref
from tenants.refusals import NotFound
from tenants.scope import fetch_first

_LAST = "SELECT coalesce(max(position), -1) + 1 AS next FROM practitioner WHERE tenant_id = $1"


@dataclass(frozen=True, slots=True)
class Profile:
    name: str
    title: str
    about: str


async def practitioners_in_order(tenant: Tenant) -> list[dict[str, Any]]:
    rows = await Practitioner.of(tenant).where(Practitioner.retired_at.is_null())
    return sorted(rows, key=lambda row: (row["position"], row["name"], row["id"]))


async def retired_practitioners(tenant: Tenant) -> list[dict[str, Any]]:
    return await Practitioner.of(tenant).where(Practitioner.retired_at.is_not_null()).order_by(Practitioner.name)


async def locked_practitioner(tenant: Tenant, ref: str) -> dict[str, Any]:
    """Kept from others until the transaction ends. Raises NotFound, also for whoever is retired."""
    query = Practitioner.of(tenant).where((Practitioner.ref == ref) & Practitioner.retired_at.is_null())
    row = await query.lock_rows("NO KEY UPDATE").first()
    if row is None:
        raise NotFound("practitioner")
    return row


async def add_practitioner(tenant: Tenant, profile: Profile) -> dict[str, Any]:
    """`id` and `ref` of a new one, last in the list."""
    last = await fetch_first(_LAST, tenant.id)
    assert last is not None
    row = Practitioner(tenant_id=tenant.id, ref=new_ref(), position=last["next"], **asdict(profile))
    made = await Practitioner.insert(row)
    return {"id": made[0]["id"], "ref": row.ref}


async def write_profile(tenant: Tenant, practitioner_id: int, profile: Profile) -> None:
    values: dict[Any, Any] = asdict(profile)
    mine = (Practitioner.tenant_id == tenant.id) & (Practitioner.id == practitioner_id)
    await Practitioner.update(values).where(mine)


async def move_practitioner(tenant: Tenant, ref: str, step: int) -> int:
    """As `order.move_row` has it. Raises NotFound."""
    return await move_row(tenant, Practitioner, ref, step, ("position", "name", "id"))


async def restore_practitioner(tenant: Tenant, ref: str) -> None:
    """With the hours and services they had. Raises NotFound."""
    row = await Practitioner.of(tenant, Practitioner.id).where(Practitioner.ref == ref).first()
    if row is None:
        raise NotFound("practitioner")
    mine = (Practitioner.tenant_id == tenant.id) & (Practitioner.id == row["id"])
    await Practitioner.update({Practitioner.retired_at: None}).where(mine)
