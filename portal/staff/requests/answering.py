"""Accepting with one click, declining with a reason: once, whoever else is looking at the same request."""

from typing import Any

from litestar import get, post
from litestar.params import FromPath
from litestar.response import Redirect, Template

from portal.phrases import phrase
from portal.staff.book.appointment import appointment_facts, appointment_page
from portal.staff.desk import Desk, TheDesk
from portal.staff.requests.listing import requests_page
from portal.web.forms import Form, read_form
from portal.web.given import AnyRequest, TheSettings
from tenants.appointments.find import appointment_with_names
from tenants.refusals import AppointmentCancelled, MovedMeanwhile, Refusal, RequestAnswered, RequestLapsed
from tenants.requests.answer import accept, decline
from tenants.team.permissions import Permission

CONFLICT, UNPROCESSABLE = 409, 422
LONGEST_REASON = 500
FURTHEST_SEQUENCE = 2**31 - 1
TOO_LATE = (RequestAnswered, RequestLapsed, AppointmentCancelled, MovedMeanwhile)


@post("/desk/{slug:str}/requests/{ref:str}/acceptance", status_code=303, needs=Permission.REQUESTS)
async def accept_it(
    request: AnyRequest, desk: TheDesk, settings: TheSettings, ref: FromPath[str]
) -> Redirect | Template:
    """`back` is "appointment" where the button stood on the appointment's own page."""
    form = await read_form(request, desk.viewer)
    seen = form.whole("seen", 0, FURTHEST_SEQUENCE, required=False)
    try:
        async with desk.lens():
            await _check_may_answer(desk, ref)
            await accept(desk.practice, ref, desk.viewer.now, by=desk.by, seen=seen)
    except TOO_LATE as refusal:
        return await _too_late(desk, settings, ref, form, refusal)
    return _answered(desk, ref, form, "accepted")


@get("/desk/{slug:str}/requests/{ref:str}/refusal", needs=Permission.REQUESTS)
async def ask_to_decline(request: AnyRequest, desk: TheDesk, ref: FromPath[str]) -> Redirect | Template:
    async with desk.lens():
        row = await _check_may_answer(desk, ref)
    if not row["pending"]:
        return Redirect(f"{desk.path}/appointments/{ref}", status_code=303)
    back = request.query_params.get("back", "")
    return _refusal_page(desk, row, Form(desk.viewer.words, [("back", back)]))


@post("/desk/{slug:str}/requests/{ref:str}/refusal", status_code=303, needs=Permission.REQUESTS)
async def decline_it(
    request: AnyRequest, desk: TheDesk, settings: TheSettings, ref: FromPath[str]
) -> Redirect | Template:
    form = await read_form(request, desk.viewer)
    reason = form.text("reason", LONGEST_REASON, required=False, lines=True)
    try:
        async with desk.lens():
            row = await _check_may_answer(desk, ref)
            if not form.ok:
                return _refusal_page(desk, row, form, status=UNPROCESSABLE)
            await decline(desk.practice, ref, reason, desk.viewer.now, by=desk.by)
    except TOO_LATE as refusal:
        return await _too_late(desk, settings, ref, form, refusal)
    return _answered(desk, ref, form, "declined")


async def _check_may_answer(desk: Desk, ref: str) -> dict[str, Any]:
    """Raises NotFound for a request to somebody else whom this member does not arrange for."""
    row = await appointment_with_names(desk.practice, ref)
    desk.check_may_arrange(row["practitioner_id"])
    return row


def _refusal_page(desk: Desk, row: dict[str, Any], form: Form, *, status: int = 200) -> Template:
    facts = appointment_facts(row, desk.practice)
    return desk.page(
        "desk/request_refusal.html", status_code=status, appointment=facts, form=form, longest=LONGEST_REASON
    )


def _answered(desk: Desk, ref: str, form: Form, how: str) -> Redirect:
    if form.get("back") == "appointment":
        return Redirect(f"{desk.path}/appointments/{ref}?done={how}", status_code=303)
    return Redirect(f"{desk.path}/requests?done={how}&of={ref}", status_code=303)


async def _too_late(desk: Desk, settings: TheSettings, ref: str, form: Form, refusal: Refusal) -> Template:
    """Who was quicker, on the page where the button stood."""
    said = phrase(refusal, desk.viewer.formats.at(desk.practice.zone))
    if form.get("back") == "appointment":
        form.refuse("", said)
        return await appointment_page(desk, ref, settings, form, status=CONFLICT)
    return await requests_page(desk, refused=said, status=CONFLICT, ref=ref)
