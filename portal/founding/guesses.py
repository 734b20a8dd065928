"""What somebody's browser already says of where they work, so that a form asks for less."""

import unicodedata
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from babel import Locale
from babel.core import get_global
from babel.numbers import get_territory_currencies

from portal.languages.negotiation import zone_territory
from portal.languages.words import offered_languages
from portal.languages.zones import zones
from portal.people.places import Places
from portal.web.viewer import Viewer

EURO_IN_DOUBT = "EUR"
_NO_COUNTRIES = {"EU", "EZ", "QO", "UN", "XA", "XB", "XK", "ZZ"}
"""Two letters of CLDR that are no country of ISO 3166."""


def guessed_zone(viewer: Viewer, places: Places) -> str:
    """As the person reads everything, or the only one of their country; "" where a script, or they, must say."""
    person = viewer.person
    if person and person.zone in zones():
        return person.zone or ""
    near = zones_of(country_near(viewer, places))
    return near[0] if len(near) == 1 else ""


def country_near(viewer: Viewer, places: Places) -> str:
    """Where the request comes from, else what the browser's language says; "" when neither does."""
    return places.country(viewer.ip) or str(viewer.locale.territory or "")


@lru_cache(maxsize=300)
def zones_of(country: str) -> tuple[str, ...]:
    of = get_global("zone_territories")
    return tuple(zone for zone in zones() if of[zone] == country)


def country_of(zone: str) -> str:
    """The one in which the zone is kept."""
    found = zone_territory(ZoneInfo(zone).key)
    return found if found and len(found) == 2 else ""  # noqa: PLR2004 - ISO 3166


def currency_of(country: str) -> str:
    """What people pay with there today."""
    return next(iter(get_territory_currencies(country)), EURO_IN_DOUBT)


@lru_cache(maxsize=16)
def countries(locale: Locale) -> tuple[tuple[str, str], ...]:
    """Codes and names, by name."""
    named = [(code, name) for code, name in locale.territories.items() if len(code) == 2 and code.isalpha()]  # noqa: PLR2004
    return tuple(sorted((each for each in named if each[0] not in _NO_COUNTRIES), key=lambda each: _sorted_as(each[1])))


@lru_cache(maxsize=16)
def currencies(locale: Locale) -> tuple[tuple[str, str], ...]:
    """Those that are money somewhere today."""
    today = {code for country, _ in countries(locale) for code in get_territory_currencies(country)}
    named = [(code, f"{locale.currencies.get(code, code)} ({code})") for code in today]
    return tuple(sorted(named, key=lambda each: _sorted_as(each[1])))


def languages() -> list[tuple[str, str]]:
    named = [(code, Locale(code).get_display_name() or code) for code in offered_languages()]
    return [(code, name[:1].upper() + name[1:]) for code, name in named]


def zone_choices(near: str, locale: Locale) -> list[tuple[str, list[tuple[str, str]]]]:
    """Those of the country that is near come first, under its name."""
    first = zones_of(near)
    rest = [zone for zone in zones() if zone not in first]
    groups: list[tuple[str, Any]] = [(locale.territories.get(near, near), first), ("", rest)]
    return [(name, [(zone, zone.replace("_", " ")) for zone in group]) for name, group in groups if group]


def _sorted_as(name: str) -> str:
    """É among E, without the tables that a whole collation takes."""
    return "".join(each for each in unicodedata.normalize("NFKD", name.casefold()) if not unicodedata.combining(each))
