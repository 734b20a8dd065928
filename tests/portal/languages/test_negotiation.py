"""Five wishes, in this order: URL, person, cookie, browser, practice."""

import pytest

from portal.languages.negotiation import negotiate

ALL = {
    "url": "fr",
    "person": "en",
    "cookie": "fr",
    "accept_language": "en",
    "practice_languages": ("fr",),
}


@pytest.mark.parametrize(
    ("silent", "expected"),
    [
        ((), "fr"),
        (("url",), "en"),
        (("url", "person"), "fr"),
        (("url", "person", "cookie"), "en"),
        (("url", "person", "cookie", "accept_language"), "fr"),
        (tuple(ALL), "en"),
    ],
)
def test_first_wish_that_is_there_wins(silent: tuple[str, ...], expected: str) -> None:
    wishes = {name: wish for name, wish in ALL.items() if name not in silent}

    assert negotiate(**wishes).language == expected  # type: ignore[arg-type]


@pytest.mark.parametrize("nonsense", ["", "xx", "klingon", "fr;DROP", "../fr", "f" * 5000, "fr\x00", "zh-Hant-TW"])
def test_wish_that_is_not_offered_is_passed_over(nonsense: str) -> None:
    assert negotiate(url=nonsense, accept_language=nonsense, practice_languages=(nonsense, "fr")).language == "fr"


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("fr-CH, fr;q=0.9, en;q=0.8", "fr_CH"),
        ("en;q=0.3, fr;q=0.7", "fr"),
        ("xx, yy;q=0.9, fr;q=0.1", "fr"),
        ("es-419,es;q=0.9,en;q=0.8", "es_419"),
        ("fr;q=0, en", "en"),
        ("fr;q=nonsense, en;q=0.1", "en"),
        ("*", "en"),
        (",;,q=,", "en"),
    ],
)
def test_browser_s_header_is_read_by_weight(header: str, expected: str) -> None:
    assert str(negotiate(accept_language=header)) == expected


@pytest.mark.parametrize(
    ("wishes", "expected"),
    [
        ({"url": "fr", "zone": "America/Toronto"}, "fr_CA"),
        ({"url": "fr", "zone": "Europe/Paris"}, "fr_FR"),
        ({"url": "fr-FR", "zone": "America/Toronto"}, "fr_FR"),
        ({"url": "fr", "accept_language": "fr-BE", "zone": "America/Toronto"}, "fr_BE"),
        ({"url": "fr", "accept_language": "en-US", "zone": "America/Toronto"}, "fr_CA"),
        ({"url": "fr", "zone": "America/New_York"}, "fr"),
        ({"url": "es", "zone": "America/Mexico_City"}, "es_MX"),
        ({"url": "es", "zone": "America/New_York"}, "es_US"),
        ({"url": "es", "zone": "America/Toronto"}, "es"),
        ({"url": "es", "accept_language": "es-ES", "zone": "America/Toronto"}, "es_ES"),
        ({"url": "en", "zone": "Nowhere/Land"}, "en"),
        ({}, "en"),
    ],
)
def test_region_comes_from_tag_then_browser_then_zone(wishes: dict[str, str], expected: str) -> None:
    assert str(negotiate(**wishes)) == expected
