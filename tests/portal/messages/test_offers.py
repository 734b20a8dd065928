"""The letter of an offer: what it says, where its links lead, and when it is not sent."""

import asyncio
from datetime import timedelta

import asyncpg
import pytest

from portal.database import practice_lens
from portal.messages.practice_messages import PRACTICE_MESSAGES
from portal.messages.waiting import offer_what_came_free
from portal.messages.worker import send_batch, work
from portal.settings import Settings
from tenants.booking.cancel import cancel_by_staff
from tests.browser import TestClock
from tests.cast import ANA, BEN, MONDAY, Cast
from tests.factories import PracticeMade
from tests.portal.messages.mail_server import MailServer
from tests.tenants.waiting.conftest import full, waits

__all__ = ["full"]

HOURS = timedelta(hours=1)


async def send(settings: Settings, clock: TestClock) -> None:
    await send_batch(PRACTICE_MESSAGES, settings, asyncio.Event(), clock)


@pytest.mark.parametrize(
    ("language", "subject", "until"),
    [("en", "A time has come free: Tuesday, November 24, 2026 at 10:00", "10:00")],
)
async def test_letter_tells_the_time_and_until_when_it_is_theirs(
    full: PracticeMade,
    owner: asyncpg.Connection,
    settings: Settings,
    smtp: MailServer,
    clock: TestClock,
    language: str,
    subject: str,
    until: str,
) -> None:
    await owner.execute("UPDATE person SET language = $1", language)
    await waits(full, BEN)
    await offer_what_came_free(MONDAY)

    await send(settings, clock)

    mail = smtp.received[0]
    key = await owner.fetchval("SELECT key FROM waiting_offer")
    body = mail.get_body(("plain",))
    assert body is not None
    text = body.get_content().replace("\r\n", "\n")
    assert mail["Subject"].startswith(subject)
    assert f"https://portal.example/offers/{key}\n" in text
    assert f"https://portal.example/offers/{key}?answer=no\n" in text
    assert f"Yours until Monday, November 23, 2026 at {until}" in text.replace("\u202f", " ")


async def test_offer_that_has_ended_is_not_told(
    cast: Cast, full: PracticeMade, owner: asyncpg.Connection, settings: Settings, smtp: MailServer, clock: TestClock
) -> None:
    await waits(full, BEN)
    await offer_what_came_free(MONDAY)
    clock.now = MONDAY + 3 * HOURS

    await send(settings, clock)

    assert smtp.received == []
    assert await owner.fetchval("SELECT skip_reason FROM message") == "offer_over"


async def test_freed_time_is_mailed_at_a_nudge(
    full: PracticeMade, owner: asyncpg.Connection, settings: Settings, smtp: MailServer, clock: TestClock
) -> None:
    """By the worker as it runs, without waiting for its next look by itself."""
    visit = await full.appointment(ANA, "First visit", "Nora Blake", full.at(2026, 11, 24, 10))
    await waits(full, BEN, last_day=full.at(2026, 11, 29).date())
    stop, nudged = asyncio.Event(), asyncio.Event()
    working = asyncio.create_task(work(settings, stop, nudged, clock))
    for _ in range(600):
        if not await owner.fetchval("SELECT count(*) FROM waiting_look"):
            break
        await asyncio.sleep(0.05)
    before = list(smtp.received)

    async with practice_lens(full.tenant):
        await cancel_by_staff(full.tenant, visit["ref"], "", MONDAY, tell=False)
    nudged.set()
    for _ in range(600):
        if smtp.received:
            break
        await asyncio.sleep(0.05)
    stop.set()
    await working

    assert before == []
    assert [mail["To"] for mail in smtp.received] == [BEN]
