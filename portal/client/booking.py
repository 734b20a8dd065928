"""Choosing: what, with whom, where and when. The address holds every choice, so it can be shared and gone back to."""

from datetime import date

from litestar import get
from litestar.response import Template

from portal.choosing.offer import choice_facts, known_choice, texts_for, wanted_from
from portal.choosing.times import look, times_facts
from portal.database import practice_lens
from portal.web.forms import read_day
from portal.web.frame import EMBED
from portal.web.given import AnyRequest, TheViewer
from portal.web.viewer import Viewer
from tenants.booking.plan import current_plan
from tenants.practices.tenant import Tenant


@get(["/p/{slug:str}/book", f"{EMBED}/book"])
async def show_booking(request: AnyRequest, viewer: TheViewer) -> Template:
    practice = viewer.practice
    assert practice is not None
    asked = {name: request.query_params.get(name, "") for name in ("service", "practitioner", "place")}
    async with practice_lens(practice):
        plan = await current_plan(practice)
    choice = known_choice(plan, asked) | _earlier_hold(request)
    facts = choice_facts(plan, practice, choice, texts=texts_for(plan, practice, viewer.locale.language))
    if facts["chosen"]["service"] is None:
        return viewer.page("client/book.html", choice=choice, **facts)
    wanted = wanted_from(choice["service"], choice["practitioner"], choice["place"])
    seen = await look(practice, wanted, _day(request, viewer, practice), viewer.now)
    times = times_facts(viewer, practice, seen, choice, names=wanted.practitioner is None)
    return viewer.page("client/book.html", hidden=choice, **facts, **times)


def _earlier_hold(request: AnyRequest) -> dict[str, str]:
    """Carried along for browsers without cookies, so that the next choice frees the one before."""
    return {"hold": request.query_params["hold"]} if request.query_params.get("hold") else {}


def _day(request: AnyRequest, viewer: Viewer, practice: Tenant) -> date | None:
    typed = request.query_params.get("day")
    return read_day(typed, practice.zone, viewer.now) if typed else None
