"""Taking a file into a client's record."""

from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from tenants.documents.kinds import Kind
from tenants.documents.tables import ClientDocument, DocumentContent
from tenants.practices.tenant import Tenant
from tenants.refusals import NotFound, RecordFull
from tenants.scope import fetch_first

LARGEST_MEGABYTES, MOST_MEGABYTES = 10, 200
LARGEST = LARGEST_MEGABYTES * 1024 * 1024
MOST = MOST_MEGABYTES * 1024 * 1024
"""Bytes of one file, and of all files of a record that are not removed."""


@dataclass(frozen=True, slots=True)
class Sent:
    """At most LARGEST bytes, of a kind that `kind_of` told, named as `clean_name` has it."""

    name: str
    note: str
    content: bytes
    kind: Kind


_LOCKED = """
SELECT id FROM client_record
WHERE tenant_id = $1 AND ref = $2 AND erased_at IS NULL AND merged_at IS NULL FOR NO KEY UPDATE
"""
_TAKEN = """
SELECT coalesce(sum(size), 0) AS bytes FROM client_document
WHERE tenant_id = $1 AND client_record_id = $2 AND removed_at IS NULL
"""


async def add_document(tenant: Tenant, ref: str, sent: Sent, now: datetime, *, by: str, shared: bool) -> str:
    """The ref of the new document. `ref` is the record's, `by` the address of whoever sends it.

    Raises NotFound, also for a record that was erased or merged meanwhile, and RecordFull.
    """
    record = await fetch_first(_LOCKED, tenant.id, ref)
    if record is None:
        raise NotFound("client_record")
    await check_room(tenant, record["id"], len(sent.content))
    document = ClientDocument(
        client_record_id=record["id"],
        name=sent.name,
        note=sent.note,
        kind=sent.kind.name,
        size=len(sent.content),
        sha256=sha256(sent.content).hexdigest(),
        created_at=now,
        created_by=by,
        shared_at=now if shared else None,
        shared_by=by if shared else "",
    )
    document.tenant_id = tenant.id
    made = await ClientDocument.insert(document)
    content = DocumentContent(id=made[0]["id"], content=sent.content)
    content.tenant_id = tenant.id
    await DocumentContent.insert(content)
    return document.ref


async def check_room(tenant: Tenant, record_id: int, size: int) -> None:
    """For so many bytes more, at a record that is locked. Raises RecordFull."""
    taken = await fetch_first(_TAKEN, tenant.id, record_id)
    assert taken is not None
    if taken["bytes"] + size > MOST:
        raise RecordFull(MOST_MEGABYTES)
