"""The time zones that one can choose, by continent and city, each with what its clocks say at this moment."""

from datetime import datetime
from functools import lru_cache
from zoneinfo import ZoneInfo, available_timezones

from babel import Locale
from babel.core import get_global
from babel.dates import get_timezone_location

from portal.languages.formats import Formats

# Continents as CLDR numbers them (UN M49), by the first part of a zone's name; oceans by who lives in them.
_CONTINENTS = {
    "Africa": "002",
    "America": "019",
    "Antarctica": "AQ",
    "Arctic": "150",
    "Asia": "142",
    "Atlantic": "150",
    "Australia": "009",
    "Europe": "150",
    "Indian": "002",
    "Pacific": "009",
}


@lru_cache(maxsize=1)
def zones() -> tuple[str, ...]:
    """Those in which people live, under the one name that CLDR prefers of each."""
    return tuple(sorted(set(get_global("zone_territories")) & available_timezones()))


def zone_choices(formats: Formats, now: datetime, also: str = "") -> list[tuple[str, list[tuple[str, str]]]]:
    """(continent, [(zone, city and time there)]) in the reader's words; `also` is one that is chosen already."""
    groups: dict[str, list[tuple[str, str]]] = {}
    for zone in sorted({*zones(), *([also] if also else [])}):
        continent, city = _place(zone, str(formats.locale))
        if continent or zone == also:
            said = f"{city} – {formats.time(now, ZoneInfo(zone))}"
            groups.setdefault(continent or zone, []).append((zone, said))
    return [(name, sorted(groups[name], key=lambda choice: choice[1].casefold())) for name in sorted(groups)]


@lru_cache(maxsize=4096)
def _place(zone: str, locale: str) -> tuple[str, str]:
    """Continent and city; no continent for zones of no place, like UTC."""
    reader = Locale.parse(locale)
    code = _CONTINENTS.get(zone.partition("/")[0], "") if "/" in zone else ""
    return str(reader.territories.get(code, "")), str(get_timezone_location(zone, reader, return_city=True))
