"""Moving and cancelling one's own appointment: seen through the person's lens, done through the practice's rule."""

from datetime import date
from typing import Any

from litestar import get, post
from litestar.params import FromPath
from litestar.response import Redirect, Template

from portal.choosing.offer import wanted_from
from portal.choosing.times import look, times_facts
from portal.client.appointments import own
from portal.client.facts import appointment_facts
from portal.client.refused import refused_page
from portal.database import practice_lens
from portal.phrases import phrase
from portal.web.forms import Form, read_day, read_form, read_moment
from portal.web.given import AnyRequest, TheViewer
from portal.web.practice import find_practice
from portal.web.viewer import Viewer
from tenants.appointments.find import appointment_with_names
from tenants.booking.busy import Besides
from tenants.booking.cancel import cancel_by_client
from tenants.booking.move import move_by_client
from tenants.practices.tenant import Tenant
from tenants.refusals import AppointmentCancelled, AppointmentOver, NotFound, Refusal, TooLateToCancel, TooLateToMove

UNPROCESSABLE = 422


@get("/appointments/{ref:str}/cancellation")
async def ask_to_cancel(viewer: TheViewer, ref: FromPath[str]) -> Redirect | Template:
    row = await own(viewer, ref)
    if row["cancelled_at"]:
        return Redirect(f"/appointments/{ref}", status_code=303)
    _check_deadline(viewer, row, TooLateToCancel(row["can_cancel_until"]))
    return viewer.page("client/cancellation.html", appointment=appointment_facts(row), form=Form(viewer.words))


@post("/appointments/{ref:str}/cancellation", status_code=303)
async def cancel(request: AnyRequest, viewer: TheViewer, ref: FromPath[str]) -> Redirect | Template:
    row = await own(viewer, ref)
    form = await read_form(request, viewer)
    reason = form.text("reason", 500, required=False, lines=True)
    if form.ok:
        practice = await find_practice(request, row["practice_slug"])
        try:
            async with practice_lens(practice):
                await cancel_by_client(practice, ref, reason, viewer.now)
        except (TooLateToCancel, AppointmentOver) as refusal:
            form.refuse("", phrase(refusal, viewer.formats.at(practice.zone)))
        else:
            return Redirect(f"/appointments/{ref}", status_code=303)
    facts = appointment_facts(row)
    return viewer.page("client/cancellation.html", status_code=UNPROCESSABLE, appointment=facts, form=form)


@get("/appointments/{ref:str}/move")
async def ask_where_to(request: AnyRequest, viewer: TheViewer, ref: FromPath[str]) -> Template:
    row = await own(viewer, ref)
    if row["cancelled_at"]:
        raise AppointmentCancelled(row["cancelled_at"])
    _check_deadline(viewer, row, TooLateToMove(row["can_move_until"]))
    practice = await find_practice(request, row["practice_slug"])
    async with practice_lens(practice):
        besides = Besides(appointment_id=(await appointment_with_names(practice, ref))["id"])
    asked = _day(request, viewer, practice) or row["starts_at"].astimezone(practice.zone).date()
    wanted = wanted_from(row["service_ref"], row["practitioner_ref"], "")
    seen = await look(practice, wanted, asked, viewer.now, besides)
    facts = times_facts(viewer, practice, seen, {}, names=False)
    return viewer.page("client/move.html", appointment=appointment_facts(row), hidden={}, **facts)


@post("/appointments/{ref:str}/move", status_code=303)
async def move(request: AnyRequest, viewer: TheViewer, ref: FromPath[str]) -> Redirect | Template:
    row = await own(viewer, ref)
    form = await read_form(request, viewer)
    starts_at = read_moment(form.get("start", ""))
    if starts_at is None:
        raise NotFound("time")
    practice = await find_practice(request, row["practice_slug"])
    here = f"/appointments/{ref}"
    try:
        async with practice_lens(practice):
            await move_by_client(practice, ref, starts_at, viewer.now)
    except NotFound:
        raise
    except Refusal as refusal:
        at_practice = viewer.at(practice)
        return refused_page(at_practice, practice, refusal, {}, post_to=f"{here}/move", again=f"{here}/move")
    return Redirect(here, status_code=303)


def _check_deadline(viewer: Viewer, row: dict[str, Any], too_late: TooLateToCancel | TooLateToMove) -> None:
    if row["starts_at"] <= viewer.now:
        raise AppointmentOver(row["starts_at"])
    if viewer.now > too_late.deadline:
        raise too_late


def _day(request: AnyRequest, viewer: Viewer, practice: Tenant) -> date | None:
    typed = request.query_params.get("day")
    return read_day(typed, practice.zone, viewer.now) if typed else None
