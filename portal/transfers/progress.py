"""How far a transfer is, told while its own transaction is still open, so on a lens of its own."""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

from portal.clock import Clock
from portal.database import TROUBLE, practice_lens
from tenants.practices.tenant import Tenant
from tenants.transfer.claim import ClaimLost, keep
from tenants.transfer.jobs import Job

TELL_EVERY = 0.5
log = logging.getLogger(__name__)


class Stopped(Exception):
    """The worker is told to stop: somebody else goes on with it."""


class Progress:
    """Counted by the work; it also asks here whether to go on."""

    def __init__(self, stop: asyncio.Event) -> None:
        self.done = 0
        self.total = 0
        self.lost = False
        self._stop = stop

    def of(self, total: int) -> None:
        self.total = total

    def add(self, rows: int) -> None:
        """Raises ClaimLost when it was cancelled meanwhile, Stopped when the worker ends."""
        self.done += rows
        if self.lost:
            raise ClaimLost
        if self._stop.is_set():
            raise Stopped


@asynccontextmanager
async def told(tenant: Tenant, job: Job, stop: asyncio.Event, clock: Clock) -> AsyncIterator[Progress]:
    """Writes down what is counted twice a second, which also keeps the claim.

    At the end a word under way is waited for, not cut off: the server hears of that late, and might cut off whatever
    the connection is asked next.
    """
    progress, over = Progress(stop), asyncio.Event()
    telling = asyncio.create_task(_tell(tenant, job, progress, over, clock))
    try:
        yield progress
    finally:
        over.set()
        await telling


async def _tell(tenant: Tenant, job: Job, progress: Progress, over: asyncio.Event, clock: Clock) -> None:
    while True:
        with suppress(TimeoutError):
            await asyncio.wait_for(over.wait(), TELL_EVERY)
            return
        try:
            async with practice_lens(tenant):
                await keep(tenant, job, progress.done, progress.total, clock())
        except ClaimLost:
            progress.lost = True
            return
        except TROUBLE:
            log.warning("how far %s is could not be written down", job.ref)
