"""A client's documents: sent here, shared with the client or not, taken away and put back."""

import asyncio
from typing import Any

from litestar import Response, get, post
from litestar.exceptions.http_exceptions import RequestEntityTooLarge
from litestar.params import FromPath
from litestar.response import Redirect, Template

from portal.people.pace import EVERY_HOUR, keep_pace
from portal.phrases import phrase
from portal.staff.desk import Desk, TheDesk
from portal.web.downloads import as_download, unchanged
from portal.web.forms import Form, read_form
from portal.web.given import AnyRequest
from portal.web.uploads import FORM_AROUND_A_FILE, read_file
from tenants.clients.record import find_record
from tenants.documents.add import LARGEST, LARGEST_MEGABYTES, MOST_MEGABYTES, Sent, add_document
from tenants.documents.find import documents_of, find_document, read_content
from tenants.documents.kinds import KINDS, kind_of
from tenants.documents.names import LONGEST, clean_name, last_of_path
from tenants.documents.remove import remove_document, restore_document
from tenants.documents.share import share_document, unshare_document
from tenants.refusals import DocumentTooLarge, FileUnknown, NotFound, RecordFull, Refusal
from tenants.team.permissions import Permission

CONFLICT, TOO_LARGE, UNPROCESSABLE = 409, 413, 422
SENT_AN_HOUR = 120
LONGEST_NOTE = 1000
ACCEPT = ",".join(ending for kind in KINDS.values() for ending in kind.endings)


async def documents_section(desk: Desk, record: dict[str, Any], form: Form | None = None) -> dict[str, Any]:
    """What `desk/_client_documents.html` asks for, as `documents`. `record` is the client's row."""
    async with desk.lens():
        rows = [row | {"name": desk.typed(row["name"])} for row in await documents_of(desk.practice, record["id"])]
    return {
        "here": f"{desk.path}/clients/{record['ref']}/documents",
        "rows": rows,
        "form": Form(desk.viewer.words) if form is None else form,
        "accept": ACCEPT,
        "largest": LARGEST,
        "megabytes": LARGEST_MEGABYTES,
        "most": MOST_MEGABYTES,
        "longest": LONGEST,
        "too_large": phrase(DocumentTooLarge(LARGEST_MEGABYTES), desk.viewer.formats),
    }


@get("/desk/{slug:str}/clients/{ref:str}/documents", needs=Permission.CLIENTS)
async def list_documents(request: AnyRequest, desk: TheDesk, ref: FromPath[str]) -> Template:
    """`removed` names one just taken away: one button puts it back. `done` tells what else has changed."""
    asked = request.query_params
    removed = await _removed(desk, ref, asked.get("removed", ""))
    return await _page(desk, ref, Form(desk.viewer.words), done=asked.get("done", ""), removed=removed)


@post(
    "/desk/{slug:str}/clients/{ref:str}/documents",
    status_code=303,
    request_max_body_size=LARGEST + FORM_AROUND_A_FILE,
    needs=Permission.CHANGE_CLIENTS,
)
async def add(request: AnyRequest, desk: TheDesk, ref: FromPath[str]) -> Redirect | Template:
    try:
        form = await read_form(request, desk.viewer)
        sent = await read_file(request, "document_file", LARGEST)
    except RequestEntityTooLarge:
        return await _refused(desk, ref, Form(desk.viewer.words), DocumentTooLarge(LARGEST_MEGABYTES))
    name = form.text("document_name", LONGEST, required=False)
    note = form.text("document_note", LONGEST_NOTE, required=False, lines=True)
    if sent is None or not sent.content:
        form.refuse("document_file", desk.viewer.words.gettext("Please choose a file first."))
    elif len(sent.content) > LARGEST:
        return await _refused(desk, ref, form, DocumentTooLarge(LARGEST_MEGABYTES))
    if not form.ok or sent is None:
        return await _page(desk, ref, form, status=UNPROCESSABLE)
    await keep_pace("document", f"{desk.practice.slug} {desk.by}", SENT_AN_HOUR, EVERY_HOUR, desk.viewer.now)
    kind = await asyncio.to_thread(kind_of, sent.content)
    if kind is None:
        return await _refused(desk, ref, form, FileUnknown())
    document = Sent(clean_name(name or last_of_path(sent.name), kind), note, sent.content, kind)
    shared = bool(form.get("document_shared"))
    try:
        async with desk.lens():
            await add_document(desk.practice, ref, document, desk.viewer.now, by=desk.by, shared=shared)
    except RecordFull as refusal:
        return await _refused(desk, ref, form, refusal)
    return _back(desk, ref, "added-shared" if shared else "added")


@get("/desk/{slug:str}/documents/{ref:str}", needs=Permission.CLIENTS)
async def send_document(request: AnyRequest, desk: TheDesk, ref: FromPath[str]) -> Response[Any]:
    async with desk.lens():
        row = await find_document(desk.practice, ref)
        if same := unchanged(request, row["sha256"]):
            return same
        content = await read_content(row["id"])
    return as_download(content, desk.typed(row["name"]), KINDS[row["kind"]].media_type, row["sha256"])


@post("/desk/{slug:str}/documents/{ref:str}/sharing", status_code=303, needs=Permission.CHANGE_CLIENTS)
async def share(request: AnyRequest, desk: TheDesk, ref: FromPath[str]) -> Redirect:
    """`shared` is empty to share it no longer."""
    form = await read_form(request, desk.viewer)
    shared = bool(form.get("shared"))
    async with desk.lens():
        row = await find_document(desk.practice, ref)
        if shared:
            await share_document(desk.practice, ref, desk.viewer.now, by=desk.by)
        else:
            await unshare_document(desk.practice, ref)
    return _back(desk, row["client_ref"], "shared" if shared else "unshared")


@post("/desk/{slug:str}/documents/{ref:str}/removal", status_code=303, needs=Permission.CHANGE_CLIENTS)
async def remove(request: AnyRequest, desk: TheDesk, ref: FromPath[str]) -> Redirect:
    await read_form(request, desk.viewer)
    async with desk.lens():
        row = await find_document(desk.practice, ref)
        await remove_document(desk.practice, ref, desk.viewer.now, by=desk.by)
    return Redirect(f"{desk.path}/clients/{row['client_ref']}/documents?removed={ref}", status_code=303)


@post("/desk/{slug:str}/documents/{ref:str}/restoration", status_code=303, needs=Permission.CHANGE_CLIENTS)
async def restore(request: AnyRequest, desk: TheDesk, ref: FromPath[str]) -> Redirect | Template:
    await read_form(request, desk.viewer)
    async with desk.lens():
        row = await find_document(desk.practice, ref, removed=True)
    try:
        async with desk.lens():
            await restore_document(desk.practice, ref, desk.viewer.now)
    except RecordFull as refusal:
        return await _refused(desk, row["client_ref"], Form(desk.viewer.words), refusal)
    return _back(desk, row["client_ref"], "restored")


def _back(desk: Desk, client: str, done: str) -> Redirect:
    return Redirect(f"{desk.path}/clients/{client}/documents?done={done}", status_code=303)


async def _removed(desk: Desk, client: str, ref: str) -> dict[str, Any] | None:
    if not ref:
        return None
    try:
        async with desk.lens():
            row = await find_document(desk.practice, ref, removed=True)
    except NotFound:
        return None
    return row | {"name": desk.typed(row["name"])} if row["client_ref"] == client else None


async def _refused(desk: Desk, ref: str, form: Form, refusal: Refusal) -> Template:
    form.refuse("document_file", phrase(refusal, desk.viewer.formats))
    statuses: dict[type[Refusal], int] = {DocumentTooLarge: TOO_LARGE, RecordFull: CONFLICT}
    return await _page(desk, ref, form, status=statuses.get(type(refusal), UNPROCESSABLE))


async def _page(
    desk: Desk, ref: str, form: Form, *, status: int = 200, done: str = "", removed: dict[str, Any] | None = None
) -> Template:
    """Raises NotFound."""
    async with desk.lens():
        record = await find_record(desk.practice, ref)
    if record["erased_at"]:
        raise NotFound("client_record")
    return desk.page(
        "desk/documents.html",
        status_code=status,
        client=record,
        documents=await documents_section(desk, record, form),
        form=form,
        done=done,
        removed=removed,
    )
