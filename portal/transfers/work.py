"""The worker's loop over imports and exports: one at a time in each process, so that messages leave meanwhile."""

import asyncio
import logging
from contextlib import suppress

import asyncpg

from portal.clock import Clock
from portal.database import TROUBLE, practice_lens, worker_lens
from portal.transfers.exporting import export
from portal.transfers.importing import apply, check
from portal.transfers.progress import Stopped, told
from tenants.practices.tenant import Tenant
from tenants.transfer.apply import Meanwhile
from tenants.transfer.claim import ClaimLost, claim, fail, put_back
from tenants.transfer.jobs import BROKE, Job

POLL = 2.0  # seconds between looks when nobody nudges
PAUSE_IN_TROUBLE = 5.0
TASKS = {"check": check, "apply": apply, "export": export}
_AGAIN = (*TROUBLE, Meanwhile, asyncpg.UniqueViolationError, asyncpg.DeadlockDetectedError)
log = logging.getLogger(__name__)


async def work_off(stop: asyncio.Event, bell: asyncio.Event, clock: Clock) -> None:
    """Until `stop`; what is in hand then is put back for another worker."""
    while not stop.is_set():
        bell.clear()
        pause = POLL
        try:
            if await do_next(stop, clock):
                continue
        except Exception:
            log.exception("imports and exports were interrupted")
            pause = PAUSE_IN_TROUBLE
        waits = [asyncio.create_task(event.wait()) for event in (stop, bell)]
        await asyncio.wait(waits, timeout=pause, return_when=asyncio.FIRST_COMPLETED)
        for wait in waits:
            wait.cancel()


async def do_next(stop: asyncio.Event, clock: Clock) -> bool:
    """Whether there was one to do."""
    async with worker_lens():
        claimed = await claim(clock())
    if claimed is None:
        return False
    await _do(*claimed, stop, clock)
    return True


async def _do(tenant: Tenant, job: Job, stop: asyncio.Event, clock: Clock) -> None:
    try:
        async with told(tenant, job, stop, clock) as progress:
            await TASKS[job.asked_for](tenant, job, progress, clock)
    except ClaimLost:
        log.info("transfer %s was cancelled", job.ref)
    except Stopped:
        await _put_back(tenant, job, counts=False)
    except _AGAIN as reason:
        log.warning("transfer %s is tried again: %s", job.ref, type(reason).__name__)
        await _put_back(tenant, job, counts=True)
    except Exception:
        log.exception("transfer %s was interrupted", job.ref)
        async with practice_lens(tenant):
            await fail(tenant, job, BROKE, clock())


async def _put_back(tenant: Tenant, job: Job, *, counts: bool) -> None:
    """Where even that fails, the claim ends by itself."""
    with suppress(*TROUBLE):
        async with practice_lens(tenant):
            await put_back(tenant, job, counts=counts)
