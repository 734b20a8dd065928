"""The SMTP room against a real server: what is accepted, what is refused for good, what may leave later."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage

import pytest

from portal.messages.channel import Refused, Unavailable
from portal.messages.email.smtp import SmtpRoom
from portal.messages.letters.letter import Attachment, Letter
from portal.settings import Settings
from tests.portal.messages.mail_server import ACCEPTED, HANG, MailServer, mail_server

NOW = datetime(2026, 11, 22, 13, 0, tzinfo=UTC)
LETTER = Letter(
    message_id="<one@portal.example>",
    to="ana@example.org",
    sender_name="Practice “Le Pré”",
    reply_to="desk@harbour.example",
    subject="Réservé : dimanche",
    text="Bonjour Ana",
    html="<p>Bonjour Ana</p>",
    language="fr",
    written_at=NOW,
    useful_until=NOW + timedelta(days=1),
    attachments=(Attachment("rendez-vous.ics", "text/calendar; method=REQUEST", "BEGIN:VCALENDAR\r\n"),),
)


@pytest.fixture
async def room(settings: Settings) -> AsyncIterator[SmtpRoom]:
    room = SmtpRoom(settings, patience=0.4)
    yield room
    await room.close()


async def test_letter_arrives_with_its_parts_and_headers(room: SmtpRoom, smtp: MailServer) -> None:
    await room.send(LETTER)

    (mail,) = smtp.received
    headers = ("From", "To", "Reply-To", "Subject", "Message-ID", "Auto-Submitted", "Content-Language", "Date")
    assert {name: str(mail[name]) for name in headers} == {
        "From": "Practice “Le Pré” <carnet@portal.example>",
        "To": "ana@example.org",
        "Reply-To": "desk@harbour.example",
        "Subject": "Réservé : dimanche",
        "Message-ID": "<one@portal.example>",
        "Auto-Submitted": "auto-generated",
        "Content-Language": "fr",
        "Date": "Sun, 22 Nov 2026 13:00:00 +0000",
    }
    assert [(part.get_content_type(), part.get_content().strip()) for part in leaves(mail)] == [
        ("text/plain", "Bonjour Ana"),
        ("text/html", "<p>Bonjour Ana</p>"),
        ("text/calendar", "BEGIN:VCALENDAR"),
        ("application/ics", b"BEGIN:VCALENDAR"),
    ]


async def test_calendar_part_names_its_method_and_file(room: SmtpRoom, smtp: MailServer) -> None:
    await room.send(LETTER)

    invitation, file = leaves(smtp.received[0])[-2:]
    assert (invitation.get_param("method"), file.get_filename()) == ("REQUEST", "rendez-vous.ics")


async def test_domain_of_any_script_is_written_as_every_server_knows_it(room: SmtpRoom, smtp: MailServer) -> None:
    await room.send(replace(LETTER, to="ana@bücher.example", reply_to="desk@häfen.example"))

    (mail,) = smtp.received
    assert (mail["To"], mail["Reply-To"]) == ("ana@xn--bcher-kva.example", "desk@xn--hfen-loa.example")


async def test_line_breaks_cannot_add_a_header(room: SmtpRoom, smtp: MailServer) -> None:
    await room.send(replace(LETTER, subject="Booked\r\nBcc: eve@example.net", sender_name="Harbour\nX: y"))

    (mail,) = smtp.received
    assert (mail["Subject"], mail["Bcc"], mail["X"]) == ("Booked Bcc: eve@example.net", None, None)


async def test_batch_shares_one_connection_even_after_a_refusal(room: SmtpRoom, smtp: MailServer) -> None:
    smtp.answers = [ACCEPTED, "554 looks like spam", ACCEPTED]

    await room.send(LETTER)
    with pytest.raises(Refused):
        await room.send(LETTER)
    await room.send(LETTER)

    assert (len(smtp.received), smtp.connections) == (2, 1)


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        ("550 no such mailbox", Refused),
        ("554 looks like spam", Refused),
        ("451 try again later", Unavailable),
        ("452 mailbox full for now", Unavailable),
        ("530 authentication required", Unavailable),
    ],
)
async def test_first_digit_tells_for_good_from_for_now(
    room: SmtpRoom, smtp: MailServer, answer: str, kind: type[Exception]
) -> None:
    smtp.answers = [answer]

    with pytest.raises(kind) as told:
        await room.send(LETTER)

    assert str(told.value) == answer


@pytest.mark.parametrize(("answer", "kind"), [("550 nobody here", Refused), ("450 greylisted", Unavailable)])
async def test_recipient_is_refused_by_the_same_rule(
    room: SmtpRoom, smtp: MailServer, answer: str, kind: type[Exception]
) -> None:
    smtp.recipients_refused = {"ana@example.org": answer}

    with pytest.raises(kind) as told:
        await room.send(LETTER)

    assert str(told.value) == answer


async def test_server_that_hangs_is_left_and_the_rest_of_the_batch_not_tried(room: SmtpRoom, smtp: MailServer) -> None:
    smtp.answers = [HANG]

    for _ in range(2):
        with pytest.raises(Unavailable, match="Timeout"):
            await room.send(LETTER)

    assert (smtp.received, smtp.connections) == ([], 1)


async def test_absent_server_is_an_outage(settings: Settings, smtp: MailServer) -> None:
    room = SmtpRoom(replace(settings, smtp_port=1), patience=0.4)

    with pytest.raises(Unavailable):
        await room.send(LETTER)


async def test_wrong_password_is_an_outage_that_can_be_mended(settings: Settings) -> None:
    """The message is not to blame, so it waits until somebody corrects the setting."""
    async with mail_server(password="right") as locked:
        told = []
        for password in ("wrong", "right"):
            room = SmtpRoom(replace(settings, smtp_port=locked.port, smtp_user="carnet", smtp_password=password))
            try:
                await room.send(LETTER)
            except Unavailable as trouble:
                told.append(str(trouble)[:3])
            finally:
                await room.close()

        assert (told, len(locked.received)) == (["535"], 1)


@pytest.mark.parametrize("address", ["", "ana", "ana@", "a@b@c", "ana@example.org\r\nBcc: eve@example.net"])
async def test_address_that_is_none_is_refused_before_the_server(
    room: SmtpRoom, smtp: MailServer, address: str
) -> None:
    with pytest.raises(Refused):
        await room.send(replace(LETTER, to=address))

    assert smtp.connections == 0


def leaves(mail: EmailMessage) -> list[EmailMessage]:
    return [part for part in mail.walk() if not part.is_multipart()]
