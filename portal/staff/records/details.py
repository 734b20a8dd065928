"""Whose word each detail of a record is: the client's own, or the practice's on purpose."""

from typing import Any

from litestar import get, post
from litestar.params import FromPath
from litestar.response import Redirect, Template

from portal.languages.phones import say_phone
from portal.staff.desk import Desk, TheDesk
from portal.web.forms import Form, read_form
from portal.web.given import AnyRequest
from tenants.clients.details import FIELDS, hold_details, restore_own
from tenants.clients.record import find_record
from tenants.team.permissions import Permission

UNPROCESSABLE = 422
PHONES = {"phone", "home_phone"}


async def details_section(desk: Desk, record: dict[str, Any]) -> dict[str, Any]:
    return {"details": [_whose(record, name, desk) for name in FIELDS]}


@get("/desk/{slug:str}/clients/{ref:str}/details", needs=Permission.CONTACTS)
async def ask_for_details(desk: TheDesk, ref: FromPath[str]) -> Template:
    record = await _record(desk, ref)
    return _details_page(desk, record, Form(desk.viewer.words, _shown(record, desk).items()))


@post("/desk/{slug:str}/clients/{ref:str}/details", status_code=303, needs=Permission.CONTACTS)
async def keep_details(request: AnyRequest, desk: TheDesk, ref: FromPath[str]) -> Redirect | Template:
    """Only what was typed over counts, so that a form left open takes back nothing that came meanwhile."""
    form = await read_form(request, desk.viewer)
    seen = {name: str(form.get(f"seen_{name}", "")) for name in FIELDS}
    countries = (desk.practice.country,)
    typed = {
        name: form.phone(name, countries) if name in PHONES else form.text(name, 100, required=name == "first_name")
        for name in FIELDS
        if str(form.get(name, "")).strip() != seen[name]
    }
    if not form.ok:
        return _details_page(desk, await _record(desk, ref), form, status=UNPROCESSABLE)
    async with desk.lens():
        await hold_details(desk.practice, ref, typed, desk.by, desk.viewer.now)
    return Redirect(f"{desk.path}/clients/{ref}?done=kept", status_code=303)


@post("/desk/{slug:str}/clients/{ref:str}/own", status_code=303, needs=Permission.CONTACTS)
async def restore(request: AnyRequest, desk: TheDesk, ref: FromPath[str]) -> Redirect:
    form = await read_form(request, desk.viewer)
    async with desk.lens():
        await restore_own(desk.practice, ref, form["field"], desk.by, desk.viewer.now)
    return Redirect(f"{desk.path}/clients/{ref}?done=restored", status_code=303)


async def _record(desk: Desk, ref: str) -> dict[str, Any]:
    async with desk.lens():
        return await find_record(desk.practice, ref)


def _details_page(desk: Desk, record: dict[str, Any], form: Form, *, status: int = 200) -> Template:
    seen = {name: form.get(f"seen_{name}", value) for name, value in _shown(record, desk).items()}
    return desk.page("desk/client_details.html", status_code=status, client=record, form=form, seen=seen)


def _shown(record: dict[str, Any], desk: Desk) -> dict[str, str]:
    return {name: said_value(name, record[name], desk.practice.country) for name in FIELDS}


def _whose(record: dict[str, Any], name: str, desk: Desk) -> dict[str, Any]:
    """`own` is None where the client never said."""
    own = record[f"own_{name}"]
    return {
        "name": name,
        "shown": _seen(name, record[name], desk),
        "own": None if own is None else _seen(name, own, desk),
        "held": name in record["held"],
        "is_own": own is not None and own == record[name],
    }


def _seen(name: str, value: str, desk: Desk) -> str:
    said = said_value(name, value, desk.practice.country)
    return desk.contact(said) if name in PHONES else said


def said_value(name: str, value: str, country: str) -> str:
    return say_phone(value, country) if name in PHONES and value else value
