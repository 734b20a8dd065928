"""Time off: who or what is closed, from when until when, and whose appointments stand in the way."""

from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

from litestar import get, post
from litestar.params import FromPath
from litestar.response import Redirect, Template

from portal.database import practice_lens
from portal.phrases import phrase
from portal.staff.desk import Desk, TheDesk
from portal.web.forms import Form, read_form
from portal.web.given import AnyRequest
from tenants.appointments.affected import closures_to_come
from tenants.booking.plan import Plan, current_plan
from tenants.hours.close import Closing, add_closure, find_closure, remove_closure
from tenants.refusals import EndsBeforeItBegins, NotFound

UNPROCESSABLE = 422
MIDNIGHT = 24 * 60
ALL = "all"
FIELDS = ("practitioner", "place", "from_day", "from_time", "until_day", "until_time", "reason")


@get("/desk/{slug:str}/closures")
async def list_closures(request: AnyRequest, desk: TheDesk) -> Template:
    """`removed` and the values beside it are a closure just taken away: one button puts it back."""
    asked = request.query_params
    undo = {name: asked.get(name, "") for name in FIELDS} if "removed" in asked else None
    return await _page(desk, Form(desk.viewer.words), undo=undo)


@post("/desk/{slug:str}/closures", status_code=303)
async def add(request: AnyRequest, desk: TheDesk) -> Redirect | Template:
    form = await read_form(request, desk.viewer)
    async with practice_lens(desk.practice):
        plan = await current_plan(desk.practice)
    closing = _read(form)
    desk.check_may_plan(_practitioner_id(plan, closing.practitioner) if closing else desk.member.practitioner_id)
    if closing is None:
        return await _page(desk, form)
    try:
        async with practice_lens(desk.practice):
            await add_closure(desk.practice, closing)
    except EndsBeforeItBegins as refusal:
        form.refuse("until_day", phrase(refusal, desk.viewer.formats))
        return await _page(desk, form)
    return Redirect(f"{desk.path}/closures", status_code=303)


@post("/desk/{slug:str}/closures/{ref:str}/removal", status_code=303)
async def remove(request: AnyRequest, desk: TheDesk, ref: FromPath[str]) -> Redirect:
    await read_form(request, desk.viewer)
    async with practice_lens(desk.practice):
        row = await find_closure(desk.practice, ref)
        desk.check_may_plan(row["practitioner_id"])
        plan = await current_plan(desk.practice)
        await remove_closure(desk.practice, ref)
    values = {"removed": "yes"} | _typed(row, plan, desk)
    return Redirect(f"{desk.path}/closures?{urlencode(values)}", status_code=303)


async def _page(desk: Desk, form: Form, *, undo: dict[str, str] | None = None) -> Template:
    async with practice_lens(desk.practice):
        plan = await current_plan(desk.practice)
        rows = await closures_to_come(desk.practice, desk.viewer.now)
    zone, who = desk.practice.zone, desk.member.may_plan
    return desk.page(
        "desk/closures.html",
        status_code=UNPROCESSABLE if form.errors else 200,
        form=form,
        closures=[_facts(row, desk) for row in rows],
        practitioners=[(row["ref"], row["name"]) for row in plan.practitioners.values() if who(row["id"])],
        places=[(row["ref"], row["name"]) for row in plan.places.values()],
        undo=undo,
        zone=zone,
    )


def _read(form: Form) -> Closing | None:
    """Without times the days are closed whole, the last one included."""
    first_day, last_day = form.day("from_day"), form.day("until_day")
    begins = form.wall_time("from_time", required=False)
    ends = form.wall_time("until_time", required=False)
    practitioner, place = (_one_or_all(form, name) for name in ("practitioner", "place"))
    reason = form.text("reason", 500, required=False)
    if not form.ok or first_day is None or last_day is None:
        return None
    last = (last_day, MIDNIGHT if ends is None else ends)
    return Closing(practitioner, place, (first_day, begins or 0), last, reason)


def _one_or_all(form: Form, name: str) -> str | None:
    ref = form.text(name, 20, required=False)
    return ref if ref not in {"", ALL} else None


def _practitioner_id(plan: Plan, ref: str | None) -> int | None:
    """Raises NotFound."""
    if ref is None:
        return None
    found = next((who for who, row in plan.practitioners.items() if row["ref"] == ref), None)
    if found is None:
        raise NotFound("practitioner")
    return found


def _facts(row: dict[str, Any], desk: Desk) -> dict[str, Any]:
    """`whole_days` when it begins and ends at midnight; then `last_day` is the last one closed."""
    begins, ends = (row[name].astimezone(desk.practice.zone) for name in ("starts_at", "ends_at"))
    whole = (begins.hour, begins.minute, ends.hour, ends.minute) == (0, 0, 0, 0)
    last_day = (ends - timedelta(minutes=1)).date()
    may_remove = desk.member.may_plan(row["practitioner_id"])
    local = {"starts_at": begins, "ends_at": ends, "whole_days": whole, "last_day": last_day, "may_remove": may_remove}
    return row | local


def _typed(row: dict[str, Any], plan: Plan, desk: Desk) -> dict[str, str]:
    facts = _facts(row, desk)
    whole = facts["whole_days"]
    return {
        "practitioner": plan.practitioners.get(row["practitioner_id"], {}).get("ref", ALL),
        "place": plan.places.get(row["place_id"], {}).get("ref", ALL),
        "from_day": str(facts["starts_at"].date()),
        "from_time": "" if whole else f"{facts['starts_at']:%H:%M}",
        "until_day": str(facts["last_day"] if whole else facts["ends_at"].date()),
        "until_time": "" if whole else f"{facts['ends_at']:%H:%M}",
        "reason": row["reason"],
    }
