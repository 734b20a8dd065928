"""What the practice asks its clients to agree to: for everybody there to read, for its admins to write."""

from litestar import get, post
from litestar.params import FromPath
from litestar.response import Redirect, Template

from portal.phrases import phrase
from portal.staff.desk import Desk, TheDesk
from portal.web.forms import Form, read_form
from portal.web.given import AnyRequest
from tenants.consents.wording import (
    change_wording,
    find_wording,
    list_wordings,
    make_wording,
    retire_wording,
    texts_of,
)
from tenants.refusals import ChangedMeanwhile
from tenants.team.permissions import Permission

CONFLICT, UNPROCESSABLE = 409, 422


@get("/desk/{slug:str}/consents", needs=Permission.SETTINGS)
async def list_them(desk: TheDesk) -> Template:
    async with desk.lens():
        wordings = await list_wordings(desk.practice)
        retired = await list_wordings(desk.practice, retired=True)
    return desk.page("desk/wordings.html", wordings=wordings, retired=retired)


@get("/desk/{slug:str}/consents/new", needs=Permission.CHANGE_SETTINGS)
async def ask_for_wording(desk: TheDesk) -> Template:
    return await _page(desk, "", Form(desk.viewer.words))


@post("/desk/{slug:str}/consents/new", status_code=303, needs=Permission.CHANGE_SETTINGS)
async def add(request: AnyRequest, desk: TheDesk) -> Redirect | Template:
    form = await read_form(request, desk.viewer)
    name, body = _read(form)
    if not form.ok:
        return await _page(desk, "", form, status=UNPROCESSABLE)
    async with desk.lens():
        await make_wording(desk.practice, name, body, desk.by, desk.viewer.now)
    return Redirect(f"{desk.path}/consents", status_code=303)


@get("/desk/{slug:str}/consents/{ref:str}", needs=Permission.SETTINGS)
async def show_wording(desk: TheDesk, ref: FromPath[str]) -> Template:
    return await _page(desk, ref)


@post("/desk/{slug:str}/consents/{ref:str}", status_code=303, needs=Permission.CHANGE_SETTINGS)
async def change(request: AnyRequest, desk: TheDesk, ref: FromPath[str]) -> Redirect | Template:
    form = await read_form(request, desk.viewer)
    name, body = _read(form)
    seen = form.whole("seen", 0, 32767, required=False) or 0
    if not form.ok:
        return await _page(desk, ref, form, status=UNPROCESSABLE)
    try:
        async with desk.lens():
            await change_wording(desk.practice, ref, name, body, seen, desk.by, desk.viewer.now)
    except ChangedMeanwhile as refusal:
        form.refuse("", phrase(refusal, desk.viewer.formats))
        return await _page(desk, ref, form, status=CONFLICT)
    return Redirect(f"{desk.path}/consents", status_code=303)


@post("/desk/{slug:str}/consents/{ref:str}/retirement", status_code=303, needs=Permission.CHANGE_SETTINGS)
async def retire(request: AnyRequest, desk: TheDesk, ref: FromPath[str]) -> Redirect:
    """`undo` asks for it again."""
    form = await read_form(request, desk.viewer)
    async with desk.lens():
        await retire_wording(desk.practice, ref, desk.viewer.now, undo=bool(form["undo"]))
    return Redirect(f"{desk.path}/consents", status_code=303)


def _read(form: Form) -> tuple[str, str]:
    return form.text("name", 100), form.text("body", 10_000, lines=True)


async def _page(desk: Desk, ref: str, form: Form | None = None, *, status: int = 200) -> Template:
    """The form carries the version that is the latest now: whoever saves again has read it below."""
    async with desk.lens():
        wording = await find_wording(desk.practice, ref) if ref else None
        texts = await texts_of(desk.practice, ref) if ref else []
    known = {"name": wording["name"], "body": wording["body"]} if wording else {}
    form = form or Form(desk.viewer.words, known.items())
    return desk.page("desk/wording.html", status_code=status, wording=wording, texts=texts, form=form)
