"""What a client sees of a request: before it is sent, while it waits, and how it ended."""

from typing import Any

import asyncpg
import pytest

from portal.database import practice_lens
from tenants.requests.answer import accept, decline
from tests.browser import Browser, TestClock
from tests.cast import ANA, CLEO, MONDAY, NORA, Cast
from tests.messages_made import message_made
from tests.tenants.requests.asked import DEADLINE, request_made, state_of

AT_EIGHT = "Tuesday, November 24, 2026 at 8:00"


@pytest.fixture
async def ana(browser: Browser, owner: asyncpg.Connection) -> Browser:
    await browser.sign_in(ANA, owner)
    return browser


async def test_before_asking_one_reads_who_has_to_agree_and_by_when(
    ana: Browser, cast: Cast, owner: asyncpg.Connection
) -> None:
    service = cast.harbour.services["Follow-up"]
    await owner.execute("UPDATE service SET needs_approval = true WHERE id = $1", service["id"])
    await ana.get(f"/p/harbour/book?service={service['ref']}&day=2026-11-25")
    offered = ana.text

    await ana.post("/p/harbour/holds", service=service["ref"], practitioner="any", start="2026-11-25T10:00:00-05:00")

    assert "On request: the practice confirms each appointment." in offered
    assert f"It answers until {AT_EIGHT}" in ana.text
    assert "Ask for this time" in ana.text


async def test_stranger_s_code_sends_a_request(browser: Browser, cast: Cast, owner: asyncpg.Connection) -> None:
    service = cast.harbour.services["Follow-up"]
    await owner.execute("UPDATE service SET needs_approval = true WHERE id = $1", service["id"])
    await browser.get(f"/p/harbour/book?service={service['ref']}&day=2026-11-25")
    await browser.post(
        "/p/harbour/holds", service=service["ref"], practitioner="any", start="2026-11-25T10:00:00-05:00"
    )

    await browser.post(f"{browser.path}/details", email=CLEO, first_name="Cleo", last_name="Laurent")

    assert "your request is sent" in browser.text


async def test_waiting_is_told_on_its_page_and_in_the_list(ana: Browser, cast: Cast) -> None:
    row = await request_made(cast)

    await ana.get("/appointments")
    listed = ana.text
    await ana.get(f"/appointments/{row['ref']}")

    assert "waiting for an answer" in listed
    assert f"The practice answers until {AT_EIGHT}" in ana.text
    assert ("Your request is sent." in ana.text, "Your appointment is booked." in ana.text) == (True, False)
    assert ("Withdraw the request" in ana.text, "Confirm that you are coming" in ana.text) == (True, False)


async def test_calendar_file_is_tentative_until_somebody_agrees(ana: Browser, cast: Cast) -> None:
    row = await request_made(cast)
    address = f"/appointments/{row['ref']}/calendar.ics"
    waiting = (await ana.http.get(address)).text

    async with practice_lens(cast.harbour.tenant):
        await accept(cast.harbour.tenant, row["ref"], MONDAY, by=NORA)
    agreed = (await ana.http.get(address)).text

    assert ["METHOD:PUBLISH" in waiting, "STATUS:TENTATIVE" in waiting, "STATUS:CONFIRMED" in agreed] == [True] * 3


async def test_request_is_withdrawn_however_late(
    ana: Browser, cast: Cast, owner: asyncpg.Connection, clock: TestClock
) -> None:
    row = await request_made(cast, approve_by=cast.harbour.at(2026, 11, 25, 10))
    clock.now = cast.harbour.at(2026, 11, 25, 9, 30)
    await ana.get(f"/appointments/{row['ref']}/cancellation")
    asked = ana.text

    await ana.post(ana.path, reason="")

    assert "Withdraw this request?" in asked
    assert "You have withdrawn your request." in ana.text
    assert await state_of(owner, row) == "ended by client"


@pytest.mark.parametrize("by_link", [False, True])
async def test_reason_is_read_by_whom_it_is_for(
    ana: Browser, cast: Cast, owner: asyncpg.Connection, by_link: bool
) -> None:
    row = await request_made(cast)
    async with practice_lens(cast.harbour.tenant):
        await decline(cast.harbour.tenant, row["ref"], "We are closed that day.", MONDAY, by=NORA)
    await message_made(owner, row, link="Ab3dEf9h", kind="declined", sequence=1, copy=1)

    await ana.get("/m/Ab3dEf9h" if by_link else f"/appointments/{row['ref']}")

    assert "The practice has declined your request." in ana.text
    assert "We are closed that day." in ana.text


async def test_practice_s_own_reason_of_a_cancellation_stays_its_own(
    ana: Browser, cast: Cast, owner: asyncpg.Connection
) -> None:
    ended: dict[str, Any] = {"cancelled_at": MONDAY, "cancelled_by": "staff", "cancel_reason": "Rude on the phone."}
    row = await request_made(cast, **ended)
    await message_made(owner, row, link="Ab3dEf9h", kind="cancelled")

    for page in ("/m/Ab3dEf9h", f"/appointments/{row['ref']}"):
        await ana.get(page)

        assert "Rude on the phone." not in ana.text


async def test_unanswered_is_told_with_the_way_to_another_time(ana: Browser, cast: Cast, clock: TestClock) -> None:
    row = await request_made(cast, cancelled_at=DEADLINE, cancelled_by="rule")
    clock.now = DEADLINE

    await ana.get(f"/appointments/{row['ref']}")

    assert "The practice has not answered your request in time." in ana.text
    assert "Choose another time" in ana.text


async def test_link_shows_it_waiting_and_lets_it_be_withdrawn(
    browser: Browser, cast: Cast, owner: asyncpg.Connection
) -> None:
    row = await request_made(cast)
    await owner.execute("UPDATE message SET link = 'Ab3dEf9h'")
    await browser.get("/m/Ab3dEf9h")
    shown = browser.text
    cancellation = f"/m/Ab3dEf9h/appointments/{row['ref']}/cancellation"

    await browser.get(cancellation)
    await browser.post(f"/m/Ab3dEf9h/appointments/{row['ref']}/confirmation", start=row["starts_at"].isoformat())
    refused = (browser.page.status_code, "Nobody has agreed to this appointment yet." in browser.text)
    await browser.get(cancellation)
    await browser.post(cancellation, reason="")

    assert "waiting for an answer" in shown
    assert "Confirm that you are coming" not in shown
    assert refused == (422, True)
    assert await state_of(owner, row) == "ended by client"
