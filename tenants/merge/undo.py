"""A merge taken back within thirty days: both records as they were, but for what has been changed since."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from asyncpg import UniqueViolationError

from tenants.clients.tables import ClientRecord
from tenants.merge.hanging import read_moved, rehang
from tenants.merge.merge import write_record
from tenants.merge.restore import restore_gone, restore_kept
from tenants.merge.tables import ClientMerge
from tenants.practices.tenant import Tenant
from tenants.refusals import (
    AddressTaken,
    ChangedMeanwhile,
    MergedFurther,
    MergeTooOld,
    MergeUndone,
    NotFound,
    RecordErased,
)
from tenants.scope import fetch, fetch_first

UNDONE_WITHIN = timedelta(days=30)

_LOCKED = "SELECT * FROM client_record WHERE tenant_id = $1 AND id = ANY ($2::bigint[]) ORDER BY id FOR UPDATE"

# As the types of the table have them, so that what was kept as JSON compares and goes back as it was.
_AS_ROW = """
SELECT remembered.* FROM client_merge, jsonb_populate_record(NULL::client_record, CASE $2
    WHEN 'became' THEN became ELSE before -> $2 END) AS remembered
WHERE client_merge.tenant_id = $3 AND client_merge.id = $1
"""


async def undo_merge(tenant: Tenant, ref: str, by: str, now: datetime) -> tuple[str, ...]:
    """What was moved and still hangs from the kept record goes back; what came after the merge stays with it.

    Gives the parts of the kept record that stay as they are, because they have been changed since (`restore`). Raises
    NotFound, MergeUndone, MergeTooOld, MergedFurther, RecordErased, AddressTaken, ChangedMeanwhile.
    """
    merge = await find_merge(tenant, ref)
    rows = {row["id"]: row for row in await fetch(_LOCKED, tenant.id, [merge["kept_id"], merge["gone_id"]])}
    merge = await find_merge(tenant, ref)
    kept, gone = rows[merge["kept_id"]], rows[merge["gone_id"]]
    check_may_undo(merge, kept, gone, now)
    before = {side: await remembered(merge, side) for side in ("kept", "gone")}
    became = await remembered(merge, "became")
    values, stayed = restore_kept(kept, became, before["kept"])
    back = restore_gone(kept, became, before["gone"])
    await _check_addresses(tenant, dict(kept) | values, dict(gone) | back)
    try:
        await write_record(tenant, kept["id"], values)
        await write_record(tenant, gone["id"], back)
    except UniqueViolationError:
        raise ChangedMeanwhile from None
    await rehang(tenant, kept["id"], gone["id"], read_moved(merge["moved"]))
    await ClientMerge.update({ClientMerge.undone_at: now, ClientMerge.undone_by: by}).where(
        (ClientMerge.tenant_id == tenant.id) & (ClientMerge.id == merge["id"])
    )
    return stayed


def check_may_undo(merge: Mapping[str, Any], kept: Mapping[str, Any], gone: Mapping[str, Any], now: datetime) -> None:
    """Raises MergeUndone, RecordErased, MergeTooOld, MergedFurther."""
    if merge["undone_at"]:
        raise MergeUndone(merge["undone_at"])
    if any(row["erased_at"] or row["erase_at"] for row in (kept, gone)) or merge["before"] == "{}":
        raise RecordErased
    if now - merge["at"] > UNDONE_WITHIN:
        raise MergeTooOld(merge["at"] + UNDONE_WITHIN)
    if kept["merged_into"] is not None:
        raise MergedFurther


async def find_merge(tenant: Tenant, ref: str) -> dict[str, Any]:
    """Raises NotFound."""
    row = await ClientMerge.of(tenant).where(ClientMerge.ref == ref).first()
    if row is None:
        raise NotFound("client_merge")
    return row


async def remembered(merge: Mapping[str, Any], which: str) -> dict[str, Any]:
    """One of the two rows before ("kept", "gone"), or the kept one right after ("became")."""
    row = await fetch_first(_AS_ROW, merge["id"], which, merge["tenant_id"])
    assert row is not None
    return dict(row)


async def _check_addresses(tenant: Tenant, kept: Mapping[str, Any], gone: Mapping[str, Any]) -> None:
    """Each has its own again, unless somebody else has it now. Raises AddressTaken."""
    if kept["email"] and kept["email"] == gone["email"]:
        raise _taken(kept)
    for row in (kept, gone):
        if row["email"] is None:
            continue
        others = ClientRecord.of(tenant).where(ClientRecord.email == row["email"])
        for other in await others.where(ClientRecord.id.not_in([kept["id"], gone["id"]])):
            raise _taken(other)


def _taken(by: Mapping[str, Any]) -> AddressTaken:
    return AddressTaken(by["email"], f"{by['first_name']} {by['last_name']}".strip(), by["ref"])
