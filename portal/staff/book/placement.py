"""Putting an appointment where one says, for as long as one says: what a drag does, and the form that does the same."""

from datetime import datetime
from typing import Any

from litestar import Response, get, post
from litestar.params import FromPath
from litestar.response import Template

from portal.staff.book.appointment import appointment_facts
from portal.staff.book.done import Done, answer_done
from portal.staff.book.insisting import (
    OUTSIDE_HOURS,
    OVERBOOK,
    read_insistence,
    refusal_facts,
    refused_json,
    status_of,
    wants_json,
)
from portal.staff.book.when import is_told, read_length, read_start, show_when
from portal.staff.desk import Desk, TheDesk
from portal.web.forms import Form, read_form, read_moment
from portal.web.given import AnyRequest
from tenants.appointments.find import appointment_with_names, locked_appointment
from tenants.arranging.overrides import overrides_of
from tenants.arranging.rearrange import Move
from tenants.arranging.requested import move_and_agree
from tenants.booking.plan import Plan, current_plan
from tenants.refusals import AppointmentCancelled, MovedMeanwhile, NotFound, Refusal, ServiceNotGiven
from tenants.team.permissions import Permission

FURTHEST_SEQUENCE = 2**31 - 1


@get("/desk/{slug:str}/appointments/{ref:str}/placement", needs=Permission.ARRANGE)
async def ask_where_and_how_long(request: AnyRequest, desk: TheDesk, ref: FromPath[str]) -> Template:
    """`start`, `end`, `practitioner` and `place` in the address are what a drag would have sent."""
    asked = request.query_params
    async with desk.lens():
        row = await appointment_with_names(desk.practice, ref)
    desk.check_may_arrange(row["practitioner_id"])
    if row["cancelled_at"]:
        raise AppointmentCancelled(row["cancelled_at"])
    form = Form(desk.viewer.words, [(name, asked[name]) for name in ("practitioner", "place") if name in asked])
    _show(desk, form, row, read_moment(asked.get("start", "")), read_moment(asked.get("end", "")))
    return await _page(desk, row, form)


@post("/desk/{slug:str}/appointments/{ref:str}/placement", status_code=303, needs=Permission.ARRANGE)
async def place(request: AnyRequest, desk: TheDesk, ref: FromPath[str]) -> Response[Any]:
    form = await read_form(request, desk.viewer)
    refusal: Refusal | None = None
    try:
        if done := await _put(desk, ref, form):
            return answer_done(request, desk, done)
    except NotFound as missing:
        if missing.what != "service":
            raise
        refusal = ServiceNotGiven()  # its own, which the practice has given up since
    except AppointmentCancelled as cancelled:
        if not wants_json(request):
            raise
        refusal = cancelled
    except Refusal as objection:
        refusal = objection
    if wants_json(request):
        return refused_json(desk, form, refusal)
    async with desk.lens():
        row = await appointment_with_names(desk.practice, ref)
    if isinstance(refusal, MovedMeanwhile):
        form["seen"] = str(row["sequence"])
    return await _page(desk, row, form, refusal, status=status_of(refusal))


async def _put(desk: Desk, ref: str, form: Form) -> Done | None:
    """None when the form has errors. Raises what `move_and_agree` raises."""
    async with desk.lens():
        await locked_appointment(desk.practice, ref)
        move = _read_move(desk, form)
        if move is not None and move.practitioner is not None:
            desk.whose(move.practitioner, await current_plan(desk.practice))
        return None if move is None else await carry_out(desk, ref, move)


async def carry_out(desk: Desk, ref: str, move: Move) -> Done:
    """Inside a lens. What leads back insists on what had been insisted on before."""
    practice = desk.practice
    await locked_appointment(practice, ref)
    before = await appointment_with_names(practice, ref)
    standing = [each for each in await overrides_of(practice, before["id"]) if each.own and each.stands]
    agreed = await move_and_agree(practice, ref, move, desk.viewer.now)
    after = await appointment_with_names(practice, ref)
    if agreed:
        return Done("accepted", after, None)
    if after["sequence"] == before["sequence"]:
        return Done("moved", after, None)
    back = {
        "start": before["starts_at"].astimezone(practice.zone).isoformat(),
        "end": before["ends_at"].astimezone(practice.zone).isoformat(),
        "practitioner": before["practitioner_ref"],
        "place": before["place_ref"],
        "tell": "yes" if move.tell else "no",
    }
    if standing:
        names = {OVERBOOK if each.what == "overbooked" else OUTSIDE_HOURS for each in standing}
        back |= {"insist": ",".join(sorted(names)), "why": standing[-1].reason}
    return Done("moved", after, back)


def _read_move(desk: Desk, form: Form) -> Move | None:
    words = desk.viewer.words
    starts_at = read_start(form, desk.practice.zone, words)
    length = read_length(form, starts_at, words)
    show_when(form, starts_at, length, desk.practice.zone)
    seen = form.whole("seen", 0, FURTHEST_SEQUENCE, required=False)
    practitioner, where = (form.text(name, 20, required=False) or None for name in ("practitioner", "place"))
    insistence = read_insistence(form)
    if starts_at is None or not form.ok:
        return None
    return Move(starts_at, practitioner, where, length, insistence, seen, desk.by, is_told(form))


def _show(desk: Desk, form: Form, row: dict[str, Any], start: datetime | None, end: datetime | None) -> None:
    begins = start or row["starts_at"]
    length = end - begins if end and end > begins else row["ends_at"] - row["starts_at"]
    show_when(form, begins, length, desk.practice.zone)
    form.setdefault("practitioner", row["practitioner_ref"])
    form["seen"] = str(row["sequence"])


async def _page(
    desk: Desk, row: dict[str, Any], form: Form, refusal: Refusal | None = None, *, status: int = 200
) -> Template:
    async with desk.lens():
        plan = desk.narrowed(await current_plan(desk.practice))
    return desk.page(
        "desk/placement.html",
        status_code=status,
        appointment=appointment_facts(row, desk.practice),
        practitioners=_givers(plan, row),
        places=_places(plan, row),
        form=form,
        **refusal_facts(desk, form, refusal),
    )


def _givers(plan: Plan, row: dict[str, Any]) -> list[tuple[str, str]]:
    """Whoever gives the service, and who has the appointment already."""
    service = plan.services.get(row["service_ref"])
    rows = [plan.practitioners[each] for each in service.practitioners] if service else []
    givers = {each["ref"]: each["name"] for each in rows}
    return [*({row["practitioner_ref"]: row["practitioner_name"]} | givers).items()]


def _places(plan: Plan, row: dict[str, Any]) -> list[tuple[str, str]]:
    service = plan.services.get(row["service_ref"])
    return [(each["ref"], each["name"]) for key, each in plan.places.items() if service and key in service.places]
