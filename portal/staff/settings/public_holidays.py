"""The public holidays of a country and a province, from the `holidays` library."""

from collections.abc import Iterable
from datetime import date
from functools import cache, lru_cache

import holidays
from babel import Locale
from holidays.registry import COUNTRIES

from tenants.hours.holidays import Holiday

_ALPHA_2 = 2


@cache
def known_countries() -> frozenset[str]:
    """As ISO 3166-1 names them in two letters."""
    return frozenset(code for names in COUNTRIES.values() for code in names[1:] if len(code) == _ALPHA_2)


def countries(locale: Locale) -> list[tuple[str, str]]:
    """Code and name, in the reader's language and by it."""
    names = [(code, str(locale.territories.get(code, code))) for code in known_countries()]
    return sorted(names, key=lambda each: each[1].casefold())


@lru_cache(maxsize=32)
def provinces(country: str) -> tuple[tuple[str, str], ...]:
    """Code and name, by name; a province of two languages has a name in each. School zones are left out."""
    if country not in known_countries():
        return ()
    kind = getattr(holidays, country)
    names: dict[str, list[str]] = {code: [] for code in kind.subdivisions if not code.startswith("Zone ")}
    for name, code in kind.subdivisions_aliases.items():
        if code in names and not (name.isascii() and name.isupper()):
            names[code].append(name)
    said = [(code, " / ".join(each) or code) for code, each in names.items()]
    return tuple(sorted(said, key=lambda each: each[1].casefold()))


def public_holidays(country: str, province: str, year: int, languages: Iterable[str]) -> list[Holiday]:
    """By their day, one for each; named in the first of these languages that there is, else in the country's own.

    `province` may be empty. None for a country or a province that the library does not know.
    """
    if country not in known_countries() or province not in {"", *(code for code, _ in provinces(country))}:
        return []
    language = _language(country, languages)
    found = holidays.country_holidays(country, subdiv=province or None, years=year, language=language)
    region = f"{country}-{province}" if province else country
    return [Holiday(region, day, name) for day, name in sorted(found.items()) if isinstance(day, date)]


def _language(country: str, languages: Iterable[str]) -> str | None:
    """`en_CA` before `en_US` in Canada. Without a name the library would take that of the machine it runs on."""
    kind = getattr(holidays, country)
    offered = kind.supported_languages
    for language in languages:
        near = [f"{language}_{country}", language, *(each for each in offered if each.startswith(f"{language}_"))]
        if match := next((each for each in near if each in offered), None):
            return str(match)
    return kind.default_language if isinstance(kind.default_language, str) else None
