"""One appointment as the practice sees it: who comes, what has happened, cancelling it, and whether anybody came."""

from typing import Any

from litestar import get, post
from litestar.params import FromPath
from litestar.response import Redirect, Template

from portal.choosing.offer import place_facts
from portal.database import practice_lens
from portal.languages.words import Words
from portal.phrases import phrase
from portal.settings import Settings
from portal.staff.desk import Desk, TheDesk
from portal.staff.log.section import section_of_appointment
from portal.staff.records.duplicates import hints_for_new
from portal.web.forms import Form, read_form
from portal.web.given import AnyRequest, TheSettings
from tenants.appointments.find import appointment_with_names
from tenants.booking.attendance import note_attendance
from tenants.booking.cancel import cancel_by_staff
from tenants.booking.plan import current_plan
from tenants.practices.tenant import Tenant
from tenants.refusals import AppointmentCancelled, NotYetBegun

UNPROCESSABLE = 422
_INSTANTS = ("starts_at", "ends_at", "booked_at", "moved_at", "confirmed_at", "cancelled_at", "no_show_at")


@get("/desk/{slug:str}/appointments/{ref:str}")
async def show_appointment(request: AnyRequest, desk: TheDesk, settings: TheSettings, ref: FromPath[str]) -> Template:
    return await _page(desk, ref, settings, done=request.query_params.get("done", ""))


@get("/desk/{slug:str}/appointments/{ref:str}/cancellation")
async def ask_to_cancel(desk: TheDesk, ref: FromPath[str]) -> Redirect | Template:
    async with practice_lens(desk.practice):
        row = await appointment_with_names(desk.practice, ref)
    if row["cancelled_at"]:
        return Redirect(f"{desk.path}/appointments/{ref}", status_code=303)
    appointment = appointment_facts(row, desk.practice)
    return desk.page("desk/cancellation.html", appointment=appointment, form=Form(desk.viewer.words))


@post("/desk/{slug:str}/appointments/{ref:str}/cancellation", status_code=303)
async def cancel(request: AnyRequest, desk: TheDesk, ref: FromPath[str]) -> Redirect | Template:
    form = await read_form(request, desk.viewer)
    reason = form.text("reason", 500, required=False, lines=True)
    async with practice_lens(desk.practice):
        row = await appointment_with_names(desk.practice, ref)
        if form.ok:
            await cancel_by_staff(desk.practice, ref, reason, desk.viewer.now, by=desk.by)
            return Redirect(f"{desk.path}/appointments/{ref}", status_code=303)
    appointment = appointment_facts(row, desk.practice)
    return desk.page("desk/cancellation.html", status_code=UNPROCESSABLE, appointment=appointment, form=form)


@post("/desk/{slug:str}/appointments/{ref:str}/no-show", status_code=303)
async def note_no_show(
    request: AnyRequest, desk: TheDesk, settings: TheSettings, ref: FromPath[str]
) -> Redirect | Template:
    """`undo` takes it back."""
    form = await read_form(request, desk.viewer)
    try:
        async with practice_lens(desk.practice):
            await note_attendance(desk.practice, ref, "missed", desk.viewer.now, undo=bool(form.get("undo")))
    except (NotYetBegun, AppointmentCancelled) as refusal:
        form.refuse("", phrase(refusal, desk.viewer.formats))
        return await _page(desk, ref, settings, form, status=UNPROCESSABLE)
    return Redirect(f"{desk.path}/appointments/{ref}", status_code=303)


async def _page(
    desk: Desk, ref: str, settings: Settings, form: Form | None = None, *, status: int = 200, done: str = ""
) -> Template:
    async with practice_lens(desk.practice):
        row = await appointment_with_names(desk.practice, ref)
        plan = await current_plan(desk.practice)
    appointment = appointment_facts(row, desk.practice)
    return desk.page(
        "desk/appointment.html",
        status_code=status,
        appointment=appointment,
        history=_history(appointment, desk.viewer.words),
        section=await section_of_appointment(desk, row, settings),
        offered=row["service_ref"] in plan.services,
        done=done,
        twice=await hints_for_new(desk, row),
        form=form or Form(desk.viewer.words),
    )


def appointment_facts(row: dict[str, Any], practice: Tenant) -> dict[str, Any]:
    local = {name: row[name].astimezone(practice.zone) for name in _INSTANTS if row[name]}
    return row | local | {"place": place_facts(row, row["place_name"])}


def _history(row: dict[str, Any], words: Words) -> list[dict[str, Any]]:
    _ = words.gettext
    by_client = {name: row[name] == "client" for name in ("booked_by", "confirmed_by", "cancelled_by")}
    told = [
        (row["booked_at"], _("Booked by the client") if by_client["booked_by"] else _("Booked by the practice")),
        (row["moved_at"], _("Moved to this time")),
        (
            row["confirmed_at"],
            _("Confirmed by the client") if by_client["confirmed_by"] else _("Confirmed by the practice"),
        ),
        (
            row["cancelled_at"],
            _("Cancelled by the client") if by_client["cancelled_by"] else _("Cancelled by the practice"),
        ),
        (row["no_show_at"], _("Noted as missed")),
    ]
    return sorted(({"at": at, "words": said} for at, said in told if at), key=lambda line: line["at"])
