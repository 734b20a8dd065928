"""Twilio's room, with Twilio's own client, against its HTTP interface on loopback."""

import logging
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from twilio.rest import Client

from portal.messages.channel import Refused, Unavailable
from portal.messages.letters.text import Text
from portal.messages.sms.console import ConsoleRoom
from portal.messages.sms.open import open_sms
from portal.messages.sms.twilio import PATIENCE, TwilioRoom
from portal.messages.sms.twilio_http import TwilioHttp
from portal.messages.worker import _MARGIN
from portal.settings import Settings
from tests.fake_twilio import (
    ACCOUNT,
    CUT,
    GARBLED,
    HANG,
    KEY,
    KEY_SECRET,
    NUMBER,
    SERVICE,
    TOKEN,
    FakeTwilio,
)

NOW = datetime(2026, 11, 23, 13, 0, tzinfo=UTC)
ANAS, BENS = "+14165550101", "+14165550102"
TEXT = Text(ANAS, "314159 is your Carnet code.", "en", NOW, NOW + timedelta(minutes=15))


@pytest.fixture
async def room(sms_settings: Settings) -> AsyncIterator[TwilioRoom]:
    room = TwilioRoom(sms_settings, patience=0.4)
    yield room
    await room.close()


async def outcome(room: TwilioRoom, text: Text = TEXT) -> str:
    try:
        await room.send(text)
    except (Refused, Unavailable) as trouble:
        return f"{type(trouble).__name__}: {trouble}"
    return "accepted"


async def test_text_is_accepted_under_twilios_name(room: TwilioRoom, twilio: FakeTwilio) -> None:
    sid = await room.send(TEXT)

    assert twilio.received == [{"To": ANAS, "From": NUMBER, "Body": TEXT.body, "ValidityPeriod": "900"}]
    assert sid == twilio.messages[0]["sid"]


async def test_messaging_service_may_be_the_sender(sms_settings: Settings, twilio: FakeTwilio) -> None:
    room = TwilioRoom(replace(sms_settings, twilio_sender=SERVICE))

    await room.send(TEXT)
    await room.close()

    (sent,) = twilio.received
    assert (sent.get("MessagingServiceSid"), sent.get("From")) == (SERVICE, None)


@pytest.mark.parametrize("token", [None, TOKEN, "an old one"])
async def test_api_key_signs_in_before_the_token(sms_settings: Settings, twilio: FakeTwilio, token: str | None) -> None:
    key = {"twilio_api_key_sid": KEY, "twilio_api_key_secret": KEY_SECRET, "twilio_auth_token": token}
    room = TwilioRoom(replace(sms_settings, **key))  # type: ignore[arg-type]

    told = [await outcome(room), await room.find(replace(TEXT, mark=TEXT.body))]
    await room.close()

    assert told == ["accepted", twilio.messages[0]["sid"]]


@pytest.mark.parametrize(("left", "asked"), [(timedelta(days=3), "36000"), (timedelta(0), "1")])
async def test_wait_for_the_carrier_stays_within_what_twilio_takes(
    room: TwilioRoom, twilio: FakeTwilio, left: timedelta, asked: str
) -> None:
    await room.send(replace(TEXT, useful_until=NOW + left))

    assert twilio.received[0]["ValidityPeriod"] == asked


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        (21211, "400 21211 Unable to create record: The 'To' number … is not a valid phone number."),
        (21610, "400 21610 Unable to create record: Attempt to send to unsubscribed recipient"),
        (21614, "400 21614 Unable to create record: 'To' number: …, is not a mobile number"),
        (20404, "404 20404 Unable to create record: The requested resource was not found"),
    ],
)
async def test_refusal_for_good_keeps_its_code_but_not_the_number(
    room: TwilioRoom, twilio: FakeTwilio, code: int, reason: str
) -> None:
    twilio.refused[ANAS] = code

    told = [await outcome(room), await outcome(room, replace(TEXT, to=BENS))]

    assert told == [f"Refused: {reason}", "accepted"]


async def test_country_that_is_not_permitted_is_refused_for_good(room: TwilioRoom, twilio: FakeTwilio) -> None:
    twilio.answers = [21408]

    assert (await outcome(room)).startswith("Refused: 400 21408")


@pytest.mark.parametrize("code", [20003, 20500, 20503, 21611])
async def test_trouble_that_is_not_the_messages_may_pass(room: TwilioRoom, twilio: FakeTwilio, code: int) -> None:
    twilio.answers = [code]

    told = [(await outcome(room)).partition(":")[0], await outcome(room)]

    assert told == ["Unavailable", "accepted"]


@pytest.mark.parametrize("answer", [20429, HANG, CUT, GARBLED])
async def test_batch_is_not_pressed_on_who_gives_no_answer(
    room: TwilioRoom, twilio: FakeTwilio, answer: int | str
) -> None:
    twilio.answers = [answer]

    told = {await outcome(room), await outcome(room, replace(TEXT, to=BENS))}

    assert (len(told), told.pop().partition(":")[0], len(twilio.received)) == (1, "Unavailable", 1)


@pytest.mark.parametrize("code", [20003, 20429, 20500, 20503])
async def test_question_that_is_not_answered_may_be_asked_again(
    room: TwilioRoom, twilio: FakeTwilio, code: int
) -> None:
    sid = await room.send(TEXT)
    twilio.answers_to_questions = [code]
    text = replace(TEXT, mark=TEXT.body)

    with pytest.raises(Unavailable, match=rf"^\d{{3}} {code} Unable to fetch page: "):
        await room.find(text)

    if code == 20429:
        with pytest.raises(Unavailable):
            await room.find(text)
    else:
        assert await room.find(text) == sid


async def test_twilio_out_of_reach_is_waited_for(sms_settings: Settings) -> None:
    room = TwilioRoom(replace(sms_settings, twilio_base_url="http://127.0.0.1:1"))

    told = await outcome(room)
    await room.close()

    assert told == "Unavailable: ClientConnectorError"


async def test_wrong_token_may_be_mended(sms_settings: Settings, twilio: FakeTwilio) -> None:
    room = TwilioRoom(replace(sms_settings, twilio_auth_token="wrong"))

    told = await outcome(room)
    await room.close()

    assert (told.partition(":")[0], twilio.received) == ("Unavailable", [])


async def test_closed_room_leaves_no_session_open(room: TwilioRoom) -> None:
    await room.send(TEXT)
    session = room._connected().http_client.session

    await room.close()
    await room.close()

    assert session.closed


async def test_log_never_holds_number_or_body(
    room: TwilioRoom, twilio: FakeTwilio, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    twilio.answers = [21211]

    await outcome(room)
    await outcome(room)
    await room._connected().messages.list_async(to=ANAS)

    assert [record for record in caplog.messages if "4165550101" in record or "314159" in record] == []


def test_answer_is_waited_for_less_long_than_the_claim_leaves() -> None:
    assert timedelta(seconds=PATIENCE) < _MARGIN


async def test_settings_decide_the_room(sms_settings: Settings) -> None:
    rooms = [type(open_sms(each)) for each in (sms_settings, Settings())]

    assert rooms == [TwilioRoom, ConsoleRoom]


async def test_message_can_be_found_again_by_number_and_day(room: TwilioRoom, twilio: FakeTwilio) -> None:
    """What whoever asks after a crash relies on."""
    sids = [await room.send(TEXT), await room.send(replace(TEXT, to=BENS))]
    twilio.now += timedelta(days=1)
    sids.append(await room.send(TEXT))
    await twilio.becomes(sids[0], "undelivered", 30003)

    async with TwilioHttp(twilio.url, 1) as http:
        messages = Client(ACCOUNT, TOKEN, http_client=http).messages
        found = [[message.sid for message in await messages.list_async(**wanted)] for wanted in _questions(NOW.date())]
        one = await messages(sids[0]).fetch_async()

    assert found == [[sids[2], sids[0]], [sids[1], sids[0]], [sids[2]]]
    assert (one.status, one.error_code) == ("undelivered", 30003)


def _questions(day: Any) -> list[dict[str, Any]]:
    return [{"to": ANAS}, {"date_sent": day}, {"to": ANAS, "date_sent_after": day + timedelta(days=1)}]
