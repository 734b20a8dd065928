"""Times that come free are offered to whoever waits for them, one practice after the other, through its own lens."""

import logging
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta

import asyncpg

from portal.database import TROUBLE, practice_lens, worker_lens
from tenants.practices.tenant import Tenant
from tenants.waiting.expire import expire_offers
from tenants.waiting.look import mark_all, marked_practices, practices_run_out
from tenants.waiting.offer import make_offers

EVERY = timedelta(hours=1)
"""How often every practice where anybody waits is looked at, whether or not anything seems to have come free."""
ROUNDS = 20
"""Of offers at one look, should one practice have very many to make."""

log = logging.getLogger(__name__)


async def offer_what_came_free(now: datetime) -> None:
    """What has run out comes first, since its time is free for the next one then."""
    async with worker_lens():
        run_out = await practices_run_out(now)
    for tenant in run_out:
        await _in_its_lens(expire_offers, tenant, now)
    async with worker_lens():
        marked = await marked_practices(now)
    for tenant in marked:
        for _ in range(ROUNDS):
            if not await _in_its_lens(make_offers, tenant, now):
                break


async def look_everywhere(now: datetime) -> None:
    async with worker_lens():
        await mark_all(now)


async def _in_its_lens(rule: Callable[[Tenant, datetime], Awaitable[int]], tenant: Tenant, now: datetime) -> int:
    """What fails at one practice stands in no other one's way: its mark stays, and the next look tries again."""
    try:
        async with practice_lens(tenant):
            return await rule(tenant, now)
    except (asyncpg.LockNotAvailableError, asyncpg.DeadlockDetectedError):
        log.info("%s: somebody else is at work, so the waiting list waits", tenant.slug)
    except TROUBLE:
        raise
    except Exception:
        log.exception("%s: nothing could be offered to who waits", tenant.slug)
    return 0
