"""The worker's two tasks of an import: trying it over the whole file, and doing it."""

import asyncio
import csv
import io
import json
from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from portal.clock import Clock
from portal.database import practice_lens
from portal.languages.words import Words, words_in
from portal.transfers.progress import Progress
from portal.transfers.reading import layout_of, whole_sheet
from portal.transfers.words import fault_words, field_words
from tenants.practices.tenant import Tenant
from tenants.transfer.apply import apply_file, known_records
from tenants.transfer.cells import harmless
from tenants.transfer.claim import note_checked, note_finished
from tenants.transfer.files import forget_file, keep_file, whole_file
from tenants.transfer.jobs import Job
from tenants.transfer.match import CHANGED, NEW, REFUSED, UNCHANGED, Records, Verdict, judge
from tenants.transfer.reading import Reading, read_row
from tenants.transfer.sheet import Sheet

_AT_ONCE = 250  # rows read in one go beside what else the worker does
BOM = "\ufeff"  # without it Excel takes UTF-8 for something older


async def check(tenant: Tenant, job: Job, progress: Progress, clock: Clock) -> None:
    """What importing would do, counted; nothing of the practice's changes."""
    sheet, readings = await _readings(tenant, job, progress, clock(), passes=1)
    async with practice_lens(tenant):
        known = await known_records(tenant)
    verdicts = await asyncio.to_thread(judge, readings, Records(known), insist=_insists(job))
    refused = await asyncio.to_thread(refused_rows, job, sheet, verdicts)
    progress.add(0)
    async with practice_lens(tenant):
        await _keep_refused(tenant, job, refused)
        await note_checked(tenant, job, json.dumps(counts_of(verdicts)), clock())


async def apply(tenant: Tenant, job: Job, progress: Progress, clock: Clock) -> None:
    """Records, file of refused rows and the word that it is done: one transaction."""
    sheet, readings = await _readings(tenant, job, progress, clock(), passes=2)
    async with practice_lens(tenant):
        now = clock()
        verdicts = await apply_file(tenant, readings, job.by_email, now, insist=_insists(job), done=progress.add)
        await _keep_refused(tenant, job, await asyncio.to_thread(refused_rows, job, sheet, verdicts))
        await note_finished(tenant, job, json.dumps(counts_of(verdicts)), len(readings), clock())


async def _readings(
    tenant: Tenant, job: Job, progress: Progress, now: datetime, passes: int
) -> tuple[Sheet, list[Reading]]:
    """`passes` is how often each row is counted until the work is done."""
    async with practice_lens(tenant):
        data = await whole_file(tenant, job.id, "upload")
    sheet = await asyncio.to_thread(whole_sheet, job, data)
    layout = layout_of(job, tenant, now)
    progress.of(passes * len(sheet.rows))
    readings: list[Reading] = []
    for at in range(0, len(sheet.rows), _AT_ONCE):
        some = sheet.rows[at : at + _AT_ONCE]
        readings += await asyncio.to_thread(lambda rows: [read_row(*_parts(row), layout) for row in rows], some)
        progress.add(len(some))
    return sheet, readings


def _parts(row: Any) -> tuple[int, Sequence[str]]:
    return row.number, row.cells


def _insists(job: Job) -> bool:
    return bool(job.settings.get("insist"))


def counts_of(verdicts: Sequence[Verdict]) -> dict[str, int]:
    """`aside` are rows beside whose word the client's own stands."""
    counted = Counter(verdict.outcome for verdict in verdicts)
    counts = {outcome: counted[outcome] for outcome in (NEW, CHANGED, UNCHANGED, REFUSED)}
    return counts | {"aside": sum(1 for verdict in verdicts if verdict.aside)}


def refused_rows(job: Job, sheet: Sheet, verdicts: Sequence[Verdict]) -> bytes:
    """CSV that can be mended and imported again: its own columns, then the row's number and the reason."""
    refused = [verdict.reading for verdict in verdicts if verdict.outcome == REFUSED]
    if not refused:
        return b""
    words = words_in(job.settings.get("language", "en"))
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=sheet.delimiter)
    width = len(sheet.headings)
    headings = [field_words(each, words) for each in sheet.headings] if job.form == "vcard" else sheet.headings
    writer.writerow([*map(harmless, headings), words.gettext("Row"), words.gettext("Why it was refused")])
    for reading in refused:
        cells = [_kept(cell) for cell in reading.cells[:width]]
        cells += [""] * (width - len(cells))
        writer.writerow([*cells, reading.number, _why(reading, words)])
    return (BOM + text.getvalue()).encode("utf-8", "replace")


def _kept(cell: str) -> str:
    """Without NUL, at which other programs stop reading."""
    return harmless(cell.replace("\0", "\ufffd"))


def _why(reading: Reading, words: Words) -> str:
    return " ".join(f"{field_words(name, words)}: {fault_words(why, words)}" for name, why in reading.faults.items())


async def _keep_refused(tenant: Tenant, job: Job, data: bytes) -> None:
    await forget_file(tenant, job.id, "refused")
    await keep_file(tenant, job.id, "refused", data)
