"""Waiting for a time: what, when, and who waits. Whoever is not signed in proves their address on the way.

Then what was typed goes along in the address and stands in the form again, to be sent by one button.
"""

from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from litestar import get, post
from litestar.params import FromPath
from litestar.response import Redirect, Template

from portal.choosing.offer import choice_facts, known_choice
from portal.choosing.wish_form import KEPT, read_wish, typed_wish, usual_wish, wish_facts, wish_query
from portal.client.holds import practice_of
from portal.client.sign_in import send_sign_in_code
from portal.database import person_lens, practice_lens
from portal.people.pace import EVERY_HOUR, keep_pace
from portal.people.refusals import CodeTooSoon
from portal.phrases import phrase
from portal.web.forms import Form, read_day, read_form
from portal.web.given import AnyRequest, TheSettings, TheViewer
from portal.web.viewer import Viewer, signed_in
from tenants.across import own_records, own_wish
from tenants.booking.plan import Plan, current_plan
from tenants.clients.record import Contact
from tenants.practices.tenant import Tenant
from tenants.refusals import NotFound, Refusal
from tenants.waiting.wish import change_wish, find_wish, leave_wish

UNPROCESSABLE = 422
WISHES_AN_HOUR = 30
CHOICE = ("service", "practitioner", "place")


@dataclass(frozen=True, slots=True)
class Page:
    """`ref` names a wish that is being changed, "" for a new one. `known_as` are addresses that the practice knows."""

    viewer: Viewer
    practice: Tenant
    plan: Plan
    known_as: list[str]
    ref: str = ""

    def show(self, form: Form, *, status: int = 200) -> Template:
        person = self.viewer.person
        return self.viewer.page(
            "client/waiting_form.html",
            status_code=status,
            **wish_facts(form, self.plan, self.practice, self.viewer.formats, self.viewer.today),
            changing=self.ref,
            addresses=person.emails if person else [],
            unknown=person is not None and not self.known_as,
        )


@get("/p/{slug:str}/waiting")
async def ask_for_wish(request: AnyRequest, viewer: TheViewer) -> Template:
    """Every field may stand in the address; `before` is a day on which something is free already."""
    practice = practice_of(viewer)
    asked = request.query_params
    page = await _page(viewer, practice)
    choice = known_choice(page.plan, {name: asked.get(name, "") for name in CHOICE})
    if not _is_offered(page.plan, choice["service"]):
        facts = choice_facts(page.plan, practice, dict.fromkeys(CHOICE, ""))
        return viewer.page("client/waiting_service.html", **facts)
    before = read_day(asked["before"], practice.zone, viewer.now) if asked.get("before") else None
    typed = [(name, value) for name, value in asked.multi_items() if name in KEPT and name not in CHOICE]
    typed += list(choice.items())
    given = {name for name, _ in typed}
    usual = [pair for pair in usual_wish(page.plan, viewer.today, before) if pair[0] not in given]
    return page.show(Form(viewer.words, _from_person(page) + usual + typed))


@post("/p/{slug:str}/waiting", status_code=303)
async def leave(request: AnyRequest, viewer: TheViewer, settings: TheSettings) -> Redirect | Template:
    practice = practice_of(viewer)
    form = await read_form(request, viewer)
    page = await _page(viewer, practice)
    if not _is_offered(page.plan, form["service"]):
        raise NotFound("service")
    wish = read_wish(form)
    if viewer.person is None:
        email = form.email("email")
        if not form.ok:
            return page.show(form, status=UNPROCESSABLE)
        try:
            sent = await send_sign_in_code(viewer, settings, email)
        except CodeTooSoon as refusal:
            form.refuse("email", phrase(refusal, viewer.formats))
            return page.show(form, status=UNPROCESSABLE)
        back = f"/p/{practice.slug}/waiting?{wish_query(form)}"
        return Redirect(f"/sign-in/{sent.ref}?next={quote(back, safe='')}", status_code=303)
    contact = _read_contact(form, page)
    if wish is None or not form.ok:
        return page.show(form, status=UNPROCESSABLE)
    await keep_pace("wish", str(viewer.person.person_id), WISHES_AN_HOUR, EVERY_HOUR, viewer.now)
    try:
        async with practice_lens(practice):
            ref = await leave_wish(practice, contact, wish, viewer.now)
    except NotFound:
        raise
    except Refusal as refusal:
        form.refuse("", phrase(refusal, viewer.formats))
        return page.show(form, status=UNPROCESSABLE)
    return Redirect(f"/waiting?left={ref}", status_code=303)


@get("/waiting/{ref:str}")
async def ask_for_change(viewer: TheViewer, ref: FromPath[str]) -> Redirect | Template:
    page = await _page_of(viewer, ref)
    async with practice_lens(page.practice):
        row = await find_wish(page.practice, ref)
    refs = _refs(page.plan, row)
    if row["ended_at"] or refs["service"] not in page.plan.services:
        return Redirect("/waiting", status_code=303)
    return page.show(Form(viewer.words, typed_wish(row, refs)))


@post("/waiting/{ref:str}", status_code=303)
async def change(request: AnyRequest, viewer: TheViewer, ref: FromPath[str]) -> Redirect | Template:
    page = await _page_of(viewer, ref)
    form = await read_form(request, viewer)
    page.plan.service(form.get("service", ""))
    wish = read_wish(form)
    if wish is None:
        return page.show(form, status=UNPROCESSABLE)
    try:
        async with practice_lens(page.practice):
            await change_wish(page.practice, ref, wish, viewer.now)
    except NotFound:
        raise
    except Refusal as refusal:
        form.refuse("", phrase(refusal, page.viewer.formats))
        return page.show(form, status=UNPROCESSABLE)
    return Redirect(f"/waiting?changed={ref}", status_code=303)


async def practice_of_wish(viewer: Viewer, ref: str) -> Tenant:
    """Of one's own: another's is no different from one that does not exist."""
    async with person_lens(signed_in(viewer).person_id):
        practice = await own_wish(ref)
    if practice is None:
        raise NotFound("waiting_wish")
    return practice


async def _page_of(viewer: Viewer, ref: str) -> Page:
    practice = await practice_of_wish(viewer, ref)
    return await _page(viewer.at(practice), practice, ref)


async def _page(viewer: Viewer, practice: Tenant, ref: str = "") -> Page:
    known: list[str] = []
    if viewer.person:
        async with person_lens(viewer.person.person_id):
            known = [row["email"] for row in await own_records() if row["tenant"].id == practice.id]
    async with practice_lens(practice):
        return Page(viewer, practice, await current_plan(practice), known, ref)


def _is_offered(plan: Plan, ref: str) -> bool:
    """To clients, who book for themselves what is offered to them."""
    return ref in plan.services and bool(plan.services[ref].row["online"])


def _from_person(page: Page) -> list[tuple[str, Any]]:
    person = page.viewer.person
    if person is None:
        return []
    email = next(iter(page.known_as), person.email)
    return [("email", email), ("first_name", person.first_name), ("last_name", person.last_name)]


def _read_contact(form: Form, page: Page) -> Contact:
    """A name is asked of somebody whom the practice does not know; of others it has one."""
    person = signed_in(page.viewer)
    email = form.one_of("email", set(person.emails))
    if page.known_as:
        return Contact(email, person.first_name, person.last_name, person.mobile_phone)
    return Contact(email, form.text("first_name", 100), form.text("last_name", 100), person.mobile_phone)


def _refs(plan: Plan, row: dict[str, Any]) -> dict[str, str]:
    service = next((ref for ref, each in plan.services.items() if each.row["id"] == row["service_id"]), "")
    who, where = plan.practitioners.get(row["practitioner_id"]), plan.places.get(row["place_id"])
    return {"service": service, "practitioner": who["ref"] if who else "any", "place": where["ref"] if where else ""}
