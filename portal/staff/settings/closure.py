"""One closure: changed in place, and the appointments that stand in it."""

from typing import Any

from litestar import get, post
from litestar.params import FromPath
from litestar.response import Redirect, Template

from portal.phrases import phrase
from portal.staff.desk import Desk, TheDesk
from portal.staff.settings.closing_form import (
    MOST_LISTED,
    agreed,
    ask_page,
    choices,
    read_closings,
    standing,
    typed_from,
)
from portal.staff.settings.closures import closure_facts
from portal.web.forms import Form, read_form
from portal.web.given import AnyRequest
from tenants.appointments.find import appointments_with_names
from tenants.booking.plan import Plan, current_plan
from tenants.hours.close import Closing, change_closure, closure_seen, find_closure, shut_by, shut_of
from tenants.refusals import ChangedMeanwhile, EndsBeforeItBegins
from tenants.team.permissions import Permission

CONFLICT, UNPROCESSABLE = 409, 422


@get("/desk/{slug:str}/closures/{ref:str}", needs=Permission.HOURS)
async def ask_for_change(desk: TheDesk, ref: FromPath[str]) -> Template:
    row, plan = await _find(desk, ref)
    return await _page(desk, row, plan, typed_from(row, plan, desk))


@post("/desk/{slug:str}/closures/{ref:str}", status_code=303, needs=Permission.HOURS)
async def change(request: AnyRequest, desk: TheDesk, ref: FromPath[str]) -> Redirect | Template:
    form = await read_form(request, desk.viewer)
    row, plan = await _find(desk, ref)
    closings = read_closings(form, desk, plan)
    if not closings or form.get("again"):
        return await _page(desk, row, plan, form)
    try:
        async with desk.lens():
            ids = await _newly_standing(desk, row, closings[0])
            if not agreed(form, ids):
                return await ask_page(desk, form, plan, closings[:1], ids)
            await change_closure(desk.practice, ref, closings[0], form.get("seen", ""))
    except EndsBeforeItBegins as refusal:
        form.refuse("until_day", phrase(refusal, desk.viewer.formats))
        return await _page(desk, row, plan, form)
    except ChangedMeanwhile as refusal:
        form.refuse("", phrase(refusal, desk.viewer.formats))
        row, plan = await _find(desk, ref)
        form["seen"] = closure_seen(row)
        return await _page(desk, row, plan, form, status=CONFLICT)
    return Redirect(f"{desk.path}/closures?saved=yes", status_code=303)


@get("/desk/{slug:str}/closures/{ref:str}/appointments", needs=Permission.ARRANGE)
async def list_appointments(desk: TheDesk, ref: FromPath[str]) -> Template:
    """Somebody has to move or cancel each of them; whoever works here may look."""
    async with desk.lens():
        row = await find_closure(desk.practice, ref)
        plan = await current_plan(desk.practice)
        ids = await standing(desk, [shut_of(row)])
        rows = await appointments_with_names(desk.practice, ids[:MOST_LISTED])
    return desk.page(
        "desk/closure_appointments.html",
        closure=closure_facts(row, desk),
        whose=_name(plan.practitioners, row["practitioner_id"]) or _name(plan.places, row["place_id"]),
        appointments=rows,
        count=len(ids),
    )


async def _find(desk: Desk, ref: str) -> tuple[dict[str, Any], Plan]:
    """Raises NotFound also for those that are not this member's to change."""
    async with desk.lens():
        row = await find_closure(desk.practice, ref)
        plan = await current_plan(desk.practice)
    desk.check_may_plan(row["practitioner_id"])
    return row, plan


async def _newly_standing(desk: Desk, row: dict[str, Any], closing: Closing) -> list[int]:
    """Those that the closure did not reach before: about the others somebody was asked when it was made."""
    before, after = await standing(desk, [shut_of(row)]), [await shut_by(desk.practice, closing)]
    return [each for each in await standing(desk, after) if each not in set(before)]


async def _page(desk: Desk, row: dict[str, Any], plan: Plan, form: Form, status: int = 200) -> Template:
    if form.errors and status == 200:  # noqa: PLR2004 - a page that is shown anew
        status = UNPROCESSABLE
    return desk.page(
        "desk/closure.html",
        status_code=status,
        form=form,
        closure=closure_facts(row, desk),
        **choices(desk, plan),
    )


def _name(rows: dict[int, dict[str, Any]], key: int | None) -> str:
    return str(rows.get(key, {}).get("name", "")) if key is not None else ""
