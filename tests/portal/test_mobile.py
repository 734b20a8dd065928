"""One's own mobile number is verified by the six digits sent to it, and by nothing else."""

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import asyncpg
import httpx
import pytest

from portal.client.mobile import TEXTS_AN_HOUR
from portal.languages.phones import say_phone
from portal.messages.sms.stops import note_stops
from portal.people.codes import PER_HOUR, VERIFY_MOBILE, send_code
from tests.browser import Browser, TestClock, code_sent_to, make_app
from tests.cast import ANA, BEN, CLEO, Cast

NUMBER, OTHER = "+14165550101", "+14165550102"
ASK = "/profile/mobile/code"


@pytest.fixture
async def ana(browser: Browser, cast: Cast, owner: asyncpg.Connection) -> Browser:
    """Signed in, with a number that nobody has proved."""
    await saves(cast.ana, NUMBER, owner)
    await browser.sign_in(ANA, owner)
    return browser


@pytest.fixture
async def ben(cast: Cast, owner: asyncpg.Connection, clock: TestClock) -> AsyncIterator[Browser]:
    async with Browser(make_app(clock)) as browser:
        await browser.sign_in(BEN, owner)
        yield browser


async def saves(person: dict[str, Any], number: str, owner: asyncpg.Connection) -> None:
    await owner.execute(
        "UPDATE person SET mobile_phone = $2, mobile_verified_at = NULL WHERE id = $1", person["id"], number
    )


async def asks(browser: Browser) -> httpx.Response:
    await browser.get("/profile")
    return await browser.post(ASK)


async def verified(owner: asyncpg.Connection) -> dict[str, Any]:
    """By number, when it was verified."""
    rows = await owner.fetch("SELECT mobile_phone, mobile_verified_at FROM person WHERE mobile_phone <> ''")
    return {row["mobile_phone"]: row["mobile_verified_at"] for row in rows}


async def texts(owner: asyncpg.Connection) -> list[str]:
    rows = await owner.fetch("SELECT sent_to FROM account_message WHERE channel = 'sms' ORDER BY id")
    return [row["sent_to"] for row in rows]


async def test_number_is_verified_by_its_code(ana: Browser, clock: TestClock, owner: asyncpg.Connection) -> None:
    await asks(ana)
    asked = (ana.page.status_code, f"by SMS to {say_phone(NUMBER)}" in ana.text, (await verified(owner))[NUMBER])

    await ana.post(ana.path, code=await code_sent_to(NUMBER, owner))

    assert asked == (200, True, None)
    assert (ana.path, ana.page.status_code) == ("/profile?done=verified", 200)
    assert await verified(owner) == {NUMBER: clock.now}


async def test_wrong_code_is_said_beside_the_field(ana: Browser, owner: asyncpg.Connection) -> None:
    await asks(ana)
    right = await code_sent_to(NUMBER, owner)

    await ana.post(ana.path, code=f"{(int(right) + 1) % 1_000_000:06}")

    assert (ana.page.status_code, 'id="error-code"' in ana.page.text) == (422, True)
    assert await verified(owner) == {NUMBER: None}


async def test_double_click_on_the_code_verifies_once(
    ana: Browser, clock: TestClock, owner: asyncpg.Connection
) -> None:
    await asks(ana)
    page, code, first = ana.path, await code_sent_to(NUMBER, owner), clock.now

    answers = []
    for _ in range(2):
        await ana.get(page)
        await ana.post(page, follow=False, code=code)
        answers.append((ana.page.status_code, ana.page.headers["location"]))
        clock.now += timedelta(seconds=1)

    assert answers == [(303, "/profile?done=verified")] * 2
    assert await verified(owner) == {NUMBER: first}


async def test_code_comes_in_the_persons_language(ana: Browser, cast: Cast, owner: asyncpg.Connection) -> None:
    await owner.execute("UPDATE person SET language = 'fr' WHERE id = $1", cast.ana["id"])

    await asks(ana)

    row = await owner.fetchrow("SELECT channel, kind, language FROM account_message ORDER BY id DESC LIMIT 1")
    assert (row["channel"], row["kind"], row["language"][:2]) == ("sms", "mobile_code", "fr")


async def test_without_a_number_there_is_nothing_to_send_to(browser: Browser, owner: asyncpg.Connection) -> None:
    await browser.sign_in(CLEO, owner)

    await asks(browser)

    assert (browser.page.status_code, "no mobile number in your profile" in browser.text) == (422, True)
    assert await texts(owner) == []


async def test_verified_number_is_not_sent_another_code(
    ana: Browser, cast: Cast, clock: TestClock, owner: asyncpg.Connection
) -> None:
    await owner.execute("UPDATE person SET mobile_verified_at = $2 WHERE id = $1", cast.ana["id"], clock.now)

    await asks(ana)

    assert (ana.page.status_code, "verified already" in ana.text) == (422, True)
    assert await texts(owner) == []


async def test_number_that_has_answered_stop_is_sent_no_code(
    ana: Browser, owner: asyncpg.Connection, clock: TestClock
) -> None:
    await note_stops([NUMBER], clock.now)

    await asks(ana)

    assert (ana.page.status_code, "Send START from it" in ana.text, await texts(owner)) == (422, True, [])


async def test_code_does_not_verify_a_number_saved_since(ana: Browser, cast: Cast, owner: asyncpg.Connection) -> None:
    await asks(ana)
    page, code = ana.path, await code_sent_to(NUMBER, owner)
    await saves(cast.ana, OTHER, owner)

    await ana.post(page, code=code)

    assert (ana.page.status_code, "has changed since" in ana.text) == (422, True)
    assert await verified(owner) == {OTHER: None}


async def test_another_code_goes_to_the_number_as_it_is_now(
    ana: Browser, cast: Cast, clock: TestClock, owner: asyncpg.Connection
) -> None:
    await asks(ana)
    clock.now += timedelta(minutes=2)
    await saves(cast.ana, OTHER, owner)

    await ana.post(ana.path, resend="yes")
    shown = say_phone(OTHER) in ana.text
    await ana.post(ana.path, code=await code_sent_to(OTHER, owner))

    assert (shown, await texts(owner), await verified(owner)) == (True, [NUMBER, OTHER], {OTHER: clock.now})


async def test_code_sent_a_moment_ago_still_stands(ana: Browser, owner: asyncpg.Connection) -> None:
    await asks(ana)
    page = ana.path

    await ana.post(page, resend="yes")

    assert (ana.path, await texts(owner)) == (page, [NUMBER])


async def test_code_works_for_the_person_who_asked_alone(
    ana: Browser, ben: Browser, cast: Cast, owner: asyncpg.Connection
) -> None:
    """Though both have saved the same number."""
    await saves(cast.ben, NUMBER, owner)
    await asks(ana)
    code = await code_sent_to(NUMBER, owner)

    await ben.get("/profile")
    await ben.post(ana.path, code=code)

    assert ben.page.status_code == 404
    assert set((await verified(owner)).values()) == {None}


async def test_code_for_a_number_adds_no_address(ana: Browser, owner: asyncpg.Connection) -> None:
    """Nor is it shown, or sent by mail, where addresses are added."""
    await asks(ana)
    page = ana.path.replace("/profile/mobile", "/addresses")

    await ana.get("/profile")
    by_code = await ana.post(page, code=await code_sent_to(NUMBER, owner))
    await ana.get("/profile")
    by_resend = await ana.post(page, resend="yes")

    assert (by_code.status_code, by_resend.status_code, await texts(owner)) == (404, 404, [NUMBER])


async def test_number_gets_few_codes_an_hour_whoever_asks(
    ana: Browser, cast: Cast, clock: TestClock, owner: asyncpg.Connection
) -> None:
    for _ in range(PER_HOUR):
        await send_code(NUMBER, VERIFY_MOBILE, "en", "k" * 32, clock.now, person_id=cast.ben["id"])
        clock.now += timedelta(minutes=2)

    await asks(ana)

    assert (ana.page.status_code, "You can ask for another one at" in ana.text) == (422, True)
    assert await texts(owner) == [NUMBER] * PER_HOUR


@pytest.mark.parametrize("elsewhere", [False, True], ids=["same network", "other network"])
async def test_one_person_cannot_burn_texts_on_many_numbers(
    ana: Browser, cast: Cast, owner: asyncpg.Connection, elsewhere: bool
) -> None:
    for last in range(TEXTS_AN_HOUR + 1):
        await saves(cast.ana, f"+1416555{last:04}", owner)
        if elsewhere:
            await owner.execute("DELETE FROM rate_count WHERE key LIKE 'text 1%'")
        await asks(ana)

    assert (ana.page.status_code, len(await texts(owner))) == (429, TEXTS_AN_HOUR)


async def test_one_network_cannot_burn_texts_through_many_people(
    ana: Browser, ben: Browser, cast: Cast, owner: asyncpg.Connection
) -> None:
    for last in range(TEXTS_AN_HOUR):
        await saves(cast.ana, f"+1416555{last:04}", owner)
        await asks(ana)
    await saves(cast.ben, OTHER, owner)

    await asks(ben)

    assert (ben.page.status_code, len(await texts(owner))) == (429, TEXTS_AN_HOUR)
