"""Records whose time has come are erased, one transaction each, through the lens of their practice."""

import logging
from datetime import datetime, timedelta

from portal.database import TROUBLE, practice_lens, worker_lens
from tenants.refusals import NotFound
from tenants.retention.due import due_erasures
from tenants.retention.erase import erase_if_due
from tenants.retention.rule import announce_by_rule, erasing_practices

EVERY = timedelta(hours=1)
"""How often rules are looked through for what to announce, which is a month ahead of what happens."""

BATCH, BATCHES = 50, 20

log = logging.getLogger(__name__)


async def erase_what_is_due(now: datetime) -> None:
    """What cannot be erased stands in nobody's way: the log has its ref, and the next look tries again."""
    after = 0
    for _ in range(BATCHES):
        async with worker_lens():
            due = await due_erasures(now, after, BATCH)
        for after, ref, tenant in due:  # noqa: B007 - the next batch begins there
            try:
                async with practice_lens(tenant):
                    if await erase_if_due(tenant, ref, now):
                        log.info("%s: record %s was erased", tenant.slug, ref)
            except NotFound:
                continue
            except TROUBLE:
                raise
            except Exception:
                log.exception("%s: record %s could not be erased", tenant.slug, ref)
        if len(due) < BATCH:
            return


async def announce_erasures(now: datetime) -> None:
    async with worker_lens():
        tenants = await erasing_practices()
    for tenant in tenants:
        async with practice_lens(tenant):
            await announce_by_rule(tenant, now)
