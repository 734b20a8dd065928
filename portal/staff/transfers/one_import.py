"""One import from its preview to its result: what the first rows would become, how far the worker is, what it did."""

from contextlib import suppress
from typing import Any

from litestar import Response, get, post
from litestar.params import FromPath
from litestar.response import Redirect, Template

from portal.languages.phones import say_phone
from portal.staff.desk import Desk, TheDesk
from portal.staff.transfers.progress import progress_answer
from portal.transfers.reading import first_rows, layout_of
from portal.transfers.words import failure_words, fault_words, field_words
from portal.web.forms import read_form
from portal.web.given import AnyRequest
from tenants.refusals import TransferUnderWay
from tenants.team.permissions import Permission
from tenants.transfer.columns import FIELDS, wrong_columns
from tenants.transfer.files import PIECE, file_piece
from tenants.transfer.jobs import Job, ask_for, cancel, find_job
from tenants.transfer.reading import Layout, Reading, read_row

LONGEST_SHOWN = 120
HERE = "/desk/{slug:str}/transfers/imports/{ref:str}"


@get(HERE, needs=Permission.TRANSFER)
async def show_import(desk: TheDesk, ref: FromPath[str]) -> Template:
    async with desk.lens():
        job = await find_job(desk.practice, ref, "import")
        waits = not (job.is_over or job.under_way)
        piece = (await file_piece(desk.practice, job.id, "upload", 0) or b"") if waits else b""
    layout = layout_of(job, desk.practice, desk.viewer.now)
    return desk.page(
        "desk/transfers/import.html",
        job=job,
        fields=[name for name in FIELDS if name != "full_name" and _is_told(name, layout)],
        said=lambda name: field_words(name, desk.viewer.words),
        rows=_preview(job, piece, layout, desk) if piece else [],
        unready=bool(wrong_columns(layout.columns, layout.width)),
        failure=failure_words(job.failure, desk.viewer.words) if job.failed_at else "",
    )


@get(f"{HERE}/progress", needs=Permission.TRANSFER)
async def show_progress(request: AnyRequest, desk: TheDesk, ref: FromPath[str]) -> Response[Any] | Template:
    async with desk.lens():
        job = await find_job(desk.practice, ref, "import")
    return progress_answer(request, desk, job)


@post(f"{HERE}/check", status_code=303, needs=Permission.TRANSFER)
async def check(request: AnyRequest, desk: TheDesk, ref: FromPath[str]) -> Redirect:
    return await _ask(request, desk, ref, "check")


@post(f"{HERE}/start", status_code=303, needs=Permission.TRANSFER)
async def start(request: AnyRequest, desk: TheDesk, ref: FromPath[str]) -> Redirect:
    return await _ask(request, desk, ref, "apply")


@post(f"{HERE}/cancellation", status_code=303, needs=Permission.TRANSFER)
async def cancel_import(request: AnyRequest, desk: TheDesk, ref: FromPath[str]) -> Redirect:
    await read_form(request, desk.viewer)
    async with desk.lens():
        await find_job(desk.practice, ref, "import")
        await cancel(desk.practice, ref, desk.viewer.now)
    return Redirect(f"{desk.path}/transfers/imports/{ref}", status_code=303)


async def _ask(request: AnyRequest, desk: Desk, ref: str, what: str) -> Redirect:
    """A second click finds it under way, which is what it wanted. Columns that are wrong are asked for again."""
    await read_form(request, desk.viewer)
    address = f"{desk.path}/transfers/imports/{ref}"
    async with desk.lens():
        job = await find_job(desk.practice, ref, "import")
        if job.under_way or job.is_over:
            return Redirect(address, status_code=303)
        if wrong_columns(job.settings["columns"], len(job.settings["headings"])):
            return Redirect(f"{address}/columns", status_code=303)
        with suppress(TransferUnderWay):
            await ask_for(desk.practice, ref, what, desk.viewer.now, language=desk.viewer.words.language)
    return Redirect(address, status_code=303)


def _is_told(name: str, layout: Layout) -> bool:
    return name in layout.columns or (name in {"first_name", "last_name"} and "full_name" in layout.columns)


def _preview(job: Job, piece: bytes, layout: Layout, desk: Desk) -> list[dict[str, Any]]:
    """The first rows as they would become; a client's second row in them is told, too."""
    readings = [read_row(row.number, row.cells, layout) for row in first_rows(job, piece, is_whole=len(piece) < PIECE)]
    seen: set[str] = set()
    for reading in readings:
        email = reading.values.get("email")
        if email in seen:
            reading.refuse("email", "twice")
        seen |= {email} if email else set()
    return [_shown(reading, layout, desk) for reading in readings]


def _shown(reading: Reading, layout: Layout, desk: Desk) -> dict[str, Any]:
    faults = {name: fault_words(why, desk.viewer.words) for name, why in reading.faults.items()}
    whole = faults.pop("full_name", "") or faults.pop("row", "")
    typed = {
        name: reading.cells[place][:LONGEST_SHOWN]
        for name, place in layout.columns.items()
        if name in faults and place < len(reading.cells)
    }
    values = {name: _said(name, value, desk) for name, value in reading.values.items()}
    return {"number": reading.number, "values": values | typed, "faults": faults, "whole": whole}


def _said(name: str, value: Any, desk: Desk) -> str:
    if name in {"phone", "home_phone"}:
        return say_phone(value, desk.practice.country)
    if name == "birthday":
        return desk.viewer.formats.date(value)
    return ", ".join(value) if isinstance(value, list) else str(value)
