"""Where the worker looks whether a time has come free for somebody who waits.

The database marks a practice in the transaction that may have freed a time. Whoever looks takes the mark away in the
transaction that makes the offers: when that fails, the mark is still there, and what happens meanwhile marks anew.
"""

from datetime import datetime
from typing import Any

from tenants.practices.tenant import Tenant, tenant_from
from tenants.scope import fetch, fetch_first
from tenants.waiting.fits import may_offer

PATIENCE = "300ms"
"""Whoever looks waits no longer for a lock, so that no client's change ever fails because of it."""

_MARK = "INSERT INTO waiting_look (tenant_id, since) VALUES ($1, $2) ON CONFLICT DO NOTHING"
_MARK_ALL = """
INSERT INTO waiting_look (tenant_id, since) SELECT DISTINCT tenant_id, $1::timestamptz FROM waiting_wish
WHERE ended_at IS NULL ON CONFLICT DO NOTHING
"""
_MARKED = """
SELECT practice.* FROM waiting_look JOIN practice ON practice.id = tenant_id
WHERE suspended_at IS NULL ORDER BY since, waiting_look.id
"""
_RUN_OUT = """
SELECT practice.* FROM practice WHERE id = ANY (ARRAY(
    SELECT tenant_id FROM waiting_offer
    WHERE num_nonnulls(accepted_at, declined_at, expired_at, lost_at) = 0 AND (expires_at <= $1 OR EXISTS (
        SELECT FROM message WHERE offer_id = waiting_offer.id AND num_nonnulls(skipped_at, failed_at) > 0))
    UNION
    SELECT tenant_id FROM waiting_wish AS wish JOIN practice ON practice.id = tenant_id
    WHERE ended_at IS NULL AND last_day < ($1 AT TIME ZONE zone)::date AND NOT EXISTS (
        SELECT FROM waiting_offer
        WHERE wish_id = wish.id AND num_nonnulls(accepted_at, declined_at, expired_at, lost_at) = 0)
))
"""
_TAKE = """
DELETE FROM waiting_look WHERE id = (SELECT id FROM waiting_look WHERE tenant_id = $1 FOR UPDATE SKIP LOCKED)
RETURNING id
"""
_WAIT_BRIEFLY = "SELECT set_config('lock_timeout', $1, true)"


async def mark_look(tenant: Tenant, now: datetime) -> None:
    """Before anything is freed in the same transaction: a worker that has taken the mark is waited for here."""
    await fetch(_MARK, tenant.id, now)


async def mark_all(now: datetime) -> None:
    """The net under the marks: every practice where anybody waits. For the worker."""
    await fetch(_MARK_ALL, now)


async def marked_practices(now: datetime) -> list[Tenant]:
    """Where offers may leave at this hour; the others stay marked until the morning. For the worker."""
    return [tenant for tenant in map(tenant_from, await fetch(_MARKED)) if may_offer(now, tenant.zone)]


async def practices_run_out(now: datetime) -> list[Tenant]:
    """Where an offer or a wish has come to its end. For the worker."""
    return [tenant_from(row) for row in await fetch(_RUN_OUT, now)]


async def take_look(tenant: Tenant) -> bool:
    """The mark, for this transaction. False when there is none, or another worker has it."""
    await fetch(_WAIT_BRIEFLY, PATIENCE)
    taken: Any = await fetch_first(_TAKE, tenant.id)
    return taken is not None
