"""The first step of an import: a file."""

import asyncio

from litestar import get, post
from litestar.exceptions.http_exceptions import RequestEntityTooLarge
from litestar.response import Redirect, Template

from portal.people.pace import EVERY_HOUR, keep_pace
from portal.phrases import phrase
from portal.staff.desk import Desk, TheDesk
from portal.transfers.reading import look_into
from portal.web.forms import Form, read_form
from portal.web.given import AnyRequest
from portal.web.uploads import FORM_AROUND_A_FILE, file_name, read_upload
from tenants.refusals import FileTooLarge, Refusal
from tenants.team.permissions import Permission
from tenants.transfer.jobs import Begun, begin
from tenants.transfer.sheet import LARGEST, MOST_ROWS

TOO_LARGE, UNPROCESSABLE = 413, 422
MEGABYTES = LARGEST // 1024 // 1024
UPLOADS_AN_HOUR = 60
ACCEPT = ".csv,.tsv,.txt,.vcf,text/csv,text/vcard"


@get("/desk/{slug:str}/clients/import", needs=Permission.TRANSFER)
async def ask_for_file(desk: TheDesk) -> Template:
    return _page(desk, Form(desk.viewer.words))


@post(
    "/desk/{slug:str}/clients/import",
    status_code=303,
    request_max_body_size=LARGEST + FORM_AROUND_A_FILE,
    needs=Permission.TRANSFER,
)
async def take_file(request: AnyRequest, desk: TheDesk) -> Redirect | Template:
    try:
        await read_form(request, desk.viewer)
        sent = await read_upload(request, "file", LARGEST)
        name = await file_name(request, "file")
    except RequestEntityTooLarge:
        return _refused(desk, phrase(FileTooLarge(MEGABYTES), desk.viewer.formats), TOO_LARGE)
    if sent is None or not name:
        return _refused(desk, desk.viewer.words.gettext("Please choose a file first."))
    if len(sent) > LARGEST:
        return _refused(desk, phrase(FileTooLarge(MEGABYTES), desk.viewer.formats), TOO_LARGE)
    await keep_pace("import", f"{desk.practice.id}", UPLOADS_AN_HOUR, EVERY_HOUR, desk.viewer.now)
    try:
        looked = await asyncio.to_thread(look_into, sent, desk.practice.country)
    except Refusal as refusal:
        return _refused(desk, phrase(refusal, desk.viewer.formats))
    begun = Begun("import", looked.form, name, looked.settings, looked.rows)
    async with desk.lens():
        ref = await begin(desk.practice, begun, desk.by, desk.viewer.now, sent)
    step = "" if looked.form == "vcard" else "/columns"
    return Redirect(f"{desk.path}/transfers/imports/{ref}{step}", status_code=303)


def _refused(desk: Desk, words: str, status: int = UNPROCESSABLE) -> Template:
    form = Form(desk.viewer.words)
    form.refuse("file", words)
    return _page(desk, form, status)


def _page(desk: Desk, form: Form, status: int = 200) -> Template:
    return desk.page(
        "desk/transfers/upload.html",
        status_code=status,
        form=form,
        accept=ACCEPT,
        megabytes=MEGABYTES,
        rows=MOST_ROWS,
        largest=LARGEST,
        too_large=phrase(FileTooLarge(MEGABYTES), desk.viewer.formats),
    )
