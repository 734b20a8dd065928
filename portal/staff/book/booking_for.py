"""Booking for a client: what, with whom and when, each a choice that the address holds; then for whom."""

from datetime import datetime
from typing import Any

from litestar import get, post
from litestar.response import Redirect, Template

from portal.choosing.offer import choice_facts, known_choice, place_facts, wanted_from
from portal.choosing.times import look, times_facts
from portal.phrases import phrase
from portal.staff.book.contact_form import read_contact
from portal.staff.book.done import Done
from portal.staff.desk import Desk, TheDesk
from portal.web.forms import Form, read_day, read_form, read_moment
from portal.web.given import AnyRequest
from tenants.appointments.find import appointment_with_names
from tenants.arranging.appoint import How, book_by_staff
from tenants.booking.plan import current_plan
from tenants.booking.slot import Choice, find_slot
from tenants.clients.record import find_record
from tenants.clients.search import search_records
from tenants.refs import new_key
from tenants.refusals import NotFound, Refusal, SlotTaken, TimeNotOffered
from tenants.team.permissions import Permission

CONFLICT, UNPROCESSABLE = 409, 422
CHOICES = ("service", "practitioner", "place")


@get("/desk/{slug:str}/appointments/new", needs=Permission.ARRANGE)
async def choose(request: AnyRequest, desk: TheDesk) -> Template:
    asked = request.query_params
    async with desk.lens():
        plan = await current_plan(desk.practice)
    choice = known_choice(plan, {name: asked.get(name, "") for name in CHOICES})
    starts_at = read_moment(asked.get("start", ""))
    if not choice["service"] or starts_at is None:
        return await _when_page(desk, choice, asked.get("day"))
    try:
        choice = await _settled(desk, choice, starts_at)
    except Refusal as refusal:
        return await _when_page(desk, choice, str(starts_at.astimezone(desk.practice.zone).date()), refusal)
    return await _whom_page(desk, choice, starts_at, Form(desk.viewer.words, asked.multi_items()))


@post("/desk/{slug:str}/appointments/new", status_code=303, needs=Permission.ARRANGE)
async def book(request: AnyRequest, desk: TheDesk) -> Redirect | Template:
    form = await read_form(request, desk.viewer)
    starts_at = read_moment(form.get("start", ""))
    choice = {name: str(form.get(name, "")) for name in CHOICES}
    if starts_at is None:
        raise NotFound("time")
    contact = await read_contact(desk, form)
    note = form.text("note", 1000, required=False, lines=True)
    key = form.text("key", 64, required=False) or new_key()
    if not form.ok:
        return await _whom_page(desk, choice, starts_at, form)
    wanted = Choice(wanted_from(**choice), starts_at)
    try:
        async with desk.lens():
            booked = await book_by_staff(desk.practice, key, wanted, contact, desk.viewer.now, How(desk.by, note))
            row = await appointment_with_names(desk.practice, booked.ref)
    except NotFound:
        raise
    except Refusal as refusal:
        return await _whom_page(desk, choice, starts_at, form, refusal)
    return Redirect(Done("booked", row, {"tell": "yes"}).page(desk), status_code=303)


async def _settled(desk: Desk, choice: dict[str, str], starts_at: datetime) -> dict[str, str]:
    """Names who will give it and where, so that what is shown is what will be booked."""
    async with desk.lens():
        found = await find_slot(desk.practice, Choice(wanted_from(**choice), starts_at), desk.viewer.now, limited=False)
    practitioner = found.plan.practitioners[found.slot.practitioner_id]["ref"]
    return choice | {"practitioner": practitioner, "place": found.plan.places[found.slot.place_id]["ref"]}


async def _when_page(desk: Desk, choice: dict[str, str], day: str | None, refusal: Refusal | None = None) -> Template:
    practice, now = desk.practice, desk.viewer.now
    async with desk.lens():
        plan = await current_plan(practice)
    asked = read_day(day, practice.zone, now)
    facts = choice_facts(plan, practice, choice, staff=True)
    if choice["service"]:
        wanted = wanted_from(**choice)
        seen = await look(practice, wanted, asked, now, limited=False)
        facts |= times_facts(desk.viewer, practice, seen, choice, names=wanted.practitioner is None)
        facts |= {"hidden": choice, "refusal": phrase(refusal, desk.viewer.formats) if refusal else None}
    else:
        facts["choice"] = {"day": asked}
    return desk.page("desk/book.html", status_code=_status(refusal), **facts)


async def _whom_page(
    desk: Desk, choice: dict[str, str], starts_at: datetime, form: Form, refusal: Refusal | None = None
) -> Template:
    ref, words = (form.text(name, 100, required=False) for name in ("client", "q"))
    async with desk.lens():
        plan = await current_plan(desk.practice)
        client = await find_record(desk.practice, ref) if ref else None
        found = await search_records(desk.practice, words) if words else []
    form.setdefault("key", new_key())
    return desk.page(
        "desk/book_for.html",
        status_code=UNPROCESSABLE if form.errors else _status(refusal),
        slot=_slot_facts(desk, plan, choice, starts_at),
        choice=choice | {"start": starts_at.isoformat()},
        form=form,
        client=client,
        found=found,
        refusal=phrase(refusal, desk.viewer.formats) if refusal else None,
        next_times=_next_times(desk, refusal),
    )


def _slot_facts(desk: Desk, plan: Any, choice: dict[str, str], starts_at: datetime) -> dict[str, Any]:
    by_ref = {row["ref"]: row for rows in (plan.practitioners, plan.places) for row in rows.values()}
    service, place = plan.service(choice["service"]), by_ref.get(choice["place"])
    begins = starts_at.astimezone(desk.practice.zone)
    return {
        "starts_at": begins,
        "ends_at": (starts_at + service.row["duration"]).astimezone(desk.practice.zone),
        "service_name": service.row["name"],
        "practitioner_name": by_ref.get(choice["practitioner"], {}).get("name", ""),
        "place": place_facts(place, place["name"]) if place else None,
    }


def _next_times(desk: Desk, refusal: Refusal | None) -> list[datetime]:
    times = refusal.next_free if isinstance(refusal, SlotTaken | TimeNotOffered) else ()
    return [each.astimezone(desk.practice.zone) for each in times]


def _status(refusal: Refusal | None) -> int:
    if refusal is None:
        return 200
    return CONFLICT if isinstance(refusal, SlotTaken) else UNPROCESSABLE
