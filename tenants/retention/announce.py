"""Saying in time which records the rule will erase: `erase_at` is a promise of at least so many days."""

from datetime import datetime, timedelta

from tenants.practices.tenant import Tenant
from tenants.scope import fetch

WARNED_AHEAD = timedelta(days=30)
_A_DAY_OR_SO = timedelta(days=2)

# The two conditions that an index can answer come first; `last_visit` is asked of those that remain.
_ANNOUNCE = """
WITH old AS MATERIALIZED (
    SELECT id, created_at FROM client_record
    WHERE tenant_id = $1 AND erase_at IS NULL AND erased_at IS NULL AND merged_at IS NULL
          AND created_at <= $5::timestamptz - make_interval(months => $2)
          AND NOT EXISTS (SELECT FROM appointment
                          WHERE appointment.client_record_id = client_record.id AND appointment.cancelled_at IS NULL
                                AND appointment.starts_at > $5::timestamptz - make_interval(months => $2))
          AND NOT EXISTS (SELECT FROM retention_choice
                          WHERE retention_choice.tenant_id = $1 AND client_record_id = client_record.id)
), due AS (
    SELECT old.id, erasable_from(greatest(
        old.created_at, last_visit($1, old.id),
        (SELECT max(child.created_at) FROM client_record AS child WHERE child.guardian_id = old.id)
    ), $2, $3) AS day
    FROM old
)
UPDATE client_record SET erase_at = greatest(due.day, $4)
FROM due WHERE client_record.tenant_id = $1 AND client_record.id = due.id AND due.day <= $4
"""
_WITHDRAW = """
UPDATE client_record SET erase_at = NULL
WHERE tenant_id = $1 AND erase_at IS NOT NULL AND NOT EXISTS (
    SELECT FROM retention_choice
    WHERE retention_choice.tenant_id = $1 AND client_record_id = client_record.id AND choice = 'erase'
)
"""
# The same, of those alone that have been visited since.
_SAVED = (
    _WITHDRAW
    + """
AND erasable_from(last_visit($1, client_record.id), $2, $3) > erase_at
"""
)


async def announce(tenant: Tenant, keep_months: int, now: datetime) -> None:
    """Of records that staff have decided nothing about, those that are due within WARNED_AHEAD; and no others."""
    await fetch(_SAVED, tenant.id, keep_months, tenant.zone.key)
    warned = now + WARNED_AHEAD
    await fetch(_ANNOUNCE, tenant.id, keep_months, tenant.zone.key, warned, warned + _A_DAY_OR_SO)


async def withdraw(tenant: Tenant) -> None:
    """What the rule has announced; what staff have asked for stays."""
    await fetch(_WITHDRAW, tenant.id)
