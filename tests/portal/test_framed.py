"""Booking in a frame of another site: without any cookie, as nobody in particular, and as far as the end."""

import asyncio
import re
from collections.abc import AsyncIterator
from typing import Any

import asyncpg
import httpx
import pytest

from tests.browser import Browser, TestClock, code_sent_to, make_app
from tests.cast import ANA, CLEO, Cast

TEN = "2026-11-24T10:00:00-05:00"
DETAILS: dict[str, Any] = {"email": CLEO, "first_name": "Cleo", "last_name": "Laurent", "phone": "", "note": ""}


@pytest.fixture
async def framed(cast: Cast, clock: TestClock) -> AsyncIterator[Browser]:
    """A browser that keeps no cookie, and remembers the headers of all it was answered."""
    async with Browser(make_app(clock)) as browser:

        async def drop(answer: httpx.Response) -> None:
            assert "set-cookie" not in answer.headers, answer.url
            assert "cookie" not in answer.request.headers

        browser.http.event_hooks = {"response": [drop]}
        yield browser


async def choose(browser: Browser, cast: Cast, look: str = "auto", start: str = TEN) -> None:
    service = cast.harbour.services["Follow-up"]["ref"]
    await browser.get(f"/p/harbour/embed/{look}/book?service={service}&day=2026-11-24")
    await browser.post(f"/p/harbour/embed/{look}/holds", service=service, practitioner="any", place="", start=start)


async def test_stranger_books_without_a_cookie(framed: Browser, cast: Cast, owner: asyncpg.Connection) -> None:
    await framed.get("/p/harbour/embed")
    assert framed.path == "/p/harbour/embed/auto/book"
    await choose(framed, cast)
    hold = framed.path
    assert re.fullmatch("/p/harbour/embed/auto/holds/[^/]+", hold)

    await framed.post(f"{hold}/details", **DETAILS)
    await framed.post(framed.path, code=await code_sent_to(CLEO, owner))

    assert framed.path == f"{hold}/booked"
    assert "Your appointment is booked." in framed.text
    ref = await owner.fetchval("SELECT ref FROM appointment")
    assert f'href="/appointments/{ref}" target="_blank"' in framed.text
    assert await owner.fetchval("SELECT count(*) FROM connection") == 0
    row = await owner.fetchrow(
        "SELECT email, starts_at FROM appointment JOIN client_record ON client_record.id = client_record_id"
    )
    assert tuple(row) == (CLEO, cast.harbour.at(2026, 11, 24, 10))
    await framed.get(hold)
    assert framed.path == f"{hold}/booked"


async def test_code_sent_twice_at_once_books_once(framed: Browser, cast: Cast, owner: asyncpg.Connection) -> None:
    await choose(framed, cast)
    await framed.post(f"{framed.path}/details", **DETAILS)
    token = re.findall(r'name="_csrf" value="([^"]*)"', framed.page.text)[0]
    fields = {"_csrf": token, "code": await code_sent_to(CLEO, owner)}

    answers = await asyncio.gather(
        *(framed.http.post(framed.path, data=fields, follow_redirects=True) for _ in range(2))
    )

    assert [answer.status_code for answer in answers] == [200, 200]
    assert [str(answer.url).endswith("/booked") for answer in answers] == [True, True]
    assert await owner.fetchval("SELECT count(*) FROM appointment") == 1


async def test_whoever_is_signed_in_is_nobody_in_a_frame(
    browser: Browser, cast: Cast, owner: asyncpg.Connection
) -> None:
    await browser.sign_in(ANA, owner)

    await choose(browser, cast)

    assert 'name="email"' in browser.page.text
    assert ANA not in browser.text
    assert "Silva" not in browser.text
    assert await owner.fetchval("SELECT browser FROM hold") is None


async def test_frame_has_no_door_for_whoever_is_signed_in(
    browser: Browser, cast: Cast, owner: asyncpg.Connection
) -> None:
    await browser.sign_in(ANA, owner)
    await choose(browser, cast)

    await browser.post(f"{browser.path}/appointment", **DETAILS)

    assert browser.page.status_code == 404
    assert await owner.fetchval("SELECT count(*) FROM appointment") == 0


async def test_only_framed_pages_may_stand_in_a_frame(browser: Browser, cast: Cast) -> None:
    told = {}
    for path in ("/p/harbour/embed/auto/book", "/p/harbour/embed/auto/holds/nope", "/p/harbour/book", "/", "/sign-in"):
        headers = (await browser.get(path)).headers
        framing = re.findall(r"frame-ancestors [^;]+", headers["content-security-policy"])[0]
        told[path] = (framing, headers.get("x-frame-options"), headers["cross-origin-resource-policy"])

    inside = ("frame-ancestors *", None, "cross-origin")
    outside = ("frame-ancestors 'none'", "DENY", "same-origin")
    assert list(told.values()) == [inside, inside, outside, outside, outside]


async def test_other_site_cannot_post_into_the_frame(framed: Browser, cast: Cast, owner: asyncpg.Connection) -> None:
    service = cast.harbour.services["Follow-up"]["ref"]
    await framed.get(f"/p/harbour/embed/auto/book?service={service}&day=2026-11-24")
    token = re.findall(r'name="_csrf" value="([^"]*)"', framed.page.text)[0]
    fields = {"_csrf": token, "service": service, "practitioner": "any", "place": "", "start": TEN}

    answer = await framed.http.post(
        "/p/harbour/embed/auto/holds", data=fields, headers={"sec-fetch-site": "cross-site"}
    )

    assert answer.status_code == 403
    assert await owner.fetchval("SELECT count(*) FROM hold") == 0


async def test_language_and_colour_go_along(framed: Browser, cast: Cast) -> None:
    await framed.get("/p/harbour/embed?lang=fr&colour=%237A3E6D")
    assert framed.path == "/p/harbour/embed/fr-7a3e6d/book"

    await choose(framed, cast, "fr-7a3e6d")

    assert framed.path.startswith("/p/harbour/embed/fr-7a3e6d/holds/")
    assert '<html lang="fr' in framed.text
    assert "/p/harbour/accent.css?v=7a3e6d" in framed.text
    assert 'href="/p/harbour/embed/en-7a3e6d/holds/' in framed.text
    assert (await framed.get("/p/harbour/accent.css?v=7a3e6d")).text == ".practice-harbour { --accent: #7a3e6d }\n"


@pytest.mark.parametrize("look", ["nonsense-and-more", "xx", "fr-<script>", "auto-12345"])
async def test_look_that_is_none_counts_as_the_practice_s_own(framed: Browser, look: str) -> None:
    await framed.get(f"/p/harbour/embed/{look}/book")

    assert framed.page.status_code == 200
    assert "/p/harbour/embed/" in framed.text
    assert "<script>" not in framed.page.text


async def test_script_is_for_every_site(framed: Browser) -> None:
    answer = await framed.get("/p/harbour/embed.js")

    assert answer.headers["content-type"].startswith("text/javascript")
    assert answer.headers["cross-origin-resource-policy"] == "cross-origin"
    assert "iframe" in answer.text


async def test_refused_time_offers_the_next_ones_in_the_frame(framed: Browser, cast: Cast) -> None:
    await choose(framed, cast, start="2026-11-24T06:00:00-05:00")

    assert framed.page.status_code == 422
    assert 'action="/p/harbour/embed/auto/holds"' in framed.text
    assert "masthead" not in framed.text
