"""One client as the practice knows them: whose word each detail is, and who changed what."""

from datetime import timedelta
from typing import Any

from litestar import get, post
from litestar.params import FromPath
from litestar.response import Redirect, Template

from portal.database import practice_lens
from portal.languages.phones import say_phone
from portal.people.bounces import find_bounce
from portal.people.photos import photo_shown
from portal.staff.desk import Desk, TheDesk
from portal.staff.log.section import section_of_client
from portal.staff.records.documents import documents_section
from portal.staff.records.duplicates import duplicates_section
from portal.staff.records.erasure import erased_page, retention_section
from portal.web.forms import Form, read_form
from portal.web.given import AnyRequest, TheSettings
from portal.web.viewer import signed_in
from tenants.clients.details import FIELDS, changes_of, hold_details, restore_own
from tenants.clients.record import find_record

UNPROCESSABLE = 422
PHONES = {"phone", "home_phone"}


@get("/desk/{slug:str}/clients/{ref:str}")
async def show_client(request: AnyRequest, desk: TheDesk, settings: TheSettings, ref: FromPath[str]) -> Template:
    async with practice_lens(desk.practice):
        record = await find_record(desk.practice, ref)
        changes = await changes_of(desk.practice, record["id"])
    if record["erased_at"]:
        return await erased_page(desk, record)
    photo = await photo_shown(record["email"], desk.practice.id) if record["email"] else None
    return desk.page(
        "desk/client.html",
        client=record,
        photo=photo,
        details=[_whose(record, name, desk.practice.country) for name in FIELDS],
        changes=[_said(change, desk.practice.country) for change in changes],
        section=await section_of_client(desk, record, settings),
        documents=await documents_section(desk, record),
        retention=await retention_section(desk, record),
        year_ago=desk.viewer.today - timedelta(days=365),
        bounce=await find_bounce(record["email"]) if record["email"] else None,
        duplicates=await duplicates_section(desk, record),
        done=request.query_params.get("done", ""),
    )


@get("/desk/{slug:str}/clients/{ref:str}/details")
async def ask_for_details(desk: TheDesk, ref: FromPath[str]) -> Template:
    record = await _record(desk, ref)
    return _details_page(desk, record, Form(desk.viewer.words, _shown(record, desk).items()))


@post("/desk/{slug:str}/clients/{ref:str}/details", status_code=303)
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
    async with practice_lens(desk.practice):
        await hold_details(desk.practice, ref, typed, signed_in(desk.viewer).email, desk.viewer.now)
    return Redirect(f"{desk.path}/clients/{ref}?done=kept", status_code=303)


@post("/desk/{slug:str}/clients/{ref:str}/own", status_code=303)
async def restore(request: AnyRequest, desk: TheDesk, ref: FromPath[str]) -> Redirect:
    form = await read_form(request, desk.viewer)
    async with practice_lens(desk.practice):
        await restore_own(desk.practice, ref, form["field"], signed_in(desk.viewer).email, desk.viewer.now)
    return Redirect(f"{desk.path}/clients/{ref}?done=restored", status_code=303)


async def _record(desk: Desk, ref: str) -> dict[str, Any]:
    async with practice_lens(desk.practice):
        return await find_record(desk.practice, ref)


def _details_page(desk: Desk, record: dict[str, Any], form: Form, *, status: int = 200) -> Template:
    seen = {name: form.get(f"seen_{name}", value) for name, value in _shown(record, desk).items()}
    return desk.page("desk/client_details.html", status_code=status, client=record, form=form, seen=seen)


def _shown(record: dict[str, Any], desk: Desk) -> dict[str, str]:
    return {name: _said_value(name, record[name], desk.practice.country) for name in FIELDS}


def _whose(record: dict[str, Any], name: str, country: str) -> dict[str, Any]:
    """`own` is None where the client never said."""
    own = record[f"own_{name}"]
    return {
        "name": name,
        "shown": _said_value(name, record[name], country),
        "own": None if own is None else _said_value(name, own, country),
        "held": name in record["held"],
        "is_own": own is not None and own == record[name],
    }


def _said(change: dict[str, Any], country: str) -> dict[str, Any]:
    return change | {each: _said_value(change["field"], change[each], country) for each in ("before", "after")}


def _said_value(name: str, value: str, country: str) -> str:
    return say_phone(value, country) if name in PHONES and value else value
