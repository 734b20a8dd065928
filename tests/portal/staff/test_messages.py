"""The log at the desk: what was said, what will be, why not, and what is done about it by hand."""

import re
from datetime import datetime, timedelta
from html import unescape
from typing import Any

import asyncpg

from tests.browser import Browser, TestClock
from tests.cast import ANA, BEN, MONDAY, Cast
from tests.factories import insert

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
ANA_S_NUMBER = "+14165550101"


async def said(
    owner: asyncpg.Connection, appointment: dict[str, Any], kind: str = "booked", at: datetime = MONDAY, **more: Any
) -> dict[str, Any]:
    """A row of the log, sent by e-mail when it came to be owed unless told otherwise."""
    ended = {"sent_at", "skipped_at", "failed_at"} & more.keys()
    facts = {
        "tenant_id": appointment["tenant_id"],
        "appointment_id": appointment["id"],
        "sequence": appointment["sequence"],
        "kind": kind,
        "channel": "email",
        "starts_at": appointment["starts_at"],
        "practitioner_id": appointment["practitioner_id"],
        "place_id": appointment["place_id"],
        "created_at": at,
        "next_attempt_at": at,
        "sent_to": ANA,
        **({} if ended else {"sent_at": at}),
    }
    return await insert(owner, "message", **facts | more)


async def kept(cast: Cast, starts_at: datetime | None = None, email: str = ANA, **more: Any) -> dict[str, Any]:
    """Ana's, on Thursday at ten: its reminders are due on Tuesday and Wednesday."""
    at = starts_at or cast.harbour.at(2026, 11, 26, 10)
    return await cast.harbour.appointment(email, "Follow-up", "Nora Blake", at, **more)


async def sms_on(cast: Cast, owner: asyncpg.Connection, **more: Any) -> None:
    await insert(owner, "message_policy", tenant_id=cast.harbour.tenant.id, sms_on=True, **more)
    await owner.execute("UPDATE client_record SET phone = $2 WHERE email = $1", ANA, ANA_S_NUMBER)


async def rows(owner: asyncpg.Connection) -> list[tuple[Any, ...]]:
    found = await owner.fetch("SELECT kind, copy, by_email, channel, rule_id, sent_at FROM message ORDER BY id")
    return [tuple(row) for row in found]


def page_of(appointment: dict[str, Any]) -> str:
    return f"/desk/harbour/appointments/{appointment['ref']}"


def lines(browser: Browser) -> list[str]:
    """Each message of the page as plain words."""
    found = re.findall(r'<li class="message">(.*?)</li>', browser.page.text, re.DOTALL)
    tags = re.compile(r"<(svg.*?</svg|form.*?</form|[^>]*)>", re.DOTALL)
    return [unescape(" ".join(tags.sub(" ", each).split())).replace("\u202f", " ") for each in found]


SMS_NOT_ON = "Reminder 24 hours before SMS SMS is not turned on for this practice."


async def test_appointment_tells_what_is_planned_and_why_a_reminder_is_not(nora: Browser, cast: Cast) -> None:
    appointment = await kept(cast)

    await nora.get(page_of(appointment))

    assert lines(nora) == [
        "Reminder 2 days before E-mail planned Tue, Nov 24, 10:00 a.m.",
        f"{SMS_NOT_ON} will not be sent Wed, Nov 25, 10:00 a.m.",
    ]


async def test_moment_that_passed_without_a_message_is_told_as_missed(
    nora: Browser, cast: Cast, clock: TestClock
) -> None:
    appointment = await kept(cast)
    clock.now = appointment["starts_at"] - 30 * HOUR

    await nora.get(page_of(appointment))

    assert lines(nora)[0] == (
        "Reminder 2 days before E-mail Its moment passed without it: nothing could be sent then."
        " not sent Tue, Nov 24, 10:00 a.m."
    )


async def test_late_booking_tells_why_no_reminder_comes(nora: Browser, cast: Cast) -> None:
    appointment = await kept(cast, cast.harbour.at(2026, 11, 24, 7), booked_at=MONDAY)

    await nora.get(page_of(appointment))

    assert [line.count("after the moment of the reminder") for line in lines(nora)] == [1, 1]


async def test_what_is_known_outside_the_practice_counts(nora: Browser, cast: Cast, owner: asyncpg.Connection) -> None:
    await sms_on(cast, owner)
    await insert(owner, "mail_bounce", email=ANA, bounced_at=MONDAY, status="5.1.1", reason="550 no such mailbox")
    await insert(owner, "sms_stop", number=ANA_S_NUMBER, stopped_at=MONDAY)
    appointment = await kept(cast)

    await nora.get(page_of(appointment))

    assert [re.sub(" will not.*", "", line) for line in lines(nora)] == [
        "Reminder 2 days before E-mail Mail to this address has come back.",
        "Reminder 24 hours before SMS This number has answered STOP: it gets no SMS from anybody.",
    ]


async def test_each_message_tells_what_became_of_it(nora: Browser, cast: Cast, owner: asyncpg.Connection) -> None:
    appointment = await kept(cast)
    number = {"channel": "sms", "sent_to": ANA_S_NUMBER}
    outcomes: tuple[dict[str, Any], ...] = (
        {"sent_at": None},
        {"sent_at": None, "attempts": 2, "failure": "451 later"},
        {},
        {"sent_at": MONDAY, "delivered_at": MONDAY + timedelta(minutes=1), **number},
        {"failed_at": MONDAY, "failure": "550 no such mailbox"},
        {"skipped_at": MONDAY, "skip_reason": "confirmed_already", "sent_to": ""},
    )
    for minutes, facts in enumerate(outcomes):
        await said(owner, appointment, "asked", MONDAY - timedelta(minutes=minutes), copy=minutes, **facts)
    await nora.get(page_of(appointment))

    assert lines(nora)[2:] == [
        "Asked to confirm E-mail ana@example.org waiting Mon, Nov 23, 8:00 a.m.",
        (
            "Asked to confirm E-mail ana@example.org It could not leave yet and is tried again."
            " waiting Mon, Nov 23, 7:59 a.m."
        ),
        "Asked to confirm E-mail ana@example.org sent Mon, Nov 23, 7:58 a.m.",
        ("Asked to confirm SMS (416) 555-0101 delivered Mon, Nov 23, 8:01 a.m. sent: Mon, Nov 23, 8:00 a.m."),
        ("Asked to confirm E-mail ana@example.org There is no such mailbox. failed Mon, Nov 23, 8:00 a.m."),
        "Asked to confirm E-mail The client has confirmed already. not sent Mon, Nov 23, 8:00 a.m.",
    ]


async def test_message_that_another_one_spoke_for_fares_as_that_one(
    nora: Browser, cast: Cast, owner: asyncpg.Connection
) -> None:
    rule = await owner.fetchval("SELECT id FROM reminder_rule WHERE tenant_id = $1 LIMIT 1", cast.harbour.tenant.id)
    first = await kept(cast)
    second = await kept(cast, cast.harbour.at(2026, 11, 26, 15))
    speaker = await said(owner, first, "reminder", rule_id=rule, failed_at=MONDAY, failure="550 gone")
    await said(owner, second, "reminder", rule_id=rule, told_with=speaker["id"])

    await nora.get(page_of(second))
    of_second = next(line for line in lines(nora) if "mailbox" in line)
    await nora.get("/desk/harbour/messages")

    assert "One message tells of all of that day." in of_second
    assert "failed" in of_second
    assert len(lines(nora)) == 1, "it is one message"


async def test_appointments_of_one_day_are_foreseen_in_one_message(nora: Browser, cast: Cast) -> None:
    await kept(cast)
    second = await kept(cast, cast.harbour.at(2026, 11, 26, 15))

    await nora.get(page_of(second))

    assert lines(nora)[0] == (
        "Reminder 2 days before E-mail Together with the appointment at 10:00 a.m. planned Tue, Nov 24, 10:00 a.m."
    )


async def test_client_s_page_tells_of_every_appointment(nora: Browser, cast: Cast, owner: asyncpg.Connection) -> None:
    await said(owner, await kept(cast))
    await said(owner, await kept(cast, email=BEN, starts_at=cast.harbour.at(2026, 11, 26, 12)), sent_to=BEN)

    await nora.get(f"/desk/harbour/clients/{cast.harbour.records[ANA]['ref']}")

    assert [line[:26] for line in lines(nora)] == [
        "Reminder 2 days before E-m",
        "Reminder 24 hours before S",
        "Booking confirmed E-mail a",
    ]
    assert "ben@" not in nora.text


async def test_practice_s_messages_are_filtered_counted_and_drawn(
    nora: Browser, cast: Cast, owner: asyncpg.Connection
) -> None:
    appointment = await kept(cast)
    bens = await kept(cast, email=BEN, starts_at=cast.harbour.at(2026, 11, 26, 12))
    await said(owner, appointment)
    await said(owner, appointment, "asked", MONDAY - DAY, channel="sms", failed_at=MONDAY, failure="400 21610")
    await said(owner, bens, sent_to=BEN, skipped_at=MONDAY, skip_reason="notice_off")
    await said(owner, bens, "asked", MONDAY - 60 * DAY, sent_to=BEN)
    await said(owner, bens, "asked", MONDAY - 120 * DAY, sent_to=BEN, copy=1)

    told = {}
    for query in (
        "",
        "state=failed",
        "channel=sms",
        "kind=booked",
        "client=ben",
        "until=2026-11-22",
        "from=2026-01-01",
        "from=2026-01-01&client=ben",
    ):
        await nora.get(f"/desk/harbour/messages?{query}")
        told[query] = [("Ana" if "Ana" in line else "Ben", line.split(" · ")[1][:5]) for line in lines(nora)]

    ana, asked, ben = ("Ana", "Booki"), ("Ana", "Asked"), ("Ben", "Booki")
    assert told == {
        "": [ben, ana, asked],
        "state=failed": [asked],
        "channel=sms": [asked],
        "kind=booked": [ben, ana],
        "client=ben": [ben],
        "until=2026-11-22": [asked],
        "from=2026-01-01": [ben, ana, asked, ("Ben", "Asked")],
        "from=2026-01-01&client=ben": [ben, ("Ben", "Asked"), ("Ben", "Asked")],
    }
    await nora.get("/desk/harbour/messages")
    assert nora.page.text.count("<rect class=") == 3 + 3, "a piece each, and the legend"
    assert re.findall(r"state=(\w+)&(?:amp;)?channel=(\w+)\">(\d+)<", nora.page.text) == [
        ("sent", "email", "1"),
        ("failed", "sms", "1"),
        ("skipped", "email", "1"),
    ]


async def test_pages_of_fifty_lead_on_and_back(nora: Browser, cast: Cast, owner: asyncpg.Connection) -> None:
    appointment = await kept(cast)
    for number in range(51):
        await said(owner, appointment, "asked", MONDAY - timedelta(minutes=number), copy=number)

    await nora.get("/desk/harbour/messages?kind=asked")
    first = len(lines(nora))
    await nora.get(unescape(re.findall(r'rel="next" href="([^"]+)"', nora.page.text)[0]))

    assert (first, len(lines(nora))) == (50, 1)
    assert 'rel="prev"' in nora.page.text


async def test_address_that_makes_no_sense_is_as_good_as_none(nora: Browser) -> None:
    for query in (
        "from=x&until=9999-99-99",
        "state=happy&channel=pigeon&kind=none",
        "page=-3",
        "page=9" * 9,
        "client=%00",
    ):
        assert (await nora.get(f"/desk/harbour/messages?{query}")).status_code == 200, query


async def test_empty_page_says_what_will_stand_there(nora: Browser) -> None:
    await nora.get("/desk/harbour/messages")

    assert "Nothing was sent in these days" in nora.text


async def test_provider_s_trouble_is_told_to_whom_it_concerns(
    nora: Browser, cast: Cast, owner: asyncpg.Connection
) -> None:
    await insert(owner, "channel_trouble", channel="sms", since=MONDAY - HOUR, last_at=MONDAY, reason="503")
    await nora.get("/desk/harbour/messages")
    before = "taken nothing" in nora.text

    await said(owner, await kept(cast), channel="sms", sent_at=None, attempts=1)
    await nora.get("/desk/harbour/messages")

    assert (before, "since Monday, November 23, 2026 at 7:00" in nora.text) == (False, True)
    assert "one message waits" in nora.text


async def test_sms_of_the_month_are_told_once_sms_is_on(nora: Browser, cast: Cast, owner: asyncpg.Connection) -> None:
    await sms_on(cast, owner, sms_budget=200)
    for month, parts in ((MONDAY.date().replace(day=1), 34), (MONDAY.date().replace(month=10, day=1), 190)):
        await insert(owner, "sms_spend", tenant_id=cast.harbour.tenant.id, month=month, parts=parts)

    await nora.get("/desk/harbour/messages")

    assert "SMS in November 2026: 34 of 200 parts" in nora.text
