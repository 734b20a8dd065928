"""What a practice's SMS cost in a month: counted in parts, and reserved before any leaves."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from tenants.practices.tenant import Tenant
from tenants.scope import fetch

LOW = 0.8
"""From this share of the budget on the practice is warned."""

_SPENT = "SELECT tenant_id, month, parts FROM sms_spend WHERE tenant_id = ANY ($1::bigint[])"

# Always in the same order, so that two who reserve for the same practices never wait for each other in a circle.
_RESERVE = """
INSERT INTO sms_spend (tenant_id, month, parts)
SELECT * FROM unnest($1::bigint[], $2::date[], $3::integer[]) AS wanted (tenant_id, month, parts) ORDER BY tenant_id
ON CONFLICT ON CONSTRAINT sms_spend_month_key DO UPDATE SET parts = sms_spend.parts + excluded.parts
RETURNING tenant_id, parts
"""

_TAKE_BACK = """
UPDATE sms_spend SET parts = sms_spend.parts - refused.parts
FROM unnest($1::bigint[], $2::date[], $3::integer[]) AS refused (tenant_id, month, parts)
WHERE (sms_spend.tenant_id, sms_spend.month) = (refused.tenant_id, refused.month)
"""

_GIVE_BACK = """
WITH failed AS (
    SELECT tenant_id, sum(parts) AS parts FROM message WHERE id = ANY ($1::bigint[]) AND channel = 'sms' GROUP BY 1
), latest AS MATERIALIZED (
    SELECT id, failed.parts FROM sms_spend JOIN failed USING (tenant_id)
    WHERE month = (SELECT max(month) FROM sms_spend AS other WHERE other.tenant_id = failed.tenant_id)
    ORDER BY tenant_id FOR UPDATE OF sms_spend
)
UPDATE sms_spend SET parts = greatest(0, sms_spend.parts - latest.parts) FROM latest WHERE sms_spend.id = latest.id
"""

# One of each kind a month: `sequence` counts months, and the row of the spend, locked before, keeps rivals out.
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


@dataclass(frozen=True, slots=True)
class Wish:
    """Parts that one message would cost, and the budget of its practice."""

    tenant: Tenant
    parts: int
    budget: int


async def reserve_parts(wishes: Sequence[Wish], exhausted: Iterable[Tenant], now: datetime) -> list[bool]:
    """Which of them fit, in their order, into their month's budget, which then has them.

    Admins are told when a budget grows short, and when it is spent: by a wish that does not fit, or `exhausted` before.
    All is reserved at first, which keeps rivals out; then what was too much is taken back.
    """
    tenants = {tenant.id: tenant for tenant in (*exhausted, *(wish.tenant for wish in wishes))}
    if not tenants:
        return []
    wanted = Counter(dict.fromkeys(tenants, 0))
    for wish in wishes:
        wanted[wish.tenant.id] += wish.parts
    rows = await fetch(_RESERVE, *_columns(wanted, tenants, now))
    reserved = {row["tenant_id"]: row["parts"] for row in rows}
    spent = {id_: reserved[id_] - wanted[id_] for id_ in tenants}
    news = {(tenant.id, "budget_spent") for tenant in exhausted}
    fits = []
    for wish in wishes:
        before = spent[wish.tenant.id]
        fits.append(before + wish.parts <= wish.budget)
        if fits[-1]:
            spent[wish.tenant.id] += wish.parts
        if before < LOW * wish.budget <= spent[wish.tenant.id]:
            news.add((wish.tenant.id, "budget_low"))
        elif not fits[-1]:
            news.add((wish.tenant.id, "budget_spent"))
    too_much = {id_: reserved[id_] - spent[id_] for id_ in tenants if reserved[id_] > spent[id_]}
    if too_much:
        await fetch(_TAKE_BACK, *_columns(too_much, tenants, now))
    for id_, kind in sorted(news):
        await _warn(tenants[id_], kind, now)
    return fits


def _columns(parts: Mapping[int, int], tenants: Mapping[int, Tenant], now: datetime) -> tuple[list[Any], ...]:
    """What is counted by tenant, as the statements take it."""
    return list(parts), [month_of(now, tenants[id_]) for id_ in parts], list(parts.values())


async def give_back(message_ids: Iterable[int]) -> None:
    """What the provider refused was not paid."""
    await fetch(_GIVE_BACK, list(message_ids))


async def _warn(tenant: Tenant, kind: str, now: datetime) -> None:
    month = month_of(now, tenant)
    await fetch(_WARN, tenant.id, month.year * 12 + month.month, kind, now)
