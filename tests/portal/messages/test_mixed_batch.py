"""Mails and text messages wait in one queue, and leave by two rooms that do not wait for each other."""

import asyncio
import json
from dataclasses import replace
from datetime import timedelta
from math import ceil

import asyncpg
import pytest

from portal.messages.account_messages import ACCOUNT_MESSAGES
from portal.messages.sms.stops import note_stops
from portal.messages.worker import send_batch
from portal.settings import Settings
from tests.cast import ANA, MONDAY
from tests.factories import insert
from tests.fake_twilio import HANG, FakeTwilio
from tests.portal.messages.mail_server import MailServer
from tests.portal.messages.test_worker import until

NUMBER = "+14165550101"


@pytest.fixture
async def owed(database: None, owner: asyncpg.Connection) -> None:
    """A code to a number, and one to an address behind it."""
    for kind, channel, to, code in (
        ("mobile_code", "sms", NUMBER, "271828"),
        ("sign_in_code", "email", ANA, "314159"),
    ):
        await insert(
            owner,
            "account_message",
            sent_to=to,
            channel=channel,
            kind=kind,
            language="fr_CA",
            facts=json.dumps({"code": code}),
            created_at=MONDAY,
            next_attempt_at=MONDAY,
        )


async def sends(settings: Settings) -> int:
    return await send_batch(ACCOUNT_MESSAGES, settings, asyncio.Event(), lambda: MONDAY)


async def outcomes(owner: asyncpg.Connection) -> dict[str, tuple[bool, str, str]]:
    """By channel: whether it was sent, why not, and what is still kept of it."""
    rows = await owner.fetch("SELECT * FROM account_message")
    return {row["channel"]: (row["sent_at"] is not None, row["failure"], row["facts"]) for row in rows}


async def test_each_message_leaves_by_its_own_room(
    owed: None, owner: asyncpg.Connection, sms_settings: Settings, smtp: MailServer, twilio: FakeTwilio
) -> None:
    claimed = await sends(sms_settings)

    assert (claimed, await outcomes(owner)) == (2, {"sms": (True, "", "{}"), "email": (True, "", "{}")})
    assert smtp.told() == [(ANA, "314159 : votre code Carnet")]
    body = "271828 : votre code Carnet. Il fonctionne une fois, pendant 15 minutes.\n\n@portal.example #271828"
    assert twilio.told() == [(NUMBER, body)]
    assert body.isascii(), "no sign that would make it dearer"


async def test_code_is_bound_to_the_site_by_https_alone(owed: None, sms_settings: Settings, twilio: FakeTwilio) -> None:
    await sends(replace(sms_settings, public_url="http://localhost:8000"))

    assert [body for _, body in twilio.told()] == [
        "271828 : votre code Carnet. Il fonctionne une fois, pendant 15 minutes."
    ]


async def test_mail_does_not_wait_for_a_provider_that_hangs(
    owed: None, owner: asyncpg.Connection, sms_settings: Settings, smtp: MailServer, twilio: FakeTwilio
) -> None:
    twilio.answers = [HANG]
    sending = asyncio.create_task(sends(sms_settings))
    await until(lambda: bool(smtp.received), seconds=2)
    told_meanwhile = sending.done()

    twilio.released.set()
    await sending

    assert (told_meanwhile, [sent for sent, *_ in (await outcomes(owner)).values()]) == (False, [True, True])


async def test_refused_text_takes_no_mail_along_and_is_forgotten(
    owed: None, owner: asyncpg.Connection, sms_settings: Settings, twilio: FakeTwilio
) -> None:
    twilio.refused[NUMBER] = 21614

    await sends(sms_settings)

    refused = "400 21614 Unable to create record: 'To' number: …, is not a mobile number"
    assert await outcomes(owner) == {"sms": (False, refused, "{}"), "email": (True, "", "{}")}


async def test_number_that_stopped_meanwhile_gets_no_code(
    owed: None, owner: asyncpg.Connection, sms_settings: Settings, twilio: FakeTwilio
) -> None:
    await note_stops([NUMBER], MONDAY)

    await sends(sms_settings)

    assert (await outcomes(owner))["sms"] == (False, "number_opted_out", "{}")
    assert twilio.received == []


async def test_text_that_could_not_leave_is_tried_again_until_its_code_is_old(
    owed: None, owner: asyncpg.Connection, sms_settings: Settings, twilio: FakeTwilio
) -> None:
    twilio.answers = [20503]
    await sends(sms_settings)
    waiting = await owner.fetchrow("SELECT * FROM account_message WHERE channel = 'sms'")

    later = waiting["next_attempt_at"]
    await send_batch(ACCOUNT_MESSAGES, sms_settings, asyncio.Event(), lambda: later)

    assert later - MONDAY < timedelta(minutes=1)
    assert (await outcomes(owner))["sms"] == (True, "", "{}")
    assert twilio.received[1]["ValidityPeriod"] == str(15 * 60 - ceil((later - MONDAY).total_seconds()))


async def test_mail_leaves_while_no_provider_is_set(
    owed: None, owner: asyncpg.Connection, settings: Settings, smtp: MailServer, capsys: pytest.CaptureFixture[str]
) -> None:
    await sends(settings)

    assert [sent for sent, *_ in (await outcomes(owner)).values()] == [True, True]
    assert (len(smtp.received), f"{NUMBER}\n271828" in capsys.readouterr().out) == (1, True)
