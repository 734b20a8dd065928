"""What the practice asks its clients to agree to: for everybody there to read, for its admins to write."""

from litestar import get, post
from litestar.params import FromPath
from litestar.response import Redirect, Template

from portal.database import practice_lens
from portal.phrases import phrase
from portal.staff.desk import Desk, TheAdminDesk, TheDesk
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

CONFLICT, UNPROCESSABLE = 409, 422


@get("/desk/{slug:str}/consents")
async def list_them(desk: TheDesk) -> Template:
    async with practice_lens(desk.practice):
        wordings = await list_wordings(desk.practice)
        retired = await list_wordings(desk.practice, retired=True)
    return desk.page("desk/wordings.html", wordings=wordings, retired=retired)


@get("/desk/{slug:str}/consents/new")
async def ask_for_wording(admin_desk: TheAdminDesk) -> Template:
    return await _page(admin_desk, "", Form(admin_desk.viewer.words))


@post("/desk/{slug:str}/consents/new", status_code=303)
async def add(request: AnyRequest, admin_desk: TheAdminDesk) -> Redirect | Template:
    form = await read_form(request, admin_desk.viewer)
    name, body = _read(form)
    if not form.ok:
        return await _page(admin_desk, "", form, status=UNPROCESSABLE)
    async with practice_lens(admin_desk.practice):
        await make_wording(admin_desk.practice, name, body, admin_desk.by, admin_desk.viewer.now)
    return Redirect(f"{admin_desk.path}/consents", status_code=303)


@get("/desk/{slug:str}/consents/{ref:str}")
async def show_wording(desk: TheDesk, ref: FromPath[str]) -> Template:
    return await _page(desk, ref)


@post("/desk/{slug:str}/consents/{ref:str}", status_code=303)
async def change(request: AnyRequest, admin_desk: TheAdminDesk, ref: FromPath[str]) -> Redirect | Template:
    form = await read_form(request, admin_desk.viewer)
    name, body = _read(form)
    seen = form.whole("seen", 0, 32767, required=False) or 0
    if not form.ok:
        return await _page(admin_desk, ref, form, status=UNPROCESSABLE)
    try:
        async with practice_lens(admin_desk.practice):
            await change_wording(admin_desk.practice, ref, name, body, seen, admin_desk.by, admin_desk.viewer.now)
    except ChangedMeanwhile as refusal:
        form.refuse("", phrase(refusal, admin_desk.viewer.formats))
        return await _page(admin_desk, ref, form, status=CONFLICT)
    return Redirect(f"{admin_desk.path}/consents", status_code=303)


@post("/desk/{slug:str}/consents/{ref:str}/retirement", status_code=303)
async def retire(request: AnyRequest, admin_desk: TheAdminDesk, ref: FromPath[str]) -> Redirect:
    """`undo` asks for it again."""
    form = await read_form(request, admin_desk.viewer)
    async with practice_lens(admin_desk.practice):
        await retire_wording(admin_desk.practice, ref, admin_desk.viewer.now, undo=bool(form["undo"]))
    return Redirect(f"{admin_desk.path}/consents", status_code=303)


def _read(form: Form) -> tuple[str, str]:
    return form.text("name", 100), form.text("body", 10_000, lines=True)


async def _page(desk: Desk, ref: str, form: Form | None = None, *, status: int = 200) -> Template:
    """The form carries the version that is the latest now: whoever saves again has read it below."""
    async with practice_lens(desk.practice):
        wording = await find_wording(desk.practice, ref) if ref else None
        texts = await texts_of(desk.practice, ref) if ref else []
    known = {"name": wording["name"], "body": wording["body"]} if wording else {}
    form = form or Form(desk.viewer.words, known.items())
    return desk.page("desk/wording.html", status_code=status, wording=wording, texts=texts, form=form)
