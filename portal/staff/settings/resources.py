"""Rooms and equipment: every kind with what there is of it, and a new kind."""

from typing import Any

from litestar import get, post
from litestar.params import FromPath
from litestar.response import Redirect, Template

from portal.staff.desk import Desk, TheDesk
from portal.web.forms import Form, read_form
from portal.web.given import AnyRequest
from tenants.places.edit import places_in_order
from tenants.resources.edit import WHAT, Kind, add_kind, add_thing, restore_kind
from tenants.resources.find import kinds, needed_by, retired_kinds
from tenants.team.permissions import Permission

UNPROCESSABLE = 422
LONGEST_NAME = 120
MOST_AT_ONCE = 50
_THERE = "there_"


@get("/desk/{slug:str}/resources", needs=Permission.SETTINGS)
async def list_kinds(desk: TheDesk) -> Template:
    async with desk.lens():
        listed = await kinds(desk.practice)
        needed = {kind["id"]: await needed_by(desk.practice, kind["id"]) for kind in listed}
        places = await places_in_order(desk.practice)
        retired = await retired_kinds(desk.practice)
    return desk.page("desk/resources.html", kinds=listed, needed=needed, places=places, retired=retired)


@get("/desk/{slug:str}/resources/new", needs=Permission.CHANGE_SETTINGS)
async def ask_for_kind(desk: TheDesk) -> Template:
    return await _page(desk, Form(desk.viewer.words, [("what", WHAT[0])]))


@post("/desk/{slug:str}/resources/new", status_code=303, needs=Permission.CHANGE_SETTINGS)
async def add(request: AnyRequest, desk: TheDesk) -> Redirect | Template:
    """With what there is of it: a name a line, for each place."""
    form = await read_form(request, desk.viewer)
    async with desk.lens():
        places = await places_in_order(desk.practice)
    there = [(row["ref"], name) for row in places for name in _names(form, _THERE + row["ref"], desk)]
    kind = read_kind(form)
    if kind is None:
        return await _page(desk, form)
    async with desk.lens():
        made = await add_kind(desk.practice, kind)
        for place, name in there:
            await add_thing(desk.practice, made["id"], place, name)
    return Redirect(f"{desk.path}/resources", status_code=303)


@post("/desk/{slug:str}/resources/{ref:str}/return", status_code=303, needs=Permission.CHANGE_SETTINGS)
async def restore(request: AnyRequest, desk: TheDesk, ref: FromPath[str]) -> Redirect:
    await read_form(request, desk.viewer)
    async with desk.lens():
        await restore_kind(desk.practice, ref)
    return Redirect(f"{desk.path}/resources", status_code=303)


def read_kind(form: Form) -> Kind | None:
    """The bounds are those of the table."""
    kind = Kind(form.text("name", LONGEST_NAME), form.one_of("what", set(WHAT)))
    return kind if form.ok else None


def _names(form: Form, field: str, desk: Desk) -> list[str]:
    lines = form.text(field, MOST_AT_ONCE * LONGEST_NAME, required=False, lines=True).split("\n")
    names = [line.strip() for line in lines if line.strip()]
    if any(len(name) > LONGEST_NAME for name in names):
        form.refuse(field, form.too_long(LONGEST_NAME))
    if len(names) > MOST_AT_ONCE:
        form.refuse(field, desk.viewer.words.gettext("Please name %(most)s at most at a time.", most=MOST_AT_ONCE))
    return names


async def _page(desk: Desk, form: Form) -> Template:
    async with desk.lens():
        places = await places_in_order(desk.practice)
    fields: list[tuple[str, dict[str, Any]]] = [(_THERE + row["ref"], row) for row in places]
    status = UNPROCESSABLE if form.errors else 200
    return desk.page("desk/resource_new.html", status_code=status, form=form, places=fields)
