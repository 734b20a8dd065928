"""Several appointments changed at once: one message tells of all, and none is lost when they go different ways."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

import asyncpg
import pytest
from icalendar import Calendar

from portal.database import practice_lens
from portal.messages.practice_messages import PRACTICE_MESSAGES
from portal.messages.worker import send_batch
from portal.settings import Settings
from tenants.arranging.appoint import How
from tenants.arranging.rearrange import Move, move_by_staff, restore
from tenants.arranging.series import Repeat, book_series, following, shift_following
from tenants.booking.cancel import cancel_by_staff, cancel_several
from tenants.booking.open_times import Wanted
from tenants.booking.slot import Choice
from tenants.clients.record import Contact
from tenants.notifications.again import say_again
from tenants.notifications.change import SETTLING
from tenants.notifications.log import messages_of_appointment
from tests.cast import BEN, MONDAY, NORA, THEO, Cast
from tests.factories import insert
from tests.fake_twilio import FakeTwilio
from tests.portal.messages.mail_server import MailServer
from tests.portal.messages.test_worker import outcome

DAY, WEEK = timedelta(days=1), timedelta(weeks=1)
FIRST = "Tuesday, November 24, 2026 at 10:00 a.m."


class Series:
    """Three Tuesdays at ten with Nora, booked by her for Ben; the clock is the test's."""

    def __init__(self, cast: Cast, owner: asyncpg.Connection, settings: Settings) -> None:
        self.cast, self.owner, self.settings = cast, owner, settings
        self.tenant, self.now = cast.harbour.tenant, MONDAY
        self.ten = cast.harbour.at(2026, 11, 24, 10)
        self.refs: list[str] = []

    async def book(self, times: int = 3, *, contact: Contact | None = None, who: str = "Nora Blake") -> None:
        service = self.cast.harbour.services["Follow-up"]["ref"]
        choice = Choice(Wanted(service, self.cast.harbour.practitioners[who]["ref"]), self.ten)
        contact = contact or Contact(BEN, "Ben", "Okafor")
        self.refs = await self.does(book_series, "key", choice, Repeat(1, times), contact, self.now, How(NORA))

    async def does(self, verb: Callable[..., Awaitable[Any]], *what: Any, **more: Any) -> Any:
        async with practice_lens(self.tenant):
            return await verb(self.tenant, *what, **more)

    async def cancel_all(self, **more: Any) -> None:
        async with practice_lens(self.tenant):
            rows = await following(self.tenant, self.refs[0], self.now)
            await cancel_several(self.tenant, rows, "", self.now, by=NORA, **more)

    async def sends(self, later: timedelta = SETTLING) -> int:
        self.now += later
        return await send_batch(PRACTICE_MESSAGES, self.settings, asyncio.Event(), lambda: self.now)

    async def outcomes(self, kind: str) -> list[str]:
        """Of the client's messages of that kind, in the order of the appointments."""
        rows = await self.owner.fetch(
            """SELECT message.* FROM message JOIN appointment ON appointment.id = appointment_id
               WHERE audience = 'client' AND kind = $1 ORDER BY appointment.id, sequence""",
            kind,
        )
        return [outcome(dict(row)) for row in rows]


@pytest.fixture
async def series(cast: Cast, owner: asyncpg.Connection, settings: Settings) -> Series:
    return Series(cast, owner, settings)


def plain(text: str) -> str:
    return text.replace("\u202f", " ").replace("\u00a0", " ")


def subjects(smtp: MailServer) -> list[str]:
    return [plain(mail["Subject"]).partition(" – ")[0] for mail in smtp.received]


async def test_series_is_told_in_one_letter_with_every_day(series: Series, smtp: MailServer) -> None:
    await series.book()

    claimed = [await series.sends(), await series.sends()]

    (mail,) = smtp.received
    body = mail.get_body(("plain",))
    assert body is not None
    assert (claimed, await series.outcomes("booked")) == ([1, 0], ["sent"] * 3)
    assert subjects(smtp) == [f"3 appointments booked, the first on {FIRST}"]
    lines = [line for line in plain(body.get_content()).splitlines() if line]
    assert lines[:9] == [
        "3 appointments are booked",
        "Hello Ben,",
        "Harbour Physiotherapy is expecting you for these appointments.",
        "Follow-up",
        "with Nora Blake",
        "- Tuesday, November 24, 2026, 10:00 a.m. – 10:30 a.m.",
        "- Tuesday, December 1, 2026, 10:00 a.m. – 10:30 a.m.",
        "- Tuesday, December 8, 2026, 10:00 a.m. – 10:30 a.m.",
        "(Eastern Time)",
    ]


@pytest.mark.parametrize(("cancelled", "status", "sequence"), [(False, "CONFIRMED", 0), (True, "CANCELLED", 1)])
async def test_calendar_file_of_several_holds_them_all_under_their_own_names(
    series: Series, smtp: MailServer, cancelled: bool, status: str, sequence: int
) -> None:
    """RFC 5546: what invites holds one UID; so several are published, and no mail program takes them for the letter."""
    await series.book()
    await series.sends()
    if cancelled:
        await series.cancel_all()
        await series.sends()

    mail = smtp.received[-1]
    (file,) = mail.iter_attachments()
    calendar = Calendar.from_ical(file.get_content())
    assert (file.get_content_type(), file.get_filename(), file.get_param("method")) == (
        "text/calendar",
        "appointments.ics",
        "PUBLISH",
    )
    assert [(str(each["UID"]), each["SEQUENCE"], str(each["STATUS"]), each.start) for each in calendar.events] == [
        (f"{ref}@portal.example", sequence, status, series.ten + week * WEEK) for week, ref in enumerate(series.refs)
    ]
    assert {("ORGANIZER" in each, "ATTENDEE" in each) for each in calendar.events} == {(True, False)}


async def test_practitioner_reads_one_letter_of_all(series: Series, smtp: MailServer) -> None:
    await series.book(who="Theo Roy")

    await series.sends()

    (mail,) = [mail for mail in smtp.received if mail["To"] == THEO]
    body = mail.get_body(("plain",))
    assert body is not None
    assert plain(mail["Subject"]) == f"Ben Okafor has 3 appointments, the first: {FIRST}"
    assert sum(line.startswith("- Tuesday") for line in body.get_content().splitlines()) == 3


async def test_one_that_was_moved_meanwhile_is_told_by_itself(series: Series, smtp: MailServer) -> None:
    await series.book()
    two_minutes_later = MONDAY + timedelta(minutes=2)
    await series.does(move_by_staff, series.refs[1], Move(series.ten + WEEK + DAY, by=NORA), two_minutes_later)

    await series.sends()
    await series.sends()

    assert subjects(smtp) == [
        f"2 appointments booked, the first on {FIRST}",
        "Booked: Wednesday, December 2, 2026 at 10:00 a.m.",
    ]
    assert await series.outcomes("booked") == ["sent", "skipped: changed_since", "sent"]
    assert await series.outcomes("moved") == ["sent"]


async def test_where_the_first_has_nothing_to_say_the_next_speaks(series: Series, smtp: MailServer) -> None:
    await series.book()
    await series.does(cancel_by_staff, series.refs[0], "", MONDAY, by=NORA)

    await series.sends()
    await series.sends()

    assert subjects(smtp) == ["2 appointments booked, the first on Tuesday, December 1, 2026 at 10:00 a.m."]
    assert await series.outcomes("booked") == ["skipped: changed_since", "sent", "sent"]
    assert await series.outcomes("cancelled") == ["skipped: nothing_new"]


async def test_what_is_other_news_to_the_client_gets_a_message_of_its_own(series: Series, smtp: MailServer) -> None:
    """Of the last they know that it is cancelled; nobody has told them yet that it was restored."""
    await series.book()
    await series.sends()
    await series.does(cancel_by_staff, series.refs[2], "", series.now, by=NORA)
    await series.sends()
    await series.does(restore, series.refs[2], series.now, by=NORA)
    await series.does(shift_following, series.refs[0], Move(series.ten + timedelta(hours=1), by=NORA), series.now)

    await series.sends()
    await series.sends()

    assert subjects(smtp)[2:] == [
        "2 appointments moved, the first to Tuesday, November 24, 2026 at 11:00 a.m.",
        "Booked: Tuesday, December 8, 2026 at 11:00 a.m.",
    ]
    assert await series.outcomes("moved") == ["sent"] * 3


async def test_what_was_told_with_another_is_known_later(series: Series, smtp: MailServer) -> None:
    await series.book()
    await series.sends()
    await series.does(move_by_staff, series.refs[2], Move(series.ten + 2 * WEEK + DAY, by=NORA), series.now)

    await series.sends()

    assert subjects(smtp)[1:] == ["Moved to Wednesday, December 9, 2026 at 10:00 a.m."]


async def test_refusal_and_delay_are_those_of_all(series: Series, smtp: MailServer) -> None:
    await series.book()
    smtp.answers = ["451 later", "550 no such mailbox"]

    await series.sends()
    waits = await series.owner.fetchval("SELECT count(*) FROM message WHERE sent_at IS NULL AND failed_at IS NULL")
    await series.sends(timedelta(minutes=5))

    assert (waits, await series.outcomes("booked")) == (3, ["failed: 550 no such mailbox"] * 3)


async def test_those_that_have_begun_stay_out(series: Series, smtp: MailServer) -> None:
    await series.book()

    await series.sends(2 * DAY)
    await series.sends(DAY)

    assert await series.outcomes("booked") == ["skipped: begun", "sent", "sent"]
    assert len(smtp.received) == 1


async def test_what_is_left_unsaid_silences_no_other(series: Series, smtp: MailServer) -> None:
    """All are cancelled without a notice, while of one the client is still to hear that it was moved."""
    await series.book()
    await series.sends()
    await series.does(move_by_staff, series.refs[2], Move(series.ten + 2 * WEEK + DAY, by=NORA), series.now)
    await series.cancel_all(tell=False)

    await series.sends()

    assert subjects(smtp)[1:] == ["Cancelled: Wednesday, December 9, 2026 at 10:00 a.m."]
    assert await series.outcomes("cancelled") == ["skipped: left_unsaid", "skipped: left_unsaid", "sent"]


async def test_whoever_has_no_address_gets_one_short_sms(
    series: Series, sms_settings: Settings, twilio: FakeTwilio
) -> None:
    series.settings = sms_settings
    await insert(series.owner, "message_policy", tenant_id=series.tenant.id, sms_on=True)
    await series.book(contact=Contact(None, "Client 17", "", "+14165550117"))

    await series.sends()

    ((number, body),) = twilio.told()
    link, parts = await series.owner.fetchrow("SELECT link, parts FROM message WHERE link IS NOT NULL")
    said = "Harbour Physiotherapy: 3 appointments booked, the first on Tue, Nov 24 at 10:00 a.m."
    assert (number, plain(body), parts) == (
        "+14165550117",
        f"{said} See, move or cancel: https://portal.example/m/{link}",
        1,
    )


@pytest.mark.parametrize("several", [True, False])
async def test_for_a_child_the_adult_reads_the_child_s_name(series: Series, smtp: MailServer, several: bool) -> None:
    ben = await series.owner.fetchval("SELECT id FROM client_record WHERE email = $1", BEN)
    child = await insert(
        series.owner,
        "client_record",
        tenant_id=series.tenant.id,
        ref="leosrecord",
        first_name="Léo",
        last_name="Okafor",
        guardian_id=ben,
        created_at=MONDAY,
    )
    contact = Contact(None, "Léo", "Okafor", ref=child["ref"])
    await series.book(2, contact=contact)
    if not several:
        await series.does(cancel_by_staff, series.refs[1], "", series.now, by=NORA)

    await series.sends()

    (mail,) = smtp.received
    body = mail.get_body(("plain",))
    assert body is not None
    assert (mail["To"], mail["Subject"].endswith("– Harbour Physiotherapy (for Léo)")) == (BEN, True)
    assert {"Hello Ben,", "Follow-up for Léo"} <= set(body.get_content().splitlines())


async def test_own_words_about_one_time_do_not_stand_over_several(series: Series, smtp: MailServer) -> None:
    own = {"subject": "See you on {day}", "body": "Please bring your referral."}
    which = {"kind": "booked", "channel": "email", "language": "en"}
    await insert(series.owner, "message_text", tenant_id=series.tenant.id, **which, **own)
    await series.book()

    await series.sends()

    text = smtp.received[0].get_body(("plain",))
    assert text is not None
    assert (subjects(smtp), "Please bring your referral." in text.get_content()) == (
        [f"3 appointments booked, the first on {FIRST}"],
        True,
    )


async def test_log_has_the_message_once_and_says_of_how_many(series: Series) -> None:
    await series.book()
    await series.sends()

    async with practice_lens(series.tenant):
        ids = [row["id"] for row in await series.owner.fetch("SELECT id FROM appointment ORDER BY id")]
        rows = [await messages_of_appointment(series.tenant, each) for each in ids]

    told = [(row["kind"], row["state"], row["tells"]) for each in rows for row in each]
    assert told == [("booked", "sent", 3)] * 3


async def test_saying_it_again_says_all_of_it(series: Series, smtp: MailServer) -> None:
    await series.book()
    await series.sends()
    ref = await series.owner.fetchval("SELECT ref FROM message WHERE link IS NOT NULL")
    await series.does(say_again, ref, 0, NORA, series.now)
    await series.does(say_again, ref, 0, NORA, series.now)

    await series.sends()

    assert subjects(smtp) == [f"3 appointments booked, the first on {FIRST}"] * 2
    assert await series.outcomes("booked") == ["sent"] * 6
