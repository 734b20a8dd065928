"""The row that the whole page hangs from: one change after the other, each on what stands now."""

from collections.abc import Mapping
from typing import Any

from tenants.practices.tables import Practice
from tenants.practices.tenant import Tenant
from tenants.refusals import NotFound
from tenants.scope import fetch_first

_LOCKED = "SELECT * FROM practice WHERE id = $1 FOR NO KEY UPDATE"
_FOUND = "SELECT * FROM practice WHERE id = $1"


async def find_sign(tenant: Tenant) -> dict[str, Any]:
    """As it stands now; a `Tenant` may be two seconds old."""
    return _there(await fetch_first(_FOUND, tenant.id))


async def locked_sign(tenant: Tenant) -> dict[str, Any]:
    """The same, kept from others until the transaction ends."""
    return _there(await fetch_first(_LOCKED, tenant.id))


async def write_sign(tenant: Tenant, values: Mapping[str, Any]) -> None:
    columns: dict[Any, Any] = dict(values)
    await Practice.update(columns).where(Practice.id == tenant.id)


def _there(row: Any) -> dict[str, Any]:
    if row is None:
        raise NotFound("practice")
    return dict(row)
