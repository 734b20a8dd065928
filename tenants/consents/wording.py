from datetime import datetime
from typing import Any

from tenants.consents.tables import ConsentText, ConsentWording
from tenants.practices.tenant import Tenant
from tenants.refs import new_ref
from tenants.refusals import ChangedMeanwhile, NotFound
from tenants.scope import fetch, fetch_first

_LATEST = """
SELECT wording.ref, wording.name, wording.retired_at, latest.id AS text_id, latest.version, latest.body, latest.at
FROM consent_wording AS wording
JOIN LATERAL (
    SELECT id, version, body, at FROM consent_text
    WHERE (tenant_id, wording_id) = (wording.tenant_id, wording.id) ORDER BY version DESC LIMIT 1
) AS latest ON true
WHERE wording.tenant_id = $1
"""
_VERSIONS = """
SELECT text.version, text.body, text.at, text.by_email FROM consent_text AS text
JOIN consent_wording AS wording ON wording.id = text.wording_id
WHERE text.tenant_id = $1 AND wording.ref = $2 ORDER BY text.version DESC
"""
_MADE = "INSERT INTO consent_wording (ref, tenant_id, name, created_at) VALUES ($1, $2, $3, $4) RETURNING id"
_LOCKED = "SELECT id, name FROM consent_wording WHERE tenant_id = $1 AND ref = $2 FOR NO KEY UPDATE"


async def list_wordings(tenant: Tenant, *, retired: bool = False) -> list[dict[str, Any]]:
    """Those that are asked for, or those that are not any more; each in its latest version."""
    if retired:
        rows = await fetch(_LATEST + "AND wording.retired_at IS NOT NULL ORDER BY wording.name, wording.id", tenant.id)
    else:
        rows = await fetch(_LATEST + "AND wording.retired_at IS NULL ORDER BY wording.name, wording.id", tenant.id)
    return [dict(row) for row in rows]


async def find_wording(tenant: Tenant, ref: str) -> dict[str, Any]:
    """In its latest version. Raises NotFound."""
    row = await fetch_first(_LATEST + "AND wording.ref = $2", tenant.id, ref)
    if row is None:
        raise NotFound("consent_wording")
    return dict(row)


async def texts_of(tenant: Tenant, ref: str) -> list[dict[str, Any]]:
    """Every version of a wording, the latest first."""
    return [dict(row) for row in await fetch(_VERSIONS, tenant.id, ref)]


async def make_wording(tenant: Tenant, name: str, body: str, by_email: str, now: datetime) -> str:
    """Gives its ref."""
    ref = new_ref()
    made = await fetch_first(_MADE, ref, tenant.id, name, now)
    assert made is not None
    await _keep_text(tenant, made["id"], 1, body, by_email, now)
    return ref


async def change_wording(
    tenant: Tenant, ref: str, name: str, body: str, seen: int, by_email: str, now: datetime
) -> None:
    """Another text is a new version; who has agreed before has agreed to the one before.

    Raises NotFound, and ChangedMeanwhile where version `seen` is not the latest any more.
    """
    row = await fetch_first(_LOCKED, tenant.id, ref)
    if row is None:
        raise NotFound("consent_wording")
    latest = await find_wording(tenant, ref)
    if latest["version"] != seen:
        raise ChangedMeanwhile
    await ConsentWording.update({ConsentWording.name: name}).where(_this(tenant, row["id"]))
    if body != latest["body"]:
        await _keep_text(tenant, row["id"], seen + 1, body, by_email, now)


async def retire_wording(tenant: Tenant, ref: str, now: datetime, *, undo: bool = False) -> None:
    """What was agreed to stays agreed to. Raises NotFound."""
    row = await fetch_first(_LOCKED, tenant.id, ref)
    if row is None:
        raise NotFound("consent_wording")
    await ConsentWording.update({ConsentWording.retired_at: None if undo else now}).where(_this(tenant, row["id"]))


def _this(tenant: Tenant, id_: int) -> Any:
    return (ConsentWording.tenant_id == tenant.id) & (ConsentWording.id == id_)


async def _keep_text(tenant: Tenant, wording_id: int, version: int, body: str, by_email: str, now: datetime) -> None:
    text = ConsentText(wording_id=wording_id, version=version, at=now, by_email=by_email, body=body)
    text.tenant_id = tenant.id
    await ConsentText.insert(text)
