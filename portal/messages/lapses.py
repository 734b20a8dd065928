"""Requests that nobody has answered in time, ended one transaction each, through the lens of their practice."""

import logging
from contextlib import suppress
from datetime import datetime

from portal.database import TROUBLE, practice_lens, worker_lens
from portal.messages.nudges import tell_desks
from tenants.practices.tenant import Tenant
from tenants.refusals import NotFound
from tenants.requests.lapse import lapse_if_due, overdue_requests

EVERY = 2.0  # seconds: whoever waits for an answer is told at its end, and the time is free again
BATCH, BATCHES = 50, 20

log = logging.getLogger(__name__)


async def lapse_requests(now: datetime) -> None:
    """What cannot be ended stands in nobody's way: the log has its ref, and the next look tries again."""
    after, touched = 0, set()
    for _ in range(BATCHES):
        async with worker_lens():
            overdue = await overdue_requests(now, after, BATCH)
        for after, ref, tenant in overdue:  # noqa: B007 - the next batch begins there
            if await _lapse(tenant, ref, now):
                touched.add(tenant.id)
        if len(overdue) < BATCH:
            break
    if touched:
        await tell_desks(touched)


async def _lapse(tenant: Tenant, ref: str, now: datetime) -> bool:
    with suppress(NotFound):
        try:
            async with practice_lens(tenant):
                return await lapse_if_due(tenant, ref, now)
        except (NotFound, *TROUBLE):
            raise
        except Exception:
            log.exception("%s: request %s could not be ended", tenant.slug, ref)
    return False
