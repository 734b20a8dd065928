"""The help holds the same articles in each language, and what they link to exists."""

import re
from pathlib import Path

import pytest
from litestar.routes import HTTPRoute

from portal.help.articles import NAMES, ROOM, articles
from portal.languages.words import offered_languages
from tests.browser import TestClock, make_app
from tests.cast import MONDAY
from tests.journeys.help_pictures import THEM

_LINK = re.compile(r"(!?)\[([^\]]+)\]\(([^)]+)\)")


def texts() -> list[Path]:
    return sorted(ROOM.glob("*/*.md"))


@pytest.mark.parametrize("language", offered_languages())
def test_every_language_has_the_same_articles(language: str) -> None:
    assert {path.stem for path in (ROOM / language).glob("*.md")} == set(NAMES)
    assert len(set(NAMES)) == len(NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_article_has_the_same_shape_in_each_language(name: str) -> None:
    told = [articles(language)[name] for language in offered_languages()]

    shapes = {(len(each.chapters), len(each.parts)) for each in told}
    links = {tuple(target for sign, _, target in _LINK.findall(text(name, code)) if not sign) for code in codes()}

    assert (len(shapes), len(links)) == (1, 1)
    assert all(each.title and each.summary for each in told)


def codes() -> tuple[str, ...]:
    return offered_languages()


def text(name: str, language: str) -> str:
    return (ROOM / language / f"{name}.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("path", texts(), ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_links_of_an_article_lead_somewhere(path: Path) -> None:
    routes = make_app(TestClock(MONDAY)).routes
    pages = {route.path for route in routes if isinstance(route, HTTPRoute) and "GET" in route.methods}

    for sign, words, target in _LINK.findall(path.read_text(encoding="utf-8")):
        if sign:
            assert target in {f"../../static/help/{each.name}.{path.parent.name}.webp" for each in THEM}
        elif target.startswith("/help/"):
            assert target.removeprefix("/help/") in NAMES, target
        else:
            assert target in pages, target
        assert words


@pytest.mark.parametrize("path", texts(), ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_article_is_typeset_as_the_language_wants_it(path: Path) -> None:
    words = path.read_text(encoding="utf-8")

    assert "'" not in words
    assert '"' not in words
    if path.parent.name == "fr":
        assert re.findall(r"(?<=[^\s\u00a0]) [;?!»]| :", words) == []
        assert "« " not in words
