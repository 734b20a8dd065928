"""What a practice's SMS cost in a month: counted in parts, and reserved before any leaves."""

from collections.abc import Iterable
from datetime import date, datetime

from tenants.practices.tenant import Tenant
from tenants.scope import fetch, fetch_first

LOW = 0.8
"""From this share of the budget on the practice is warned."""

_SPENT = "SELECT tenant_id, month, parts FROM sms_spend WHERE tenant_id = ANY ($1::bigint[])"

_RESERVE = """
INSERT INTO sms_spend (tenant_id, month, parts) SELECT $1, $2, $3 WHERE $3::integer <= $4::integer
ON CONFLICT ON CONSTRAINT sms_spend_month_key DO UPDATE SET parts = sms_spend.parts + excluded.parts
WHERE sms_spend.parts + excluded.parts <= $4
RETURNING parts
"""

_GIVE_BACK = """
UPDATE sms_spend SET parts = greatest(0, sms_spend.parts - failed.parts)
FROM (SELECT tenant_id, sum(parts) AS parts FROM message WHERE id = ANY ($1::bigint[]) AND channel = 'sms' GROUP BY 1)
     AS failed
WHERE sms_spend.tenant_id = failed.tenant_id
      AND month = (SELECT max(month) FROM sms_spend AS latest WHERE latest.tenant_id = failed.tenant_id)
"""

# Locked, so that rivals warn one after the other.
_THIS_MONTH = """
INSERT INTO sms_spend (tenant_id, month, parts) VALUES ($1, $2, 0)
ON CONFLICT ON CONSTRAINT sms_spend_month_key DO UPDATE SET parts = sms_spend.parts
"""

# `sequence` counts months.
_WARN = """
INSERT INTO message (tenant_id, audience, membership_id, sequence, kind, channel, created_at, next_attempt_at)
SELECT $1, 'admin', membership.id, $2, $3, 'email', $4, $4
FROM membership
WHERE membership.tenant_id = $1 AND role = 'admin' AND ended_at IS NULL AND NOT EXISTS (
    SELECT FROM message AS earlier
    WHERE earlier.tenant_id = $1 AND earlier.kind = $3 AND earlier.sequence = $2
          AND earlier.membership_id = membership.id)
"""


def month_of(now: datetime, tenant: Tenant) -> date:
    """The first day of the practice's present month."""
    return now.astimezone(tenant.zone).date().replace(day=1)


async def read_spend(tenant_ids: Iterable[int]) -> dict[tuple[int, date], int]:
    return {(row["tenant_id"], row["month"]): row["parts"] for row in await fetch(_SPENT, list(tenant_ids))}


async def reserve_parts(tenant: Tenant, parts: int, budget: int, now: datetime) -> bool:
    """Whether they fit into the month's budget, which then has them. Its admins are told when it grows short."""
    row = await fetch_first(_RESERVE, tenant.id, month_of(now, tenant), parts, budget)
    if row is None:
        await warn(tenant, "budget_spent", now)
        return False
    if row["parts"] - parts < LOW * budget <= row["parts"]:
        await warn(tenant, "budget_low", now)
    return True


async def give_back(message_ids: Iterable[int]) -> None:
    """What the provider refused was not paid."""
    await fetch(_GIVE_BACK, list(message_ids))


async def warn(tenant: Tenant, kind: str, now: datetime) -> None:
    """Owes the practice's admins a letter, "budget_low" or "budget_spent", once a month each."""
    month = month_of(now, tenant)
    await fetch(_THIS_MONTH, tenant.id, month)
    await fetch(_WARN, tenant.id, month.year * 12 + month.month, kind, now)
