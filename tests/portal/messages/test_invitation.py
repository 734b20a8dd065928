"""An appointment's whole life, as the client's mail program and calendar receive it."""

from datetime import datetime, timedelta
from email.message import EmailMessage
from typing import Any

import asyncpg
import pytest
from icalendar import Calendar

from portal.database import practice_lens
from portal.settings import Settings
from tenants.booking.cancel import cancel_by_client
from tenants.booking.move import move_by_client
from tests.cast import ANA, Cast
from tests.portal.messages.mail_server import MailServer
from tests.portal.messages.test_worker import NOW, TUESDAY, Post

HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)


@pytest.fixture
def post(cast: Cast, owner: asyncpg.Connection, settings: Settings) -> Post:
    return Post(cast, owner, settings)


def tree(mail: EmailMessage) -> Any:
    """The types of its parts, as they hang together."""
    kind = mail.get_content_type()
    return {kind: [tree(part) for part in mail.iter_parts()]} if mail.is_multipart() else kind  # type: ignore[arg-type]


def leaf(mail: EmailMessage, kind: str) -> EmailMessage:
    (found,) = [part for part in mail.walk() if part.get_content_type() == kind]
    assert isinstance(found, EmailMessage)
    return found


def invitation(mail: EmailMessage) -> dict[str, Any]:
    """What both copies say; they must say the same."""
    inline, file = leaf(mail, "text/calendar"), leaf(mail, "application/ics")
    calendar = Calendar.from_ical(inline.get_content())
    assert file.get_content().splitlines() == inline.get_content().encode().splitlines()
    assert inline.get_param("method") == str(calendar["METHOD"])
    (event,) = calendar.events
    return {
        "method": str(calendar["METHOD"]),
        "uid": str(event["UID"]),
        "sequence": event["SEQUENCE"],
        "status": str(event["STATUS"]),
        "starts": event.start,
        "stamp": event.DTSTAMP,
        "who": (str(event["ORGANIZER"]), str(event["ATTENDEE"])),
    }


async def test_calendars_follow_an_appointment_from_booking_to_cancellation(post: Post, smtp: MailServer) -> None:
    tenant = post.cast.harbour.tenant
    ref = (await post.booked(booked_at=NOW))["ref"]
    await post.sends()
    for step, starts_at in enumerate((TUESDAY + HOUR, TUESDAY + 3 * HOUR), 1):
        async with practice_lens(tenant):
            await move_by_client(tenant, ref, starts_at, NOW + step * MINUTE)
        await post.sends(NOW + step * MINUTE)
    async with practice_lens(tenant):
        await cancel_by_client(tenant, ref, "", NOW + 3 * MINUTE)
    await post.sends(NOW + 3 * MINUTE)

    told = [invitation(mail) for mail in smtp.received if mail["To"] == ANA]

    same = {"uid": f"{ref}@portal.example", "who": ("mailto:carnet@portal.example", f"mailto:{ANA}")}
    assert told == [
        same | {"method": method, "sequence": sequence, "status": status, "starts": starts, "stamp": stamp}
        for method, sequence, status, starts, stamp in (
            ("REQUEST", 0, "CONFIRMED", TUESDAY, NOW),
            ("REQUEST", 1, "CONFIRMED", TUESDAY + HOUR, NOW + MINUTE),
            ("REQUEST", 2, "CONFIRMED", TUESDAY + 3 * HOUR, NOW + 2 * MINUTE),
            ("CANCEL", 3, "CANCELLED", TUESDAY + 3 * HOUR, NOW + 3 * MINUTE),
        )
    ]
    assert len({mail["Message-ID"] for mail in smtp.received}) == len(smtp.received)


async def test_invitation_is_the_last_way_to_say_it_and_a_file_beside(post: Post, smtp: MailServer) -> None:
    await post.booked()

    await post.sends()

    (mail,) = smtp.received
    assert tree(mail) == {
        "multipart/mixed": [
            {"multipart/alternative": ["text/plain", "text/html", "text/calendar"]},
            "application/ics",
        ]
    }
    assert leaf(mail, "text/calendar").get_content_charset() == "utf-8"
    assert (leaf(mail, "text/calendar").get_filename(), leaf(mail, "application/ics").get_filename()) == (
        None,
        "appointment.ics",
    )


@pytest.mark.parametrize(("kind", "may_be_refused"), [("booked", False), ("reminder", True)])
async def test_only_reminders_may_be_refused_by_one_click_and_bring_no_file(
    post: Post, smtp: MailServer, owner: asyncpg.Connection, kind: str, may_be_refused: bool
) -> None:
    appointment = await post.booked()
    if kind == "reminder":
        await as_reminder(owner)

    await post.sends()

    (mail,), link = smtp.received, await owner.fetchval("SELECT link FROM message")
    one_click = (f"<https://portal.example/m/{link}/reminders>", "List-Unsubscribe=One-Click")
    assert (mail["List-Unsubscribe"], mail["List-Unsubscribe-Post"]) == (one_click if may_be_refused else (None, None))
    assert (mail["Auto-Submitted"], mail.get_content_type() == "multipart/mixed") == (
        "auto-generated",
        not may_be_refused,
    )
    assert datetime.strptime(mail["Date"], "%a, %d %b %Y %H:%M:%S %z") == NOW
    assert appointment["ref"] not in str(mail["Message-ID"])


async def as_reminder(owner: asyncpg.Connection) -> None:
    await owner.execute(
        """UPDATE message SET kind = 'reminder',
                  rule_id = (SELECT id FROM reminder_rule WHERE tenant_id = message.tenant_id AND channel = 'email')"""
    )
