"""Cancelling for the practice, and taking a cancellation back."""

from typing import Any

from litestar import Response, get, post
from litestar.params import FromPath
from litestar.response import Redirect, Template

from portal.phrases import phrase
from portal.settings import Settings
from portal.staff.book.appointment import appointment_facts, appointment_page
from portal.staff.book.done import Done, answer_done, check_seen
from portal.staff.book.insisting import UNPROCESSABLE, refused_json, status_of, wants_json
from portal.staff.book.when import is_told
from portal.staff.desk import Desk, TheDesk
from portal.web.forms import Form, read_form
from portal.web.given import AnyRequest, TheSettings
from tenants.appointments.find import appointment_with_names, locked_appointment
from tenants.arranging.requested import restore_and_agree
from tenants.booking.cancel import cancel_by_staff, cancel_several
from tenants.refusals import NotFound, Refusal
from tenants.team.permissions import Permission

MOST_AT_ONCE = 10


@get("/desk/{slug:str}/appointments/{ref:str}/cancellation", needs=Permission.ARRANGE)
async def ask_to_cancel(desk: TheDesk, ref: FromPath[str]) -> Redirect | Template:
    async with desk.lens():
        row = await appointment_with_names(desk.practice, ref)
    desk.check_may_arrange(row["practitioner_id"])
    if row["cancelled_at"]:
        return Redirect(f"{desk.path}/appointments/{ref}", status_code=303)
    if row["pending"]:
        return Redirect(f"{desk.path}/requests/{ref}/refusal?back=appointment", status_code=303)
    appointment = appointment_facts(row, desk.practice)
    return desk.page("desk/cancellation.html", appointment=appointment, form=Form(desk.viewer.words))


@post("/desk/{slug:str}/appointments/{ref:str}/cancellation", status_code=303, needs=Permission.ARRANGE)
async def cancel(request: AnyRequest, desk: TheDesk, settings: TheSettings, ref: FromPath[str]) -> Response[Any]:
    """`also` names what was booked with it, for the booking's undo."""
    form = await read_form(request, desk.viewer)
    try:
        if done := await _cancel(desk, ref, form):
            return answer_done(request, desk, done)
    except NotFound:
        raise
    except Refusal as refusal:
        return await _refused(request, desk, settings, ref, form, refusal)
    if wants_json(request):
        return refused_json(desk, form, None)
    async with desk.lens():
        row = await appointment_with_names(desk.practice, ref)
    appointment = appointment_facts(row, desk.practice)
    return desk.page("desk/cancellation.html", status_code=UNPROCESSABLE, appointment=appointment, form=form)


@post("/desk/{slug:str}/appointments/{ref:str}/restoration", status_code=303, needs=Permission.ARRANGE)
async def take_back(request: AnyRequest, desk: TheDesk, settings: TheSettings, ref: FromPath[str]) -> Response[Any]:
    form = await read_form(request, desk.viewer)
    tell = is_told(form)
    try:
        async with desk.lens():
            before = await locked_appointment(desk.practice, ref)
            check_seen(form, before)
            await restore_and_agree(desk.practice, ref, desk.viewer.now, by=desk.by, tell=tell)
            row = await appointment_with_names(desk.practice, ref)
    except NotFound:
        raise
    except Refusal as refusal:
        return await _refused(request, desk, settings, ref, form, refusal)
    back = {"tell": "yes" if tell else "no", "reason": before["cancel_reason"]}
    asked = before["approve_by"] and not before["accepted_at"]
    return answer_done(request, desk, Done("restored", row, back if before["cancelled_at"] and not asked else None))


async def _cancel(desk: Desk, ref: str, form: Form) -> Done | None:
    """None when the form has errors."""
    practice, tell, now = desk.practice, is_told(form), desk.viewer.now
    reason = form.text("reason", 500, required=False, lines=True)
    others = form.text("also", 200, required=False).split()[:MOST_AT_ONCE]
    async with desk.lens():
        before = await locked_appointment(practice, ref)
        if not form.ok:
            return None
        check_seen(form, before)
        if others:
            rows = [before] + [await locked_appointment(practice, each) for each in others]
            if len({row["client_record_id"] for row in rows}) > 1:
                raise NotFound("appointment")
            live = [row for row in rows if not row["cancelled_at"]]
            await cancel_several(practice, live, reason, now, by=desk.by, tell=tell)
        else:
            await cancel_by_staff(practice, ref, reason, now, by=desk.by, tell=tell)
        row = await appointment_with_names(practice, ref)
    over = before["cancelled_at"] or before["pending"] or row["starts_at"] <= now or others
    return Done("cancelled", row, None if over else {"tell": "yes" if tell else "no"})


async def _refused(
    request: AnyRequest, desk: Desk, settings: Settings, ref: str, form: Form, refusal: Refusal
) -> Response[Any]:
    if wants_json(request):
        return refused_json(desk, form, refusal)
    form.refuse("", phrase(refusal, desk.viewer.formats))
    return await appointment_page(desk, ref, settings, form, status=status_of(refusal))
