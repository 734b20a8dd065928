"""One practitioner: what clients read of them, and the services they give."""

from typing import Any

from litestar import get, post
from litestar.params import FromPath
from litestar.response import Redirect, Template

from portal.phrases import phrase
from portal.staff.desk import Desk, TheDesk
from portal.staff.settings.service_form import MOST_FIELDS
from portal.web.forms import Form, read_form
from portal.web.given import AnyRequest
from tenants.booking.plan import current_plan
from tenants.practitioners.edit import Profile
from tenants.refs import fingerprint
from tenants.refusals import ChangedMeanwhile, Refusal
from tenants.services.givers import Giver, add_giver, change_giver, find_giver
from tenants.team.permissions import Permission

CONFLICT, UNPROCESSABLE = 409, 422


@get("/desk/{slug:str}/practitioners/new", needs=Permission.CHANGE_SETTINGS)
async def ask_for_practitioner(desk: TheDesk) -> Template:
    return await _page(desk, Form(desk.viewer.words))


@post("/desk/{slug:str}/practitioners/new", status_code=303, needs=Permission.CHANGE_SETTINGS)
async def add(request: AnyRequest, desk: TheDesk) -> Redirect | Template:
    """On to their hours, without which nobody can book with them."""
    form = await read_form(request, desk.viewer, MOST_FIELDS)
    giver = _read(form)
    if giver is None:
        return await _page(desk, form)
    async with desk.lens():
        ref = await add_giver(desk.practice, giver)
    return Redirect(f"{desk.path}/hours?practitioner={ref}", status_code=303)


@get("/desk/{slug:str}/practitioners/{ref:str}", needs=Permission.SETTINGS)
async def show_practitioner(desk: TheDesk, ref: FromPath[str]) -> Template:
    async with desk.lens():
        giver = await find_giver(desk.practice, ref)
    return await _page(desk, Form(desk.viewer.words, _typed(giver)), ref)


@post("/desk/{slug:str}/practitioners/{ref:str}", status_code=303, needs=Permission.CHANGE_SETTINGS)
async def change(request: AnyRequest, desk: TheDesk, ref: FromPath[str]) -> Redirect | Template:
    form = await read_form(request, desk.viewer, MOST_FIELDS)
    giver = _read(form)
    if giver is None:
        return await _page(desk, form, ref)
    try:
        async with desk.lens():
            await change_giver(desk.practice, ref, giver, form.get("seen", ""))
    except ChangedMeanwhile as refusal:
        form.refuse("", phrase(refusal, desk.viewer.formats))
        async with desk.lens():
            form["seen"] = fingerprint(await find_giver(desk.practice, ref))
        return await _page(desk, form, ref, status=CONFLICT)
    return Redirect(f"{desk.path}/practitioners", status_code=303)


async def refused_page(desk: Desk, ref: str, refusal: Refusal) -> Template:
    """The practitioner as they stand, with the words of why something else was not done."""
    async with desk.lens():
        giver = await find_giver(desk.practice, ref)
    form = Form(desk.viewer.words, _typed(giver))
    form.refuse("", phrase(refusal, desk.viewer.formats))
    return await _page(desk, form, ref)


async def _page(desk: Desk, form: Form, ref: str | None = None, *, status: int = UNPROCESSABLE) -> Template:
    async with desk.lens():
        plan = await current_plan(desk.practice)
    return desk.page(
        "desk/practitioner.html",
        status_code=status if form.errors else 200,
        form=form,
        ref=ref,
        services=[(service.row["ref"], service.row["name"]) for service in plan.services.values()],
    )


def _typed(giver: Giver) -> list[tuple[str, Any]]:
    texts = [(name, getattr(giver.profile, name)) for name in ("name", "title", "about")]
    return [*texts, *(("services", ref) for ref in giver.services), ("seen", fingerprint(giver))]


def _read(form: Form) -> Giver | None:
    """The bounds are those of the table."""
    profile = Profile(
        name=form.text("name", 120),
        title=form.text("title", 120, required=False),
        about=form.text("about", 1000, required=False, lines=True),
    )
    return Giver(profile, tuple(sorted(set(form.many("services"))))) if form.ok else None
