"""Before a suspended practice: its clients, whoever is booking, its members, and what it would have said."""

import re
from collections.abc import AsyncIterator
from datetime import timedelta

import asyncpg
import pytest

from portal.database import operator_lens
from portal.messages.practice_messages import PRACTICE_MESSAGES
from portal.messages.worker import look_for_reminders
from portal.settings import Settings
from portal.web.practice import Signs
from tenants.founding.suspend import delete, suspend
from tests.browser import Browser, TestClock, code_sent_to, make_app
from tests.cast import ANA, CLEO, MONDAY, NORA, Cast
from tests.portal.founding.conftest import OPERATOR

SAID = "SELECT kind, audience, skip_reason FROM message ORDER BY id"


@pytest.fixture
async def ana(cast: Cast, owner: asyncpg.Connection, clock: TestClock) -> AsyncIterator[Browser]:
    async with Browser(make_app(clock, operators=(OPERATOR,))) as browser:
        await browser.sign_in(ANA, owner)
        yield browser


async def suspend_harbour(browser: Browser, why: str = "Unpaid since May.") -> None:
    """Two seconds later: whatever sign was remembered is read anew."""
    async with operator_lens(OPERATOR, MONDAY):
        await suspend("harbour", why, MONDAY)
    browser.app.state.signs = Signs()


async def held(browser: Browser, cast: Cast, email: str) -> str:
    """As a stranger, up to the code."""
    service = cast.harbour.services["Follow-up"]["ref"]
    await browser.get(f"/p/harbour/book?service={service}&day=2026-11-24")
    start = re.findall(r'name="start" value="([^"]+)"', browser.text)[0]
    await browser.post("/p/harbour/holds", service=service, practitioner="any", start=start)
    await browser.post(f"{browser.path}/details", email=email, first_name="Cleo", last_name="Laurent")
    assert browser.path.endswith("/code")
    return browser.path


async def test_practice_suspended_in_the_middle_of_a_booking_books_nothing(
    browser: Browser, cast: Cast, owner: asyncpg.Connection
) -> None:
    path = await held(browser, cast, CLEO)
    await suspend_harbour(browser)

    await browser.post(path, code=await code_sent_to(CLEO, owner))

    assert browser.page.status_code == 404
    assert "Harbour Physiotherapy does not take bookings here at the moment. Nothing has been booked." in browser.text
    assert await owner.fetchval("SELECT count(*) FROM appointment") == 0
    assert await owner.fetch(SAID) == []


async def test_rule_has_the_last_word_while_a_process_still_remembers_the_sign(
    browser: Browser, cast: Cast, owner: asyncpg.Connection
) -> None:
    path = await held(browser, cast, CLEO)
    remembered = browser.app.state.signs
    await suspend_harbour(browser)
    browser.app.state.signs = remembered

    await browser.post(path, code=await code_sent_to(CLEO, owner))

    assert browser.page.status_code in {404, 422}  # a slow machine may have read the sign anew
    assert "Nothing has been booked." in browser.text
    assert await owner.fetchval("SELECT count(*) FROM appointment") == 0
    assert await owner.fetch(SAID) == []


async def test_every_public_page_of_it_says_so_and_none_of_its_neighbour(browser: Browser, cast: Cast) -> None:
    await suspend_harbour(browser)
    service = cast.harbour.services["Follow-up"]["ref"]

    told = {}
    for path in ("", "/book", f"/book?service={service}", "/accent.css"):
        await browser.get(f"/p/harbour{path}")
        told[path.partition("?")[0]] = (browser.page.status_code, "No bookings at the moment" in browser.text)
    await browser.get("/p/meadow")

    assert told == {
        "": (404, True),
        "/book": (404, True),
        "/accent.css": (200, False),
    }
    assert (browser.page.status_code, (await browser.get("/")).text.count("/p/harbour")) == (200, 0)


async def test_client_still_sees_an_appointment_and_cancels_it(
    ana: Browser, cast: Cast, owner: asyncpg.Connection
) -> None:
    visit = await cast.harbour.appointment(ANA, "Follow-up", "Nora Blake", cast.harbour.at(2026, 11, 26, 14))
    await suspend_harbour(ana)

    await ana.get("/appointments")
    assert "Harbour Physiotherapy" in ana.text
    await ana.get(f"/appointments/{visit['ref']}/cancellation")
    await ana.post(f"/appointments/{visit['ref']}/cancellation", reason="")

    assert ana.page.status_code == 200
    assert await owner.fetchval("SELECT cancelled_by FROM appointment") == "client"


async def test_its_desk_shows_its_members_one_page(cast: Cast, owner: asyncpg.Connection, clock: TestClock) -> None:
    async with Browser(make_app(clock, operators=(OPERATOR,))) as nora:
        await nora.sign_in(NORA, owner)
        await suspend_harbour(nora)
        async with operator_lens(OPERATOR, MONDAY):
            await delete("harbour", MONDAY)
        told = []
        for path in ("", "/clients", "/settings", "/hours", "/audit"):
            await nora.get(f"/desk/harbour{path}")
            told.append((nora.page.status_code, "This desk is closed" in nora.text))
        await nora.get("/desk/harbour")

        assert set(told[:4]) == {(403, True)}
        said = ("Unpaid since May.", "November 23, 2026", "8:00", OPERATOR, "December 23, 2026")
        assert [words for words in said if words not in nora.text.replace("\u202f", " ")] == []
        nora.app.state.signs = Signs()
        await nora.get("/desk/meadow")
        assert nora.page.status_code == 404


async def test_stranger_learns_nothing_at_the_closed_desk(ana: Browser) -> None:
    await suspend_harbour(ana)

    await ana.get("/desk/harbour")

    assert (ana.page.status_code, "Unpaid" in ana.text) == (404, False)


async def test_nothing_leaves_of_it_but_what_takes_an_appointment_away(
    cast: Cast, owner: asyncpg.Connection, clock: TestClock
) -> None:
    """A reminder that is due, a booking and a cancellation, at both practices."""
    for practice, email, service, who in (
        (cast.harbour, ANA, "Follow-up", "Nora Blake"),
        (cast.meadow, "ana.silva@example.com", "Massage", "Lea Martin"),
    ):
        await practice.appointment(email, service, who, MONDAY + timedelta(days=2))
        for hour, kind in ((4, "booked"), (6, "cancelled")):
            gone = {"cancelled_at": MONDAY, "cancelled_by": "client"} if kind == "cancelled" else {}
            at = MONDAY + timedelta(days=3, hours=hour)
            visit = await practice.appointment(email, service, who, at, booked_at=MONDAY, **gone)
            await owner.execute(
                "INSERT INTO message (tenant_id, appointment_id, sequence, kind, channel, starts_at, created_at, "
                "next_attempt_at) VALUES ($1, $2, $3, $4, 'email', $5, $6, $6)",
                *(practice.tenant.id, visit["id"], 1 if gone else 0, kind, at, MONDAY),
            )
    await owner.execute("UPDATE appointment SET sequence = 1 WHERE cancelled_at IS NOT NULL")
    async with operator_lens(OPERATOR, MONDAY):
        await suspend("harbour", "", MONDAY)
    now = MONDAY + timedelta(minutes=1)
    await look_for_reminders(now)

    rows = await PRACTICE_MESSAGES.claim(now)
    written = await PRACTICE_MESSAGES.write(rows, Settings(secret_key="k" * 32), now)

    told = {(row["tenant_id"], row["kind"]): str(each) for row, each in zip(rows, written, strict=True)}
    harbour, meadow = cast.harbour.tenant.id, cast.meadow.tenant.id
    held_back = {kind for (tenant, kind), said in told.items() if tenant == harbour and said == "suspended"}
    assert held_back == {"reminder", "booked"}
    assert [said for (tenant, _), said in told.items() if tenant == meadow and said == "suspended"] == []
    assert len(told) == 6
