"""The merges that a record was part of, done and undone."""

from collections.abc import Mapping
from typing import Any

from tenants.clients.tables import ClientRecord
from tenants.practices.tenant import Tenant
from tenants.refusals import NotFound
from tenants.scope import fetch

_OF_RECORD = """
SELECT client_merge.ref, client_merge.kept_id, client_merge.gone_id, client_merge.at, client_merge.by_email,
       client_merge.undone_at, client_merge.undone_by,
       client_merge.before -> 'gone' ->> 'email' AS email,
       concat_ws(' ', client_merge.before -> 'gone' ->> 'first_name', client_merge.before -> 'gone' ->> 'last_name')
           AS gone_name,
       concat_ws(' ', client_merge.before -> 'kept' ->> 'first_name', client_merge.before -> 'kept' ->> 'last_name')
           AS kept_name,
       other.ref AS other_ref, other.merged_into IS NOT NULL AS other_is_merged
FROM client_merge
JOIN client_record AS other ON other.tenant_id = $1
     AND other.id = CASE WHEN kept_id = $2 THEN gone_id ELSE kept_id END
WHERE client_merge.tenant_id = $1 AND (kept_id = $2 OR gone_id = $2)
ORDER BY client_merge.at DESC, client_merge.id DESC
"""


async def merges_of(tenant: Tenant, record_id: int) -> list[dict[str, Any]]:
    """The latest first, with both names as they were; the address is that of the record that went."""
    return [dict(row) for row in await fetch(_OF_RECORD, tenant.id, record_id)]


async def records_of(tenant: Tenant, merge: Mapping[str, Any], ref: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """The kept record and the other as they are now. Raises NotFound when `ref` is neither's."""
    rows = await ClientRecord.of(tenant).where(ClientRecord.id.is_in([merge["kept_id"], merge["gone_id"]]))
    by_id = {row["id"]: row for row in rows}
    kept, gone = by_id[merge["kept_id"]], by_id[merge["gone_id"]]
    if ref not in (kept["ref"], gone["ref"]):
        raise NotFound("client_merge")
    return kept, gone
