"""Letting the client see a document, or no longer; and noting that they did."""

from datetime import datetime

from tenants.practices.tenant import Tenant
from tenants.refusals import NotFound
from tenants.scope import fetch, fetch_first

_SHARE = """
UPDATE client_document SET shared_at = $3, shared_by = $4
WHERE tenant_id = $1 AND ref = $2 AND removed_at IS NULL AND shared_at IS NULL
"""
_UNSHARE = """
UPDATE client_document SET shared_at = NULL, shared_by = '' WHERE tenant_id = $1 AND ref = $2 AND removed_at IS NULL
"""
_KNOWN = "SELECT id FROM client_document WHERE tenant_id = $1 AND ref = $2 AND removed_at IS NULL"
_OPENED = "UPDATE client_document SET opened_at = coalesce(opened_at, $3) WHERE tenant_id = $1 AND ref = $2"


async def share_document(tenant: Tenant, ref: str, now: datetime, *, by: str) -> None:
    """Sharing what is shared changes nothing, not even since when. Raises NotFound."""
    await _check_known(tenant, ref)
    await fetch(_SHARE, tenant.id, ref, now, by)


async def unshare_document(tenant: Tenant, ref: str) -> None:
    """From now on the client finds it no more; what they saved they have. Raises NotFound."""
    await _check_known(tenant, ref)
    await fetch(_UNSHARE, tenant.id, ref)


async def note_opened(tenant: Tenant, ref: str, now: datetime) -> None:
    """By the client, whose lens has shown it: it is not new to them any more."""
    await fetch(_OPENED, tenant.id, ref, now)


async def _check_known(tenant: Tenant, ref: str) -> None:
    if await fetch_first(_KNOWN, tenant.id, ref) is None:
        raise NotFound("client_document")
