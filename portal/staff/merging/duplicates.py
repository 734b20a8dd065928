"""Records that may be of one person: hinted at beside one, listed for the practice, told apart for good."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from litestar import get, post
from litestar.params import FromPath
from litestar.response import Redirect, Template

from portal.languages.words import Words
from portal.staff.desk import Desk, TheDesk
from portal.staff.merging.facts import name_of, say
from portal.web.forms import read_form
from portal.web.given import AnyRequest
from tenants.clients.record import find_record
from tenants.merge.hints import Hint, hints_of, list_hints, set_apart
from tenants.merge.history import merges_of
from tenants.team.permissions import Permission

LISTED = 50
BESIDE = 3
NEW_FOR = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Duplicates:
    """What the record's page says of it: other records that may be the same person's, and what was merged."""

    hints: list[dict[str, Any]]
    merges: list[dict[str, Any]]


async def duplicates_section(desk: Desk, record: dict[str, Any]) -> Duplicates:
    if not desk.may(Permission.JOIN_CLIENTS):
        return Duplicates([], [])
    async with desk.lens():
        hints = await hints_of(desk.practice, record)
        merges = await merges_of(desk.practice, record["id"])
    lines = [each | {"is_kept": each["kept_id"] == record["id"]} for each in merges]
    return Duplicates([_said(hint, desk) for hint in hints[:BESIDE]], lines)


async def hints_for_new(desk: Desk, appointment: dict[str, Any]) -> list[dict[str, Any]]:
    """Beside a booking of the last hour by which staff have made the client's record; nothing beside any other."""
    is_new = appointment["booked_by"] == "staff" and desk.viewer.now - appointment["booked_at"] <= NEW_FOR
    if not is_new or not desk.may(Permission.JOIN_CLIENTS):
        return []
    async with desk.lens():
        record = await find_record(desk.practice, appointment["client_ref"])
        is_new = record["created_at"] == appointment["booked_at"]
        hints = await hints_of(desk.practice, record) if is_new else []
    return [_said(hint, desk) for hint in hints[:BESIDE]]


@get("/desk/{slug:str}/clients/duplicates", needs=Permission.JOIN_CLIENTS)
async def show_duplicates(request: AnyRequest, desk: TheDesk) -> Template:
    async with desk.lens():
        hints, count = await list_hints(desk.practice, LISTED)
    pairs = [_said(hint, desk) for hint in hints]
    done = request.query_params.get("done", "")
    return desk.page("desk/duplicates.html", pairs=pairs, count=count, done=done)


@post("/desk/{slug:str}/clients/{ref:str}/distinction/{other:str}", status_code=303, needs=Permission.JOIN_CLIENTS)
async def tell_apart(request: AnyRequest, desk: TheDesk, ref: FromPath[str], other: FromPath[str]) -> Redirect:
    """These are two people."""
    form = await read_form(request, desk.viewer)
    async with desk.lens():
        await set_apart(desk.practice, ref, other, desk.by, desk.viewer.now)
    back = "duplicates" if form["back"] == "list" else ref
    return Redirect(f"{desk.path}/clients/{back}?done=apart", status_code=303)


def _said(hint: Hint, desk: Desk) -> dict[str, Any]:
    words = desk.viewer.words
    return {
        "why": _reasons(hint.why, words),
        "one": {"ref": hint.one["ref"], "name": name_of(hint.one, words), "facts": _facts(hint.one, desk)},
        "other": {"ref": hint.other["ref"], "name": name_of(hint.other, words), "facts": _facts(hint.other, desk)},
    }


def _facts(row: dict[str, Any], desk: Desk) -> list[str]:
    return [said for part in ("reach", "phone", "home_phone", "birthday") if (said := say(row, part, desk))]


def _reasons(why: Sequence[str], words: Words) -> str:
    said = {
        "birthday": words.gettext("same name and birthday"),
        "email": words.gettext("nearly the same e-mail address"),
        "phone": words.gettext("same phone"),
    }
    return ", ".join(said[each] for each in why)
