"""What a signed-in client reads of what practices have written to them, and how they confirm."""

import re
from datetime import timedelta
from typing import Any

import asyncpg
import pytest

from tests.browser import Browser
from tests.cast import ANA, ANA_AT_MEADOW, BEN, CLEO, MONDAY, Cast
from tests.messages_made import message_made


@pytest.fixture
async def written(cast: Cast, owner: asyncpg.Connection) -> dict[str, Any]:
    """To Ana from both practices, to Ben from one."""
    harbour, meadow = cast.harbour, cast.meadow
    anas = await harbour.appointment(ANA, "Follow-up", "Nora Blake", harbour.at(2026, 11, 25, 10))
    bens = await harbour.appointment(BEN, "First visit", "Theo Roy", harbour.at(2026, 11, 25, 10))
    there = await meadow.appointment(ANA_AT_MEADOW, "Massage", "Lea Martin", meadow.at(2026, 11, 26, 10))
    yesterday = MONDAY - timedelta(days=1)
    await message_made(owner, anas, sent_to=ANA, created_at=yesterday)
    await message_made(owner, bens, sent_to=BEN, created_at=yesterday)
    sms = {"channel": "sms", "sent_to": "+33612345678", "said": "Studio, jeudi 10:00", "delivered_at": yesterday}
    await message_made(owner, there, kind="reminder", created_at=yesterday, **sms)
    return anas


async def test_messages_of_all_practices_stand_in_one_list(
    browser: Browser, written: dict[str, Any], owner: asyncpg.Connection
) -> None:
    await browser.sign_in(ANA, owner)

    await browser.get("/messages")

    for told in (
        "Your appointment is booked",
        f"by e-mail to {ANA}",
        f'href="/appointments/{written["ref"]}"',
        "Studio, jeudi 10:00",
        "delivered",
        "Harbour Physiotherapy",
        "Meadow Massage",
    ):
        assert told in browser.text
    assert browser.text.index("Studio, jeudi") < browser.text.index("Your appointment is booked")
    for others in ("First visit", BEN, "Theo Roy"):
        assert others not in browser.text


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ("sent_at = NULL", "on its way"),
        ("failed_at = now(), failure = '550 no such mailbox'", "could not be delivered"),
        (
            "sent_at = NULL, skipped_at = now(), skip_reason = 'bounced'",
            "An earlier e-mail to your address came back.",
        ),
        ("delivered_at = now()", "delivered"),
    ],
)
async def test_what_became_of_a_message_is_said_in_plain_words(
    browser: Browser, written: dict[str, Any], owner: asyncpg.Connection, change: str, told: str
) -> None:
    await owner.execute(f"UPDATE message SET {change} WHERE appointment_id = $1", written["id"])
    await browser.sign_in(ANA, owner)

    await browser.get("/messages")

    assert told in browser.text
    assert "550" not in browser.text


@pytest.mark.parametrize("reason", ["nothing_new", "budget_spent", "rule_ended", "sms_not_on"])
async def test_practice_s_own_reasons_are_not_told(
    browser: Browser, written: dict[str, Any], owner: asyncpg.Connection, reason: str
) -> None:
    await owner.execute("UPDATE message SET sent_at = NULL, skipped_at = now(), skip_reason = $1", reason)
    await browser.sign_in(ANA, owner)

    await browser.get("/messages")

    assert "Nothing written yet" in browser.text


async def test_what_staff_may_still_take_back_is_not_told(
    browser: Browser, written: dict[str, Any], owner: asyncpg.Connection
) -> None:
    await owner.execute("UPDATE message SET sent_at = NULL, next_attempt_at = $1", MONDAY + timedelta(minutes=3))
    await browser.sign_in(ANA, owner)

    await browser.get("/messages")

    assert "Nothing written yet" in browser.text


async def test_message_that_spoke_for_another_tells_of_both(
    browser: Browser, cast: Cast, written: dict[str, Any], owner: asyncpg.Connection
) -> None:
    harbour = cast.harbour
    later = await harbour.appointment(ANA, "First visit", "Theo Roy", harbour.at(2026, 11, 25, 14))
    speaks = await message_made(owner, written, kind="reminder", created_at=MONDAY)
    await message_made(owner, later, kind="reminder", created_at=MONDAY, told_with=speaks["id"])
    await browser.sign_in(ANA, owner)

    await browser.get("/messages")

    assert browser.text.count("entry message") == 3
    assert f'href="/appointments/{later["ref"]}"' in browser.text


async def test_pages_of_thirty_show_each_message_once(
    browser: Browser, written: dict[str, Any], owner: asyncpg.Connection
) -> None:
    for copy in range(1, 62):
        await message_made(owner, written, kind="asked", copy=copy, created_at=MONDAY)
    await browser.sign_in(ANA, owner)

    counts, path = [], "/messages"
    while path:
        await browser.get(path)
        counts.append(browser.text.count("entry message"))
        path = next(iter(_older(browser.page.text)), "")

    assert counts == [30, 30, 3]


async def test_page_before_somebody_else_s_message_is_the_first(
    browser: Browser, written: dict[str, Any], owner: asyncpg.Connection
) -> None:
    bens = await owner.fetchval("SELECT ref FROM message WHERE sent_to = $1", BEN)
    await browser.sign_in(ANA, owner)

    await browser.get(f"/messages?before={bens}")

    assert browser.path == "/messages"


async def test_empty_page_teaches(browser: Browser, written: dict[str, Any], owner: asyncpg.Connection) -> None:
    await browser.sign_in(CLEO, owner)

    await browser.get("/messages")

    assert "Nothing written yet" in browser.text
    assert "Harbour" not in browser.text


async def test_messages_ask_to_sign_in(browser: Browser) -> None:
    await browser.get("/messages")

    assert browser.path == "/sign-in?next=/messages"


async def test_signed_in_client_confirms(browser: Browser, written: dict[str, Any], owner: asyncpg.Connection) -> None:
    await browser.sign_in(ANA, owner)
    await browser.get(f"/appointments/{written['ref']}")
    asked = browser.text

    for _ in range(2):
        await browser.post(f"/appointments/{written['ref']}/confirmation", start=written["starts_at"].isoformat())

    assert "Please confirm that you are coming." in asked
    assert "Confirmed: the practice knows that you are coming." in browser.text
    assert "Confirmed by you" in browser.text
    assert await owner.fetchval("SELECT confirmed_by FROM appointment WHERE id = $1", written["id"]) == "client"


async def test_signed_in_client_is_told_why_it_cannot_be_confirmed(
    browser: Browser, written: dict[str, Any], owner: asyncpg.Connection
) -> None:
    await browser.sign_in(ANA, owner)
    await browser.get(f"/appointments/{written['ref']}")
    await owner.execute("UPDATE appointment SET cancelled_at = now(), cancelled_by = 'staff'")

    await browser.post(f"/appointments/{written['ref']}/confirmation")

    assert browser.page.status_code == 422
    assert "This appointment was cancelled on" in browser.text


def _older(page: str) -> list[str]:
    return re.findall(r'href="(/messages\?before=[a-z2-7]+)"', page)
