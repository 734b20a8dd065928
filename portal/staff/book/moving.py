"""Moving an appointment for a client: to any time that hours and other appointments leave."""

from typing import Any

from litestar import get, post
from litestar.params import FromPath
from litestar.response import Redirect, Template

from portal.choosing.offer import wanted_from
from portal.choosing.times import look, times_facts
from portal.phrases import phrase
from portal.staff.book.appointment import appointment_facts
from portal.staff.book.placement import carry_out
from portal.staff.desk import Desk, TheDesk
from portal.web.forms import read_day, read_form, read_moment
from portal.web.given import AnyRequest
from tenants.appointments.find import appointment_with_names
from tenants.arranging.rearrange import Move
from tenants.booking.busy import Besides
from tenants.booking.plan import current_plan
from tenants.refusals import AppointmentCancelled, NotFound, Refusal, SlotTaken
from tenants.team.permissions import Permission

CONFLICT, UNPROCESSABLE = 409, 422


@get("/desk/{slug:str}/appointments/{ref:str}/move", needs=Permission.ARRANGE)
async def ask_where_to(request: AnyRequest, desk: TheDesk, ref: FromPath[str]) -> Template:
    asked = request.query_params
    return await _page(desk, ref, asked.get("practitioner", ""), asked.get("day"))


@post("/desk/{slug:str}/appointments/{ref:str}/move", status_code=303, needs=Permission.ARRANGE)
async def move(request: AnyRequest, desk: TheDesk, ref: FromPath[str]) -> Redirect | Template:
    form = await read_form(request, desk.viewer)
    starts_at = read_moment(form.get("start", ""))
    practitioner = form.get("practitioner", "")
    if starts_at is None:
        raise NotFound("time")
    try:
        async with desk.lens():
            who = desk.whose(practitioner, await current_plan(desk.practice)) if practitioner else None
            wanted = Move(starts_at, who, by=desk.by)
            done = await carry_out(desk, ref, wanted)
    except NotFound:
        raise
    except Refusal as refusal:
        day = starts_at.astimezone(desk.practice.zone).date()
        return await _page(desk, ref, practitioner, str(day), refusal)
    return Redirect(done.page(desk), status_code=303)


async def _page(desk: Desk, ref: str, practitioner: str, day: str | None, refusal: Refusal | None = None) -> Template:
    practice, now = desk.practice, desk.viewer.now
    async with desk.lens():
        row = await appointment_with_names(practice, ref)
        plan = desk.narrowed(await current_plan(practice))
    desk.check_may_arrange(row["practitioner_id"])
    if row["cancelled_at"]:
        raise AppointmentCancelled(row["cancelled_at"])
    service = plan.service(row["service_ref"])
    givers = [plan.practitioners[each] for each in service.practitioners]
    chosen = practitioner if practitioner in {each["ref"] for each in givers} else row["practitioner_ref"]
    asked = read_day(day, practice.zone, now) if day else row["starts_at"].astimezone(practice.zone).date()
    wanted = wanted_from(row["service_ref"], chosen, "")
    length = row["ends_at"] - row["starts_at"]
    seen = await look(practice, wanted, asked, now, Besides(appointment_id=row["id"]), limited=False, length=length)
    choice = {"practitioner": chosen}
    facts: dict[str, Any] = times_facts(desk.viewer, practice, seen, choice, names=False)
    facts["refusal"] = phrase(refusal, desk.viewer.formats) if refusal else None
    return desk.page(
        "desk/move.html",
        status_code=200 if refusal is None else CONFLICT if isinstance(refusal, SlotTaken) else UNPROCESSABLE,
        appointment=appointment_facts(row, practice),
        practitioners=givers,
        chosen=chosen,
        hidden=choice,
        **facts,
    )
