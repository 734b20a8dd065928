"""One kind of rooms or equipment: what it is called, what there is of it, and which services need one."""

from litestar import get, post
from litestar.params import FromPath
from litestar.response import Redirect, Template

from portal.phrases import phrase
from portal.staff.desk import Desk, TheDesk
from portal.staff.settings.giving_up import ask_first
from portal.staff.settings.resources import LONGEST_NAME, read_kind
from portal.web.forms import Form, read_form
from portal.web.given import AnyRequest
from tenants.places.edit import places_in_order
from tenants.refs import fingerprint
from tenants.refusals import ChangedMeanwhile, KindStillNeeded
from tenants.resources.edit import add_thing, change_kind, kind_of, retire_kind, unneeded_kind
from tenants.resources.find import find_kind, needed_by, things_of
from tenants.team.permissions import Permission

CONFLICT, UNPROCESSABLE = 409, 422


@get("/desk/{slug:str}/resources/{ref:str}", needs=Permission.SETTINGS)
async def show_kind(desk: TheDesk, ref: FromPath[str]) -> Template:
    return await kind_page(desk, ref)


@post("/desk/{slug:str}/resources/{ref:str}", status_code=303, needs=Permission.CHANGE_SETTINGS)
async def change(request: AnyRequest, desk: TheDesk, ref: FromPath[str]) -> Redirect | Template:
    form = await read_form(request, desk.viewer)
    kind = read_kind(form)
    if kind is None:
        return await kind_page(desk, ref, form)
    try:
        async with desk.lens():
            await change_kind(desk.practice, ref, kind, form.get("seen", ""))
    except ChangedMeanwhile as refusal:
        form.refuse("", phrase(refusal, desk.viewer.formats))
        async with desk.lens():
            form["seen"] = fingerprint(kind_of(await find_kind(desk.practice, ref)))
        return await kind_page(desk, ref, form, status=CONFLICT)
    return Redirect(f"{desk.path}/resources", status_code=303)


@post("/desk/{slug:str}/resources/{ref:str}/things", status_code=303, needs=Permission.CHANGE_SETTINGS)
async def add(request: AnyRequest, desk: TheDesk, ref: FromPath[str]) -> Redirect | Template:
    form = await read_form(request, desk.viewer)
    name, place = form.text("thing_name", LONGEST_NAME), form.text("place", 20)
    async with desk.lens():
        row = await find_kind(desk.practice, ref)
    if not form.ok:
        return await kind_page(desk, ref, thing=form)
    async with desk.lens():
        await add_thing(desk.practice, row["id"], place, name)
    return Redirect(f"{desk.path}/resources/{ref}", status_code=303)


@post("/desk/{slug:str}/resources/{ref:str}/retirement", status_code=303, needs=Permission.CHANGE_SETTINGS)
async def retire(request: AnyRequest, desk: TheDesk, ref: FromPath[str]) -> Redirect | Template:
    form = await read_form(request, desk.viewer)
    try:
        async with desk.lens():
            row = await unneeded_kind(desk.practice, ref)
            things = [each["id"] for each in await things_of(desk.practice, row["id"]) if each["retired_at"] is None]
            if (question := await ask_first(desk, form, ref, row["name"], things)) is not None:
                return question
            await retire_kind(desk.practice, ref, desk.viewer.now)
    except KindStillNeeded as refusal:
        refused = await _stands(desk, ref)
        refused.refuse("", phrase(refusal, desk.viewer.formats))
        return await kind_page(desk, ref, refused)
    return Redirect(f"{desk.path}/resources", status_code=303)


async def kind_page(
    desk: Desk, ref: str, form: Form | None = None, *, thing: Form | None = None, status: int = UNPROCESSABLE
) -> Template:
    """`form` and `thing` are the two forms as typed, where one was refused."""
    refused = (form or thing) is not None
    form = form or await _stands(desk, ref)
    async with desk.lens():
        row = await find_kind(desk.practice, ref)
        things = await things_of(desk.practice, row["id"])
        needed = await needed_by(desk.practice, row["id"])
        places = await places_in_order(desk.practice)
    here = [each for each in things if each["place_retired_at"] is None]
    return desk.page(
        "desk/resource_kind.html",
        status_code=status if refused else 200,
        kind=row,
        form=form,
        thing_form=thing or Form(desk.viewer.words),
        things=[each for each in here if each["retired_at"] is None],
        retired=[each for each in here if each["retired_at"] is not None],
        needed=needed,
        places=[(each["ref"], each["name"]) for each in places],
    )


async def _stands(desk: Desk, ref: str) -> Form:
    async with desk.lens():
        row = await find_kind(desk.practice, ref)
    typed = [("name", row["name"]), ("what", row["what"]), ("seen", fingerprint(kind_of(row)))]
    return Form(desk.viewer.words, typed)
