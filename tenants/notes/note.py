from datetime import datetime
from typing import Any

from tenants.notes.tables import NoteVersion
from tenants.practices.tenant import Tenant
from tenants.refs import new_ref
from tenants.refusals import ChangedMeanwhile, NotFound
from tenants.scope import fetch, fetch_first

_WHOLE = """
SELECT note.ref, note.pinned_at, note.removed_at, note.removed_by, note.created_at,
       latest.id AS version, latest.body, latest.at, latest.by_email, latest.versions, earliest.by_email AS made_by
FROM client_note AS note
JOIN LATERAL (
    SELECT id, body, at, by_email, count(*) OVER () AS versions FROM client_note_version
    WHERE (tenant_id, note_id) = (note.tenant_id, note.id) ORDER BY id DESC LIMIT 1
) AS latest ON true
JOIN LATERAL (
    SELECT by_email FROM client_note_version WHERE (tenant_id, note_id) = (note.tenant_id, note.id) ORDER BY id LIMIT 1
) AS earliest ON true
WHERE note.tenant_id = $1 AND note.client_record_id = $2
"""
_VERSIONS = """
SELECT version.at, version.by_email, version.body FROM client_note_version AS version
JOIN client_note AS note ON note.id = version.note_id
WHERE version.tenant_id = $1 AND note.client_record_id = $2 AND note.ref = $3
ORDER BY version.id DESC
"""
_MADE = """
INSERT INTO client_note (ref, tenant_id, client_record_id, created_at, pinned_at) VALUES ($1, $2, $3, $4, $5)
RETURNING id
"""
_LOCKED = """
SELECT id, removed_at FROM client_note WHERE tenant_id = $1 AND client_record_id = $2 AND ref = $3 FOR NO KEY UPDATE
"""
_LATEST = "SELECT id, body FROM client_note_version WHERE tenant_id = $1 AND note_id = $2 ORDER BY id DESC LIMIT 1"
_PIN = "UPDATE client_note SET pinned_at = $3 WHERE tenant_id = $1 AND id = $2"
_REMOVE = "UPDATE client_note SET removed_at = $3, removed_by = $4, pinned_at = NULL WHERE tenant_id = $1 AND id = $2"


async def notes_of(tenant: Tenant, record_id: int, *, removed: bool = False) -> list[dict[str, Any]]:
    """Each as its latest version has it, pinned ones first, then the latest; or those that were removed."""
    if removed:
        rows = await fetch(
            _WHOLE + "AND note.removed_at IS NOT NULL ORDER BY note.removed_at DESC, note.id DESC", tenant.id, record_id
        )
    else:
        rows = await fetch(
            _WHOLE + "AND note.removed_at IS NULL ORDER BY note.pinned_at DESC NULLS LAST, note.id DESC",
            tenant.id,
            record_id,
        )
    return [dict(row) for row in rows]


async def find_note(tenant: Tenant, record_id: int, ref: str, *, removed: bool = False) -> dict[str, Any]:
    """`removed` tells whether one that was removed may be seen. Raises NotFound."""
    row = await fetch_first(_WHOLE + "AND note.ref = $3", tenant.id, record_id, ref)
    if row is None or (row["removed_at"] and not removed):
        raise NotFound("client_note")
    return dict(row)


async def versions_of(tenant: Tenant, record_id: int, ref: str) -> list[dict[str, Any]]:
    """The latest first."""
    return [dict(row) for row in await fetch(_VERSIONS, tenant.id, record_id, ref)]


async def write_note(
    tenant: Tenant, record_id: int, body: str, by_email: str, now: datetime, *, pinned: bool = False
) -> str:
    """Gives its ref."""
    ref = new_ref()
    made = await fetch_first(_MADE, ref, tenant.id, record_id, now, now if pinned else None)
    assert made is not None
    await _keep_version(tenant, made["id"], body, by_email, now)
    return ref


async def rewrite_note(
    tenant: Tenant, record_id: int, ref: str, body: str, seen: int, by_email: str, now: datetime
) -> None:
    """One version more; the same words again are none. `seen` is the version that stood in the form.

    Raises NotFound, and ChangedMeanwhile where somebody else has written since.
    """
    note = await _standing(tenant, record_id, ref)
    latest = await fetch_first(_LATEST, tenant.id, note["id"])
    assert latest is not None
    if latest["body"] == body:
        return
    if latest["id"] != seen:
        raise ChangedMeanwhile
    await _keep_version(tenant, note["id"], body, by_email, now)


async def pin_note(tenant: Tenant, record_id: int, ref: str, now: datetime, *, undo: bool = False) -> None:
    """Raises NotFound."""
    note = await _standing(tenant, record_id, ref)
    await fetch(_PIN, tenant.id, note["id"], None if undo else now)


async def remove_note(tenant: Tenant, record_id: int, ref: str, by_email: str, now: datetime) -> None:
    """Its versions stay, for admins to read. Raises NotFound."""
    note = await _standing(tenant, record_id, ref)
    await fetch(_REMOVE, tenant.id, note["id"], now, by_email)


async def put_note_back(tenant: Tenant, record_id: int, ref: str) -> None:
    """Raises NotFound."""
    row = await fetch_first(_LOCKED, tenant.id, record_id, ref)
    if row is None:
        raise NotFound("client_note")
    await fetch(_REMOVE, tenant.id, row["id"], None, "")


async def _standing(tenant: Tenant, record_id: int, ref: str) -> Any:
    row = await fetch_first(_LOCKED, tenant.id, record_id, ref)
    if row is None or row["removed_at"]:
        raise NotFound("client_note")
    return row


async def _keep_version(tenant: Tenant, note_id: int, body: str, by_email: str, now: datetime) -> None:
    version = NoteVersion(note_id=note_id, at=now, by_email=by_email, body=body)
    version.tenant_id = tenant.id
    await NoteVersion.insert(version)
