"""Booking a series: each day with what stands in its way, before anything is booked; then the ticked ones, at once."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

from litestar import Response, post
from litestar.response import Redirect, Template

from portal.phrases import phrase
from portal.staff.desk import Desk, TheDesk
from portal.staff.series.days import (
    MOST_FIELDS,
    Chosen,
    Day,
    insists,
    list_days,
    read_chosen,
    read_insistence,
    read_ticks,
)
from portal.staff.series.form import CARRIED, Wish, read_wish
from portal.web.forms import Form, read_form
from portal.web.given import AnyRequest
from tenants.arranging.series import book_series, booked_already, foresee_series, series_of
from tenants.booking.plan import Plan, current_plan
from tenants.refs import new_key
from tenants.refusals import NotFound, NotOpenThen, PractitionerBusy, Refusal, SeriesMeets
from tenants.team.permissions import Permission

CONFLICT, UNPROCESSABLE = 409, 422


async def preview(desk: Desk, form: Form, *, fragment: bool = False) -> Template:
    """What the booking sheet answers with once something is to be repeated. Books nothing."""
    form["key"] = form.get("key") or new_key()
    return await _show(desk, form, await read_wish(desk, form), fragment=fragment)


async def _show(desk: Desk, form: Form, wish: Wish | None, *, fragment: bool) -> Template:
    if wish is None:
        return _page(desk, form, fragment=fragment, status=UNPROCESSABLE)
    try:
        plan, days = await _look(desk, form, wish)
    except NotFound:
        raise
    except Refusal as refusal:
        form.refuse("", phrase(refusal, desk.viewer.formats))
        return _page(desk, form, fragment=fragment, status=UNPROCESSABLE)
    return _page(desk, form, wish, plan, days, fragment=fragment)


@post("/desk/{slug:str}/appointments/series", status_code=303, needs=Permission.ARRANGE)
async def book(request: AnyRequest, desk: TheDesk) -> Response[Any]:
    """`again` only lists the days anew, as the fields above them say now."""
    form = await read_form(request, desk.viewer, MOST_FIELDS)
    form["key"] = form.get("key") or new_key()
    fragment = request.headers.get("hx-request") == "true" and request.headers.get("hx-boosted") != "true"
    wish = await read_wish(desk, form)
    ticks = read_ticks(form, wish.question) if wish else None
    if wish is None or ticks is None or form.get("again"):
        return await _show(desk, form, wish, fragment=fragment)
    if (already := await _booked(desk, wish.key)) is not None:
        return _done(desk, already, fragment=fragment)
    insistence = read_insistence(form, desk)
    try:
        plan, days = await _look(desk, form, wish)
        chosen = read_chosen(form, days, ticks, insistence, desk)
        if chosen.anew or not form.ok:
            status = CONFLICT if chosen.anew else UNPROCESSABLE
            return _page(desk, form, wish, plan, days, fragment=fragment, anew=chosen.anew, status=status)
        ref = await _book(desk, replace(wish, how=replace(wish.how, insistence=insistence)), days, chosen)
    except (SeriesMeets, PractitionerBusy, NotOpenThen):
        plan, days = await _look(desk, form, wish)
        return _page(desk, form, wish, plan, days, fragment=fragment, anew=True, status=CONFLICT)
    except NotFound:
        raise
    except Refusal as refusal:
        form.refuse("", phrase(refusal, desk.viewer.formats))
        return _page(desk, form, fragment=fragment, status=UNPROCESSABLE)
    return _done(desk, ref, fragment=fragment)


async def series_section(desk: Desk, row: dict[str, Any]) -> dict[str, Any] | None:
    """What `_appointment_series.html` shows of the appointment's series; None when it is in none."""
    async with desk.lens():
        return await series_of(desk.practice, row)


async def _look(desk: Desk, form: Form, wish: Wish) -> tuple[Plan, list[Day]]:
    async with desk.lens():
        plan = await current_plan(desk.practice)
        foreseen = await foresee_series(desk.practice, wish.choice, wish.repeat, desk.viewer.now, wish.how)
    return plan, list_days(desk, foreseen, plan, _length(wish, plan), read_ticks(form, wish.question))


async def _book(desk: Desk, wish: Wish, days: list[Day], chosen: Chosen) -> str:
    left_out = frozenset(day.day for day in days if day.value not in chosen.days)
    async with desk.lens():
        refs = await book_series(
            desk.practice, wish.key, wish.choice, wish.repeat, wish.contact, desk.viewer.now, wish.how, left_out
        )
    return refs[0] if refs else await _booked(desk, wish.key) or ""


async def _booked(desk: Desk, key: str) -> str | None:
    async with desk.lens():
        return await booked_already(desk.practice, key)


def _length(wish: Wish, plan: Plan) -> timedelta:
    duration: timedelta = plan.service(wish.choice.wanted.service).row["duration"]
    return wish.how.length or duration


def _done(desk: Desk, ref: str, *, fragment: bool) -> Response[Any]:
    here = f"{desk.path}/appointments/{ref}"
    if not fragment:
        return Redirect(f"{here}?done=series", status_code=303)
    answer = desk.page("desk/_series_done.html", status_code=200, here=here)
    answer.headers["HX-Trigger"] = "booked"
    return answer


def _page(
    desk: Desk,
    form: Form,
    wish: Wish | None = None,
    plan: Plan | None = None,
    days: list[Day] | None = None,
    *,
    fragment: bool,
    anew: bool = False,
    status: int = 200,
) -> Template:
    facts: dict[str, Any] = {"wish": None}
    if wish and plan:
        practitioners = {row["ref"]: row["name"] for row in plan.practitioners.values()}
        facts = {
            "wish": wish,
            "service_name": plan.service(wish.choice.wanted.service).row["name"],
            "practitioner_name": practitioners.get(wish.choice.wanted.practitioner or "", ""),
        }
    return desk.page(
        "desk/_series.html" if fragment else "desk/series.html",
        status_code=status,
        whole=not fragment,
        form=form,
        carried={name: form.get(name, "") for name in CARRIED},
        days=days,
        insists=insists(days or []),
        insisted=set(form.many("insist")),
        anew=anew,
        **facts,
    )
