import re
from datetime import timedelta

import asyncpg
import pytest

from tests.browser import Browser, TestClock, code_sent_to, make_app
from tests.cast import ANA, ANA_AT_MEADOW, BEN, LEA, Cast

MINUTE = timedelta(minutes=1)


async def test_address_and_code_sign_in(browser: Browser, owner: asyncpg.Connection) -> None:
    await browser.sign_in(ANA, owner)

    assert browser.path == "/appointments"
    assert "Sign out" in browser.text


async def test_staff_land_at_their_desk(browser: Browser, owner: asyncpg.Connection) -> None:
    await browser.get("/sign-in")
    await browser.post("/sign-in", email=LEA)

    await browser.post(browser.path, follow=False, code=await code_sent_to(LEA, owner))

    assert browser.page.headers["location"] == "/desk"


async def test_both_addresses_lead_to_one_person(cast: Cast, clock: TestClock, owner: asyncpg.Connection) -> None:
    for email in (ANA, ANA_AT_MEADOW):
        async with Browser(make_app(clock)) as browser:
            await browser.sign_in(email, owner)

    people = await owner.fetch("SELECT DISTINCT person_id FROM connection")

    assert [row["person_id"] for row in people] == [cast.ana["id"]]


async def test_known_and_unknown_addresses_get_the_same_answer(browser: Browser) -> None:
    """The same page but for the address and the ref, and the same rows behind it."""
    answers = []
    for email in (ANA, "nobody.knows@example.org"):
        await browser.get("/sign-in")
        await browser.post("/sign-in", email=email)
        said = browser.text.replace(email, "…").replace(browser.path, "…")
        answers.append((browser.page.status_code, said))

    assert answers[0] == answers[1]


async def test_only_the_digest_of_the_token_is_kept(browser: Browser, owner: asyncpg.Connection) -> None:
    await browser.sign_in(ANA, owner)
    token = browser.http.cookies["connection"]

    kept = await owner.fetchrow("SELECT * FROM connection")

    assert len(token) >= 43
    assert token not in str(dict(kept))
    assert len(kept["token_digest"]) == 32


async def test_client_cannot_choose_the_token(browser: Browser, owner: asyncpg.Connection) -> None:
    browser.http.cookies.set("connection", "chosen-by-somebody", domain="localhost.local")

    await browser.sign_in(ANA, owner)

    assert "chosen-by-somebody" not in [cookie.value for cookie in browser.http.cookies.jar if cookie.expires]


async def test_sign_in_replaces_the_browsers_old_connection(
    browser: Browser, clock: TestClock, owner: asyncpg.Connection
) -> None:
    await browser.sign_in(ANA, owner)
    first = browser.http.cookies["connection"]
    clock.now += 2 * MINUTE
    await browser.get("/appointments")
    await browser.post("/sign-out")
    await browser.sign_in(ANA, owner)

    live = await owner.fetchval("SELECT count(*) FROM connection WHERE ended_at IS NULL")

    assert (live, browser.http.cookies["connection"] == first) == (1, False)


async def test_signed_out_token_opens_nothing(browser: Browser, owner: asyncpg.Connection) -> None:
    await browser.sign_in(ANA, owner)
    token = browser.http.cookies["connection"]
    await browser.post("/sign-out")

    await browser.get("/appointments", headers={"cookie": f"connection={token}"})

    assert browser.path.startswith("/sign-in")


@pytest.mark.parametrize(("days", "page"), [(89, "/appointments"), (91, "/sign-in?next=/appointments")])
async def test_connection_ends_ninety_days_after_the_last_activity(
    browser: Browser, clock: TestClock, owner: asyncpg.Connection, days: int, page: str
) -> None:
    await browser.sign_in(ANA, owner)
    clock.now += timedelta(days=days)

    await browser.get("/appointments")

    assert browser.path == page


async def test_activity_is_written_at_most_every_five_minutes(
    browser: Browser, clock: TestClock, owner: asyncpg.Connection
) -> None:
    await browser.sign_in(ANA, owner)
    begun = clock.now
    seen = []
    for minutes in (3, 6, 8):
        clock.now = begun + minutes * MINUTE
        await browser.get("/appointments")
        seen.append(await owner.fetchval("SELECT last_seen_at FROM connection") - begun)

    assert seen == [timedelta(), 6 * MINUTE, 6 * MINUTE]


@pytest.mark.parametrize(
    ("wanted", "leads_to"),
    [
        ("/appointments", "/appointments"),
        ("/p/harbour/book?service=x", "/p/harbour/book?service=x"),
        ("//evil.example", "/appointments"),
        ("https://evil.example", "/appointments"),
        ("/\\evil.example", "/appointments"),
        ("/\t/evil.example", "/appointments"),
        ("javascript:alert(1)", "/appointments"),
    ],
)
async def test_next_never_leads_out(browser: Browser, owner: asyncpg.Connection, wanted: str, leads_to: str) -> None:
    await browser.get("/sign-in", params={"next": wanted})
    hidden = re.search(r'name="next" value="([^"]*)"', browser.text)
    await browser.post("/sign-in", email=ANA, next=hidden[1] if hidden else wanted)

    await browser.post(browser.path, follow=False, code=await code_sent_to(ANA, owner))

    assert browser.page.headers["location"] == leads_to


async def test_code_ends_after_a_quarter_of_an_hour(
    browser: Browser, clock: TestClock, owner: asyncpg.Connection
) -> None:
    await browser.get("/sign-in")
    await browser.post("/sign-in", email=ANA)
    clock.now += 15 * MINUTE

    await browser.post(browser.path, code=await code_sent_to(ANA, owner))

    assert browser.page.status_code == 422
    assert "cannot be used any more" in browser.text


async def test_code_is_used_once(browser: Browser, clock: TestClock, owner: asyncpg.Connection) -> None:
    await browser.sign_in(ANA, owner)
    code = await code_sent_to(ANA, owner)
    used = await owner.fetchval("SELECT ref FROM code")
    async with Browser(make_app(clock)) as other:
        await other.get(f"/sign-in/{used}")

        await other.post(f"/sign-in/{used}", code=code)

        assert other.page.status_code == 422


async def test_new_code_voids_the_old_one(browser: Browser, clock: TestClock, owner: asyncpg.Connection) -> None:
    await browser.get("/sign-in")
    await browser.post("/sign-in", email=ANA)
    old_page, old_code = browser.path, await code_sent_to(ANA, owner)
    clock.now += 2 * MINUTE
    await browser.post(old_page, resend="yes")
    new_page, new_code = browser.path, await code_sent_to(ANA, owner)

    await browser.post(old_page, code=old_code)
    refused = browser.page.status_code
    await browser.post(new_page, code=new_code)

    assert (refused, browser.path) == (422, "/appointments")


async def test_second_request_within_a_minute_leads_to_the_same_code(
    browser: Browser, owner: asyncpg.Connection
) -> None:
    pages = []
    for _ in range(2):
        await browser.get("/sign-in")
        await browser.post("/sign-in", email=BEN)
        pages.append(browser.path)

    assert pages[0] == pages[1]
    assert await owner.fetchval("SELECT count(*) FROM account_message") == 1


async def test_sixth_code_in_an_hour_is_refused(browser: Browser, clock: TestClock) -> None:
    statuses = []
    for _ in range(6):
        clock.now += 2 * MINUTE
        await browser.get("/sign-in")
        await browser.post("/sign-in", email=BEN)
        statuses.append(browser.page.status_code)

    assert statuses == [200] * 5 + [422]


async def test_one_browser_asks_for_twenty_codes_an_hour(browser: Browser) -> None:
    statuses = []
    for number in range(21):
        await browser.get("/sign-in")
        await browser.post("/sign-in", email=f"somebody{number}@example.org")
        statuses.append(browser.page.status_code)

    assert statuses == [200] * 20 + [429]
    assert int(browser.page.headers["retry-after"]) > 0


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "nobody",
        "a@b",
        "x" * 300 + "@example.org",
        "ana@example.org\x00",
        "ana@exa mple.org",
        "ana@[127.0.0.1]",
        "😀",
    ],
)
async def test_what_is_no_address_is_said_beside_the_field(
    browser: Browser, typed: str, owner: asyncpg.Connection
) -> None:
    await browser.get("/sign-in")

    await browser.post("/sign-in", email=typed)

    assert browser.page.status_code == 422
    assert 'id="error-email"' in browser.page.text
    assert await owner.fetchval("SELECT count(*) FROM code") == 0


async def test_code_may_be_typed_with_spaces(browser: Browser, owner: asyncpg.Connection) -> None:
    await browser.get("/sign-in")
    await browser.post("/sign-in", email=ANA)
    code = await code_sent_to(ANA, owner)

    await browser.post(browser.path, code=f" {code[:3]} {code[3:]} ")

    assert browser.path == "/appointments"
