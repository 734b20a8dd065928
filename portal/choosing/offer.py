"""What can be chosen: services, who gives them and where; and what an address says was chosen."""

from collections.abc import Mapping
from typing import Any

from portal.maps import map_link
from tenants.booking.open_times import Wanted
from tenants.booking.plan import Plan
from tenants.practices.tenant import Tenant
from tenants.services.texts import further_languages, said

Texts = Mapping[int, dict[str, Any]]
NO_TEXTS: Texts = {}


def wanted_from(service: str, practitioner: str, place: str) -> Wanted:
    return Wanted(service, practitioner if practitioner not in {"", "any"} else None, place or None)


def texts_for(plan: Plan, practice: Tenant, language: str) -> Texts:
    """What services say to a reader of that language, where the practice speaks it and it is not its first."""
    return plan.texts_in(language) if language in further_languages(practice) else NO_TEXTS


def known_choice(plan: Plan, asked: dict[str, str], *, staff: bool = False) -> dict[str, str]:
    """What an old or mistyped link asks for and the practice does not offer is forgotten."""
    service = plan.services.get(asked["service"])
    if service is None or not (staff or service.is_online):
        return {"service": "", "practitioner": "", "place": ""}
    who = {plan.practitioners[each]["ref"] for each in service.practitioners}
    where = {plan.places[each]["ref"] for each in service.places}
    return {
        "service": asked["service"],
        "practitioner": asked["practitioner"] if asked["practitioner"] in who else "any",
        "place": asked["place"] if asked["place"] in where else "",
    }


def choice_facts(
    plan: Plan, practice: Tenant, choice: dict[str, str], *, staff: bool = False, texts: Texts = NO_TEXTS
) -> dict[str, Any]:
    """`texts` as `service_facts` has them."""
    services = service_facts(plan, practice, staff=staff, texts=texts)
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


def place_facts(row: dict[str, Any], name: str) -> dict[str, Any]:
    return {
        "ref": row.get("place_ref", row.get("ref")),
        "name": name,
        "street": row["street"],
        "postcode": row["postcode"],
        "city": row["city"],
        "map_url": map_link(row["street"], row["postcode"], row["city"]),
    }


def service_facts(plan: Plan, tenant: Tenant, *, staff: bool = False, texts: Texts = NO_TEXTS) -> list[dict[str, Any]]:
    """Only what somebody gives somewhere: the rest cannot be booked. `staff` book what is not online, too.

    `texts` are what services say in the reader's language, by their ids. `asks` where the practice confirms a request.
    """
    return [
        said(service.row, texts.get(service.row["id"]))
        | {
            "price_cents": service.row["price"],
            "currency": tenant.currency,
            "asks": service.row["needs_approval"] and not staff,
        }
        for service in plan.services.values()
        if service.practitioners and service.places and (staff or service.is_online)
    ]
