"""Practices whose last day has come are deleted, one transaction each."""

import logging
from datetime import datetime, timedelta

from portal.database import TROUBLE, worker_lens
from tenants.founding.purge import due_purges, purge

EVERY = timedelta(hours=1)

log = logging.getLogger(__name__)


async def purge_what_is_due(now: datetime) -> None:
    """What cannot be deleted stands in nobody's way: the log says which it is, and the next look tries again."""
    async with worker_lens():
        due = await due_purges(now)
    for practice_id, slug in due:
        try:
            async with worker_lens():
                if await purge(practice_id, now):
                    log.info("the practice %s was deleted", slug)
        except TROUBLE:
            raise
        except Exception:
            log.exception("the practice %s could not be deleted", slug)
