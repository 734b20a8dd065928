"""Who came: arrived, completed or missed, each with its way back."""

from typing import Any

from litestar import Response, post
from litestar.params import FromPath

from portal.phrases import phrase
from portal.staff.book.appointment import appointment_page
from portal.staff.book.done import Done, answer_done
from portal.staff.book.insisting import refused_json, status_of, wants_json
from portal.staff.desk import Desk, TheDesk
from portal.web.forms import Form, read_form
from portal.web.given import AnyRequest, TheSettings
from tenants.appointments.find import appointment_with_names, locked_appointment
from tenants.arranging.attendance import COLUMNS, note_attendance
from tenants.refusals import AppointmentCancelled, NotYetAgreed, NotYetBegun, Refusal
from tenants.team.permissions import Permission

_BY_WEIGHT = ("completed", "arrived", "missed")


@post("/desk/{slug:str}/appointments/{ref:str}/attendance", status_code=303, needs=Permission.ARRANGE)
async def note(request: AnyRequest, desk: TheDesk, settings: TheSettings, ref: FromPath[str]) -> Response[Any]:
    """`undo` takes it back."""
    form = await read_form(request, desk.viewer)
    refusal: Refusal | None = None
    try:
        if done := await _note(desk, ref, form):
            return answer_done(request, desk, done)
    except (NotYetAgreed, NotYetBegun, AppointmentCancelled) as objection:
        refusal = objection
    if wants_json(request):
        return refused_json(desk, form, refusal)
    if refusal:
        form.refuse("", phrase(refusal, desk.viewer.formats))
    return await appointment_page(desk, ref, settings, form, status=status_of(refusal))


async def _note(desk: Desk, ref: str, form: Form) -> Done | None:
    """None when the form has errors."""
    async with desk.lens():
        before = await locked_appointment(desk.practice, ref)
        what, undo = form.one_of("what", set(COLUMNS)), bool(form.get("undo"))
        if not form.ok:
            return None
        await note_attendance(desk.practice, ref, what, desk.viewer.now, undo=undo)
        row = await appointment_with_names(desk.practice, ref)
    return Done("taken_back" if undo else what, row, _way_back(_state(before), _state(row)))


def _state(row: dict[str, Any]) -> str:
    return next((what for what in _BY_WEIGHT if row[COLUMNS[what]]), "")


def _way_back(before: str, after: str) -> dict[str, str] | None:
    """Whoever had completed without arriving first has not arrived either."""
    if before == after:
        return None
    if before == "arrived" and after == "completed":
        return {"what": "completed", "undo": "yes"}
    if before:
        return {"what": before}
    return {"what": "arrived" if after == "completed" else after, "undo": "yes"}
