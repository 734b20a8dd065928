"""Time off: of some people, of one place or of the whole practice; and whose appointments stand in the way."""

from typing import Any

from litestar import get, post
from litestar.params import FromPath
from litestar.response import Redirect, Template

from portal.phrases import phrase
from portal.staff.closed_times import ClosedTimes
from portal.staff.desk import Desk, TheDesk
from portal.staff.settings.closing_form import ALL, MOST_FIELDS, agreed, ask_page, choices, read_closings, standing
from portal.web.forms import Form, read_form
from portal.web.given import AnyRequest
from tenants.appointments.affected import closures_to_come
from tenants.booking.plan import current_plan
from tenants.hours.close import add_closures, find_closure, shut_by
from tenants.hours.reopen import find_removed, remove_closure, restore_closure
from tenants.refusals import EndsBeforeItBegins, NotFound
from tenants.team.permissions import Permission

UNPROCESSABLE = 422


@get("/desk/{slug:str}/closures", needs=Permission.SETTINGS)
async def list_closures(request: AnyRequest, desk: TheDesk) -> Template:
    """`removed` is one just taken away: one button puts it back."""
    asked = Form(desk.viewer.words, request.query_params.multi_items())
    removed = asked.text("removed", 20, required=False)
    return await _page(desk, Form(desk.viewer.words, [("whom", ALL)]), removed=removed, saved="saved" in asked)


@post("/desk/{slug:str}/closures", status_code=303, needs=Permission.HOURS)
async def add(request: AnyRequest, desk: TheDesk) -> Redirect | Template:
    """`again` is the way back from the question about the appointments that stand in it."""
    form = await read_form(request, desk.viewer, MOST_FIELDS)
    async with desk.lens():
        plan = await current_plan(desk.practice)
    closings = read_closings(form, desk, plan)
    if not closings or form.get("again"):
        return await _page(desk, form)
    try:
        async with desk.lens():
            ids = await standing(desk, [await shut_by(desk.practice, each) for each in closings])
            if not agreed(form, ids):
                return await ask_page(desk, form, plan, closings, ids)
            await add_closures(desk.practice, closings)
    except EndsBeforeItBegins as refusal:
        form.refuse("until_day", phrase(refusal, desk.viewer.formats))
        return await _page(desk, form)
    return Redirect(f"{desk.path}/closures?saved=yes", status_code=303)


@post("/desk/{slug:str}/closures/{ref:str}/removal", status_code=303, needs=Permission.HOURS)
async def remove(request: AnyRequest, desk: TheDesk, ref: FromPath[str]) -> Redirect:
    await read_form(request, desk.viewer)
    async with desk.lens():
        row = await find_closure(desk.practice, ref)
        desk.check_may_plan(row["practitioner_id"])
        await remove_closure(desk.practice, ref, desk.viewer.now)
    return Redirect(f"{desk.path}/closures?removed={row['ref']}", status_code=303)


@post("/desk/{slug:str}/closures/{ref:str}/return", status_code=303, needs=Permission.HOURS)
async def put_back(request: AnyRequest, desk: TheDesk, ref: FromPath[str]) -> Redirect:
    """Pressed twice, it stands already."""
    await read_form(request, desk.viewer)
    async with desk.lens():
        row = await _removed(desk, ref) or await find_closure(desk.practice, ref)
        desk.check_may_plan(row["practitioner_id"])
        await restore_closure(desk.practice, ref)
    return Redirect(f"{desk.path}/closures", status_code=303)


async def _removed(desk: Desk, ref: str) -> dict[str, Any] | None:
    try:
        return await find_removed(desk.practice, ref, desk.viewer.now)
    except NotFound:
        return None


async def _page(desk: Desk, form: Form, *, removed: str = "", saved: bool = False) -> Template:
    async with desk.lens():
        plan = await current_plan(desk.practice)
        rows = await closures_to_come(desk.practice, desk.viewer.now, desk.own_column)
        gone = await _removed(desk, removed) if removed else None
    may = desk.member.may_plan
    return desk.page(
        "desk/closures.html",
        status_code=UNPROCESSABLE if form.errors else 200,
        form=form,
        closures=[closure_facts(row, desk) for row in rows],
        undo=closure_facts(gone, desk) if gone and may(gone["practitioner_id"]) else None,
        saved=saved,
        **choices(desk, plan),
    )


def closure_facts(row: dict[str, Any], desk: Desk) -> dict[str, Any]:
    times = ClosedTimes.of(row, desk.practice)
    more = {"when": times.words(desk.viewer.formats), "may_change": desk.member.may_plan(row["practitioner_id"])}
    return row | more
