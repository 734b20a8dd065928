"""A sign-in from a device or country not seen before: told to its person, who may say that it was not them."""

import re
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from datetime import timedelta
from ipaddress import ip_network
from pathlib import Path

import asyncpg
import pytest

from portal.messages.account_messages import ACCOUNT_MESSAGES
from portal.messages.letters.letter import Letter
from portal.messages.prune import prune
from portal.people.addresses import merge_accounts
from portal.people.known_devices import KEPT
from portal.settings import Settings
from tests.browser import Browser, TestClock, code_sent_to, make_app
from tests.cast import ANA, ANA_AT_MEADOW, BEN, CLEO, MONDAY, Cast
from tests.geoip_file import LYON, MONTREAL, SOMEWHERE_IN_CHILE, TORONTO, write_city_file

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
CHROME = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/128.0.0.0 Safari/537.36"
)
NEWER_CHROME = CHROME.replace("128", "131")
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:132.0) Gecko/20100101 Firefox/132.0"
PHONE = (
    "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/128.0.0.0 Mobile Safari/537.36"
)
PHONE_HINTS = {
    "sec-ch-ua-platform": '"Android"',
    "sec-ch-ua-platform-version": '"14.0.0"',
    "sec-ch-ua-model": '"Pixel 8"',
}

Opens = Callable[..., Awaitable[Browser]]


@pytest.fixture
async def opens(cast: Cast, clock: TestClock, tmp_path: Path) -> AsyncIterator[Opens]:
    """One browser more, as it calls itself, at an address whose place is known."""
    app = make_app(
        clock,
        geoip_path=write_city_file(tmp_path / "City.mmdb"),
        trusted_proxies=(ip_network("127.0.0.1/32"),),
    )
    async with AsyncExitStack() as until_the_end:

        async def one_more(agent: str = CHROME, ip: str = TORONTO, **headers: str) -> Browser:
            opened = await until_the_end.enter_async_context(Browser(app))
            opened.http.headers.update({"user-agent": agent, "x-forwarded-for": ip} | headers)
            return opened

        yield one_more


@pytest.fixture
def signs_in(opens: Opens, owner: asyncpg.Connection, clock: TestClock) -> Opens:
    """In a browser of its own, some minutes after whatever was before."""

    async def in_a_new_one(email: str = ANA, *seen_as: str, **headers: str) -> Browser:
        clock.now += timedelta(minutes=20)
        browser = await opens(*seen_as, **headers)
        await browser.sign_in(email, owner)
        return browser

    return in_a_new_one


async def told(owner: asyncpg.Connection) -> list[str]:
    rows = await owner.fetch("SELECT sent_to FROM account_message WHERE kind = 'new_connection' ORDER BY id")
    return [row["sent_to"] for row in rows]


async def link(owner: asyncpg.Connection, email: str = ANA) -> str:
    token = await owner.fetchval(
        """SELECT facts->>'not_me' FROM account_message WHERE kind = 'new_connection' AND sent_to = $1
           ORDER BY id DESC LIMIT 1""",
        email,
    )
    return f"/connections/not-me/{token}"


async def live(owner: asyncpg.Connection) -> dict[str, int]:
    """How many browsers are signed in, by their person's name."""
    rows = await owner.fetch(
        """SELECT first_name, count(*) FROM connection JOIN person ON person.id = person_id
           WHERE ended_at IS NULL GROUP BY 1"""
    )
    return dict(rows)


async def mailed(clock: TestClock) -> list[Letter]:
    """The notices as the worker writes them."""
    settings = Settings(secret_key="k" * 32)
    rows = [row for row in await ACCOUNT_MESSAGES.claim(clock.now) if row["kind"] == "new_connection"]
    written = await ACCOUNT_MESSAGES.write(rows, settings, clock.now)
    return [each for each in written if isinstance(each, Letter)]


async def test_first_sign_in_of_all_is_not_told(signs_in: Opens, owner: asyncpg.Connection) -> None:
    for email in (ANA, "dora@example.org"):
        await signs_in(email)

    assert await told(owner) == []


@pytest.mark.parametrize("agent", [CHROME, NEWER_CHROME])
async def test_browser_seen_before_is_not_told(signs_in: Opens, owner: asyncpg.Connection, agent: str) -> None:
    """Though its cookies were thrown away, and its connection was forgotten."""
    await signs_in()
    await owner.execute("DELETE FROM connection")

    await signs_in(ANA, agent)

    assert await told(owner) == []


async def test_hints_that_come_later_make_no_new_device(signs_in: Opens, owner: asyncpg.Connection) -> None:
    await signs_in(ANA, PHONE)
    await signs_in(ANA, PHONE, **PHONE_HINTS)
    await signs_in(ANA, PHONE)

    assert await told(owner) == []


async def test_same_browser_by_another_name_is_not_told(
    signs_in: Opens, owner: asyncpg.Connection, clock: TestClock
) -> None:
    """As when a phone asks for the page that computers get; what was ended proves nothing."""
    browser = await signs_in()

    for agent, ended in ((FIREFOX, False), (PHONE, True)):
        browser.http.headers["user-agent"] = agent
        clock.now += HOUR
        await browser.get("/sign-in")
        token = browser.http.cookies.get("connection")
        browser.http.cookies.delete("connection")
        await browser.get("/sign-in")
        await browser.post("/sign-in", email=ANA)
        if ended:
            await owner.execute("UPDATE connection SET ended_at = created_at")
        page, code = browser.path, await code_sent_to(ANA, owner)
        assert token is not None
        browser.http.cookies.set("connection", token, domain="localhost.local")
        await browser.get(page)
        await browser.post(page, code=code)
        assert browser.path == "/appointments"

    assert await told(owner) == [ANA]


async def test_other_browser_is_told_in_the_language_of_its_person(
    signs_in: Opens, cast: Cast, owner: asyncpg.Connection, clock: TestClock
) -> None:
    await owner.execute(
        "UPDATE person SET language = 'fr', time_display = '24h', zone = 'Europe/Paris' WHERE id = $1", cast.ana["id"]
    )
    await signs_in()
    await signs_in(ANA, FIREFOX, MONTREAL)

    [mail] = await mailed(clock)

    assert mail.to == ANA
    for fact in ("Linux, Firefox 132", "Montréal, Canada", "lundi 23 novembre 2026 à 14:40", MONTREAL, ANA):
        assert fact in mail.text
        assert fact in mail.html


async def test_time_without_a_zone_of_its_own_is_universal(
    signs_in: Opens, owner: asyncpg.Connection, clock: TestClock
) -> None:
    await signs_in()
    await signs_in(ANA, FIREFOX, "192.0.2.1")

    [mail] = await mailed(clock)

    assert mail.subject == "New sign-in to your account"
    assert mail.text.splitlines()[2:7] == [
        "Device: Computer, Linux, Firefox 132",
        "Place: Unknown place",
        "Time: Monday, November 23, 2026 at 1:40\u202fPM (UTC)",
        "IP address: 192.0.2.1",
        f"Signed in with: {ANA}",
    ]


async def test_what_a_browser_calls_itself_is_no_markup(
    signs_in: Opens, owner: asyncpg.Connection, clock: TestClock
) -> None:
    await signs_in()
    await signs_in(ANA, PHONE, **PHONE_HINTS | {"sec-ch-ua-model": '"<img src=x>"'})

    [mail] = await mailed(clock)

    assert ("<img src=x>" in mail.html, "<img src=x>" in mail.text) == (False, True)


async def test_other_country_is_told(signs_in: Opens, owner: asyncpg.Connection) -> None:
    for place in (TORONTO, MONTREAL, LYON, TORONTO, SOMEWHERE_IN_CHILE):
        await signs_in(ANA, CHROME, place)

    assert await told(owner) == [ANA, ANA], "Lyon and Chile"


async def test_unknown_place_is_nothing_new_by_itself(signs_in: Opens, owner: asyncpg.Connection) -> None:
    for place in ("10.0.0.1", TORONTO, "192.0.2.1", MONTREAL):
        await signs_in(ANA, CHROME, place)

    assert await told(owner) == []


async def test_primary_address_and_the_one_that_signed_in_are_told(signs_in: Opens, owner: asyncpg.Connection) -> None:
    await owner.execute("UPDATE address SET primary_since = verified_at WHERE email = $1", ANA_AT_MEADOW)
    await signs_in(ANA)

    await signs_in(ANA, FIREFOX)
    first = await told(owner)
    await signs_in(ANA_AT_MEADOW, PHONE)

    assert (first, (await told(owner))[2:]) == ([ANA_AT_MEADOW, ANA], [ANA_AT_MEADOW])


async def test_link_signs_out_everywhere(signs_in: Opens, opens: Opens, owner: asyncpg.Connection) -> None:
    """Ana's own browser and the stranger's, at their next click; nobody else's."""
    own, stranger, bens = await signs_in(), await signs_in(ANA_AT_MEADOW, FIREFOX), await signs_in(BEN)
    mails = await opens()
    await mails.get(await link(owner))
    asked = (mails.page.status_code, ANA_AT_MEADOW in mails.text, await live(owner))

    await mails.post(mails.path)
    said = mails.text
    for each in (own, stranger, bens):
        await each.get("/appointments")

    assert asked == (200, True, {"Ana": 2, "Ben": 1})
    assert (mails.page.status_code, "Signed out everywhere" in said, ANA_AT_MEADOW in said) == (200, True, True)
    assert [each.path.startswith("/sign-in") for each in (own, stranger, bens)] == [True, True, False]
    history = await owner.fetchrow("SELECT kind, emails, from_id, to_id FROM person_event")
    ana = await owner.fetchval("SELECT person_id FROM address WHERE email = $1", ANA)
    assert tuple(history) == ("not_me", [ANA_AT_MEADOW], ana, None)


async def test_link_signs_out_the_browser_that_follows_it(signs_in: Opens, owner: asyncpg.Connection) -> None:
    browser = await signs_in()
    await signs_in(ANA, FIREFOX)
    await browser.get(await link(owner))

    await browser.post(browser.path)

    assert 'action="/sign-out"' not in browser.page.text
    await browser.get("/connections")
    assert browser.path.startswith("/sign-in")


async def test_whoever_else_follows_the_link_stays_signed_in(signs_in: Opens, owner: asyncpg.Connection) -> None:
    await signs_in()
    await signs_in(ANA, FIREFOX)
    bens = await signs_in(BEN)
    await bens.get(await link(owner))

    await bens.post(bens.path)

    assert 'action="/sign-out"' in bens.page.text
    assert await live(owner) == {"Ben": 1}


async def test_codes_under_way_become_void(signs_in: Opens, opens: Opens, owner: asyncpg.Connection) -> None:
    await signs_in()
    stranger = await signs_in(ANA, FIREFOX)
    other, bens = await opens(FIREFOX), await opens()
    for browser, email in ((other, ANA_AT_MEADOW), (bens, BEN)):
        await browser.get("/sign-in")
        await browser.post("/sign-in", email=email)
    await stranger.get("/addresses")
    await stranger.post("/addresses", email="stranger@example.net")
    mails = await opens()
    await mails.get(await link(owner))

    await mails.post(mails.path)
    answers = []
    for browser, email in ((other, ANA_AT_MEADOW), (bens, BEN)):
        await browser.post(browser.path, code=await code_sent_to(email, owner))
        answers.append(browser.page.status_code)

    assert answers == [422, 200]
    voided = await owner.fetch("SELECT sent_to FROM code WHERE voided_at IS NOT NULL ORDER BY id")
    assert [row["sent_to"] for row in voided] == [ANA_AT_MEADOW, "stranger@example.net"]


async def test_looking_at_the_link_changes_nothing(signs_in: Opens, opens: Opens, owner: asyncpg.Connection) -> None:
    await signs_in()
    await signs_in(ANA, FIREFOX)
    mails = await opens()

    for _ in range(2):
        await mails.get(await link(owner))

    assert (mails.page.status_code, await live(owner)) == (200, {"Ana": 2})
    assert await owner.fetchval("SELECT count(*) FROM person_event") == 0


async def test_disowned_device_is_a_stranger_again(signs_in: Opens, opens: Opens, owner: asyncpg.Connection) -> None:
    await signs_in()
    await signs_in(ANA, FIREFOX, LYON)
    mails = await opens()
    await mails.get(await link(owner))
    await mails.post(mails.path)

    for seen_as in ((CHROME, TORONTO), (FIREFOX, TORONTO), (CHROME, LYON)):
        await signs_in(ANA, *seen_as)

    assert len(await told(owner)) == 3


async def used(mails: Browser, way: str, owner: asyncpg.Connection, clock: TestClock) -> None:
    await mails.get(way)
    await mails.post(way)


async def grown_old(mails: Browser, way: str, owner: asyncpg.Connection, clock: TestClock) -> None:
    clock.now += 72 * HOUR


async def used_at_the_other_address(mails: Browser, way: str, owner: asyncpg.Connection, clock: TestClock) -> None:
    await mails.get(await link(owner, ANA_AT_MEADOW))
    await mails.post(mails.path)


async def removed(mails: Browser, way: str, owner: asyncpg.Connection, clock: TestClock) -> None:
    clock.now += HOUR
    await mails.sign_in(ANA_AT_MEADOW, owner)
    await mails.get("/addresses")
    ref = await owner.fetchval("SELECT ref FROM address WHERE email = $1", ANA)
    await mails.post(f"/addresses/{ref}/removal")


@pytest.mark.parametrize("end", [used, used_at_the_other_address, grown_old, removed])
async def test_link_dies(
    signs_in: Opens,
    opens: Opens,
    owner: asyncpg.Connection,
    clock: TestClock,
    end: Callable[..., Awaitable[None]],
) -> None:
    await signs_in()
    await signs_in(ANA_AT_MEADOW, FIREFOX)
    way, mails = await link(owner), await opens()
    await end(mails, way, owner, clock)
    before = await live(owner)

    await mails.get(way)
    looked = mails.page.status_code
    await mails.get("/addresses")
    await mails.post(way)

    assert (looked, mails.page.status_code, await live(owner)) == (422, 422, before)
    assert re.search(r'href="/(connections|sign-in\?next=/connections)"', mails.page.text)


async def test_link_works_until_the_last_hour_without_its_connection(
    signs_in: Opens, opens: Opens, owner: asyncpg.Connection, clock: TestClock
) -> None:
    """Whoever came in with one address may have removed it since, and the connection went with it."""
    await signs_in()
    stranger = await signs_in(ANA_AT_MEADOW, FIREFOX)
    way, mails = await link(owner), await opens()
    ref = await owner.fetchval("SELECT ref FROM address WHERE email = $1", ANA_AT_MEADOW)
    await stranger.get("/addresses")
    await stranger.post(f"/addresses/{ref}/removal")
    clock.now += 71 * HOUR

    await mails.get(way)
    await mails.post(way)

    assert (mails.page.status_code, await live(owner)) == (200, {})


async def test_link_follows_its_address_into_a_merged_account(
    signs_in: Opens, opens: Opens, cast: Cast, owner: asyncpg.Connection, clock: TestClock
) -> None:
    await signs_in()
    await signs_in(ANA, FIREFOX)
    await signs_in(CLEO)
    await merge_accounts(cast.cleo["id"], ANA, "en", clock.now, keep_other=False)
    mails = await opens()

    await mails.get(await link(owner))
    await mails.post(mails.path)

    assert await live(owner) == {}


async def test_merged_account_knows_the_devices_of_both_until_that_is_undone(
    signs_in: Opens, opens: Opens, cast: Cast, owner: asyncpg.Connection, clock: TestClock
) -> None:
    await signs_in(CLEO, CHROME, TORONTO)
    await signs_in(BEN, FIREFOX, LYON)
    await merge_accounts(cast.cleo["id"], BEN, "en", clock.now, keep_other=False)
    await signs_in(CLEO, FIREFOX, LYON)
    merged = await told(owner)
    mails = await opens()
    token = await owner.fetchval("SELECT facts->>'undo' FROM account_message WHERE facts ? 'undo' LIMIT 1")
    await mails.get(f"/addresses/undo/{token}")
    await mails.post(mails.path)

    await signs_in(BEN, FIREFOX, LYON)
    await signs_in(CLEO, FIREFOX, LYON)

    assert (merged, await told(owner)) == ([], [CLEO])


async def test_devices_unused_for_long_are_forgotten_but_never_the_last(
    signs_in: Opens, owner: asyncpg.Connection, clock: TestClock
) -> None:
    for email, agent in ((ANA, CHROME), (BEN, CHROME)):
        await signs_in(email, agent)
    clock.now = MONDAY + KEPT - DAY
    await signs_in(ANA, FIREFOX)
    await prune(MONDAY + KEPT + DAY)
    early = await owner.fetchval("SELECT count(*) FROM known_device")

    await prune(MONDAY + KEPT + 5 * DAY)

    rows = await owner.fetch("SELECT first_name, device FROM known_device JOIN person ON person.id = person_id")
    assert (early, {tuple(row) for row in rows}) == (
        3,
        {("Ana", "computer/Linux/Firefox"), ("Ben", "computer/Windows/Chrome")},
    )
    assert await owner.fetchval("SELECT count(*) FROM not_me_link") == 0
