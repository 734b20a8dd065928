"""The booking sheet: for whom, what, with whom, where and when, typed on one page that is quick to fill."""

from typing import Any

from litestar import Response, get, post
from litestar.response import Template

from portal.choosing.offer import service_facts
from portal.staff.book.contact_form import client_facts
from portal.staff.book.done import Done, answer_done, wants_fragment
from portal.staff.book.insisting import UNPROCESSABLE, refusal_facts, refused_json, status_of, wants_json
from portal.staff.book.sheet_form import ANYBODY, MOST_IN_A_ROW, Sheet, chosen_services, prefill, read_sheet
from portal.staff.desk import Desk, TheDesk
from portal.staff.series.preview import preview
from portal.web.forms import Form, read_form
from portal.web.given import AnyRequest
from tenants.appointments.find import appointment_with_names
from tenants.arranging.appoint import book_in_a_row
from tenants.booking.plan import current_plan
from tenants.refusals import NotFound, Refusal
from tenants.team.permissions import Permission


@get("/desk/{slug:str}/appointments/sheet", needs=Permission.ARRANGE)
async def show_sheet(request: AnyRequest, desk: TheDesk) -> Template:
    """Every field may stand in the address, so that any page can lead back here without loss."""
    form = Form(desk.viewer.words, request.query_params.multi_items())
    return await _page(request, desk, form)


@get("/desk/{slug:str}/appointments/sheet/clients", needs=Permission.ARRANGE)
async def find_clients(request: AnyRequest, desk: TheDesk) -> Template:
    """The part of the sheet that lists whom one means, while one types."""
    form = Form(desk.viewer.words, request.query_params.multi_items())
    return desk.page("desk/_sheet_clients.html", form=form, **await client_facts(desk, form))


@post("/desk/{slug:str}/appointments/sheet", status_code=303, needs=Permission.ARRANGE)
async def book(request: AnyRequest, desk: TheDesk) -> Response[Any]:
    """`find` only looks for the client: it is the button of a browser without scripts."""
    form = await read_form(request, desk.viewer)
    if form.get("find"):
        return await _page(request, desk, form)
    sheet = await read_sheet(desk, form)
    if sheet is None:
        return await _refused(request, desk, form)
    if form.get("every_weeks"):
        form["service"] = chosen_services(form)[0]  # of several fields of that name, the one that was chosen
        return await preview(desk, form, fragment=wants_fragment(request))
    try:
        return answer_done(request, desk, await _book(desk, sheet))
    except NotFound:
        raise
    except Refusal as refusal:
        return await _refused(request, desk, form, refusal)


async def _book(desk: Desk, sheet: Sheet) -> Done:
    async with desk.lens():
        booked = await book_in_a_row(desk.practice, sheet.key, sheet.choices, sheet.contact, desk.viewer.now, sheet.how)
        row = await appointment_with_names(desk.practice, booked[0].ref)
    fields = {"tell": "yes" if sheet.how.tell else "no", "also": " ".join(each.ref for each in booked[1:])}
    return Done("booked", row, fields)


async def _refused(request: AnyRequest, desk: Desk, form: Form, refusal: Refusal | None = None) -> Response[Any]:
    if wants_json(request):
        return refused_json(desk, form, refusal)
    return await _page(request, desk, form, refusal, status=status_of(refusal))


async def _page(
    request: AnyRequest, desk: Desk, form: Form, refusal: Refusal | None = None, *, status: int = 200
) -> Template:
    async with desk.lens():
        plan = await current_plan(desk.practice)
    practitioners = [(row["ref"], row["name"]) for row in plan.practitioners.values()]
    services = service_facts(plan, desk.practice, staff=True)
    prefill(desk, form, [ref for ref, _ in practitioners], [row["ref"] for row in services])
    anybody = [(ANYBODY, desk.viewer.words.gettext("Whoever is free"))] if len(practitioners) > 1 else []
    facts = await client_facts(desk, form)
    chosen = chosen_services(form)[:MOST_IN_A_ROW]
    return desk.page(
        "desk/_sheet.html" if wants_fragment(request) else "desk/sheet.html",
        status_code=UNPROCESSABLE if form.errors else status,
        whole=not wants_fragment(request),
        form=form,
        services=services,
        chosen=chosen + [""] * (MOST_IN_A_ROW - len(chosen)),
        practitioners=anybody + practitioners,
        places=[(row["ref"], row["name"]) for row in plan.places.values()],
        **facts,
        **refusal_facts(desk, form, refusal),
    )
