"""A client waits for a time: signed in or by a code, changes it, takes it back; and answers an offer by its link."""

import re
from typing import Any
from urllib.parse import urlencode

import asyncpg
import pytest

from portal.messages.waiting import offer_what_came_free
from tests.browser import Browser, TestClock, code_sent_to
from tests.cast import ANA, BEN, CLEO, MONDAY, Cast
from tests.factories import PracticeMade
from tests.tenants.waiting.conftest import full, waits

__all__ = ["full"]

WEEK = [str(number) for number in range(7)]


def typed(practice: PracticeMade, **more: Any) -> dict[str, Any]:
    fields = {
        "service": practice.services["Follow-up"]["ref"],
        "practitioner": "any",
        "weekday": ["1", "3"],
        "from_time": "09:00",
        "until_time": "12:30",
        "first_day": "2026-11-23",
        "last_day": "2026-12-11",
    }
    return fields | more


def token_of(browser: Browser) -> str:
    found: str = re.findall(r'name="_csrf" value="([^"]+)"', browser.page.text)[0]
    return found


async def kept(owner: asyncpg.Connection) -> list[dict[str, Any]]:
    rows = await owner.fetch(
        """SELECT client_record.email, weekdays, from_minute, until_minute, first_day::text, last_day::text, ended_why,
                  waiting_wish.note
           FROM waiting_wish JOIN client_record ON client_record.id = client_record_id ORDER BY waiting_wish.id"""
    )
    return [dict(row) for row in rows]


async def offered(owner: asyncpg.Connection, clock: TestClock) -> str:
    """The key of the offer just made."""
    await offer_what_came_free(clock.now)
    key: str = await owner.fetchval("SELECT key FROM waiting_offer ORDER BY id DESC LIMIT 1")
    return key


async def test_signed_in_client_waits(browser: Browser, cast: Cast, owner: asyncpg.Connection) -> None:
    await browser.sign_in(BEN, owner)
    await browser.get(f"/p/harbour/waiting?service={cast.harbour.services['Follow-up']['ref']}")

    await browser.post("/p/harbour/waiting", **typed(cast.harbour, email=BEN, note="Left knee"))

    assert browser.path.startswith("/waiting?left=")
    assert "You are on the waiting list." in browser.text
    assert "Tuesday and Thursday, between 9:00" in browser.text
    assert await kept(owner) == [
        {
            "email": BEN,
            "weekdays": [1, 3],
            "from_minute": 540,
            "until_minute": 750,
            "first_day": "2026-11-23",
            "last_day": "2026-12-11",
            "ended_why": None,
            "note": "Left knee",
        }
    ]


async def test_stranger_proves_an_address_and_finds_everything_typed_again(
    browser: Browser, cast: Cast, owner: asyncpg.Connection
) -> None:
    await browser.get(f"/p/harbour/waiting?service={cast.harbour.services['Follow-up']['ref']}")
    await browser.post("/p/harbour/waiting", **typed(cast.harbour, email="dora@example.org"))
    asked = browser.path
    await browser.post(asked, code=await code_sent_to("dora@example.org", owner))
    back = browser.text

    await browser.post(
        "/p/harbour/waiting", **typed(cast.harbour, email="dora@example.org", first_name="Dora", last_name="Lind")
    )

    assert asked.startswith("/sign-in/")
    assert re.findall(r'name="weekday" value="(\d)" checked', back) == ["1", "3"]
    assert 'value="12:30"' in back
    assert 'value="2026-12-11"' in back
    assert [row["email"] for row in await kept(owner)] == ["dora@example.org"]
    assert await owner.fetchval("SELECT first_name FROM client_record WHERE email = 'dora@example.org'") == "Dora"


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"weekday": []}, "Please choose at least one day of the week."),
        ({"until_time": "08:00"}, "The end must come after the beginning."),
        ({"last_day": "2026-11-20", "first_day": "2026-11-21"}, "The end must come after the beginning."),
        ({"last_day": "2027-11-20"}, "This practice takes bookings until"),
        ({"from_time": "noon"}, "Please type a time like 09:30."),
    ],
)
async def test_what_cannot_be_waited_for_is_told(
    browser: Browser, cast: Cast, owner: asyncpg.Connection, more: dict[str, Any], words: str
) -> None:
    await browser.sign_in(BEN, owner)
    await browser.get(f"/p/harbour/waiting?service={cast.harbour.services['Follow-up']['ref']}")

    answer = await browser.post("/p/harbour/waiting", **typed(cast.harbour, email=BEN, note="Left knee", **more))

    assert answer.status_code == 422
    assert words in browser.text
    assert "Left knee" in browser.text
    assert await kept(owner) == []


async def test_equal_wish_and_a_sixth_one_are_refused(browser: Browser, cast: Cast, owner: asyncpg.Connection) -> None:
    await browser.sign_in(BEN, owner)
    await browser.get(f"/p/harbour/waiting?service={cast.harbour.services['Follow-up']['ref']}")
    await browser.post("/p/harbour/waiting", **typed(cast.harbour, email=BEN))
    await browser.post("/p/harbour/waiting", **typed(cast.harbour, email=BEN))
    equal = browser.text
    for number in range(4):
        await browser.post("/p/harbour/waiting", **typed(cast.harbour, email=BEN, weekday=WEEK[number]))

    await browser.post("/p/harbour/waiting", **typed(cast.harbour, email=BEN, weekday=WEEK))

    assert "The very same wish is on the waiting list already." in equal
    assert "One can wait for 5 things at one practice at most." in browser.text
    assert len(await kept(owner)) == 5


async def test_wish_is_changed_withdrawn_and_put_back(browser: Browser, cast: Cast, owner: asyncpg.Connection) -> None:
    ref = await waits(cast.harbour, BEN)
    await browser.sign_in(BEN, owner)
    await browser.get(f"/waiting/{ref}")
    await browser.post(f"/waiting/{ref}", **typed(cast.harbour, last_day="2026-12-01"))
    changed = await kept(owner)

    await browser.post(f"/waiting/{ref}/withdrawal")
    gone, undo = await kept(owner), "You no longer wait for: Follow-up, Harbour Physiotherapy" in browser.text
    await browser.post(f"/waiting/{ref}/return")

    assert (changed[0]["weekdays"], changed[0]["last_day"]) == ([1, 3], "2026-12-01")
    assert (gone[0]["ended_why"], undo) == ("withdrawn", True)
    assert (await kept(owner))[0]["ended_why"] is None


async def test_times_page_leads_to_the_list_with_what_was_chosen(browser: Browser, cast: Cast) -> None:
    choice = {"service": cast.harbour.services["Follow-up"]["ref"], "practitioner": "any"}
    await browser.get(f"/p/harbour/book?{urlencode(choice | {'day': '2026-11-26'})}")

    link = re.findall(r'href="(/p/harbour/waiting[^"]+)"', browser.text)[0]
    await browser.get(link)

    assert 'name="last_day" type="date" value="2026-11-25"' in browser.text


async def test_offer_is_taken_by_one_press_without_signing_in(
    browser: Browser, full: PracticeMade, clock: TestClock, owner: asyncpg.Connection
) -> None:
    await waits(full, BEN)
    key = await offered(owner, clock)
    shown = await browser.get(f"/offers/{key}")
    token = token_of(browser)
    before = await owner.fetchval("SELECT count(*) FROM appointment")

    await browser.post(f"/offers/{key}/acceptance")
    taken = browser.text
    await browser.post(f"/offers/{key}/acceptance", token=token)

    assert (shown.status_code, shown.headers["referrer-policy"], before) == (200, "no-referrer", 0)
    assert "This time is yours" in taken
    assert "This time is yours" in browser.text
    assert await owner.fetchval("SELECT count(*) FROM appointment") == 1


async def test_declined_taken_lost_and_expired_are_told_apart(
    browser: Browser, full: PracticeMade, clock: TestClock, owner: asyncpg.Connection
) -> None:
    await waits(full, BEN)
    key = await offered(owner, clock)
    await browser.get(f"/offers/{key}?answer=no")
    token = token_of(browser)
    await browser.post(f"/offers/{key}/refusal")
    declined = browser.text
    after = await browser.post(f"/offers/{key}/acceptance", token=token)
    other = await offered(owner, clock)
    clock.now = MONDAY.replace(hour=12)
    gone = await browser.get(f"/offers/{other}")
    late = await browser.post(f"/offers/{other}/acceptance", token=token)

    assert "You did not want this time" in declined
    assert after.status_code == 409
    assert "You have said no to this time already." in after.text
    assert gone.status_code == 410
    assert "This offer has ended" in gone.text
    assert late.status_code == 409
    assert "Nothing has been booked." in late.text
    assert await owner.fetchval("SELECT count(*) FROM appointment") == 0


async def test_unknown_key_is_no_page(browser: Browser, cast: Cast) -> None:
    for key in ("nope", "a" * 22, "%00" * 3):
        assert (await browser.get(f"/offers/{key}")).status_code == 404


async def test_offer_stands_on_the_lists_of_its_client_alone(
    browser: Browser, full: PracticeMade, clock: TestClock, owner: asyncpg.Connection
) -> None:
    await waits(full, BEN)
    key = await offered(owner, clock)
    await browser.sign_in(ANA, owner)
    anas = (await browser.get("/waiting")).text
    await browser.get("/sign-in")
    await browser.post("/sign-out")
    await browser.sign_in(BEN, owner)
    bens = (await browser.get("/waiting")).text
    messages = (await browser.get("/messages")).text

    assert (key in anas, key in bens, key in messages) == (False, True, True)
    assert "A time has come free for you" in messages


async def test_nobody_else_s_wish_can_be_touched(browser: Browser, cast: Cast, owner: asyncpg.Connection) -> None:
    ref = await waits(cast.harbour, BEN)
    await browser.sign_in(CLEO, owner)
    await browser.get("/profile")
    token = token_of(browser)
    shown = (await browser.get(f"/waiting/{ref}")).status_code
    doors = ("", "/withdrawal", "/return")
    told = [(await browser.post(f"/waiting/{ref}{each}", token=token)).status_code for each in doors]

    assert [shown, *told] == [404] * 4
    assert (await kept(owner))[0]["ended_why"] is None
