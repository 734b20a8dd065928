"""Choosing: what, with whom, where and when. The address holds every choice, so it can be shared and gone back to."""

from datetime import date
from typing import Any

from litestar import get
from litestar.response import Template

from portal.client.facts import place_facts, service_facts
from portal.client.open_times import wanted_from
from portal.client.times import look, times_facts
from portal.database import practice_lens
from portal.web.forms import read_day
from portal.web.given import AnyRequest, TheViewer
from portal.web.viewer import Viewer
from tenants.booking.plan import Plan, current_plan
from tenants.practices.tenant import Tenant


@get("/p/{slug:str}/book")
async def show_booking(request: AnyRequest, viewer: TheViewer) -> Template:
    practice = viewer.practice
    assert practice is not None
    asked = {name: request.query_params.get(name, "") for name in ("service", "practitioner", "place")}
    async with practice_lens(practice):
        plan = await current_plan(practice)
    choice = known_choice(plan, asked) | _earlier_hold(request)
    facts = choice_facts(plan, practice, choice)
    if facts["chosen"]["service"] is None:
        return viewer.page("client/book.html", choice=choice, **facts)
    wanted = wanted_from(choice["service"], choice["practitioner"], choice["place"])
    seen = await look(practice, wanted, _day(request, viewer, practice), viewer.now)
    times = times_facts(viewer, practice, seen, choice, names=wanted.practitioner is None)
    return viewer.page("client/book.html", hidden=choice, **facts, **times)


def known_choice(plan: Plan, asked: dict[str, str]) -> dict[str, str]:
    """What an old or mistyped link asks for and the practice does not offer is forgotten."""
    service = plan.services.get(asked["service"])
    if service is None:
        return {"service": "", "practitioner": "", "place": ""}
    who = {plan.practitioners[each]["ref"] for each in service.practitioners}
    where = {plan.places[each]["ref"] for each in service.places}
    return {
        "service": asked["service"],
        "practitioner": asked["practitioner"] if asked["practitioner"] in who else "any",
        "place": asked["place"] if asked["place"] in where else "",
    }


def choice_facts(plan: Plan, practice: Tenant, choice: dict[str, str]) -> dict[str, Any]:
    services = service_facts(plan, practice)
    service = plan.services.get(choice["service"])
    practitioners = [plan.practitioners[each] for each in service.practitioners] if service else []
    places = [place_facts(row, row["name"]) for key, row in plan.places.items() if service and key in service.places]
    return {
        "practice": practice,
        "services": services,
        "practitioners": practitioners,
        "places": places,
        "chosen": {
            "service": _by_ref(services, choice["service"]),
            "practitioner": _by_ref(practitioners, choice["practitioner"]),
            "place": _by_ref(places, choice["place"]),
        },
    }


def _by_ref(rows: list[dict[str, Any]], ref: str) -> dict[str, Any] | None:
    return next((row for row in rows if row["ref"] == ref), None)


def _earlier_hold(request: AnyRequest) -> dict[str, str]:
    """Carried along for browsers without cookies, so that the next choice frees the one before."""
    return {"hold": request.query_params["hold"]} if request.query_params.get("hold") else {}


def _day(request: AnyRequest, viewer: Viewer, practice: Tenant) -> date | None:
    typed = request.query_params.get("day")
    return read_day(typed, practice.zone, viewer.now) if typed else None
