"""One service's form: what it is called, how long it lasts, what it costs, who gives it and where."""

import re
from datetime import timedelta
from decimal import Decimal
from typing import Any

from babel.numbers import get_currency_precision
from litestar import get, post
from litestar.params import FromPath
from litestar.response import Redirect, Template

from portal.phrases import phrase
from portal.staff.desk import Desk, TheDesk
from portal.web.forms import Form, read_form
from portal.web.given import AnyRequest
from tenants.booking.plan import current_plan
from tenants.refs import fingerprint
from tenants.refusals import ChangedMeanwhile, Refusal
from tenants.services.edit import Offer, add_service, change_service, find_offer
from tenants.team.permissions import Permission

CONFLICT, UNPROCESSABLE = 409, 422
STEPS = (5, 10, 15, 20, 30, 45, 60)
DEAREST = 10_000_000


@get("/desk/{slug:str}/services/new", needs=Permission.CHANGE_SETTINGS)
async def ask_for_service(desk: TheDesk) -> Template:
    async with desk.lens():
        plan = await current_plan(desk.practice)
    everybody = [("practitioners", row["ref"]) for row in plan.practitioners.values()]
    everywhere = [("places", row["ref"]) for row in plan.places.values()]
    usual = [("step", "15"), ("minutes", "30"), ("before", "0"), ("after", "0"), *everybody, *everywhere]
    return await _form_page(desk, Form(desk.viewer.words, usual))


@post("/desk/{slug:str}/services/new", status_code=303, needs=Permission.CHANGE_SETTINGS)
async def add(request: AnyRequest, desk: TheDesk) -> Redirect | Template:
    form = await read_form(request, desk.viewer)
    offer = _read(form, desk)
    if offer is None:
        return await _form_page(desk, form)
    async with desk.lens():
        await add_service(desk.practice, offer)
    return Redirect(f"{desk.path}/services", status_code=303)


@get("/desk/{slug:str}/services/{ref:str}", needs=Permission.SETTINGS)
async def show_service(desk: TheDesk, ref: FromPath[str]) -> Template:
    async with desk.lens():
        offer = await find_offer(desk.practice, ref)
    return await _form_page(desk, Form(desk.viewer.words, _typed(offer, desk)), ref)


@post("/desk/{slug:str}/services/{ref:str}", status_code=303, needs=Permission.CHANGE_SETTINGS)
async def change(request: AnyRequest, desk: TheDesk, ref: FromPath[str]) -> Redirect | Template:
    form = await read_form(request, desk.viewer)
    offer = _read(form, desk)
    if offer is None:
        return await _form_page(desk, form, ref)
    try:
        async with desk.lens():
            await change_service(desk.practice, ref, offer, form.get("seen", ""))
    except ChangedMeanwhile as refusal:
        form.refuse("", phrase(refusal, desk.viewer.formats))
        async with desk.lens():
            form["seen"] = fingerprint(await find_offer(desk.practice, ref))
        return await _form_page(desk, form, ref, status=CONFLICT)
    return Redirect(f"{desk.path}/services", status_code=303)


async def refused_page(desk: Desk, ref: str, refusal: Refusal) -> Template:
    """The service as it stands, with the words of why something else was not done to it."""
    async with desk.lens():
        offer = await find_offer(desk.practice, ref)
    form = Form(desk.viewer.words, _typed(offer, desk))
    form.refuse("", phrase(refusal, desk.viewer.formats))
    return await _form_page(desk, form, ref)


async def _form_page(desk: Desk, form: Form, ref: str | None = None, *, status: int = UNPROCESSABLE) -> Template:
    async with desk.lens():
        plan = await current_plan(desk.practice)
    return desk.page(
        "desk/service.html",
        status_code=status if form.errors else 200,
        form=form,
        ref=ref,
        practitioners=[(row["ref"], row["name"]) for row in plan.practitioners.values()],
        places=[(row["ref"], row["name"]) for row in plan.places.values()],
        steps=[(str(minutes), desk.viewer.formats.duration(timedelta(minutes=minutes))) for minutes in STEPS],
    )


def _typed(offer: Offer, desk: Desk) -> list[tuple[str, Any]]:
    """As the form shows it, so that what is saved unchanged stays the same."""
    lengths = {
        "minutes": offer.duration,
        "before": offer.buffer_before,
        "after": offer.buffer_after,
        "step": offer.step,
    }
    price = "" if offer.price is None else f"{Decimal(offer.price).scaleb(-_precision(desk)):f}"
    return [
        ("name", offer.name),
        ("about", offer.about),
        *((name, str(int(length.total_seconds() // 60))) for name, length in lengths.items()),
        ("price", price),
        *(("practitioners", ref) for ref in offer.practitioners),
        *(("places", ref) for ref in offer.places),
        ("seen", fingerprint(offer)),
    ]


def _read(form: Form, desk: Desk) -> Offer | None:
    """The bounds are those of the table."""
    minutes = {
        name: timedelta(minutes=form.whole(name, least, most) or 0)
        for name, least, most in (("minutes", 5, 1440), ("before", 0, 240), ("after", 0, 240))
    }
    offer = Offer(
        name=form.text("name", 120),
        about=form.text("about", 1000, required=False, lines=True),
        duration=minutes["minutes"],
        buffer_before=minutes["before"],
        buffer_after=minutes["after"],
        step=timedelta(minutes=int(form.one_of("step", {str(step) for step in STEPS}) or STEPS[0])),
        price=_read_price(form, desk),
        practitioners=tuple(sorted(set(form.many("practitioners")))),
        places=tuple(sorted(set(form.many("places")))),
    )
    return offer if form.ok else None


def _read_price(form: Form, desk: Desk) -> int | None:
    """In the currency's smallest unit. A comma or a point, as one writes it."""
    typed = form.text("price", 12, required=False).replace(",", ".").replace("\u00a0", "").replace(" ", "")
    if not typed:
        return None
    precision = _precision(desk)
    if re.fullmatch(rf"[0-9]+(\.[0-9]{{1,{max(precision, 1)}}})?", typed):
        price = Decimal(typed).scaleb(precision)
        if price == int(price) and price <= DEAREST:
            return int(price)
    form.refuse("price", desk.viewer.words.gettext("Please type an amount like 85.00, or nothing."))
    return None


def _precision(desk: Desk) -> int:
    return get_currency_precision(desk.practice.currency)
