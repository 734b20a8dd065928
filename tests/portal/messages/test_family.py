"""What is booked for a child is told to its adult, once, in the language that the practice knows of."""

import asyncio
from datetime import timedelta
from typing import Any

import asyncpg
import pytest

from portal.database import practice_lens, worker_lens
from portal.messages.practice_messages import PRACTICE_MESSAGES
from portal.messages.worker import send_batch
from portal.settings import Settings
from tenants.arranging.appoint import How, book_by_staff
from tenants.booking.open_times import Wanted
from tenants.booking.slot import Choice
from tenants.clients.change import Newcomer
from tenants.clients.family import make_child, set_free
from tenants.clients.record import Contact
from tenants.due import owe_what_is_due
from tests.browser import Browser, TestClock, make_app
from tests.cast import ANA, BEN, CLEO, MONDAY, NORA, Cast
from tests.factories import insert
from tests.portal.messages.mail_server import MailServer

LATER = MONDAY + timedelta(minutes=10)


class Family:
    """Ana and her son Léo at Harbour, who has no address."""

    def __init__(self, cast: Cast, settings: Settings) -> None:
        self.cast, self.settings, self.tenant = cast, settings, cast.harbour.tenant
        self.leo = ""

    async def grow(self, adult: str = ANA) -> None:
        ref = self.cast.harbour.records[adult]["ref"]
        async with practice_lens(self.tenant):
            self.leo = await make_child(self.tenant, ref, Newcomer("Léo", "Silva"), NORA, MONDAY)

    async def book(self, ref: str, hour: int, day: int = 26) -> dict[str, Any]:
        """As staff do for a record that they have chosen."""
        harbour = self.cast.harbour
        service = harbour.services["Follow-up"]["ref"]
        choice = Choice(
            Wanted(service, harbour.practitioners["Nora Blake"]["ref"], None), harbour.at(2026, 11, day, hour)
        )
        async with practice_lens(self.tenant):
            booked = await book_by_staff(
                self.tenant, f"key {ref} {hour}", choice, Contact(None, "", "", ref=ref), MONDAY, How(NORA, "")
            )
        return {"ref": booked.ref}

    async def works(self, now: Any = LATER) -> None:
        async with worker_lens():
            await owe_what_is_due(now)
        await send_batch(PRACTICE_MESSAGES, self.settings, asyncio.Event(), lambda: now)


@pytest.fixture
async def family(cast: Cast, owner: asyncpg.Connection, settings: Settings) -> Family:
    await owner.execute("UPDATE membership SET tell = 'none'")
    await insert(owner, "reminder_look", id=1, looked_until=MONDAY)
    await owner.execute("DELETE FROM reminder_rule")
    family = Family(cast, settings)
    await family.grow()
    return family


def told(smtp: MailServer) -> list[tuple[str, bool]]:
    """To whom, and whether it says for whom."""
    return [(mail["to"], "for Léo" in text_of(mail)) for mail in smtp.received]


def text_of(mail: Any) -> str:
    part = mail.get_body(("plain",))
    assert part is not None
    text: str = part.get_content()
    return text


async def test_booking_for_a_child_is_told_to_the_adult_once(family: Family, smtp: MailServer) -> None:
    await family.book(family.leo, 10)

    await family.works()
    await family.works()

    assert told(smtp) == [(ANA, True)]
    assert "Hello Ana," in text_of(smtp.received[0])
    assert "Follow-up for Léo" in text_of(smtp.received[0])


async def test_own_booking_says_nothing_of_a_child(family: Family, smtp: MailServer) -> None:
    await family.book(family.cast.harbour.records[ANA]["ref"], 10)

    await family.works()

    assert told(smtp) == [(ANA, False)]


async def test_one_reminder_tells_of_the_whole_family_s_day(
    family: Family, smtp: MailServer, owner: asyncpg.Connection
) -> None:
    await insert(
        owner,
        "reminder_rule",
        tenant_id=family.tenant.id,
        channel="email",
        minutes_ahead=1440,
        condition="always",
        since=MONDAY - timedelta(days=30),
    )
    for ref, hour in ((family.leo, 10), (family.cast.harbour.records[ANA]["ref"], 11)):
        await family.book(ref, hour)
    await family.works()
    smtp.received.clear()

    await family.works(family.cast.harbour.at(2026, 11, 25, 10))

    (mail,) = smtp.received
    assert (mail["to"], text_of(mail).count("Follow-up"), text_of(mail).count("for Léo")) == (ANA, 2, 1)


async def test_link_in_the_message_is_the_adult_s(
    family: Family, smtp: MailServer, owner: asyncpg.Connection, clock: TestClock
) -> None:
    await family.book(family.leo, 10)
    await family.works()
    link = await owner.fetchval("SELECT link FROM message WHERE audience = 'client'")

    async with Browser(make_app(clock)) as stranger:
        await stranger.get(f"/m/{link}")
        page = stranger.text
        await stranger.get(f"/m/{link}/reminders")
        await stranger.post(f"/m/{link}/reminders", wanted="off")

    refused = "SELECT email FROM client_record WHERE reminders_off_at IS NOT NULL"
    assert [row["email"] for row in await owner.fetch(refused)] == [ANA]
    assert ("Hello Ana," in page, "for Léo" in page) == (True, True)
    assert ANA not in page


async def test_child_set_free_is_told_under_its_own_address(family: Family, smtp: MailServer) -> None:
    await family.book(family.leo, 10)
    async with practice_lens(family.tenant):
        await set_free(family.tenant, family.leo, CLEO, NORA, MONDAY)

    await family.works()

    assert told(smtp) == [(CLEO, False)]


async def test_messages_follow_the_record_s_language_until_its_owner_chooses(
    family: Family, smtp: MailServer, owner: asyncpg.Connection
) -> None:
    await owner.execute("UPDATE client_record SET language = 'fr' WHERE email = ANY ($1)", [ANA, BEN])
    await owner.execute("UPDATE person SET language = 'es' WHERE id = $1", family.cast.ben["id"])
    for who, hour in ((ANA, 10), (BEN, 11)):
        await family.book(family.cast.harbour.records[who]["ref"], hour)

    await family.works()

    assert {mail["to"]: mail["content-language"] for mail in smtp.received} == {ANA: "fr", BEN: "es"}
