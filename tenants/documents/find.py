"""A record's documents, at the practice's desk."""

from typing import Any

from tenants.documents.tables import ClientDocument
from tenants.practices.tenant import Tenant
from tenants.refusals import NotFound
from tenants.scope import fetch_first

_NAMED = """
SELECT client_document.*, client_record.ref AS client_ref
FROM client_document JOIN client_record ON client_record.id = client_record_id
WHERE client_document.tenant_id = $1 AND client_document.ref = $2
"""
_CONTENT = "SELECT content FROM document_content WHERE id = $1"


async def documents_of(tenant: Tenant, record_id: int) -> list[dict[str, Any]]:
    """Those that are not removed, the latest first."""
    return (
        await ClientDocument.of(tenant)
        .where((ClientDocument.client_record_id == record_id) & ClientDocument.removed_at.is_null())
        .order_by(ClientDocument.created_at, ClientDocument.id, ascending=False)
    )


async def find_document(tenant: Tenant, ref: str, *, removed: bool = False) -> dict[str, Any]:
    """With the `client_ref` of its record; one that is `removed`, or one that is not. Raises NotFound."""
    row = await fetch_first(_NAMED, tenant.id, ref)
    if row is None or (row["removed_at"] is not None) != removed:
        raise NotFound("client_document")
    return dict(row)


async def read_content(document_id: int) -> bytes:
    """Of a document that this lens has shown. Raises NotFound once it is gone."""
    row = await fetch_first(_CONTENT, document_id)
    if row is None:
        raise NotFound("document_content")
    return bytes(row["content"])
