"""The worker's task of an export: everything that the practice owns of its clients, written piece by piece."""

import asyncio
import csv
import io
import json
import zipfile
from collections.abc import AsyncIterator, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from portal.clock import Clock
from portal.database import practice_lens
from portal.transfers.importing import BOM
from portal.transfers.progress import Progress
from tenants.clients.tables import ClientRecord
from tenants.practices.tenant import Tenant
from tenants.transfer.cards import write_card
from tenants.transfer.cells import harmless
from tenants.transfer.claim import note_finished
from tenants.transfer.exported import EXPORTED, Exported, Pointers, columns_of, count_rows, read_rows
from tenants.transfer.files import PIECE, forget_file, keep_file
from tenants.transfer.jobs import Job

RECORDS = next(each for each in EXPORTED if each.table is ClientRecord)


class _Outlet(io.RawIOBase):
    """Takes what is written and gives it on in pieces; it cannot go back, as a download cannot."""

    def __init__(self) -> None:
        self._waiting = bytearray()

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        self._waiting += data
        return len(data)

    def taken(self, *, all_of_it: bool = False) -> bytes:
        """Whole pieces, and at the end the rest."""
        length = len(self._waiting) if all_of_it else len(self._waiting) // PIECE * PIECE
        data = bytes(self._waiting[:length])
        del self._waiting[:length]
        return data


async def export(tenant: Tenant, job: Job, progress: Progress, clock: Clock) -> None:
    tables = (RECORDS,) if job.form == "vcard" else EXPORTED
    async with practice_lens(tenant):
        await forget_file(tenant, job.id, "result")
        counts = {each.name: await count_rows(tenant, each) for each in tables}
    progress.of(sum(counts.values()))
    write = {"csv": _write_zip, "json": _write_json, "vcard": _write_cards}[job.form]
    outlet, number = _Outlet(), 0
    async for _ in write(tenant, tables, outlet, progress, clock()):
        data = outlet.taken()
        if data:
            async with practice_lens(tenant):
                number = await keep_file(tenant, job.id, "result", data, number)
    async with practice_lens(tenant):
        await keep_file(tenant, job.id, "result", outlet.taken(all_of_it=True), number)
        await note_finished(tenant, job, json.dumps(counts), progress.done, clock())


async def _batches(
    tenant: Tenant, exported: Exported, pointers: Pointers, progress: Progress
) -> AsyncIterator[list[dict[str, Any]]]:
    after = -1
    while after:
        async with practice_lens(tenant):
            rows, after = await read_rows(tenant, exported, max(after, 0), pointers)
        yield rows
        progress.add(len(rows))


async def _write_zip(
    tenant: Tenant, tables: Sequence[Exported], outlet: _Outlet, progress: Progress, now: datetime
) -> AsyncIterator[None]:
    pointers, local = Pointers(), now.astimezone(tenant.zone)
    with zipfile.ZipFile(outlet, "w", zipfile.ZIP_DEFLATED) as archive:
        for exported in tables:
            entry = zipfile.ZipInfo(f"{exported.name}.csv", local.timetuple()[:6])
            entry.compress_type = zipfile.ZIP_DEFLATED
            with archive.open(entry, "w") as file:
                file.write(BOM.encode() + _csv([columns_of(exported)]))
                async for rows in _batches(tenant, exported, pointers, progress):
                    file.write(await asyncio.to_thread(_csv, [_cells(row) for row in rows]))
                    yield
    yield


async def _write_json(
    tenant: Tenant, tables: Sequence[Exported], outlet: _Outlet, progress: Progress, now: datetime
) -> AsyncIterator[None]:
    pointers = Pointers()
    head = json.dumps({"practice": tenant.name, "exported_at": now.isoformat()}, ensure_ascii=False)
    outlet.write(head[:-1].encode())
    for exported in tables:
        outlet.write(f',\n"{exported.name}": ['.encode())
        comma = ""
        async for rows in _batches(tenant, exported, pointers, progress):
            text = ",\n".join(json.dumps(row, ensure_ascii=False, default=_plain) for row in rows)
            outlet.write((comma + text if text else "").encode())
            comma = ",\n" if text else comma
            yield
        outlet.write(b"]")
    outlet.write(b"}\n")
    yield


async def _write_cards(
    tenant: Tenant, tables: Sequence[Exported], outlet: _Outlet, progress: Progress, _: datetime
) -> AsyncIterator[None]:
    async for rows in _batches(tenant, tables[0], Pointers(), progress):
        living = [row for row in rows if not (row["merged_at"] or row["erased_at"])]
        outlet.write((await asyncio.to_thread(lambda some: "".join(map(write_card, some)), living)).encode())
        yield


def _csv(rows: Sequence[Sequence[str]]) -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text).writerows(rows)
    return text.getvalue().encode()


def _cells(row: dict[str, Any]) -> list[str]:
    return [harmless(_said(value)) for value in row.values()]


def _said(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, list):
        return ", ".join(map(str, value))
    return str(_plain(value)) if isinstance(value, date | datetime | timedelta) else str(value)


def _plain(value: Any) -> Any:
    """Times as ISO 8601, in UTC as they are kept."""
    if isinstance(value, date | datetime):
        return value.isoformat()
    return value.total_seconds() if isinstance(value, timedelta) else str(value)
