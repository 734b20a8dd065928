"""One span of the week: changed in place, or removed and put back."""

from typing import Any

from litestar import get, post
from litestar.params import FromPath
from litestar.response import Redirect, Template

from portal.phrases import phrase
from portal.staff.desk import Desk, TheDesk
from portal.staff.settings.hours import (
    UNPROCESSABLE,
    WEEKDAYS,
    address,
    clock_face,
    has_other_clock,
    places_told,
    read_opening,
)
from portal.web.forms import Form, read_form
from portal.web.given import AnyRequest
from tenants.booking.plan import Plan, current_plan
from tenants.hours.edit import change_hours, find_hours, remove_hours
from tenants.refusals import EndsBeforeItBegins, HoursOverlap, NotFound
from tenants.team.permissions import Permission


@get("/desk/{slug:str}/hours/{ref:str}", needs=Permission.HOURS)
async def ask_for_change(desk: TheDesk, ref: FromPath[str]) -> Template:
    await _whose(desk, ref)
    async with desk.lens():
        row = await find_hours(desk.practice, ref)
        plan = await current_plan(desk.practice)
    return await _change_page(desk, ref, Form(desk.viewer.words, list(_typed(row, plan).items())))


@post("/desk/{slug:str}/hours/{ref:str}", status_code=303, needs=Permission.HOURS)
async def change(request: AnyRequest, desk: TheDesk, ref: FromPath[str]) -> Redirect | Template:
    form = await read_form(request, desk.viewer)
    who = await _whose(desk, ref)
    weekday = form.one_of("weekday", WEEKDAYS)
    opening = read_opening(form)
    if opening is None:
        return await _change_page(desk, ref, form)
    try:
        async with desk.lens():
            await change_hours(desk.practice, ref, int(weekday), opening)
    except (EndsBeforeItBegins, HoursOverlap) as refusal:
        form.refuse("opens", phrase(refusal, desk.viewer.formats))
        return await _change_page(desk, ref, form)
    return Redirect(address(desk, who), status_code=303)


@post("/desk/{slug:str}/hours/{ref:str}/removal", status_code=303, needs=Permission.HOURS)
async def remove(request: AnyRequest, desk: TheDesk, ref: FromPath[str]) -> Redirect:
    await read_form(request, desk.viewer)
    who = await _whose(desk, ref)
    async with desk.lens():
        row = await find_hours(desk.practice, ref)
        plan = await current_plan(desk.practice)
        await remove_hours(desk.practice, ref)
    return Redirect(address(desk, who, removed="hours", **_typed(row, plan)), status_code=303)


async def _change_page(desk: Desk, ref: str, form: Form) -> Template:
    async with desk.lens():
        plan = await current_plan(desk.practice)
    first = desk.viewer.formats.first_weekday
    return desk.page(
        "desk/hours_change.html",
        status_code=UNPROCESSABLE if form.errors else 200,
        ref=ref,
        form=form,
        places=places_told(plan, desk),
        elsewhere=has_other_clock(plan, desk),
        weekdays=[(first + step) % 7 for step in range(7)],
    )


async def _whose(desk: Desk, ref: str) -> dict[str, Any]:
    """Raises NotFound for hours of another practice, of somebody who is here no more, or not this member's to plan."""
    async with desk.lens():
        row = await find_hours(desk.practice, ref)
        plan = await current_plan(desk.practice)
    desk.check_may_plan(row["practitioner_id"])
    if row["practitioner_id"] not in plan.practitioners:
        raise NotFound("practitioner")
    return plan.practitioners[row["practitioner_id"]]


def _typed(row: dict[str, Any], plan: Plan) -> dict[str, str]:
    return {
        "weekday": str(row["weekday"]),
        "place": plan.places.get(row["place_id"], {}).get("ref", ""),
        "opens": clock_face(row["opens"]),
        "closes": clock_face(row["closes"]),
        "from_day": str(row["from_day"] or ""),
        "until_day": str(row["until_day"] or ""),
    }
