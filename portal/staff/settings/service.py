"""One service: what it is called, how long it lasts, what it costs, who gives it where, and who may book it."""

from datetime import timedelta

from litestar import get, post
from litestar.params import FromPath
from litestar.response import Redirect, Template

from portal.phrases import phrase
from portal.staff.calendar.colours import colour_names, tone_of
from portal.staff.desk import Desk, TheDesk
from portal.staff.settings.service_form import MOST_FIELDS, STEPS, USUAL, further, read_offer, typed
from portal.web.forms import Form, read_form
from portal.web.given import AnyRequest
from tenants.appointments.keeping import fuller_groups
from tenants.places.edit import places_in_order
from tenants.practitioners.edit import practitioners_in_order
from tenants.refs import fingerprint
from tenants.refusals import ChangedMeanwhile, Refusal
from tenants.resources.find import kinds
from tenants.services.edit import add_service, change_service, find_offer
from tenants.services.needs import missing_needs
from tenants.team.permissions import Permission

CONFLICT, UNPROCESSABLE = 409, 422


@get("/desk/{slug:str}/services/new", needs=Permission.CHANGE_SETTINGS)
async def ask_for_service(desk: TheDesk) -> Template:
    async with desk.lens():
        people, places = await practitioners_in_order(desk.practice), await places_in_order(desk.practice)
    everybody = [("practitioners", row["ref"]) for row in people]
    everywhere = [("places", row["ref"]) for row in places]
    return await _page(desk, Form(desk.viewer.words, [*USUAL, *everybody, *everywhere]))


@post("/desk/{slug:str}/services/new", status_code=303, needs=Permission.CHANGE_SETTINGS)
async def add(request: AnyRequest, desk: TheDesk) -> Redirect | Template:
    form = await read_form(request, desk.viewer, MOST_FIELDS)
    offer = read_offer(form, desk)
    if offer is None:
        return await _page(desk, form)
    async with desk.lens():
        ref = await add_service(desk.practice, offer)
    return await _saved(desk, ref)


@get("/desk/{slug:str}/services/{ref:str}", needs=Permission.SETTINGS)
async def show_service(request: AnyRequest, desk: TheDesk, ref: FromPath[str]) -> Template:
    async with desk.lens():
        offer = await find_offer(desk.practice, ref)
    saved = "saved" in request.query_params
    return await _page(desk, Form(desk.viewer.words, typed(offer, desk.practice)), ref, saved=saved)


@post("/desk/{slug:str}/services/{ref:str}", status_code=303, needs=Permission.CHANGE_SETTINGS)
async def change(request: AnyRequest, desk: TheDesk, ref: FromPath[str]) -> Redirect | Template:
    form = await read_form(request, desk.viewer, MOST_FIELDS)
    offer = read_offer(form, desk)
    if offer is None:
        return await _page(desk, form, ref)
    try:
        async with desk.lens():
            await change_service(desk.practice, ref, offer, form.get("seen", ""))
    except ChangedMeanwhile as refusal:
        form.refuse("", phrase(refusal, desk.viewer.formats))
        async with desk.lens():
            form["seen"] = fingerprint(await find_offer(desk.practice, ref))
        return await _page(desk, form, ref, status=CONFLICT)
    return await _saved(desk, ref)


async def refused_page(desk: Desk, ref: str, refusal: Refusal) -> Template:
    """The service as it stands, with the words of why something else was not done to it."""
    async with desk.lens():
        offer = await find_offer(desk.practice, ref)
    form = Form(desk.viewer.words, typed(offer, desk.practice))
    form.refuse("", phrase(refusal, desk.viewer.formats))
    return await _page(desk, form, ref)


async def _saved(desk: Desk, ref: str) -> Redirect:
    """To the list; back to the service where there is something to be read about it."""
    async with desk.lens():
        warned = ref in await missing_needs(desk.practice) or await fuller_groups(desk.practice, ref, desk.viewer.now)
    return Redirect(f"{desk.path}/services" + (f"/{ref}?saved=yes" if warned else ""), status_code=303)


async def _page(
    desk: Desk, form: Form, ref: str | None = None, *, status: int = UNPROCESSABLE, saved: bool = False
) -> Template:
    async with desk.lens():
        people, places = await practitioners_in_order(desk.practice), await places_in_order(desk.practice)
        needed = await kinds(desk.practice)
        missing = (await missing_needs(desk.practice)).get(ref or "", [])
        fuller = await fuller_groups(desk.practice, ref, desk.viewer.now) if ref else []
    return desk.page(
        "desk/service.html",
        status_code=status if form.errors else 200,
        form=form,
        ref=ref,
        saved=saved,
        practitioners=[(row["ref"], row["name"]) for row in people],
        places=[(row["ref"], row["name"]) for row in places],
        kinds=needed,
        missing=missing,
        fuller=fuller,
        colours=[(value, name, tone_of(value)) for value, name in colour_names(desk.viewer.words)],
        languages=further(desk),
        steps=[(str(minutes), desk.viewer.formats.duration(timedelta(minutes=minutes))) for minutes in STEPS],
    )
