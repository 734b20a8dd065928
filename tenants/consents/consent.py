from datetime import datetime
from typing import Any

from tenants.consents.tables import Consent
from tenants.consents.wording import find_wording
from tenants.practices.tenant import Tenant
from tenants.refs import new_ref
from tenants.refusals import ChangedMeanwhile, NotFound
from tenants.scope import fetch, fetch_first

HOW = ("in_person", "form", "phone", "email")

_OF = """
SELECT consent.*, wording.name, wording.ref AS wording_ref, text.version, text.body
FROM consent
JOIN consent_text AS text ON text.id = consent.text_id
JOIN consent_wording AS wording ON wording.id = text.wording_id
WHERE consent.tenant_id = $1 AND consent.client_record_id = $2
"""
_WITHDRAWN = """
UPDATE consent SET withdrawn_at = $4, withdrawn_how = $5, withdrawn_by = $6
WHERE tenant_id = $1 AND client_record_id = $2 AND ref = $3 AND withdrawn_at IS NULL
"""


async def consents_of(tenant: Tenant, record_id: int) -> list[dict[str, Any]]:
    """With the exact words of each; those that stand first, then the latest."""
    rows = await fetch(
        _OF + "ORDER BY consent.withdrawn_at IS NOT NULL, consent.given_at DESC, consent.id DESC", tenant.id, record_id
    )
    return [dict(row) for row in rows]


async def find_consent(tenant: Tenant, record_id: int, ref: str) -> dict[str, Any]:
    """Raises NotFound."""
    row = await fetch_first(_OF + "AND consent.ref = $3", tenant.id, record_id, ref)
    if row is None:
        raise NotFound("consent")
    return dict(row)


async def record_consent(
    tenant: Tenant, record_id: int, wording: str, seen: int, how: str, by_email: str, now: datetime
) -> str:
    """To version `seen` of the wording, the one that was read out or signed. Gives its ref.

    Raises NotFound, and ChangedMeanwhile where the wording has another version since.
    """
    text = await find_wording(tenant, wording)
    if text["retired_at"]:
        raise NotFound("consent_wording")
    if text["version"] != seen:
        raise ChangedMeanwhile
    row = Consent(
        ref=new_ref(), client_record_id=record_id, text_id=text["text_id"], given_at=now, how=how, by_email=by_email
    )
    row.tenant_id = tenant.id
    await Consent.insert(row)
    return str(row.ref)


async def withdraw_consent(tenant: Tenant, record_id: int, ref: str, how: str, by_email: str, now: datetime) -> None:
    """From now on; a second time changes nothing. Raises NotFound."""
    await find_consent(tenant, record_id, ref)
    await fetch(_WITHDRAWN, tenant.id, record_id, ref, now, how, by_email)
