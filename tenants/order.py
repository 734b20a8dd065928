"""The order in which a practice lists what it has: chosen by hand, one step at a time."""

from typing import Any

from tenants.practices.tenant import Tenant
from tenants.refusals import NotFound
from tenants.scope import OwnedByTenant


async def move_row(tenant: Tenant, table: type[OwnedByTenant], ref: str, step: int, by: tuple[str, ...]) -> int:
    """Where it stands then, from 1 on. `step` is -1 for earlier, 1 for later; `by` are the columns that order the list.

    At either end it stays. Raises NotFound, also for what is retired.
    """
    of: Any = table
    rows = await of.of(tenant).where(of.retired_at.is_null()).order_by(of.id).lock_rows("NO KEY UPDATE")
    rows.sort(key=lambda row: tuple(row[column] for column in by))
    at = next((number for number, row in enumerate(rows) if row["ref"] == ref), None)
    if at is None:
        raise NotFound(table._meta.tablename)  # noqa: SLF001 - Piccolo's name for it
    to = min(max(at + step, 0), len(rows) - 1)
    rows.insert(to, rows.pop(at))
    for position, row in enumerate(rows):
        if row["position"] != position:
            await of.update({of.position: position}).where((of.tenant_id == tenant.id) & (of.id == row["id"]))
    return to + 1
