"""The browsers in which one is signed in: looked through, named, signed out of."""

from typing import Any

from litestar import get, post
from litestar.params import FromPath
from litestar.response import Redirect, Template

from portal.device_words import name_of
from portal.people.connections import LIFE, SEEN_EVERY
from portal.people.own_connections import (
    LONGEST_NAME,
    active_connections,
    end_connection,
    end_other_connections,
    name_connection,
)
from portal.people.places import Places
from portal.web.forms import Form, read_form
from portal.web.given import AnyRequest, ThePlaces, TheViewer
from portal.web.viewer import Viewer, signed_in
from tenants.refusals import NotFound

UNPROCESSABLE = 422
HERE = "/connections"


@get("/connections")
async def show_connections(request: AnyRequest, viewer: TheViewer, places: ThePlaces) -> Template:
    """`done` tells what has just been changed."""
    return await _page(viewer, places, Form(viewer.words), done=request.query_params.get("done", ""))


@post("/connections/{ref:str}/end", status_code=303)
async def end(request: AnyRequest, viewer: TheViewer, ref: FromPath[str]) -> Redirect:
    person = signed_in(viewer)
    await read_form(request, viewer)
    await end_connection(person.person_id, ref, viewer.now)
    return Redirect(f"{HERE}?done=ended", status_code=303)


@post("/connections/{ref:str}/name", status_code=303)
async def name(request: AnyRequest, viewer: TheViewer, ref: FromPath[str], places: ThePlaces) -> Redirect | Template:
    person = signed_in(viewer)
    form = await read_form(request, viewer)
    wanted = form.text("name", LONGEST_NAME, required=False)
    if form.ok:
        await name_connection(person.person_id, ref, wanted, viewer.now)
        return Redirect(f"{HERE}?done=named", status_code=303)
    shown = Form(viewer.words, [(_field(ref), form["name"])])
    shown.refuse(_field(ref), form.errors["name"])
    return await _page(viewer, places, shown, refused=ref)


@get("/connections/others/end")
async def ask_to_end_others(viewer: TheViewer) -> Redirect | Template:
    others = signed_in(viewer).connections - 1
    if not others:
        return Redirect(HERE, status_code=303)
    return viewer.page("client/connections_end.html", others=others)


@post("/connections/others/end", status_code=303)
async def end_others(request: AnyRequest, viewer: TheViewer) -> Redirect:
    person = signed_in(viewer)
    await read_form(request, viewer)
    await end_other_connections(person.person_id, person.connection_id, viewer.now)
    return Redirect(f"{HERE}?done=others", status_code=303)


async def _page(viewer: Viewer, places: Places, form: Form, *, done: str = "", refused: str = "") -> Template:
    """`refused` is the ref of the connection whose name could not be kept."""
    person = signed_in(viewer)
    rows = await active_connections(person.person_id, person.connection_id, viewer.now)
    if refused and refused not in {row["ref"] for row in rows}:
        raise NotFound("connection")
    for row in rows:
        form.setdefault(_field(row["ref"]), row["name"])
    return viewer.page(
        "client/connections.html",
        status_code=UNPROCESSABLE if form.errors else 200,
        connections=[_facts(row, viewer, places) for row in rows],
        form=form,
        labels={_field(row["ref"]): viewer.words.gettext("Name") for row in rows},
        longest_name=LONGEST_NAME,
        places_day=places.day,
        life=LIFE,
        done=done,
        refused=refused,
    )


def _facts(row: dict[str, Any], viewer: Viewer, places: Places) -> dict[str, Any]:
    """`idle` is None while it is in use, as far as the record is exact; a `place` is empty when none is known."""
    found = places.find(row["ip"], viewer.locale.language)
    idle = viewer.now - row["last_seen_at"]
    return row | {
        "field": _field(row["ref"]),
        "place": found.line if found else "",
        "device_name": name_of(row["device"], viewer.words),
        "idle": None if row["is_this"] or idle <= SEEN_EVERY else idle,
    }


def _field(ref: str) -> str:
    """Several forms of one kind stand on the page; each field needs an id of its own."""
    return f"name-{ref}"
