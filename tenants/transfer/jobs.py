"""Imports and exports as pieces of work: begun and asked for at the desk, cancelled and found again."""

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from tenants.practices.tenant import Tenant
from tenants.refs import new_ref
from tenants.refusals import NotFound, TransferUnderWay
from tenants.scope import fetch, fetch_first
from tenants.transfer.files import forget_file, keep_file

LEASE = timedelta(seconds=20)
"""How long a claim holds when its worker dies."""
MOST_ATTEMPTS = 3
RESULT_KEPT = timedelta(hours=24)
UPLOAD_KEPT = timedelta(days=7)
LOG_KEPT = timedelta(days=365)
GAVE_UP, BROKE = "gave_up", "broke"


@dataclass(frozen=True, slots=True)
class Job:
    """One row of `transfer`."""

    id: int
    ref: str
    tenant_id: int
    kind: str
    form: str
    by_email: str
    file_name: str
    settings: dict[str, Any]
    counts: dict[str, int]
    created_at: datetime
    asked_for: str
    asked_at: datetime | None
    attempts: int
    done: int
    total: int
    checked_at: datetime | None
    finished_at: datetime | None
    failed_at: datetime | None
    failure: str
    cancelled_at: datetime | None
    emptied_at: datetime | None

    @property
    def is_over(self) -> bool:
        return bool(self.finished_at or self.failed_at or self.cancelled_at)

    @property
    def under_way(self) -> bool:
        return self.asked_for != ""


@dataclass(frozen=True, slots=True)
class Begun:
    """What is known of a transfer when it is asked for. `asked_for` is "" for what waits for somebody's choice."""

    kind: str
    form: str
    file_name: str
    settings: dict[str, Any]
    total: int
    asked_for: str = ""


_BEGIN = """
INSERT INTO transfer (ref, tenant_id, kind, form, by_email, file_name, settings, total, created_at, asked_for, asked_at)
VALUES ($1, $2, $3, $4, $5, $6, $7::jsonb, $8, $9::timestamptz, $10, CASE WHEN $10 <> '' THEN $9::timestamptz END)
RETURNING id
"""
_OPEN_ONE = """
SELECT * FROM transfer WHERE tenant_id = $1 AND ref = $2 AND asked_for = ''
    AND finished_at IS NULL AND failed_at IS NULL AND cancelled_at IS NULL
FOR NO KEY UPDATE
"""
_CHOOSE = """
UPDATE transfer SET settings = $3::jsonb, counts = '{}', checked_at = NULL, done = 0 WHERE tenant_id = $1 AND id = $2
"""
_ASK = """
UPDATE transfer SET asked_for = $3, asked_at = $4, attempts = 0, done = 0, settings = $5::jsonb
WHERE tenant_id = $1 AND id = $2
"""
_CANCEL = """
UPDATE transfer SET cancelled_at = $3, asked_for = '', asked_at = NULL, claimed_until = NULL
WHERE tenant_id = $1 AND ref = $2 AND finished_at IS NULL AND failed_at IS NULL AND cancelled_at IS NULL
"""
_LATEST = "SELECT * FROM transfer WHERE tenant_id = $1 ORDER BY created_at DESC, id DESC LIMIT 50"
_FIND = "SELECT * FROM transfer WHERE tenant_id = $1 AND ref = $2 AND kind = $3"
_NOTE_DOWNLOAD = "INSERT INTO transfer_download (tenant_id, transfer_id, at, by_email) VALUES ($1, $2, $3, $4)"
_DOWNLOADS = "SELECT at, by_email FROM transfer_download WHERE tenant_id = $1 AND transfer_id = $2 ORDER BY id"


async def begin(tenant: Tenant, begun: Begun, by_email: str, now: datetime, data: bytes = b"") -> str:
    """The ref of a new one; `data` is what was uploaded."""
    ref = new_ref()
    values = (ref, tenant.id, begun.kind, begun.form, by_email, begun.file_name[:200], json.dumps(begun.settings))
    row = await fetch_first(_BEGIN, *values, begun.total, now, begun.asked_for)
    assert row is not None
    await keep_file(tenant, row["id"], "upload", data)
    return ref


async def find_job(tenant: Tenant, ref: str, kind: str) -> Job:
    """Raises NotFound."""
    row = await fetch_first(_FIND, tenant.id, ref, kind)
    if row is None:
        raise NotFound("transfer")
    return job_from(row)


async def list_jobs(tenant: Tenant) -> list[Job]:
    """The latest first."""
    return [job_from(row) for row in await fetch(_LATEST, tenant.id)]


async def choose(tenant: Tenant, ref: str, settings: dict[str, Any]) -> None:
    """Other settings for an import; what was checked by the old ones is forgotten. Raises TransferUnderWay."""
    row = await _open_one(tenant, ref)
    await fetch(_CHOOSE, tenant.id, row.id, json.dumps(row.settings | settings))
    await forget_file(tenant, row.id, "refused")


async def ask_for(tenant: Tenant, ref: str, what: str, now: datetime, **settings: Any) -> None:
    """The worker's next task. To apply what nobody has checked is not possible. Raises TransferUnderWay."""
    row = await _open_one(tenant, ref)
    if what == "apply" and row.checked_at is None:
        raise TransferUnderWay
    await fetch(_ASK, tenant.id, row.id, what, now, json.dumps(row.settings | settings))


async def cancel(tenant: Tenant, ref: str, now: datetime) -> None:
    """Also while it runs: its worker finds out before it could finish. What is over stays as it is."""
    await fetch(_CANCEL, tenant.id, ref, now)


async def _open_one(tenant: Tenant, ref: str) -> Job:
    row = await fetch_first(_OPEN_ONE, tenant.id, ref)
    if row is None:
        raise TransferUnderWay
    return job_from(row)


def job_from(row: Any) -> Job:
    facts = {name: row[name] for name in Job.__slots__}
    return Job(**facts | {name: json.loads(row[name]) for name in ("settings", "counts")})


async def note_download(tenant: Tenant, job: Job, by_email: str, now: datetime) -> None:
    await fetch(_NOTE_DOWNLOAD, tenant.id, job.id, now, by_email)


async def downloads_of(tenant: Tenant, job: Job) -> list[dict[str, Any]]:
    return [dict(row) for row in await fetch(_DOWNLOADS, tenant.id, job.id)]
