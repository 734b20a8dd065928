"""One room, or one piece of equipment: renamed, given up and taken back."""

from typing import Any

from litestar import get, post
from litestar.params import FromPath
from litestar.response import Redirect, Template

from portal.phrases import phrase
from portal.staff.desk import Desk, TheDesk
from portal.staff.settings.giving_up import ask_first
from portal.staff.settings.resources import LONGEST_NAME
from portal.web.forms import Form, read_form
from portal.web.given import AnyRequest
from tenants.refs import fingerprint
from tenants.refusals import ChangedMeanwhile
from tenants.resources.edit import rename_thing, restore_thing, retire_thing
from tenants.resources.find import find_kind, find_thing
from tenants.team.permissions import Permission

CONFLICT, UNPROCESSABLE = 409, 422


@get("/desk/{slug:str}/resources/{ref:str}/things/{thing:str}", needs=Permission.CHANGE_SETTINGS)
async def ask_for_name(desk: TheDesk, ref: FromPath[str], thing: FromPath[str]) -> Template:
    kind, row = await _find(desk, ref, thing)
    typed = [("name", row["name"]), ("seen", fingerprint(row["name"]))]
    return _page(desk, kind, row, Form(desk.viewer.words, typed))


@post("/desk/{slug:str}/resources/{ref:str}/things/{thing:str}", status_code=303, needs=Permission.CHANGE_SETTINGS)
async def rename(request: AnyRequest, desk: TheDesk, ref: FromPath[str], thing: FromPath[str]) -> Redirect | Template:
    form = await read_form(request, desk.viewer)
    kind, row = await _find(desk, ref, thing)
    name = form.text("name", LONGEST_NAME)
    if not form.ok:
        return _page(desk, kind, row, form)
    try:
        async with desk.lens():
            await rename_thing(desk.practice, kind["id"], thing, name, form.get("seen", ""))
    except ChangedMeanwhile as refusal:
        form.refuse("", phrase(refusal, desk.viewer.formats))
        kind, row = await _find(desk, ref, thing)
        form["seen"] = fingerprint(row["name"])
        return _page(desk, kind, row, form, status=CONFLICT)
    return Redirect(f"{desk.path}/resources/{ref}", status_code=303)


@post(
    "/desk/{slug:str}/resources/{ref:str}/things/{thing:str}/retirement",
    status_code=303,
    needs=Permission.CHANGE_SETTINGS,
)
async def retire(request: AnyRequest, desk: TheDesk, ref: FromPath[str], thing: FromPath[str]) -> Redirect | Template:
    form = await read_form(request, desk.viewer)
    kind, row = await _find(desk, ref, thing)
    async with desk.lens():
        if (question := await ask_first(desk, form, ref, row["name"], [row["id"]])) is not None:
            return question
        await retire_thing(desk.practice, kind["id"], thing, desk.viewer.now)
    return Redirect(f"{desk.path}/resources/{ref}", status_code=303)


@post(
    "/desk/{slug:str}/resources/{ref:str}/things/{thing:str}/return", status_code=303, needs=Permission.CHANGE_SETTINGS
)
async def restore(request: AnyRequest, desk: TheDesk, ref: FromPath[str], thing: FromPath[str]) -> Redirect:
    await read_form(request, desk.viewer)
    async with desk.lens():
        kind = await find_kind(desk.practice, ref)
        await restore_thing(desk.practice, kind["id"], thing)
    return Redirect(f"{desk.path}/resources/{ref}", status_code=303)


async def _find(desk: Desk, ref: str, thing: str) -> tuple[dict[str, Any], dict[str, Any]]:
    async with desk.lens():
        kind = await find_kind(desk.practice, ref)
        return kind, await find_thing(desk.practice, kind["id"], thing)


def _page(
    desk: Desk, kind: dict[str, Any], row: dict[str, Any], form: Form, *, status: int = UNPROCESSABLE
) -> Template:
    code = status if form.errors else 200
    return desk.page("desk/resource_thing.html", status_code=code, kind=kind, thing=row, form=form)
