"""Without a mail server: said on the terminal, kept only for a demo."""

import json
from dataclasses import replace

import asyncpg
import pytest

from portal.messages.email.console import ConsoleRoom
from portal.messages.email.open import open_email
from portal.messages.email.smtp import SmtpRoom
from portal.messages.letters.appointment_letter import write_appointment_letter
from portal.settings import Settings
from tests.portal.messages.letters import NOW, SETTINGS, brief

LETTER = write_appointment_letter(brief(), NOW)


async def test_demo_keeps_what_left(
    database: None, owner: asyncpg.Connection, capsys: pytest.CaptureFixture[str]
) -> None:
    await ConsoleRoom(replace(SETTINGS, demo=True)).send(LETTER)

    kept = dict(await owner.fetchrow("SELECT * FROM outbox_mail"))
    (attachment,) = json.loads(kept.pop("attachments"))
    assert kept == {
        "id": kept["id"],
        "ref": kept["ref"],
        "created_at": NOW,
        "message_id": LETTER.message_id,
        "to_email": "ana@example.org",
        "subject": LETTER.subject,
        "text": LETTER.text,
        "html": LETTER.html,
    }
    assert (attachment["name"], attachment["text"].startswith("BEGIN:VCALENDAR")) == ("appointment.ics", True)
    assert LETTER.text in capsys.readouterr().out


async def test_installation_that_is_no_demo_keeps_nothing(database: None, owner: asyncpg.Connection) -> None:
    await ConsoleRoom(SETTINGS).send(LETTER)

    assert await owner.fetchval("SELECT count(*) FROM outbox_mail") == 0


def test_a_server_in_the_settings_decides_the_room(settings: Settings) -> None:
    rooms = [type(open_email(each)) for each in (settings, SETTINGS)]

    assert rooms == [SmtpRoom, ConsoleRoom]
