"""One place: its name, address and zone. A change of zone says first which appointments will read differently."""

from datetime import time
from typing import Any
from zoneinfo import ZoneInfo

from litestar import get, post
from litestar.params import FromPath
from litestar.response import Redirect, Template

from portal.languages.zones import zone_choices, zones
from portal.phrases import phrase
from portal.staff.desk import Desk, TheDesk
from portal.web.forms import Form, read_form
from portal.web.given import AnyRequest
from tenants.appointments.find import appointments_with_names
from tenants.appointments.keeping import told_otherwise
from tenants.places.edit import Premises, add_place, change_place, find_place, premises
from tenants.places.zone import zone_of
from tenants.refs import fingerprint
from tenants.refusals import ChangedMeanwhile, Refusal
from tenants.team.permissions import Permission

CONFLICT, UNPROCESSABLE = 409, 422
MOST_LISTED = 200
# Longest each.
TEXTS = {"name": 120, "street": 200, "postcode": 20, "city": 120, "directions": 1000}


@get("/desk/{slug:str}/places/new", needs=Permission.CHANGE_SETTINGS)
async def ask_for_place(desk: TheDesk) -> Template:
    return _page(desk, Form(desk.viewer.words))


@post("/desk/{slug:str}/places/new", status_code=303, needs=Permission.CHANGE_SETTINGS)
async def add(request: AnyRequest, desk: TheDesk) -> Redirect | Template:
    form = await read_form(request, desk.viewer)
    new = _read(form)
    if new is None:
        return _page(desk, form)
    async with desk.lens():
        await add_place(desk.practice, new)
    return Redirect(f"{desk.path}/places", status_code=303)


@get("/desk/{slug:str}/places/{ref:str}", needs=Permission.SETTINGS)
async def show_place(desk: TheDesk, ref: FromPath[str]) -> Template:
    async with desk.lens():
        row = await find_place(desk.practice, ref)
    return _page(desk, Form(desk.viewer.words, _typed(row)), ref, zone=row["zone"])


@post("/desk/{slug:str}/places/{ref:str}", status_code=303, needs=Permission.CHANGE_SETTINGS)
async def change(request: AnyRequest, desk: TheDesk, ref: FromPath[str]) -> Redirect | Template:
    """`again` is the way back from the question about the appointments that will read differently."""
    form = await read_form(request, desk.viewer)
    async with desk.lens():
        row = await find_place(desk.practice, ref)
    new = _read(form, row["zone"])
    if new is None or form.get("again"):
        return _page(desk, form, ref, zone=row["zone"])
    try:
        async with desk.lens():
            if (question := await _question(desk, row, new, form)) is not None:
                return question
            await change_place(desk.practice, ref, new, form.get("seen", ""))
    except ChangedMeanwhile as refusal:
        form.refuse("", phrase(refusal, desk.viewer.formats))
        async with desk.lens():
            row = await find_place(desk.practice, ref)
        form["seen"] = fingerprint(premises(row))
        return _page(desk, form, ref, zone=row["zone"], status=CONFLICT)
    return Redirect(f"{desk.path}/places", status_code=303)


async def refused_page(desk: Desk, ref: str, refusal: Refusal) -> Template:
    """The place as it stands, with the words of why something else was not done to it."""
    async with desk.lens():
        row = await find_place(desk.practice, ref)
    form = Form(desk.viewer.words, _typed(row))
    form.refuse("", phrase(refusal, desk.viewer.formats))
    return _page(desk, form, ref, zone=row["zone"])


async def _question(desk: Desk, row: dict[str, Any], new: Premises, form: Form) -> Template | None:
    """None where nothing reads differently, or where just these appointments have been shown before. Within a lens."""
    before, after = zone_of(desk.practice, row), ZoneInfo(new.zone) if new.zone else desk.practice.zone
    ids = await told_otherwise(desk.practice, row["id"], before, after, desk.viewer.now)
    if not ids or form.get("confirmed") == fingerprint(ids):
        return None
    return desk.page(
        "desk/place_zone.html",
        ref=row["ref"],
        name=row["name"],
        nine=time(9),
        before=before,
        after=after,
        typed=[(name, form[name]) for name in (*TEXTS, "zone", "seen")],
        confirmed=fingerprint(ids),
        appointments=await appointments_with_names(desk.practice, ids[:MOST_LISTED]),
        count=len(ids),
    )


def _page(
    desk: Desk, form: Form, ref: str | None = None, *, zone: str | None = None, status: int = UNPROCESSABLE
) -> Template:
    """`zone` is the one that the place has."""
    return desk.page(
        "desk/place.html",
        status_code=status if form.errors else 200,
        form=form,
        ref=ref,
        zones=zone_choices(desk.viewer.formats, desk.viewer.now, zone or ""),
    )


def _typed(row: dict[str, Any]) -> list[tuple[str, Any]]:
    texts = [(name, row[name]) for name in TEXTS]
    return [*texts, ("zone", row["zone"] or ""), ("seen", fingerprint(premises(row)))]


def _read(form: Form, zone: str | None = None) -> Premises | None:
    """`zone` is the one that the place has already, which may be none of those that can be chosen."""
    texts = {
        name: form.text(name, longest, required=name == "name", lines=name == "directions")
        for name, longest in TEXTS.items()
    }
    chosen = form.one_of("zone", {*zones(), *([zone] if zone else [])}, required=False)
    return Premises(**texts, zone=chosen or None) if form.ok else None
