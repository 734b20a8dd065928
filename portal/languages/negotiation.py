"""Which language a reader gets: the first of five wishes that is offered, then the region that fits."""

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache

from babel import Locale, UnknownLocaleError
from babel.core import get_global

from portal.languages.words import SOURCE_LANGUAGE, offered_languages

_TAG = re.compile(r"([A-Za-z]{2,3})(?:[-_][A-Za-z]{4})?(?:[-_]([A-Za-z]{2}|[0-9]{3}))?\Z")
_LONGEST_HEADER = 500  # characters of Accept-Language that are read; browsers send well under 200


def negotiate(
    *,
    url: str | None = None,
    person: str | None = None,
    cookie: str | None = None,
    accept_language: str | None = None,
    practice_languages: Iterable[str] = (),
    zone: str | None = None,
) -> Locale:
    """`zone` tells the region when the language's tag does not: French in Toronto is Canadian French."""
    wishes = (
        _from_tag(url)
        or _from_tag(person)
        or _from_tag(cookie)
        or _from_header(accept_language)
        or _from_practice(practice_languages)
        or (SOURCE_LANGUAGE, None)
    )
    language, territory = wishes
    territories = (territory, _browser_territory(accept_language, language), zone_territory(zone))
    return regional_locale(language, *territories)


def regional_locale(language: str, *territories: str | None) -> Locale:
    """The language as the first of these territories writes it, else as most of its readers do."""
    for territory in (*filter(None, territories), None):
        if locale := _known(language, territory):
            return locale
    raise UnknownLocaleError(language)


def zone_territory(zone: str | None) -> str | None:
    return get_global("zone_territories").get(zone) if zone else None


def _from_tag(tag: str | None) -> tuple[str, str | None] | None:
    match = _TAG.match(tag or "")
    if match is None or match[1].lower() not in offered_languages():
        return None
    return match[1].lower(), match[2].upper() if match[2] else None


def _from_header(accept_language: str | None) -> tuple[str, str | None] | None:
    return next((wish for tag in _by_preference(accept_language) if (wish := _from_tag(tag))), None)


def _from_practice(languages: Iterable[str]) -> tuple[str, str | None] | None:
    return next((wish for tag in languages if (wish := _from_tag(tag))), None)


def _browser_territory(accept_language: str | None, language: str) -> str | None:
    wishes = (_from_tag(tag) for tag in _by_preference(accept_language))
    return next((territory for spoken, territory in filter(None, wishes) if spoken == language and territory), None)


def _by_preference(accept_language: str | None) -> Iterator[str]:
    """RFC 9110 §12.5.4: the higher q first, the order of the header among equals, q=0 never."""
    weighted = []
    for part in (accept_language or "")[:_LONGEST_HEADER].split(","):
        tag, _, weight = part.partition(";")
        q = _quality(weight.strip())
        if q > 0:
            weighted.append((-q, tag.strip()))
    return (tag for _, tag in sorted(weighted, key=lambda wish: wish[0]))


def _quality(weight: str) -> float:
    if not weight:
        return 1.0
    match = re.fullmatch(r"q=([01](?:\.\d{0,3})?)", weight)
    return float(match[1]) if match else 0.0


@lru_cache(maxsize=512)  # one object for each, since what is remembered of a locale is found the quicker
def _known(language: str, territory: str | None) -> Locale | None:
    try:
        return Locale(language, territory)
    except UnknownLocaleError:
        return None
