"""The browsers of one person: seen, named, signed out, forgotten."""

import re
from collections.abc import AsyncIterator
from datetime import timedelta
from ipaddress import ip_network
from pathlib import Path
from typing import Any

import asyncpg
import pytest

from portal.messages.prune import prune
from portal.people.connections import LIFE
from tests.browser import Browser, TestClock, make_app
from tests.cast import ANA, ANA_AT_MEADOW, BEN, MONDAY, Cast
from tests.factories import insert
from tests.geoip_file import LYON, SOMEWHERE_IN_CHILE, TORONTO, write_city_file

MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
WINDOWS = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/128.0.0.0 Safari/537.36"
)
ANDROID = (
    "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/128.0.0.0 Mobile Safari/537.36"
)
WINDOWS_HINTS = {
    "sec-ch-ua-platform": '"Windows"',
    "sec-ch-ua-platform-version": '"15.0.0"',
    "sec-ch-ua-model": '""',
    "sec-ch-ua-full-version-list": '"Chromium";v="128.0.6613.84", "Microsoft Edge";v="128.0.2739.42"',
}
PHONE_HINTS = {
    "sec-ch-ua-platform": '"Android"',
    "sec-ch-ua-platform-version": '"14.0.0"',
    "sec-ch-ua-model": '"Pixel 8"',
}


@pytest.fixture
async def other(cast: Cast, clock: TestClock) -> AsyncIterator[Browser]:
    """A second browser at the same portal."""
    async with Browser(make_app(clock)) as visitor:
        yield visitor


@pytest.fixture
async def bens(cast: Cast, clock: TestClock, owner: asyncpg.Connection) -> AsyncIterator[Browser]:
    async with Browser(make_app(clock)) as visitor:
        await visitor.sign_in(BEN, owner)
        yield visitor


def entries(browser: Browser) -> list[str]:
    """The connections on the page, each as its words."""
    listed = re.findall(r'<li class="entry connection">(.*?)</li>', browser.text, re.DOTALL)
    return [" ".join(re.sub(r"<[^>]+>", " ", each).split()) for each in listed]


def names(browser: Browser) -> list[str]:
    headings = re.findall(r'<h2 class="with-icon">(.*?)</h2>', browser.text, re.DOTALL)
    return [re.sub(r"<svg.*?</svg>", "", each, flags=re.DOTALL).strip() for each in headings]


def count(browser: Browser) -> str:
    """On the badges of this page, which must agree."""
    [badge] = set(re.findall(r'<span class="count"[^>]*>(\d+)</span>', browser.page.text))
    return str(badge)


async def refs(owner: asyncpg.Connection) -> list[str]:
    """Of the live ones, the oldest first."""
    rows = await owner.fetch("SELECT ref FROM connection WHERE ended_at IS NULL ORDER BY id")
    return [row["ref"] for row in rows]


async def test_each_connection_is_told_in_full(
    cast: Cast, clock: TestClock, owner: asyncpg.Connection, tmp_path: Path
) -> None:
    known = {
        "geoip_path": write_city_file(tmp_path / "City.mmdb"),
        "trusted_proxies": (ip_network("127.0.0.1/32"),),
    }
    async with Browser(make_app(clock, **known)) as phone, Browser(make_app(clock, **known)) as computer:
        phone.http.headers.update({"user-agent": ANDROID, "x-forwarded-for": LYON} | PHONE_HINTS)
        computer.http.headers.update({"user-agent": WINDOWS, "x-forwarded-for": TORONTO} | WINDOWS_HINTS)
        await phone.sign_in(ANA_AT_MEADOW, owner)
        clock.now += 3 * 60 * MINUTE
        await computer.sign_in(ANA, owner)

        await computer.get("/connections")

        assert entries(computer) == [
            "Computer This connection System Windows 11 Browser Edge 128 Signed in with ana@example.org "
            "Place Toronto, Ontario, Canada IP address 203.0.113.7 "
            "First connection Monday, November 23, 2026 at 4:00\u202fPM Last activity Now "
            "Sign out : Computer Give it a name : Computer Name (optional) "
            "For example: kitchen tablet. Empty takes the name away. Save".replace("\u202f", " "),
            "Pixel 8 System Android 14 Browser Chrome 128 Signed in with ana.silva@example.com "
            "Place Lyons, Auvergne-Rhone-Alpes, France IP address 198.51.100.9 "
            "First connection Monday, November 23, 2026 at 1:00\u202fPM "
            "Last activity Monday, November 23, 2026 at 1:00\u202fPM (3 hours ago) "
            "Sign out : Pixel 8 Give it a name : Pixel 8 Name (optional) "
            "For example: kitchen tablet. Empty takes the name away. Save".replace("\u202f", " "),
        ]


async def test_place_is_told_in_the_readers_language_with_the_day_of_the_data(
    cast: Cast, clock: TestClock, owner: asyncpg.Connection, tmp_path: Path
) -> None:
    known: dict[str, Any] = {"geoip_path": write_city_file(tmp_path / "City.mmdb")}
    known["trusted_proxies"] = (ip_network("127.0.0.1/32"),)
    told = []
    for ip in (LYON, SOMEWHERE_IN_CHILE, "10.0.0.1"):
        async with Browser(make_app(clock, **known)) as visitor:
            visitor.http.headers.update({"x-forwarded-for": ip})
            clock.now += 2 * MINUTE
            await visitor.sign_in(ANA, owner)
            await visitor.get("/connections?lang=fr")
            [place] = re.findall(r"<dd>([^<]*)</dd></div>\s*<div><dt>[^<]*</dt><dd>" + re.escape(ip), visitor.text)
            told.append(place)
            assert "https://www.maxmind.com" in visitor.text

    assert told[:2] == ["Lyon, Auvergne-Rhône-Alpes, France", "Chile"]
    assert told[2] not in told[:2]


async def test_without_data_the_place_is_unknown(
    cast: Cast, clock: TestClock, owner: asyncpg.Connection, tmp_path: Path
) -> None:
    file = tmp_path / "City.mmdb"
    file.write_text("nothing of the kind", encoding="utf-8")
    async with Browser(make_app(clock, geoip_path=file)) as visitor:
        await visitor.sign_in(ANA, owner)

        await visitor.get("/connections")

        assert "Place Unknown place IP address 127.0.0.1" in entries(visitor)[0]
        assert "maxmind" not in visitor.text


async def test_this_one_comes_first_then_the_latest_activity(
    browser: Browser, cast: Cast, clock: TestClock, owner: asyncpg.Connection
) -> None:
    await browser.sign_in(ANA, owner)
    address = await owner.fetchval("SELECT id FROM address WHERE email = $1", ANA)
    for name, seen in (("older", 3 * DAY), ("newer", DAY), ("unused", LIFE)):
        await make_connection(owner, cast.ana["id"], address, name, seen=clock.now - seen)
    clock.now += MINUTE

    await browser.get("/connections")

    assert (names(browser)[1:], "This connection" in entries(browser)[0]) == (["newer", "older"], True)
    assert count(browser) == "3"


async def test_sign_in_page_asks_for_hints_and_what_came_is_kept(browser: Browser, owner: asyncpg.Connection) -> None:
    await browser.get("/sign-in")
    asked = browser.page.headers["accept-ch"]
    browser.http.headers.update(WINDOWS_HINTS | {"user-agent": WINDOWS + "x" * 5000})

    await browser.sign_in(ANA, owner)

    assert asked == ("Sec-CH-UA-Platform, Sec-CH-UA-Platform-Version, Sec-CH-UA-Model, Sec-CH-UA-Full-Version-List")
    kept = await owner.fetchrow("SELECT hints ->> 'platform-version' AS version, user_agent FROM connection")
    assert (kept["version"], len(kept["user_agent"])) == ('"15.0.0"', 512)
    await browser.get("/appointments")
    assert "accept-ch" not in browser.page.headers


async def test_signed_out_browser_is_out_at_its_next_request(
    browser: Browser, other: Browser, owner: asyncpg.Connection
) -> None:
    await browser.sign_in(ANA, owner)
    await other.sign_in(ANA_AT_MEADOW, owner)
    await other.get("/appointments")
    assert count(other) == "2"
    mine, theirs = await refs(owner)
    await browser.get("/connections")

    await browser.post(f"/connections/{theirs}/end")
    await other.get("/appointments")

    assert (browser.path, count(browser), await refs(owner)) == ("/connections?done=ended", "1", [mine])
    assert "That connection is signed out." in browser.text
    assert other.path == "/sign-in?next=/appointments"
    await browser.post(f"/connections/{theirs}/end")
    assert browser.page.status_code == 200


async def test_signed_out_browser_cannot_send_a_form_it_still_shows(
    browser: Browser, other: Browser, owner: asyncpg.Connection
) -> None:
    await browser.sign_in(ANA, owner)
    await other.sign_in(ANA_AT_MEADOW, owner)
    await other.get("/connections")
    mine, theirs = await refs(owner)
    await browser.get("/connections")
    await browser.post(f"/connections/{theirs}/end")

    await other.post(f"/connections/{mine}/end")

    assert other.path.startswith("/sign-in")
    assert await refs(owner) == [mine]


async def test_all_others_are_signed_out_after_a_question(
    browser: Browser, other: Browser, bens: Browser, owner: asyncpg.Connection
) -> None:
    await other.sign_in(ANA, owner)
    await other.get("/connections/others/end")
    assert other.path == "/connections"
    await browser.sign_in(ANA_AT_MEADOW, owner)
    bens_ref, _, mine = await refs(owner)

    await browser.get("/connections/others/end")
    asked = (browser.page.status_code, "One other browser is signed out at once." in browser.text, await refs(owner))
    await browser.post("/connections/others/end")

    assert (asked[:2], len(asked[2])) == ((200, True), 3)
    assert await refs(owner) == [bens_ref, mine]
    assert names(browser)[1:] == []
    assert "You are signed in nowhere else." in browser.text


async def test_present_connection_is_signed_out_like_any(browser: Browser, owner: asyncpg.Connection) -> None:
    await browser.sign_in(ANA, owner)
    await browser.get("/connections")

    await browser.post(f"/connections/{(await refs(owner))[0]}/end")

    assert browser.path.startswith("/sign-in")


async def test_name_is_kept_with_save_and_taken_away_when_empty(browser: Browser, owner: asyncpg.Connection) -> None:
    await browser.sign_in(ANA, owner)
    [ref] = await refs(owner)
    await browser.get("/connections")
    shown = []
    for typed in ("  Kitchen tablet ", "é" * 60, ""):
        await browser.post(f"/connections/{ref}/name", name=typed)
        assert browser.path == "/connections?done=named"
        shown += names(browser)

    assert shown == ["Kitchen tablet", "é" * 60, "Unknown device"]


@pytest.mark.parametrize("typed", ["x" * 61, "a\x00b", "two\nlines", "\u202eleft"])
async def test_name_that_cannot_be_kept_is_told_beside_its_field(
    browser: Browser, owner: asyncpg.Connection, typed: str
) -> None:
    await browser.sign_in(ANA, owner)
    [ref] = await refs(owner)
    await browser.get("/connections")

    await browser.post(f"/connections/{ref}/name", name=typed)

    assert browser.page.status_code == 422
    assert f'id="error-name-{ref}"' in browser.page.text
    assert f'href="#field-name-{ref}"' in browser.page.text
    assert "<details open>" in browser.page.text
    assert await owner.fetchval("SELECT name FROM connection") == ""


async def test_name_is_shown_as_it_was_typed(browser: Browser, owner: asyncpg.Connection) -> None:
    await browser.sign_in(ANA, owner)
    await browser.get("/connections")

    await browser.post(f"/connections/{(await refs(owner))[0]}/name", name="<b>&amp;</b>")

    assert "&lt;b&gt;&amp;amp;&lt;/b&gt;" in browser.page.text


@pytest.mark.parametrize("change", ["end", "name"])
async def test_connection_of_somebody_else_is_no_different_from_none(
    bens: Browser, other: Browser, owner: asyncpg.Connection, change: str
) -> None:
    await other.sign_in(ANA, owner)
    _, anas = await refs(owner)
    told = []
    for ref in (anas, "nobodysref", "é" * 500, "%00", "..%2f"):
        for typed in ("mine now", "x" * 61):
            await bens.get("/connections")
            await bens.post(f"/connections/{ref}/{change}", name=typed)
            told.append(bens.page.status_code)

    assert told == [404] * 10
    assert await owner.fetchval("SELECT name FROM connection WHERE ref = $1 AND ended_at IS NULL", anas) == ""


@pytest.mark.parametrize("path", ["/connections/others/end", "/connections/{ref}/end", "/connections/{ref}/name"])
async def test_change_asks_for_the_token_of_this_browser(
    browser: Browser, other: Browser, owner: asyncpg.Connection, path: str
) -> None:
    await other.sign_in(ANA_AT_MEADOW, owner)
    await browser.sign_in(ANA, owner)
    before = await owner.fetch("SELECT * FROM connection ORDER BY id")

    await browser.post(path.format(ref=before[0]["ref"]), token="0" * 40, name="forged")

    assert browser.page.status_code == 403
    assert await owner.fetch("SELECT * FROM connection ORDER BY id") == before


@pytest.mark.parametrize("path", ["/connections", "/connections/others/end"])
async def test_who_is_not_signed_in_is_asked_to(browser: Browser, path: str) -> None:
    await browser.get(path)

    assert browser.path == f"/sign-in?next={path}"
    assert 'class="count"' not in browser.page.text


async def test_new_sign_in_from_the_same_browser_replaces_its_connection(
    browser: Browser, clock: TestClock, owner: asyncpg.Connection
) -> None:
    for _ in range(2):
        await browser.sign_in(ANA, owner)
        clock.now += LIFE + DAY

    rows = await owner.fetch("SELECT ended_at IS NULL AS live FROM connection ORDER BY id")

    assert [row["live"] for row in rows] == [False, True]


async def test_ended_and_unused_connections_go_a_week_later(cast: Cast, owner: asyncpg.Connection) -> None:
    address = await owner.fetchval("SELECT id FROM address WHERE email = $1", ANA)
    week = 7 * DAY
    for name, seen, ended in (
        ("live", MINUTE, None),
        ("just ended", MINUTE, MINUTE),
        ("ended within a week", DAY, week - MINUTE),
        ("ended", 8 * DAY, week + MINUTE),
        ("unused, less than a week over", LIFE + week - MINUTE, None),
        ("unused", LIFE + week + MINUTE, None),
    ):
        ended_at = None if ended is None else MONDAY - ended
        await make_connection(owner, cast.ana["id"], address, name, seen=MONDAY - seen, ended_at=ended_at)

    await prune(MONDAY)

    kept = await owner.fetch("SELECT name FROM connection ORDER BY id")
    assert [row["name"] for row in kept] == [
        "live",
        "just ended",
        "ended within a week",
        "unused, less than a week over",
    ]


async def make_connection(
    owner: asyncpg.Connection, person_id: int, address_id: int, name: str, *, seen: Any, **more: Any
) -> None:
    await insert(
        owner,
        "connection",
        ref=name,
        token_digest=name.encode(),
        person_id=person_id,
        address_id=address_id,
        name=name,
        created_at=MONDAY - 100 * DAY,
        last_seen_at=seen,
        **more,
    )
