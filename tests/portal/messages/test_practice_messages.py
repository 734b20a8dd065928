"""What practices owe to say, from its moment to its reader: the worker on a real database, a mail server and Twilio."""

import asyncio
import re
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import asyncpg
import pytest

from portal.database import practice_lens, worker_lens
from portal.messages.practice_messages import PRACTICE_MESSAGES
from portal.messages.queue import LEASE
from portal.messages.worker import send_batch
from portal.settings import Settings
from tenants.arranging.appoint import How, book_by_staff
from tenants.arranging.rearrange import Move, move_by_staff
from tenants.booking.cancel import cancel_by_staff
from tenants.booking.confirm import confirm_appointment
from tenants.booking.move import move_by_client
from tenants.booking.open_times import Wanted
from tenants.booking.slot import Choice
from tenants.clients.record import Contact
from tenants.due import owe_what_is_due
from tenants.notifications.owe import note_question
from tests.cast import ANA, BEN, LEA, MONDAY, NORA, THEO, Cast
from tests.factories import LONG_AGO, insert
from tests.fake_twilio import CUT, FakeTwilio
from tests.portal.messages.mail_server import MailServer

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
ANAS, BENS = "+14165550101", "+14165550102"


class Harbour:
    """Harbour with SMS on, its clients' numbers known, and a clock that a test moves."""

    def __init__(self, cast: Cast, owner: asyncpg.Connection, settings: Settings) -> None:
        self.cast, self.owner, self.settings = cast, owner, settings
        self.tenant = cast.harbour.tenant
        self.now = MONDAY

    def at(self, day: int, hour: int, minute: int = 0) -> datetime:
        return self.cast.harbour.at(2026, 11, day, hour, minute)

    async def visit(self, email: str = ANA, day: int = 26, hour: int = 14, **more: Any) -> dict[str, Any]:
        """Booked long ago, and its client was told."""
        visit = await self.cast.harbour.appointment(email, "Follow-up", "Nora Blake", self.at(day, hour), **more)
        await insert(
            self.owner,
            "message",
            tenant_id=self.tenant.id,
            appointment_id=visit["id"],
            sequence=0,
            kind="booked",
            channel="email",
            created_at=LONG_AGO,
            next_attempt_at=LONG_AGO,
            sent_at=LONG_AGO,
            **{name: visit[name] for name in ("starts_at", "practitioner_id", "place_id")},
        )
        return visit

    async def policy(self, **columns: Any) -> None:
        await self.owner.execute("DELETE FROM message_policy")
        await insert(self.owner, "message_policy", **{"tenant_id": self.tenant.id, "sms_on": True, **columns})

    async def only_rule(self, **columns: Any) -> None:
        """In place of those that a new practice has."""
        await self.owner.execute("DELETE FROM reminder_rule")
        usual = {"channel": "sms", "minutes_ahead": 1440, "condition": "always", "since": MONDAY - 30 * DAY}
        await insert(self.owner, "reminder_rule", tenant_id=self.tenant.id, **usual | columns)

    async def says(self, verb: Callable[..., Awaitable[Any]], *what: Any, **how: Any) -> Any:
        """A rule's verb, now."""
        async with practice_lens(self.tenant):
            return await verb(self.tenant, *what, self.now, **how)

    async def works(self, until: datetime | None = None) -> int:
        """Looks and sends, as the worker does at that moment."""
        self.now = until or self.now
        async with worker_lens():
            await owe_what_is_due(self.now)
        return await send_batch(PRACTICE_MESSAGES, self.settings, asyncio.Event(), lambda: self.now)

    async def log(self) -> list[str]:
        """Each new message in a few words."""
        rows = await self.owner.fetch("SELECT * FROM message WHERE created_at > $1 ORDER BY id", LONG_AGO)
        return [f"{row['audience']} {row['kind']} {row['channel']}: {_state(row)}" for row in rows]


def _state(row: Any) -> str:
    if row["skipped_at"]:
        return str(row["skip_reason"])
    if row["failed_at"]:
        return f"failed {row['failure']}"
    if row["sent_at"]:
        return "sent"
    return f"waits {row['failure']}".strip()


@pytest.fixture
async def harbour(cast: Cast, owner: asyncpg.Connection, sms_settings: Settings) -> Harbour:
    harbour = Harbour(cast, owner, sms_settings)
    await owner.execute("UPDATE client_record SET phone = $1 WHERE email = $2", ANAS, ANA)
    await owner.execute("UPDATE client_record SET phone = $1 WHERE email = $2", BENS, BEN)
    await owner.execute("UPDATE membership SET tell = 'none'")
    await insert(owner, "reminder_look", id=1, looked_until=MONDAY)
    await harbour.policy()
    await harbour.only_rule()
    return harbour


async def test_reminder_leaves_in_the_client_s_language_and_is_written_down(
    harbour: Harbour, owner: asyncpg.Connection, twilio: FakeTwilio
) -> None:
    await owner.execute("UPDATE person SET language = 'fr' WHERE id = $1", harbour.cast.ana["id"])
    visit = await harbour.visit()

    claimed = [await harbour.works(harbour.at(25, 14)), await harbour.works(harbour.at(25, 15))]

    row = dict(await owner.fetchrow("SELECT * FROM message WHERE kind = 'reminder'"))
    body = f"Harbour Physiotherapy : jeu. 26 nov. à 14 h, Harbour House. Confirmer, déplacer, annuler : {link_of(row)}"
    assert (claimed, twilio.told()) == ([1, 0], [(ANAS, body)])
    assert {name: row[name] for name in ("sent_to", "said", "parts", "starts_at", "sent_at", "provider_id")} == {
        "sent_to": ANAS,
        "said": body,
        "parts": 1,
        "starts_at": visit["starts_at"],
        "sent_at": harbour.at(25, 14),
        "provider_id": twilio.messages[0]["sid"],
    }
    callback = f"https://portal.example/twilio/status/harbour/{row['ref']}"
    assert twilio.received[0]["StatusCallback"] == callback
    assert tuple(await owner.fetchrow("SELECT month, parts FROM sms_spend")) == (datetime(2026, 11, 1).date(), 1)


def link_of(row: dict[str, Any]) -> str:
    assert re.fullmatch("[A-Za-z2-9]{8}", row["link"])
    return f"https://portal.example/m/{row['link']}"


async def test_service_is_named_only_where_the_practice_says_so(harbour: Harbour, twilio: FakeTwilio) -> None:
    for language in ("en", "fr"):
        await insert(
            harbour.owner,
            "message_text",
            tenant_id=harbour.tenant.id,
            kind="reminder",
            channel="sms",
            language=language,
            body="{service}, {link}",
        )
    await harbour.visit()
    await harbour.visit(BEN, hour=15)

    await harbour.works(harbour.at(25, 14))
    await harbour.policy(sms_names_service=True)
    await harbour.works(harbour.at(25, 15))

    assert [body.split(",")[0] for _, body in twilio.told()] == ["your appointment", "Follow-up"]


async def test_one_message_lists_all_of_a_day_that_still_stand(harbour: Harbour, twilio: FakeTwilio) -> None:
    visits = [await harbour.visit(hour=hour) for hour in (10, 12, 15)]
    twilio.answers = [20503]
    await harbour.works(harbour.at(25, 10))
    await harbour.says(cancel_by_staff, visits[1]["ref"], "")

    await harbour.works(harbour.at(25, 11))

    ((_, body),) = twilio.told()
    assert "Thu, Nov 26 at 10:00 a.m. and 3:00 p.m., Harbour House." in body
    assert (await harbour.log())[:3] == [
        "client reminder sms: sent",
        "client reminder sms: cancelled",
        "client reminder sms: sent",
    ]


@pytest.mark.parametrize(
    ("arrange", "outcome"),
    [
        ("UPDATE message_policy SET sms_on = false", "sms_not_on"),
        ("UPDATE client_record SET phone = ''", "no_number"),
        ("UPDATE client_record SET phone = '+18005550199'", "not_mobile"),
        ("UPDATE client_record SET phone = '+33612345678'", "country_not_served"),
        ("INSERT INTO sms_stop (number, stopped_at) VALUES ('+14165550101', now())", "number_opted_out"),
        ("UPDATE client_record SET sms_off_at = now(), sms_off_by = 'client'", "sms_refused"),
        ("UPDATE client_record SET sms_off_at = now(), sms_off_by = 'staff'", "sms_off_here"),
        ("UPDATE reminder_rule SET ended_at = now()", "rule_ended"),
        ("UPDATE reminder_rule SET off_services = (SELECT array_agg(id) FROM service)", "off_for_service"),
        ("UPDATE reminder_rule SET condition = 'no_email'", "has_email"),
        ("UPDATE appointment SET cancelled_at = now(), cancelled_by = 'staff'", "cancelled"),
        ("UPDATE appointment SET starts_at = starts_at + interval '10 minutes'", "moved_since"),
    ],
)
async def test_what_changed_after_the_moment_is_seen_at_sending(
    harbour: Harbour, twilio: FakeTwilio, arrange: str, outcome: str
) -> None:
    await harbour.visit()
    async with worker_lens():
        await owe_what_is_due(harbour.at(25, 14))
    await harbour.owner.execute(arrange)

    await harbour.works(harbour.at(25, 14))

    assert (await harbour.log(), twilio.told()) == ([f"client reminder sms: {outcome}"], [])


async def test_who_has_confirmed_is_left_in_peace(harbour: Harbour, twilio: FakeTwilio) -> None:
    await harbour.only_rule(condition="unconfirmed")
    visit = await harbour.visit()
    await harbour.says(confirm_appointment, visit["ref"])

    await harbour.works(harbour.at(25, 14))

    assert (await harbour.log(), twilio.told()) == (["client reminder sms: confirmed_already"], [])


async def test_who_booked_late_is_reminded_after_a_pause(harbour: Harbour, twilio: FakeTwilio) -> None:
    await harbour.only_rule(late_minutes_left=180)
    harbour.now = harbour.at(25, 16)
    await harbour.says(book_by_staff, "form", choice(harbour, 26, 14), Contact(ANA, "Ana", "Silva", ANAS))

    sent = []
    for minutes in (3, 4, 5, 6):
        await harbour.works(harbour.at(25, 16, minutes))
        sent.append(len(twilio.told()))

    assert sent == [0, 0, 1, 1]


def choice(harbour: Harbour, day: int, hour: int) -> Choice:
    practice = harbour.cast.harbour
    wanted = Wanted(practice.services["Follow-up"]["ref"], practice.practitioners["Nora Blake"]["ref"])
    return Choice(wanted, harbour.at(day, hour))


async def test_spent_budget_turns_texts_into_letters_and_the_admins_are_told(
    harbour: Harbour, twilio: FakeTwilio, smtp: MailServer
) -> None:
    await harbour.policy(sms_budget=1)
    for hour in (14, 15, 16):
        await harbour.visit(BEN if hour == 15 else ANA, day=26, hour=hour)

    for hour in (14, 15, 16, 17):
        await harbour.works(harbour.at(25, hour))

    assert [to for to, _ in twilio.told()] == [ANAS]
    assert sorted((mail["To"], mail["Subject"].strip()) for mail in smtp.received) == [
        (BEN, "Reminder: Thursday, November 26, 2026 at 3:00 p.m. – Harbour Physiotherapy"),
        (NORA, "Four fifths of this month's SMS are sent"),
        (NORA, "This month's SMS are all sent"),
    ]
    assert (
        await harbour.owner.fetchval("SELECT instead_of FROM message WHERE channel = 'email' AND rule_id > 0") == "sms"
    )


async def test_refused_text_gives_its_parts_back(harbour: Harbour, twilio: FakeTwilio) -> None:
    twilio.refused[ANAS] = 21614
    await harbour.visit()

    await harbour.works(harbour.at(25, 14))

    assert (await harbour.log())[0].startswith("client reminder sms: failed 400 21614")
    assert await harbour.owner.fetchval("SELECT parts FROM sms_spend") == 0


async def test_second_attempt_asks_twilio_first(harbour: Harbour, twilio: FakeTwilio) -> None:
    """The answer was cut off after the message was taken."""
    twilio.answers = [CUT]
    await harbour.visit()
    await harbour.works(harbour.at(25, 14))
    before = await harbour.log()

    await harbour.works(harbour.at(25, 14) + LEASE)

    row = await harbour.owner.fetchrow("SELECT * FROM message WHERE kind = 'reminder'")
    assert before[0].startswith("client reminder sms: waits")
    assert (await harbour.log(), len(twilio.told())) == (["client reminder sms: sent"], 1)
    assert (row["provider_id"], len(twilio.received)) == (twilio.messages[0]["sid"], 1)


async def test_loop_of_booking_and_cancelling_burns_no_more_than_ten_texts(
    harbour: Harbour, twilio: FakeTwilio
) -> None:
    """Here it is one visit and twelve rules, which comes to the same."""
    await harbour.owner.execute("DELETE FROM reminder_rule")
    for minutes in range(60, 72):
        facts = {"channel": "sms", "minutes_ahead": minutes, "condition": "always", "since": LONG_AGO}
        await insert(harbour.owner, "reminder_rule", tenant_id=harbour.tenant.id, **facts)
    await harbour.visit()

    await harbour.works(harbour.at(26, 13))

    log = await harbour.log()
    assert (len(twilio.told()), log.count("client reminder sms: too_many_texts"), len(log)) == (10, 2, 12)


async def test_drag_and_drag_back_is_no_news(harbour: Harbour, smtp: MailServer) -> None:
    visit = await harbour.visit()
    await harbour.says(move_by_staff, visit["ref"], Move(harbour.at(26, 15)))
    harbour.now += MINUTE
    await harbour.says(move_by_staff, visit["ref"], Move(harbour.at(26, 14)))

    await harbour.works(MONDAY + 10 * MINUTE)

    assert (await harbour.log(), smtp.received) == (
        ["client moved email: changed_since", "client moved email: nothing_new"],
        [],
    )


async def test_staff_s_changes_settle_before_they_are_told_as_what_they_came_to(
    harbour: Harbour, smtp: MailServer
) -> None:
    booked = await harbour.says(book_by_staff, "form", choice(harbour, 26, 10), Contact(BEN, "Ben", "Okafor"))
    await harbour.says(move_by_staff, booked.ref, Move(harbour.at(26, 15)))

    early = await harbour.works(MONDAY + 2 * MINUTE)
    await harbour.works(MONDAY + 4 * MINUTE)

    assert (early, [mail["Subject"] for mail in smtp.received]) == (
        0,
        ["Booked: Thursday, November 26, 2026 at 3:00 p.m. – Harbour Physiotherapy"],
    )


async def test_client_s_own_change_is_told_at_once(harbour: Harbour, smtp: MailServer) -> None:
    visit = await harbour.visit()
    await harbour.says(move_by_client, visit["ref"], harbour.at(26, 15))

    await harbour.works()

    assert [mail["Subject"].partition(" ")[0] for mail in smtp.received] == ["Moved"]


async def test_notice_that_the_practice_leaves_unsaid_says_so(harbour: Harbour, smtp: MailServer) -> None:
    await harbour.policy(notices_off=["moved"])
    visit = await harbour.visit()
    await harbour.says(move_by_client, visit["ref"], harbour.at(26, 15))

    await harbour.works()

    assert (await harbour.log(), smtp.received) == (["client moved email: notice_off"], [])


async def test_who_has_no_address_gets_notices_by_sms(harbour: Harbour, twilio: FakeTwilio) -> None:
    booked = await harbour.says(book_by_staff, "form", choice(harbour, 26, 10), Contact(None, "Dora", "", ANAS))
    await harbour.works(MONDAY + 4 * MINUTE)
    await harbour.says(cancel_by_staff, booked.ref, "")
    await harbour.works(MONDAY + 8 * MINUTE)

    assert [body.split(" https://")[0] for _, body in twilio.told()] == [
        "Harbour Physiotherapy: booked for Thu, Nov 26 at 10:00 a.m., Harbour House. See, move or cancel:",
        "Harbour Physiotherapy has to cancel Thu, Nov 26 at 10:00 a.m. Questions: ",
    ]


async def test_client_is_asked_to_confirm_once_at_a_time(harbour: Harbour, smtp: MailServer) -> None:
    visit = await harbour.visit()

    async with practice_lens(harbour.tenant):
        asked = [await note_question(harbour.tenant, visit["id"], NORA, MONDAY) for _ in range(2)]
    await harbour.works()
    async with practice_lens(harbour.tenant):
        asked.append(await note_question(harbour.tenant, visit["id"], NORA, MONDAY + HOUR))
    await harbour.says(confirm_appointment, visit["ref"])
    await harbour.works(MONDAY + HOUR)

    assert (asked, await harbour.log()) == (
        [True, False, True],
        ["client asked email: sent", "client asked email: confirmed_already"],
    )
    assert [mail["Subject"].partition(":")[0] for mail in smtp.received] == ["Please confirm"]


@pytest.mark.parametrize(
    ("tell", "told"),
    [
        ("all", ["has an appointment", "appointment is now"]),
        ("others", ["appointment is now"]),
        ("soon", []),
        ("none", []),
    ],
)
async def test_practitioner_hears_of_changes_as_they_wish(
    harbour: Harbour, smtp: MailServer, tell: str, told: list[str]
) -> None:
    """Nora books it herself; Theo moves it."""
    await harbour.owner.execute("UPDATE membership SET tell = $1 WHERE email = $2", tell, NORA)
    contact = Contact(BEN, "Ben", "Okafor")
    booked = await harbour.says(book_by_staff, "form", choice(harbour, 26, 10), contact, how=How(NORA))
    await harbour.works(MONDAY + 4 * MINUTE)
    await harbour.says(move_by_staff, booked.ref, Move(harbour.at(26, 15), by=THEO))
    await harbour.works(MONDAY + 8 * MINUTE)

    said = [mail["Subject"] for mail in smtp.received if mail["To"] == NORA]
    assert [next(words for words in told if words in subject) for subject in said] == told


async def test_soon_means_within_a_day(harbour: Harbour, smtp: MailServer) -> None:
    await harbour.owner.execute("UPDATE membership SET tell = 'soon' WHERE email = $1", NORA)
    near = await harbour.visit(BEN, day=23, hour=15)
    far = await harbour.visit(ANA, day=26, hour=15)

    for visit, day in ((near, 23), (far, 26)):
        await harbour.says(move_by_staff, visit["ref"], Move(harbour.at(day, 16), by=THEO))
    await harbour.works(MONDAY + 4 * MINUTE)

    to_nora = [mail["Subject"] for mail in smtp.received if mail["To"] == NORA]
    assert to_nora == ["Ben Okafor has an appointment: Monday, November 23, 2026 at 4:00 p.m."], (
        "the first she hears of it"
    )


async def test_both_ends_of_a_passing_on_are_told(harbour: Harbour, smtp: MailServer) -> None:
    await harbour.owner.execute("UPDATE membership SET tell = 'all' WHERE email IN ($1, $2)", NORA, THEO)
    contact, theo = Contact(BEN, "Ben", "Okafor"), harbour.cast.harbour.practitioners["Theo Roy"]["ref"]
    booked = await harbour.says(book_by_staff, "form", choice(harbour, 26, 10), contact, how=How("reception"))
    await harbour.works(MONDAY + 4 * MINUTE)
    smtp.received.clear()

    await harbour.says(move_by_staff, booked.ref, Move(harbour.at(26, 10), practitioner=theo, by="reception"))
    await harbour.works(MONDAY + 8 * MINUTE)

    assert {mail["To"]: mail["Subject"].strip().partition(":")[0] for mail in smtp.received} == {
        BEN: "Moved to Thursday, November 26, 2026 at 10",
        NORA: "Ben Okafor is not coming",
        THEO: "Ben Okafor has an appointment",
    }


async def test_who_has_just_booked_waits_for_no_backlog_of_reminders(
    harbour: Harbour, smtp: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("portal.messages.queue.BATCH", 1)
    await harbour.only_rule(channel="email")
    await harbour.visit()
    async with worker_lens():
        await owe_what_is_due(harbour.at(25, 14))
    harbour.now = harbour.at(25, 15)
    moved = await harbour.visit(BEN, day=27)
    await harbour.says(move_by_client, moved["ref"], harbour.at(27, 15))

    await harbour.works()

    assert [mail["To"] for mail in smtp.received] == [BEN]


async def test_unwritable_message_fails_alone_and_is_listed(
    harbour: Harbour, twilio: FakeTwilio, monkeypatch: pytest.MonkeyPatch
) -> None:
    await harbour.visit()
    await harbour.visit(BEN, hour=15)
    await harbour.owner.execute("UPDATE reminder_rule SET minutes_ahead = 1500")
    await insert(
        harbour.owner,
        "message_text",
        tenant_id=harbour.tenant.id,
        kind="reminder",
        channel="sms",
        language="fr",
        body="{broken",
    )
    await harbour.owner.execute("UPDATE person SET language = 'fr' WHERE id = $1", harbour.cast.ana["id"])

    await harbour.works(harbour.at(25, 14))

    assert ([to for to, _ in twilio.told()], sorted(await harbour.log())) == (
        [BENS],
        ["client reminder sms: sent", "client reminder sms: waits could not be written"],
    )


async def test_neighbour_s_rules_and_people_stay_out(harbour: Harbour, smtp: MailServer, twilio: FakeTwilio) -> None:
    meadow = harbour.cast.meadow
    await harbour.owner.execute("UPDATE membership SET tell = 'all' WHERE email = $1", LEA)
    await meadow.appointment("ana.silva@example.com", "Massage", "Lea Martin", harbour.at(26, 14))
    await harbour.visit()

    await harbour.works(harbour.at(25, 14))

    assert ([to for to, _ in twilio.told()], smtp.received) == ([ANAS], [])


async def test_other_countries_are_served_where_the_installation_says_so(harbour: Harbour, twilio: FakeTwilio) -> None:
    harbour.settings = replace(harbour.settings, sms_countries=("FR",))
    await harbour.owner.execute("UPDATE client_record SET phone = '+33612345678'")
    await harbour.visit()

    await harbour.works(harbour.at(25, 14))

    assert [to for to, _ in twilio.told()] == ["+33612345678"]
