"""The worker's side of a transfer: claimed, kept claimed while it runs, ended once, and forgotten when it is old."""

from datetime import datetime

from tenants.practices.tenant import TENANT_OF, Tenant, tenant_from
from tenants.scope import fetch, fetch_first
from tenants.transfer.jobs import GAVE_UP, LEASE, LOG_KEPT, MOST_ATTEMPTS, RESULT_KEPT, UPLOAD_KEPT, Job, job_from

_CLAIM = """
UPDATE transfer SET claimed_until = $2, attempts = attempts + 1
WHERE id = (
    SELECT id FROM transfer WHERE asked_for <> '' AND (claimed_until IS NULL OR claimed_until <= $1)
    ORDER BY asked_at, id LIMIT 1 FOR UPDATE SKIP LOCKED
)
RETURNING *, (SELECT slug FROM practice WHERE practice.id = tenant_id) AS slug
"""
_GIVE_UP = """
UPDATE transfer SET failed_at = $1, failure = $2, asked_for = '', asked_at = NULL, claimed_until = NULL
WHERE asked_for <> '' AND attempts >= $3 AND (claimed_until IS NULL OR claimed_until <= $1)
"""
_MINE = "tenant_id = $1 AND id = $2 AND attempts = $3 AND asked_at = $4 AND asked_for <> ''"
_KEEP = "UPDATE transfer SET done = $5, total = $6, claimed_until = $7 WHERE "
_PUT_BACK = "UPDATE transfer SET claimed_until = NULL, attempts = attempts - $5::int WHERE "
_FAIL = """
UPDATE transfer SET failed_at = $5, failure = $6, asked_for = '', asked_at = NULL, claimed_until = NULL WHERE """
_CHECKED = """
UPDATE transfer SET checked_at = $5, counts = $6::jsonb, done = total, asked_for = '', asked_at = NULL,
                    claimed_until = NULL WHERE """
_FINISHED = """
UPDATE transfer SET finished_at = $5, counts = $6::jsonb, done = $7, total = $7, asked_for = '', asked_at = NULL,
                    claimed_until = NULL WHERE """
RETURNING = " RETURNING id"


class ClaimLost(Exception):
    """It was cancelled, or another worker has it by now: nothing of this attempt may stay."""


async def claim(now: datetime) -> tuple[Tenant, Job] | None:
    """What waits longest, over all practices. What has failed its workers too often is given up."""
    await fetch(_GIVE_UP, now, GAVE_UP, MOST_ATTEMPTS)
    row = await fetch_first(_CLAIM, now, now + LEASE)
    if row is None:
        return None
    practice = await fetch_first(TENANT_OF, row["slug"])
    assert practice is not None
    return tenant_from(practice), job_from(row)


async def keep(tenant: Tenant, job: Job, done: int, total: int, now: datetime) -> None:
    """Raises ClaimLost."""
    if await fetch_first(_KEEP + _MINE + RETURNING, *_mine(tenant, job), done, total, now + LEASE) is None:
        raise ClaimLost


async def put_back(tenant: Tenant, job: Job, *, counts: bool) -> None:
    """For another worker, at once. `counts` when the attempt was one."""
    await fetch(_PUT_BACK + _MINE, *_mine(tenant, job), 0 if counts else 1)


async def fail(tenant: Tenant, job: Job, failure: str, now: datetime) -> None:
    await fetch(_FAIL + _MINE, *_mine(tenant, job), now, failure)


async def note_checked(tenant: Tenant, job: Job, counts: str, now: datetime) -> None:
    """Raises ClaimLost; then the transaction around it must end in nothing."""
    if await fetch_first(_CHECKED + _MINE + RETURNING, *_mine(tenant, job), now, counts) is None:
        raise ClaimLost


async def note_finished(tenant: Tenant, job: Job, counts: str, total: int, now: datetime) -> None:
    """As `note_checked`: in the very transaction whose work it tells of, so that both stay or neither does."""
    if await fetch_first(_FINISHED + _MINE + RETURNING, *_mine(tenant, job), now, counts, total) is None:
        raise ClaimLost


def _mine(tenant: Tenant, job: Job) -> tuple[object, ...]:
    return (tenant.id, job.id, job.attempts, job.asked_at)


_OLD = """
WITH old AS (
    UPDATE transfer SET emptied_at = $1,
        cancelled_at = CASE WHEN finished_at IS NULL AND failed_at IS NULL AND cancelled_at IS NULL THEN $1
                            ELSE cancelled_at END
    WHERE emptied_at IS NULL AND asked_for = '' AND (
        coalesce(finished_at, failed_at, cancelled_at) <= $2 OR coalesce(checked_at, created_at) <= $3)
    RETURNING id
)
DELETE FROM transfer_chunk USING old WHERE transfer_id = old.id
"""


async def prune_transfers(now: datetime) -> None:
    """For the worker, over all practices: files go after a day, uploads that nobody imports after a week."""
    await fetch(_OLD, now, now - RESULT_KEPT, now - UPLOAD_KEPT)
    await fetch("DELETE FROM transfer WHERE emptied_at <= $1", now - LOG_KEPT)
