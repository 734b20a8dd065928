"""A practice's own rule: how long records are kept, and whether they are erased by themselves then."""

from dataclasses import dataclass
from datetime import datetime

from tenants.practices.tenant import Tenant, tenant_from
from tenants.refs import fingerprint
from tenants.refusals import ChangedMeanwhile
from tenants.retention.announce import announce, withdraw
from tenants.retention.tables import RetentionRule
from tenants.scope import fetch

MOST_MONTHS = 600


@dataclass(frozen=True, slots=True)
class Retention:
    """`keep_months` after the last appointment, at most MOST_MONTHS; None keeps records until erased by hand."""

    keep_months: int | None = None
    erases: bool = False


_SAVE = """
INSERT INTO retention_rule (tenant_id, keep_months, erases) VALUES ($1, $2, $3)
ON CONFLICT ON CONSTRAINT retention_rule_tenant_key
DO UPDATE SET keep_months = excluded.keep_months, erases = excluded.erases
"""
# What was promised by hand is kept, and never happens sooner than it was said.
_WISHES_WAIT = """
UPDATE client_record SET erase_at = greatest(erase_at, erasable_from(last_visit($1, id), $2, $3))
WHERE tenant_id = $1 AND erase_at IS NOT NULL
"""
_ERASING = """
SELECT practice.* FROM practice JOIN retention_rule ON retention_rule.tenant_id = practice.id WHERE erases
"""


async def find_retention(tenant: Tenant) -> Retention:
    row = await RetentionRule.of(tenant).first()
    return Retention(row["keep_months"], row["erases"]) if row else Retention()


async def change_retention(tenant: Tenant, rule: Retention, seen: str, now: datetime) -> None:
    """`seen` is the fingerprint of the rule that the form was filled from. Raises ChangedMeanwhile.

    Whatever the rule would erase is announced anew, so that nothing goes unwarned.
    """
    await fetch("SELECT pg_advisory_xact_lock(hashtextextended('retention ' || $1, 0))", str(tenant.id))
    stands = await find_retention(tenant)
    if stands == rule:
        return
    if fingerprint(stands) != seen:
        raise ChangedMeanwhile
    await withdraw(tenant)
    if rule.keep_months is None:
        await RetentionRule.delete().where(RetentionRule.tenant_id == tenant.id)
        return
    await fetch(_SAVE, tenant.id, rule.keep_months, rule.erases)
    await fetch(_WISHES_WAIT, tenant.id, rule.keep_months, tenant.zone.key)
    if rule.erases:
        await announce(tenant, rule.keep_months, now)


async def erasing_practices() -> list[Tenant]:
    """Those whose records are erased by themselves. For the worker, over all practices."""
    return [tenant_from(row) for row in await fetch(_ERASING)]


async def announce_by_rule(tenant: Tenant, now: datetime) -> None:
    """What the rule will erase within WARNED_AHEAD stands in the list from now on."""
    rule = await find_retention(tenant)
    if rule.keep_months and rule.erases:
        await announce(tenant, rule.keep_months, now)
