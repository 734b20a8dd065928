"""Giving an appointment another room, or another thing of the kind that its service needs."""

from typing import Any

from litestar import Response, post
from litestar.params import FromPath

from portal.phrases import phrase
from portal.staff.book.appointment import appointment_page
from portal.staff.book.done import Done, answer_done, check_seen
from portal.staff.book.insisting import refused_json, wants_json
from portal.staff.desk import Desk, TheDesk
from portal.web.forms import Form, read_form
from portal.web.given import AnyRequest, TheSettings
from tenants.appointments.find import appointment_with_names
from tenants.arranging.rooms import give_resource, given_to
from tenants.refusals import (
    AppointmentCancelled,
    ChangedMeanwhile,
    MovedMeanwhile,
    Refusal,
    ResourceTaken,
    ResourceUnfit,
)
from tenants.team.permissions import Permission

CONFLICT, UNPROCESSABLE = 409, 422
LONGEST_REF = 20
OBJECTIONS = (ResourceTaken, ResourceUnfit, ChangedMeanwhile, MovedMeanwhile, AppointmentCancelled)


@post("/desk/{slug:str}/appointments/{ref:str}/room", status_code=303, needs=Permission.ARRANGE)
async def give(request: AnyRequest, desk: TheDesk, settings: TheSettings, ref: FromPath[str]) -> Response[Any]:
    """`resource` is what it shall have, `had` what it had of that kind on the page."""
    form = await read_form(request, desk.viewer)
    refusal: Refusal | None = None
    try:
        if done := await _give(desk, ref, form):
            return answer_done(request, desk, done)
    except OBJECTIONS as objection:
        refusal = objection
    if wants_json(request):
        return refused_json(desk, form, refusal)
    if refusal:
        form.refuse("", phrase(refusal, desk.viewer.formats))
    status = UNPROCESSABLE if refusal is None or isinstance(refusal, ResourceUnfit) else CONFLICT
    return await appointment_page(desk, ref, settings, form, status=status)


async def _give(desk: Desk, ref: str, form: Form) -> Done | None:
    """None when the form has errors."""
    wanted, practice, now = form.text("resource", LONGEST_REF), desk.practice, desk.viewer.now
    async with desk.lens():
        row = await appointment_with_names(practice, ref)
        desk.check_may_arrange(row["practitioner_id"])
        if not form.ok:
            return None
        check_seen(form, row)
        before = {each.kind: each.has for each in await given_to(practice, row, now)}
        if not await give_resource(practice, ref, wanted, now, seen=form.get("had")):
            return Done("moved", row, None)
        kind = next(each.kind for each in await given_to(practice, row, now) if each.has and each.has["ref"] == wanted)
    had = before.get(kind)
    return Done("given_room", row, {"resource": had["ref"], "had": wanted} if had else None)
