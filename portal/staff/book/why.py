"""Why is this hour not offered? Of any service, day and time, with anybody or with everybody who could give it."""

from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

from litestar import get
from litestar.response import Template

from portal.choosing.offer import wanted_from
from portal.staff.book.why_words import Told, ways_on, why_words
from portal.staff.closed_times import ClosedTimes
from portal.staff.desk import Desk, TheDesk
from portal.web.forms import Form
from portal.web.given import AnyRequest
from tenants.arranging import why
from tenants.arranging.ask_why import Answer, Answers, ask_why
from tenants.availability.wall_clock import comings, edge, moment
from tenants.booking.open_times import Slot
from tenants.booking.plan import Plan, current_plan
from tenants.team.permissions import Permission

UNPROCESSABLE = 422
MIDNIGHT = 24 * 60
ANYONE, ANYWHERE = "any", ""


@get("/desk/{slug:str}/why", needs=Permission.ARRANGE)
async def ask(request: AnyRequest, desk: TheDesk) -> Template:
    """Without a time in the address it is only the question."""
    form = Form(desk.viewer.words, request.query_params.multi_items())
    async with desk.lens():
        plan = desk.narrowed(await current_plan(desk.practice))
    if not form.get("time"):
        return _page(desk, plan, form)
    service, practitioner, place, day, minute = _read(form, plan)
    if not form.ok or day is None or minute is None:
        return _page(desk, plan, form)
    at = comings(day, minute, desk.practice.zone)
    if not at:
        jump = moment(edge(day, minute, desk.practice.zone))
        return _page(desk, plan, form, skipped=jump)
    async with desk.lens():
        wanted = wanted_from(service, desk.whose(practitioner, plan), place)
        answers = await ask_why(desk.practice, wanted, at[0], desk.viewer.now)
    facts = [_answer_facts(desk, answers, each) for each in answers.answers]
    return _page(desk, plan, form, answers=facts, at=moment(at[0]), twice=len(at) > 1)


def _read(form: Form, plan: Plan) -> tuple[str, str, str, date | None, int | None]:
    """24:00 is the midnight at which the next day begins."""
    service = form.one_of("service", set(plan.services))
    practitioners = {row["ref"] for row in plan.practitioners.values()}
    practitioner = form.one_of("practitioner", practitioners | {ANYONE}, required=False)
    place = form.one_of("place", {row["ref"] for row in plan.places.values()}, required=False)
    day, minute = form.day("day"), form.wall_time("time")
    if day is not None and minute == MIDNIGHT:
        day, minute = day + timedelta(days=1), 0
    return service, practitioner, place, day, minute


def _answer_facts(desk: Desk, answers: Answers, answer: Answer) -> dict[str, Any]:
    who = answers.plan.practitioners[answer.asked.practitioner_id]
    facts: dict[str, Any] = {
        "name": who["name"],
        "offered": answer.closed is None,
        "book": _booking(desk, answer, answer.asked.start, answers.plan, answer.asked.place_id),
        "next": _next_facts(desk, answer, answer.next_free, answers.plan),
        "closure": None,
        "staff_may": False,
    }
    if answer.closed is None:
        return facts
    told = Told(answer, answer.closed, answers.plan, desk.practice, desk.viewer.words, desk.viewer.formats)
    may_plan, is_admin = desk.member.may_plan(who["id"]), desk.member.is_admin
    facts["why"] = why_words(told)
    facts["ways"] = ways_on(told, desk.path, may_plan=may_plan, is_admin=is_admin)
    facts["staff_may"] = answer.closed.why in {why.NOTICE, why.HORIZON}
    if answer.closure is not None:
        row = answer.closure
        may_change = desk.member.may_plan(row["practitioner_id"])
        facts["closure"] = {
            "when": ClosedTimes.of(row, desk.practice).words(desk.viewer.formats),
            "reason": row["reason"],
            "address": f"{desk.path}/closures/{row['ref']}" if may_change else "",
            "said": answer.closed.why == why.CLOSURE,
        }
    return facts


def _next_facts(desk: Desk, answer: Answer, slot: Slot | None, plan: Plan) -> dict[str, Any] | None:
    if slot is None:
        return None
    address = _booking(desk, answer, slot.start, plan, slot.place_id)
    return {"at": slot.starts_at.astimezone(desk.practice.zone), "book": address}


def _booking(desk: Desk, answer: Answer, start: int, plan: Plan, place_id: int | None) -> str:
    choice = {
        "service": answer.asked.service.row["ref"],
        "practitioner": plan.practitioners[answer.asked.practitioner_id]["ref"],
        "place": plan.places[place_id]["ref"] if place_id is not None else "",
        "start": moment(start).astimezone(desk.practice.zone).isoformat(),
    }
    return f"{desk.path}/appointments/new?{urlencode(choice)}"


def _page(desk: Desk, plan: Plan, form: Form, **facts: Any) -> Template:
    form.setdefault("day", str(desk.viewer.today))
    usual: dict[str, Any] = {"answers": None, "at": None, "twice": False, "skipped": None}
    return desk.page(
        "desk/why.html",
        status_code=UNPROCESSABLE if form.errors else 200,
        form=form,
        services=[(ref, each.row["name"]) for ref, each in plan.services.items()],
        practitioners=[(row["ref"], row["name"]) for row in plan.practitioners.values()],
        places=[(row["ref"], row["name"]) for row in plan.places.values()],
        **usual | facts,
    )
