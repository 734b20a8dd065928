"""Children's records under their adult's: without an address of their own, seen and told by way of the adult's."""

from datetime import datetime
from typing import Any

from tenants.clients.change import Newcomer, locked_record, make_record, name_of, stand_alone
from tenants.clients.history import CHANGED, note_change
from tenants.practices.tenant import Tenant
from tenants.refusals import NotFound
from tenants.scope import fetch, fetch_first

_CHILDREN = """
SELECT ref, first_name, last_name, birthday FROM client_record
WHERE tenant_id = $1 AND guardian_id = $2 AND merged_at IS NULL AND erased_at IS NULL ORDER BY birthday, first_name, id
"""
_BY_ID = "SELECT * FROM client_record WHERE tenant_id = $1 AND id = $2"


async def children_of(tenant: Tenant, record_id: int) -> list[dict[str, Any]]:
    """The eldest first."""
    return [dict(row) for row in await fetch(_CHILDREN, tenant.id, record_id)]


async def guardian_of(tenant: Tenant, record: dict[str, Any]) -> dict[str, Any] | None:
    if record["guardian_id"] is None:
        return None
    row = await fetch_first(_BY_ID, tenant.id, record["guardian_id"])
    return dict(row) if row else None


async def make_child(tenant: Tenant, adult: str, child: Newcomer, by_email: str, now: datetime) -> str:
    """Gives the ref of the child's record. Raises NotFound, also when `adult` names a child's."""
    row = await locked_record(tenant, adult)
    if row["guardian_id"] is not None or child.email:
        raise NotFound("client_record")
    ref = await make_record(tenant, child, by_email, now, guardian_id=row["id"])
    made = await locked_record(tenant, ref)
    await note_change(tenant, made["id"], CHANGED, "guardian", ("", name_of(row)), by_email, now)
    return ref


async def set_free(tenant: Tenant, ref: str, email: str | None, by_email: str, now: datetime) -> None:
    """The child stands for itself from now on, under an address of its own or none; the adult sees nothing more of it.

    Raises NotFound for a record that is no child's, and EmailInUse.
    """
    row = await locked_record(tenant, ref)
    adult = await guardian_of(tenant, dict(row))
    if adult is None:
        raise NotFound("client_record")
    await stand_alone(tenant, row, email)
    await note_change(tenant, row["id"], CHANGED, "guardian", (name_of(adult), ""), by_email, now)
    if email:
        await note_change(tenant, row["id"], CHANGED, "email", ("", email), by_email, now)
