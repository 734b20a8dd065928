import re
from typing import Any

import asyncpg
import pytest

from tests.browser import Browser, TestClock, make_app
from tests.cast import ANA, Cast

HIDDEN = re.compile(r'<input type="hidden" name="(seen_\w+)" value="([^"]*)">')
AS_IT_WAS: dict[str, Any] = {
    "first_name": "Ana",
    "last_name": "",
    "mobile_phone": "",
    "home_phone": "",
    "language": "",
    "date_display": "language",
    "time_display": "language",
    "zone": "",
}


def seen(browser: Browser) -> dict[str, Any]:
    """What the form that was shown last remembers of how it began."""
    return dict(HIDDEN.findall(browser.text))


async def saves(browser: Browser, **typed: Any) -> None:
    await browser.get("/profile")
    await browser.post("/profile", **AS_IT_WAS | typed, **seen(browser))


async def kept(owner: asyncpg.Connection) -> dict[str, str]:
    row = await owner.fetchrow(
        f"SELECT {', '.join(AS_IT_WAS)} FROM person JOIN address ON person_id = person.id WHERE email = $1", ANA
    )
    return {name: row[name] or "" for name in AS_IT_WAS}


async def test_what_is_saved_is_kept(browser: Browser, owner: asyncpg.Connection) -> None:
    await browser.sign_in(ANA, owner)
    typed = {
        "first_name": "Ana Lucía",
        "last_name": "Silva",
        "mobile_phone": "+14165550132",
        "home_phone": "+33472000012",
        "language": "fr",
        "date_display": "iso",
        "time_display": "24h",
        "zone": "America/Toronto",
    }

    await saves(browser, **typed)

    assert browser.path == "/profile?done=saved"
    assert await kept(owner) == typed
    assert 'lang="fr' in browser.text


async def test_every_page_follows(browser: Browser, cast: Cast, owner: asyncpg.Connection) -> None:
    await cast.harbour.appointment(ANA, "Follow-up", "Nora Blake", cast.harbour.at(2026, 11, 25, 14, 30))
    await browser.sign_in(ANA, owner)
    await saves(browser, date_display="iso", time_display="h")

    await browser.get("/appointments")

    assert "2026-11-25" in browser.text
    assert "14\u00a0h\u00a030" in browser.text


async def test_two_tabs_never_mix_silently(
    browser: Browser, cast: Cast, clock: TestClock, owner: asyncpg.Connection
) -> None:
    """The older form is told what was saved meanwhile; saved again, it stands."""
    async with Browser(make_app(clock)) as tab:
        await browser.sign_in(ANA, owner)
        tab.http.cookies.update(browser.http.cookies)
        await tab.get("/profile")
        older = seen(tab)
        await saves(browser, last_name="Silva")

        await tab.post("/profile", **AS_IT_WAS | {"last_name": "Souza"}, **older)
        told = (tab.page.status_code, "Saved meanwhile: Silva" in tab.text, (await kept(owner))["last_name"])
        await tab.post("/profile", **AS_IT_WAS | {"last_name": "Souza"}, **seen(tab))

        assert told == (409, True, "Silva")
        assert (await kept(owner))["last_name"] == "Souza"


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        ("first_name", "x" * 5000),
        ("last_name", "Si\x00lva"),
        ("mobile_phone", "call me"),
        ("mobile_phone", "911"),
        ("mobile_phone", "+1 416 555 01322"),
        ("home_phone", "\u0661\u0662"),
        ("home_phone", "1" * 500),
        ("language", "tlh"),
        ("date_display", "backwards"),
        ("date_display", ""),
        ("time_display", "13h"),
        ("zone", "Europe/Atlantis"),
        ("zone", "../etc/passwd"),
    ],
)
async def test_what_cannot_be_is_said_beside_its_field(
    browser: Browser, owner: asyncpg.Connection, field: str, typed: str
) -> None:
    await browser.sign_in(ANA, owner)

    await saves(browser, **{field: typed})

    assert browser.page.status_code == 422
    assert f'id="error-{field}"' in browser.page.text
    assert await kept(owner) == AS_IT_WAS


@pytest.mark.parametrize("name", ["😀 Ana", "أنا", "O’Brien–Łukasiewicz", "<script>alert(1)</script>"])
async def test_names_are_as_people_write_them(browser: Browser, owner: asyncpg.Connection, name: str) -> None:
    await browser.sign_in(ANA, owner)

    await saves(browser, first_name=name)

    assert (await kept(owner))["first_name"] == name
    assert "<script>alert" not in browser.page.text


async def test_form_without_its_beginning_replaces_nothing(browser: Browser, owner: asyncpg.Connection) -> None:
    await browser.sign_in(ANA, owner)
    await browser.get("/profile")

    await browser.post("/profile", **AS_IT_WAS | {"first_name": "Eve"})

    assert browser.page.status_code == 409
    assert await kept(owner) == AS_IT_WAS
