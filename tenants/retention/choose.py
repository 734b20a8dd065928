"""What staff decide about one record: erase it as soon as the rule lets them, or keep it from the rule."""

from datetime import datetime

from tenants.practices.tenant import Tenant
from tenants.refusals import StillNeeded
from tenants.retention.standing import find_standing, locked_record
from tenants.scope import fetch

_CHOOSE = """
INSERT INTO retention_choice (tenant_id, client_record_id, choice, by_email, at) VALUES ($1, $2, $3, $4, $5)
ON CONFLICT ON CONSTRAINT retention_choice_record_key
DO UPDATE SET choice = excluded.choice, by_email = excluded.by_email, at = excluded.at
"""
_FORGET = "DELETE FROM retention_choice WHERE tenant_id = $1 AND client_record_id = $2"
_ERASE_AT = "UPDATE client_record SET erase_at = $3 WHERE tenant_id = $1 AND id = $2"


async def wish_erasure(tenant: Tenant, ref: str, now: datetime, *, by: str) -> datetime | None:
    """When it will be erased; None when nothing holds it back, so that it can be erased now and nothing is noted.

    Raises NotFound, StillNeeded.
    """
    record = await locked_record(tenant, ref)
    standing = await find_standing(tenant, record["id"], now)
    if standing.to_come:
        raise StillNeeded(len(standing.to_come))
    if standing.kept_until:
        await fetch(_CHOOSE, tenant.id, record["id"], "erase", by, now)
        await fetch(_ERASE_AT, tenant.id, record["id"], standing.kept_until)
    return standing.kept_until


async def keep_record(tenant: Tenant, ref: str, now: datetime, *, by: str) -> None:
    """No wish of before counts, and no rule erases it by itself. By hand it still can be. Raises NotFound."""
    record = await locked_record(tenant, ref)
    standing = await find_standing(tenant, record["id"], now)
    if standing.rule.erases:
        await fetch(_CHOOSE, tenant.id, record["id"], "keep", by, now)
    else:
        await fetch(_FORGET, tenant.id, record["id"])
    await fetch(_ERASE_AT, tenant.id, record["id"], None)


async def let_rule_decide(tenant: Tenant, ref: str) -> None:
    """It is the rule's again; what has been announced already stays announced. Raises NotFound."""
    record = await locked_record(tenant, ref)
    await fetch(_FORGET, tenant.id, record["id"])
