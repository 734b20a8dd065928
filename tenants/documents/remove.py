"""Taking a document away, and putting it back while it is still there."""

from datetime import datetime, timedelta

from tenants.documents.add import check_room
from tenants.practices.tenant import Tenant
from tenants.refusals import NotFound
from tenants.scope import fetch, fetch_first

KEPT_FOR = timedelta(days=1)

_REMOVE = """
UPDATE client_document SET removed_at = $3, removed_by = $4
WHERE tenant_id = $1 AND ref = $2 AND removed_at IS NULL RETURNING id
"""
# The record first, as whoever adds a document locks it.
_RECORD = """
SELECT client_record.id FROM client_record
WHERE tenant_id = $1 AND id = (SELECT client_record_id FROM client_document WHERE tenant_id = $1 AND ref = $2)
FOR NO KEY UPDATE
"""
_REMOVED = "SELECT size FROM client_document WHERE tenant_id = $1 AND ref = $2 AND removed_at > $3"
_RESTORE = "UPDATE client_document SET removed_at = NULL, removed_by = '' WHERE tenant_id = $1 AND ref = $2"


async def remove_document(tenant: Tenant, ref: str, now: datetime, *, by: str) -> None:
    """The client finds it no more at once. Raises NotFound."""
    if await fetch_first(_REMOVE, tenant.id, ref, now, by) is None:
        raise NotFound("client_document")


async def restore_document(tenant: Tenant, ref: str, now: datetime) -> None:
    """As it was, shared or not. Raises NotFound, also after KEPT_FOR, and RecordFull."""
    record = await fetch_first(_RECORD, tenant.id, ref)
    document = await fetch_first(_REMOVED, tenant.id, ref, now - KEPT_FOR)
    if record is None or document is None:
        raise NotFound("client_document")
    await check_room(tenant, record["id"], document["size"])
    await fetch(_RESTORE, tenant.id, ref)


async def prune_documents(now: datetime) -> None:
    """Forgets what was removed a day ago. For the worker, over all practices."""
    await fetch("DELETE FROM client_document WHERE removed_at <= $1", now - KEPT_FOR)
