"""How offers and wishes end by themselves."""

from datetime import datetime
from typing import Any

from tenants.availability.wall_clock import local_day
from tenants.booking.open_times import Wanted, open_times
from tenants.practices.tenant import Tenant
from tenants.refusals import NotFound, ServiceNotGiven
from tenants.scope import fetch
from tenants.waiting.look import mark_look

MOST_OFFERS = 3
"""So many may go by: declined, or over without an answer. What somebody else was quicker to take does not count."""

# Nobody can answer what could not be mailed to them.
_EXPIRE = """
WITH due AS (
    SELECT id FROM waiting_offer
    WHERE tenant_id = $1 AND num_nonnulls(accepted_at, declined_at, expired_at, lost_at) = 0
          AND (expires_at <= $2 OR EXISTS (
              SELECT FROM message WHERE offer_id = waiting_offer.id AND num_nonnulls(skipped_at, failed_at) > 0))
    ORDER BY id FOR UPDATE SKIP LOCKED
)
UPDATE waiting_offer SET expired_at = least(expires_at, $2) FROM due WHERE waiting_offer.id = due.id
RETURNING waiting_offer.id, hold_id
"""
_RELEASE = "UPDATE hold SET released_at = $2 WHERE tenant_id = $1 AND id = ANY ($3::bigint[]) AND released_at IS NULL"

# Of an offer that was ended in a lens which does not see whose time it was.
_LEFT_HELD = """
UPDATE hold SET released_at = $2 FROM waiting_offer AS offer
WHERE hold.tenant_id = $1 AND released_at IS NULL AND hold.expires_at > $2 AND offer.tenant_id = $1
      AND offer.hold_id = hold.id AND num_nonnulls(accepted_at, declined_at, expired_at, lost_at) > 0
"""

_END = """
WITH over AS (
    SELECT id FROM waiting_wish AS wish
    WHERE tenant_id = $1 AND ended_at IS NULL
          AND NOT EXISTS (SELECT FROM waiting_offer WHERE wish_id = wish.id
                          AND num_nonnulls(accepted_at, declined_at, expired_at, lost_at) = 0)
          AND (last_day < $3 OR $4 <= (SELECT count(*) FROM waiting_offer
                                       WHERE wish_id = wish.id AND num_nonnulls(declined_at, expired_at) > 0))
    ORDER BY id FOR UPDATE SKIP LOCKED
)
UPDATE waiting_wish SET ended_at = $2, ended_why = CASE WHEN last_day < $3 THEN 'over' ELSE 'offered_enough' END
FROM over WHERE waiting_wish.id = over.id
"""

_UNHELD = """
SELECT offer.id, starts_at, service.ref AS service, practitioner.ref AS practitioner, place.ref AS place
FROM waiting_offer AS offer
JOIN waiting_wish AS wish ON wish.id = wish_id
JOIN service ON service.id = wish.service_id
JOIN practitioner ON practitioner.id = offer.practitioner_id
JOIN place ON place.id = offer.place_id
WHERE offer.tenant_id = $1 AND hold_id IS NULL AND num_nonnulls(accepted_at, declined_at, expired_at, lost_at) = 0
ORDER BY offer.id FOR UPDATE OF offer SKIP LOCKED
"""
_LOSE = "UPDATE waiting_offer SET lost_at = $2 WHERE tenant_id = $1 AND id = ANY ($3::bigint[])"


async def expire_offers(tenant: Tenant, now: datetime) -> int:
    """Ends what nobody answered in time and frees what was kept for it; then the next in line is looked for."""
    await mark_look(tenant, now)
    rows = await fetch(_EXPIRE, tenant.id, now)
    await release(tenant, [row["hold_id"] for row in rows if row["hold_id"]], now)
    await end_wishes(tenant, now)
    return len(rows)


async def release(tenant: Tenant, holds: list[int], now: datetime) -> None:
    await fetch(_RELEASE, tenant.id, now, holds)


async def release_what_is_left(tenant: Tenant, now: datetime) -> None:
    await fetch(_LEFT_HELD, tenant.id, now)


async def end_wishes(tenant: Tenant, now: datetime) -> None:
    """Those whose last day has passed, and those that were offered enough."""
    today = local_day(int(now.timestamp()), tenant.zone)
    await fetch(_END, tenant.id, now, today, MOST_OFFERS)


async def lose_what_is_taken(tenant: Tenant, now: datetime) -> None:
    """Times that were offered to all and kept for nobody: once they are taken, so the offers say."""
    gone = [row["id"] for row in await fetch(_UNHELD, tenant.id) if not await _is_open(tenant, row, now)]
    if gone:
        await fetch(_LOSE, tenant.id, now, gone)


async def _is_open(tenant: Tenant, row: Any, now: datetime) -> bool:
    start = int(row["starts_at"].timestamp())
    day = local_day(start, tenant.zone)
    wanted = Wanted(row["service"], row["practitioner"], row["place"])
    try:
        found = await open_times(tenant, wanted, day, day, now)
    except (NotFound, ServiceNotGiven):
        return False
    return found.slot(start) is not None
