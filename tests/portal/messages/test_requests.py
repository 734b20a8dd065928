"""What is said of a request, to its client and to whom it asks for, and what is not said before somebody has agreed."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

import asyncpg
import pytest

from portal.database import practice_lens, worker_lens
from portal.messages.lapses import lapse_requests
from portal.messages.practice_messages import PRACTICE_MESSAGES
from portal.messages.worker import send_batch, work
from portal.settings import Settings
from tenants.arranging.rearrange import Move
from tenants.arranging.requested import move_and_agree
from tenants.booking.cancel import cancel_by_client, cancel_by_staff
from tenants.booking.move import move_by_client
from tenants.due import owe_what_is_due
from tenants.foreseen import prospects_of_appointments
from tenants.notifications.facts import next_appointment
from tenants.requests.answer import accept, decline
from tests.browser import TestClock
from tests.cast import ANA, MONDAY, NORA, THEO, Cast
from tests.factories import insert
from tests.messages_made import message_made
from tests.portal.messages.mail_server import MailServer
from tests.tenants.requests.asked import DEADLINE, request_made, state_of

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


class Asked:
    """Ana asks Nora at Harbour; a clock that a test moves, and a mailbox."""

    def __init__(self, cast: Cast, owner: asyncpg.Connection, settings: Settings, smtp: MailServer) -> None:
        self.cast, self.owner, self.settings, self.smtp = cast, owner, settings, smtp
        self.tenant = cast.harbour.tenant
        self.now = MONDAY

    async def request(self, *, staff: bool = False, **more: Any) -> dict[str, Any]:
        """As booking leaves it: nothing has been said yet."""
        row = await request_made(self.cast, **more)
        await self.owner.execute("UPDATE message SET sent_at = NULL WHERE appointment_id = $1", row["id"])
        if staff:
            nora = await self.owner.fetchval("SELECT id FROM membership WHERE email = $1", NORA)
            told = {"audience": "practitioner", "membership_id": nora, "sent_at": None, "by_email": ""}
            where = {"practitioner_id": row["practitioner_id"], "place_id": row["place_id"]}
            await message_made(self.owner, row, kind="requested", **told, **where)
        return row

    async def says(self, verb: Callable[..., Awaitable[Any]], ref: str, *what: Any, **how: Any) -> Any:
        async with practice_lens(self.tenant):
            return await verb(self.tenant, ref, *what, self.now, **how)

    async def works(self, after: timedelta = timedelta()) -> list[tuple[str, str]]:
        """Subjects by address, of what leaves then."""
        self.now += after
        async with worker_lens():
            await owe_what_is_due(self.now)
        before = len(self.smtp.received)
        while await send_batch(PRACTICE_MESSAGES, self.settings, asyncio.Event(), lambda: self.now):
            pass
        return [(str(letter["to"]), str(letter["subject"])) for letter in self.smtp.received[before:]]

    def last(self) -> tuple[str, str]:
        """The text of the last letter and its calendar file."""
        letter = self.smtp.received[-1]
        body = letter.get_body(("plain",))
        files = [part.get_content() for part in letter.iter_attachments()]
        files += [part.get_content() for part in letter.walk() if part.get_content_type() == "text/calendar"]
        assert body is not None
        said = files[0] if files else ""
        return str(body.get_content()), said.decode() if isinstance(said, bytes) else str(said)


@pytest.fixture
async def asked(cast: Cast, owner: asyncpg.Connection, settings: Settings, smtp: MailServer) -> Asked:
    await owner.execute("UPDATE membership SET tell = 'none'")
    await owner.execute("DELETE FROM reminder_rule")
    await insert(owner, "reminder_look", id=1, looked_until=MONDAY)
    return Asked(cast, owner, settings, smtp)


async def test_client_reads_that_nothing_is_agreed_and_by_when_it_will_be(asked: Asked) -> None:
    await asked.request()

    sent = await asked.works()

    text, file = asked.last()
    assert sent == [(ANA, "Asked for: Wednesday, November 25, 2026 at 10:00 a.m. – Harbour Physiotherapy")]
    assert "Nothing is agreed yet." in text
    assert "Harbour Physiotherapy answers by: Tuesday, November 24, 2026 at 8:00\u202fa.m." in text
    assert "METHOD:PUBLISH" in file
    assert "STATUS:TENTATIVE" in file


async def test_practitioner_reads_who_asks_and_where_to_answer(asked: Asked, owner: asyncpg.Connection) -> None:
    await asked.request(staff=True)

    sent = await asked.works()

    letter = next(letter for letter in asked.smtp.received if letter["to"] == NORA)
    body = letter.get_body(("plain",))
    assert (NORA, "Ana Silva asks for: Wednesday, November 25, 2026 at 10:00 a.m.") in sent
    assert body is not None
    assert "https://portal.example/desk/harbour/requests" in body.get_content()


@pytest.mark.parametrize(
    ("answer", "subject", "says", "status"),
    [
        ("accept", "Accepted: ", "has accepted your request and is expecting you.", "STATUS:CONFIRMED"),
        ("move", "Accepted for ", "at another time than the one you asked for", "STATUS:CONFIRMED"),
        ("decline", "Not possible: ", "We are closed that day.", "STATUS:CANCELLED"),
        ("cancel", "Not possible: ", "cannot give you the time you asked for", "STATUS:CANCELLED"),
        ("withdraw", "Withdrawn: ", "You have withdrawn your request.", "STATUS:CANCELLED"),
        ("lapse", "Not answered: ", "has not answered your request in time", "STATUS:CANCELLED"),
    ],
)
async def test_each_end_has_words_of_its_own(asked: Asked, answer: str, subject: str, says: str, status: str) -> None:
    row = await asked.request()
    await asked.works()
    ref = row["ref"]

    match answer:
        case "accept":
            await asked.says(accept, ref, by=NORA)
        case "move":
            at = asked.cast.harbour.at(2026, 11, 26, 10)
            await asked.says(move_and_agree, ref, Move(at, by=NORA))
        case "decline":
            await asked.says(decline, ref, "We are closed that day.", by=NORA)
        case "cancel":
            await asked.says(cancel_by_staff, ref, "", by=NORA)
        case "withdraw":
            await asked.says(cancel_by_client, ref, "")
        case "lapse":
            asked.now = DEADLINE
            await lapse_requests(asked.now)
    sent = await asked.works(3 * MINUTE)

    text, file = asked.last()
    assert [line.startswith(subject) for _, line in sent] == [True]
    assert says in text
    assert status in file


async def test_what_is_true_no_more_is_not_said(asked: Asked, owner: asyncpg.Connection) -> None:
    """Accepted before the first message could leave: one letter, and it is the news."""
    row = await asked.request()
    await asked.says(accept, row["ref"], by=NORA)

    at_once, later = await asked.works(), await asked.works(3 * MINUTE)

    assert (at_once, [subject[:9] for _, subject in later]) == ([], ["Accepted:"])
    skipped = await owner.fetchval("SELECT skip_reason FROM message WHERE kind = 'requested'")
    assert skipped == "changed_since"


async def test_accepted_and_cancelled_again_at_once_reads_as_declined(asked: Asked) -> None:
    row = await asked.request()
    await asked.works()

    await asked.says(accept, row["ref"], by=NORA)
    await asked.says(cancel_by_staff, row["ref"], "", by=NORA)

    assert [subject[:13] for _, subject in await asked.works(3 * MINUTE)] == ["Not possible:"]


async def test_changed_by_its_client_it_is_asked_for_anew(asked: Asked) -> None:
    row = await asked.request()
    await asked.works()

    await asked.says(move_by_client, row["ref"], asked.cast.harbour.at(2026, 11, 26, 10))

    sent = await asked.works()
    assert [subject for _, subject in sent] == [
        "Asked for: Thursday, November 26, 2026 at 10:00 a.m. – Harbour Physiotherapy"
    ]


async def test_answer_is_said_whatever_the_practice_leaves_unsaid(asked: Asked, owner: asyncpg.Connection) -> None:
    off = ["booked", "moved", "cancelled", "asked"]
    await insert(owner, "message_policy", tenant_id=asked.tenant.id, notices_off=off)
    row = await asked.request()

    await asked.works()
    await asked.says(accept, row["ref"], by=NORA)
    await asked.works(3 * MINUTE)

    assert [str(letter["subject"])[:9] for letter in asked.smtp.received] == ["Asked for", "Accepted:"]


async def test_colleague_s_answer_is_news_to_whom_it_was_asked_of(asked: Asked, owner: asyncpg.Connection) -> None:
    await owner.execute("UPDATE membership SET tell = 'others'")
    row = await asked.request(staff=True)
    await asked.works()

    await asked.says(accept, row["ref"], by=THEO)

    sent = await asked.works(3 * MINUTE)
    at = "Wednesday, November 25, 2026 at 10:00 a.m."
    assert (NORA, f"The request of Ana Silva is accepted: {at}") in sent


async def reminded(asked: Asked, **rule: Any) -> None:
    usual = {"channel": "email", "minutes_ahead": 1440, "condition": "always", "since": MONDAY - 30 * DAY}
    await insert(asked.owner, "reminder_rule", tenant_id=asked.tenant.id, **usual | rule)


async def test_nothing_reminds_of_what_nobody_has_agreed_to(asked: Asked) -> None:
    await reminded(asked)
    row = await asked.request(approve_by=asked.cast.harbour.at(2026, 11, 25, 10))
    await asked.works()

    at_its_moment = await asked.works(2 * DAY + HOUR)

    async with practice_lens(asked.tenant):
        prospects = await prospects_of_appointments(asked.tenant, [row["id"]])
        example = await next_appointment(asked.tenant, MONDAY)
    assert (at_its_moment, prospects.plans, example) == ([], [], None)


@pytest.mark.parametrize(("accepted_after", "late_left"), [(HOUR, None), (DAY + 4 * HOUR, 60)])
async def test_reminder_comes_once_it_is_accepted(
    asked: Asked, accepted_after: timedelta, late_left: int | None
) -> None:
    """At its moment, or a little later when the moment had passed by then."""
    await reminded(asked, late_minutes_left=late_left)
    row = await asked.request(approve_by=asked.cast.harbour.at(2026, 11, 25, 10))
    await asked.works()
    asked.now += accepted_after
    async with worker_lens():
        await owe_what_is_due(asked.now)

    await asked.says(accept, row["ref"], by=NORA)
    answer = await asked.works(3 * MINUTE)
    moment = max(row["starts_at"] - DAY, asked.now + 2 * MINUTE)
    reminder = await asked.works(moment + MINUTE - asked.now)

    assert [subject.split(":")[0] for _, subject in answer + reminder] == ["Accepted", "Reminder"]


async def test_worker_ends_by_itself_what_nobody_answered(
    cast: Cast, owner: asyncpg.Connection, clock: TestClock
) -> None:
    row = await request_made(cast)
    other = await request_made(cast, who="Theo Roy", approve_by=DEADLINE + DAY)
    clock.now = DEADLINE
    stop = asyncio.Event()

    working = asyncio.create_task(work(Settings(secret_key="k" * 32), stop, clock=clock))
    for _ in range(200):
        if await state_of(owner, row) != "pending":
            break
        await asyncio.sleep(0.05)
    stop.set()
    await working

    assert (await state_of(owner, row), await state_of(owner, other)) == ("ended by rule", "pending")


async def test_two_workers_end_each_once(cast: Cast, owner: asyncpg.Connection) -> None:
    """Over all practices, one batch after the other."""
    rows = [await request_made(cast, starts_at=cast.harbour.at(2026, 11, 25, 9 + hour)) for hour in range(5)]

    await asyncio.gather(*(lapse_requests(DEADLINE) for _ in range(4)))

    assert {await state_of(owner, row) for row in rows} == {"ended by rule"}
    assert await owner.fetchval("SELECT count(*) FROM message WHERE kind = 'lapsed' AND audience = 'client'") == 5


async def test_desks_look_again_when_one_has_ended(asked: Asked, cast: Cast) -> None:
    heard: asyncio.Queue[str] = asyncio.Queue()

    def hear(*told: object) -> None:
        heard.put_nowait(str(told[-1]))

    await asked.owner.add_listener("carnet_desks", hear)
    await request_made(cast)

    await lapse_requests(DEADLINE)

    assert await asyncio.wait_for(heard.get(), 5) == str(asked.tenant.id)
    await asked.owner.remove_listener("carnet_desks", hear)
