"""Notes about a client, for staff alone: written, rewritten with every former text kept, pinned, removed."""

from typing import Any

from litestar import get, post
from litestar.params import FromPath
from litestar.response import Redirect, Template

from portal.phrases import phrase
from portal.staff.desk import Desk, TheDesk
from portal.web.forms import Form, read_form
from portal.web.given import AnyRequest
from tenants.clients.record import find_record
from tenants.notes.note import (
    find_note,
    notes_of,
    pin_note,
    put_note_back,
    remove_note,
    rewrite_note,
    versions_of,
    write_note,
)
from tenants.refusals import ChangedMeanwhile, NotFound
from tenants.team.permissions import Permission

CONFLICT, UNPROCESSABLE = 409, 422
LONGEST = 5000


async def notes_section(desk: Desk, record: dict[str, Any]) -> dict[str, Any]:
    """Those that were removed, for admins alone."""
    async with desk.lens():
        notes = await notes_of(desk.practice, record["id"])
        removed = await notes_of(desk.practice, record["id"], removed=True) if desk.member.is_admin else []
    notes = [note | {"body": desk.typed(note["body"])} for note in notes]
    return {"notes": notes, "removed_notes": removed, "note_form": Form(desk.viewer.words)}


@post("/desk/{slug:str}/clients/{ref:str}/notes", status_code=303, needs=Permission.CHANGE_CLIENTS)
async def write(request: AnyRequest, desk: TheDesk, ref: FromPath[str]) -> Redirect | Template:
    form = await read_form(request, desk.viewer)
    body = form.text("note", LONGEST, lines=True)
    pinned = form.text("pinned", 3, required=False) == "yes"
    async with desk.lens():
        record = await find_record(desk.practice, ref)
        if form.ok:
            await write_note(desk.practice, record["id"], body, desk.by, desk.viewer.now, pinned=pinned)
    if not form.ok:
        facts: dict[str, Any] = {"client": record, "note": None, "whole": True, "versions": [], "form": form}
        return desk.page("desk/note.html", status_code=UNPROCESSABLE, **facts)
    return Redirect(f"{desk.path}/clients/{ref}#notes", status_code=303)


@get("/desk/{slug:str}/clients/{ref:str}/notes/{note:str}", needs=Permission.CLIENTS)
async def show_note(desk: TheDesk, ref: FromPath[str], note: FromPath[str]) -> Template:
    return await _page(desk, ref, note)


@post("/desk/{slug:str}/clients/{ref:str}/notes/{note:str}", status_code=303, needs=Permission.CHANGE_CLIENTS)
async def rewrite(request: AnyRequest, desk: TheDesk, ref: FromPath[str], note: FromPath[str]) -> Redirect | Template:
    form = await read_form(request, desk.viewer)
    body = form.text("note", LONGEST, lines=True)
    seen = form.whole("seen", 0, 2**53, required=False) or 0
    async with desk.lens():
        record = await find_record(desk.practice, ref)
    if not form.ok:
        return await _page(desk, ref, note, form, status=UNPROCESSABLE)
    try:
        async with desk.lens():
            _check_whole(desk, await find_note(desk.practice, record["id"], note))
            await rewrite_note(desk.practice, record["id"], note, body, seen, desk.by, desk.viewer.now)
    except ChangedMeanwhile as refusal:
        form.refuse("", phrase(refusal, desk.viewer.formats))
        return await _page(desk, ref, note, form, status=CONFLICT)
    return Redirect(f"{desk.path}/clients/{ref}#notes", status_code=303)


@post("/desk/{slug:str}/clients/{ref:str}/notes/{note:str}/pin", status_code=303, needs=Permission.CHANGE_CLIENTS)
async def pin(request: AnyRequest, desk: TheDesk, ref: FromPath[str], note: FromPath[str]) -> Redirect:
    """`undo` takes it off the top again."""
    form = await read_form(request, desk.viewer)
    async with desk.lens():
        record = await find_record(desk.practice, ref)
        await pin_note(desk.practice, record["id"], note, desk.viewer.now, undo=bool(form["undo"]))
    return Redirect(f"{desk.path}/clients/{ref}#notes", status_code=303)


@post("/desk/{slug:str}/clients/{ref:str}/notes/{note:str}/removal", status_code=303, needs=Permission.CHANGE_CLIENTS)
async def remove(request: AnyRequest, desk: TheDesk, ref: FromPath[str], note: FromPath[str]) -> Redirect:
    await read_form(request, desk.viewer)
    async with desk.lens():
        record = await find_record(desk.practice, ref)
        await remove_note(desk.practice, record["id"], note, desk.by, desk.viewer.now)
    return Redirect(f"{desk.path}/clients/{ref}?done=note-removed", status_code=303)


@post("/desk/{slug:str}/clients/{ref:str}/notes/{note:str}/return", status_code=303, needs=Permission.ERASE_CLIENTS)
async def put_back(request: AnyRequest, desk: TheDesk, ref: FromPath[str], note: FromPath[str]) -> Redirect:
    await read_form(request, desk.viewer)
    async with desk.lens():
        record = await find_record(desk.practice, ref)
        await put_note_back(desk.practice, record["id"], note)
    return Redirect(f"{desk.path}/clients/{ref}#notes", status_code=303)


def _check_whole(desk: Desk, note: dict[str, Any]) -> None:
    """Raises NotFound for a note of which this member does not see every word: they would rub out the others."""
    if desk.typed(note["body"]) != note["body"]:
        raise NotFound("client_note")


async def _page(desk: Desk, ref: str, note: str, form: Form | None = None, *, status: int = 200) -> Template:
    """The form carries the version that is the latest now: whoever saves again has read it below."""
    async with desk.lens():
        record = await find_record(desk.practice, ref)
        row = await find_note(desk.practice, record["id"], note, removed=desk.member.is_admin)
        versions = await versions_of(desk.practice, record["id"], note)
    form = form or Form(desk.viewer.words, [("note", desk.typed(row["body"]))])
    return desk.page(
        "desk/note.html",
        status_code=status,
        client=record,
        note=row,
        whole=desk.typed(row["body"]) == row["body"],
        versions=[version | {"body": desk.typed(version["body"])} for version in versions],
        form=form,
    )
