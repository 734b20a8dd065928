"""Everything that the practice owns of its clients, asked for, watched while it is made, and taken away."""

from typing import Any

from litestar import Response, get, post
from litestar.exceptions import NotFoundException
from litestar.params import FromPath
from litestar.response import Redirect, Stream, Template

from portal.languages.words import Words
from portal.people.pace import EVERY_HOUR, keep_pace
from portal.staff.desk import Desk, TheDesk
from portal.staff.transfers.progress import progress_answer
from portal.staff.transfers.sending import send_file
from portal.transfers.words import failure_words
from portal.web.forms import Form, read_form
from portal.web.given import AnyRequest
from tenants.team.permissions import Permission
from tenants.transfer.exported import EXPORTED
from tenants.transfer.files import file_size
from tenants.transfer.jobs import RESULT_KEPT, Begun, Job, begin, cancel, downloads_of, find_job, note_download

UNPROCESSABLE = 422
EXPORTS_AN_HOUR = 20
MEGABYTE = 1_000_000
ENDINGS = {"csv": ("zip", "application/zip"), "json": ("json", "application/json"), "vcard": ("vcf", "text/vcard")}
HERE = "/desk/{slug:str}/transfers/exports/{ref:str}"


@get("/desk/{slug:str}/clients/export", needs=Permission.TRANSFER)
async def ask_for_export(desk: TheDesk) -> Template:
    return _form_page(desk, Form(desk.viewer.words, [("form", "csv")]))


@post("/desk/{slug:str}/clients/export", status_code=303, needs=Permission.TRANSFER)
async def begin_export(request: AnyRequest, desk: TheDesk) -> Redirect | Template:
    form = await read_form(request, desk.viewer)
    chosen = form.one_of("form", set(ENDINGS))
    if not form.ok:
        return _form_page(desk, form, UNPROCESSABLE)
    await keep_pace("export", f"{desk.practice.id}", EXPORTS_AN_HOUR, EVERY_HOUR, desk.viewer.now)
    name = f"{desk.practice.name} {desk.viewer.today}.{ENDINGS[chosen][0]}"
    async with desk.lens():
        begun = Begun("export", chosen, name, {}, 0, "export")
        ref = await begin(desk.practice, begun, desk.by, desk.viewer.now)
    return Redirect(f"{desk.path}/transfers/exports/{ref}", status_code=303)


@get(HERE, needs=Permission.TRANSFER)
async def show_export(desk: TheDesk, ref: FromPath[str]) -> Template:
    async with desk.lens():
        job = await find_job(desk.practice, ref, "export")
        size = await file_size(desk.practice, job.id, "result") if job.finished_at else 0
        downloads = await downloads_of(desk.practice, job)
    return desk.page(
        "desk/transfers/export.html",
        job=job,
        size=_size(size, desk.viewer.words),
        downloads=downloads,
        until=job.finished_at + RESULT_KEPT if job.finished_at and size else None,
        failure=failure_words(job.failure, desk.viewer.words) if job.failed_at else "",
    )


@get(f"{HERE}/progress", needs=Permission.TRANSFER)
async def show_export_progress(request: AnyRequest, desk: TheDesk, ref: FromPath[str]) -> Response[Any] | Template:
    async with desk.lens():
        job = await find_job(desk.practice, ref, "export")
    return progress_answer(request, desk, job)


@post(f"{HERE}/cancellation", status_code=303, needs=Permission.TRANSFER)
async def cancel_export(request: AnyRequest, desk: TheDesk, ref: FromPath[str]) -> Redirect:
    await read_form(request, desk.viewer)
    async with desk.lens():
        await find_job(desk.practice, ref, "export")
        await cancel(desk.practice, ref, desk.viewer.now)
    return Redirect(f"{desk.path}/transfers/exports/{ref}", status_code=303)


@get(f"{HERE}/file", needs=Permission.TRANSFER)
async def send_export(desk: TheDesk, ref: FromPath[str]) -> Stream:
    """Noted before it leaves: who, and when."""
    async with desk.lens():
        job = await find_job(desk.practice, ref, "export")
        size = await file_size(desk.practice, job.id, "result")
        if not _may_leave(job, desk) or not size:
            raise NotFoundException
        await note_download(desk.practice, job, desk.by, desk.viewer.now)
    return send_file(desk, job, "result", job.file_name, ENDINGS[job.form][1], size)


def _may_leave(job: Job, desk: Desk) -> bool:
    """Also when the worker that forgets old files is late."""
    return job.finished_at is not None and desk.viewer.now < job.finished_at + RESULT_KEPT


def _form_page(desk: Desk, form: Form, status: int = 200) -> Template:
    tables = [exported.name for exported in EXPORTED]
    return desk.page("desk/transfers/export_form.html", status_code=status, form=form, tables=tables)


def _size(count: int, words: Words) -> str:
    if count < MEGABYTE:
        return words.gettext("%(n)s kB", n=max(1, round(count / 1000)))
    return words.gettext("%(n)s MB", n=round(count / MEGABYTE))
