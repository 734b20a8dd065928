"""What Twilio reports of a message, signed, in whatever order and as often as it likes."""

from datetime import timedelta
from itertools import permutations
from typing import Any

import asyncpg
import httpx
import pytest

from portal.messages.practice_messages import PRACTICE_MESSAGES, take_messages, write_messages
from portal.messages.queue import LEASE, Outcome
from tests.browser import TestClock, make_app
from tests.cast import ANA, BEN
from tests.fake_twilio import ACCOUNT, FakeTwilio
from tests.portal.messages.texting import ANAS, BENS, NOW, PUBLIC_URL, TUESDAY, TWILIO, Texting

FATE = ("provider_state", "delivered_at", "failed_at", "failure")


async def fate(texting: Texting, message: dict[str, Any]) -> tuple[str, bool, bool, str]:
    row = await texting.message(message["id"])
    state, delivered_at, failed_at, failure = (row[name] for name in FATE)
    return state, delivered_at is not None, failed_at is not None, failure


async def nothing_known_of(texting: Texting, message: dict[str, Any]) -> None:
    reset = "UPDATE message SET provider_state = '', delivered_at = NULL, failed_at = NULL, failure = '' WHERE id = $1"
    await texting.owner.execute(reset, message["id"])


async def test_message_carries_the_address_for_its_reports(texting: Texting, twilio: FakeTwilio) -> None:
    message = await texting.reminds()

    assert twilio.messages[0]["status_callback"] == f"{PUBLIC_URL}/twilio/status/harbour/{message['ref']}"


@pytest.mark.parametrize(
    ("status", "code", "expected"),
    [
        ("queued", None, ("queued", False, False, "")),
        ("sending", None, ("queued", False, False, "")),
        ("sent", None, ("sent", False, False, "")),
        ("delivered", None, ("delivered", True, False, "")),
        ("undelivered", 30003, ("undelivered", False, True, "30003 undelivered")),
        ("failed", 30008, ("failed", False, True, "30008 failed")),
    ],
)
async def test_report_is_written_down(
    texting: Texting, twilio: FakeTwilio, status: str, code: int | None, expected: Any
) -> None:
    message, other = await texting.reminds(), await texting.reminds(BEN, TUESDAY + timedelta(hours=1), number=BENS)

    answer = await twilio.becomes(message["provider_id"], status, code)

    assert (answer, await fate(texting, message)) == (204, expected)
    assert await fate(texting, other) == ("", False, False, "")


@pytest.mark.parametrize("last", ["delivered", "undelivered", "failed"])
async def test_reports_move_forward_whatever_their_order(texting: Texting, twilio: FakeTwilio, last: str) -> None:
    expected, code = (last, last == "delivered", last != "delivered", ""), None
    if last != "delivered":
        expected, code = (last, False, True, f"30005 {last}"), 30005

    message = await texting.reminds()
    for order in permutations(["queued", "sent", last]):
        await nothing_known_of(texting, message)
        for status in order:
            await twilio.becomes(message["provider_id"], status, code if status == last else None)
        assert (order, await fate(texting, message)) == (order, expected)


async def test_delivery_is_believed_over_failure_whichever_comes_first(texting: Texting, twilio: FakeTwilio) -> None:
    fates, message = set(), await texting.reminds()
    for order in permutations(["sent", "failed", "undelivered", "delivered"]):
        await nothing_known_of(texting, message)
        for status in order:
            await twilio.becomes(message["provider_id"], status, None if status == "delivered" else 30008)
        fates.add(await fate(texting, message))

    assert fates == {("delivered", True, False, "")}


async def test_repeated_report_changes_nothing(texting: Texting, twilio: FakeTwilio, owner: asyncpg.Connection) -> None:
    message = await texting.reminds()
    await twilio.becomes(message["provider_id"], "delivered")
    before = await texting.message(message["id"])
    await owner.execute("UPDATE message SET delivered_at = $1", NOW - timedelta(hours=1))

    answer = await twilio.repeats()

    assert answer.status_code == 204
    assert await texting.message(message["id"]) == before | {"delivered_at": NOW - timedelta(hours=1)}


async def test_what_was_told_with_it_follows(texting: Texting, twilio: FakeTwilio) -> None:
    """Two appointments of one day: one SMS."""
    first = await texting.owes()
    second = await texting.owes(starts_at=TUESDAY + timedelta(hours=3))
    await texting.owner.execute("UPDATE message SET told_with = $1 WHERE id = $2", first["id"], second["id"])
    await texting.sends()

    await twilio.becomes((await texting.message(first["id"]))["provider_id"], "undelivered", 30005)

    assert len(twilio.messages) == 1
    assert (
        await fate(texting, second) == await fate(texting, first) == ("undelivered", False, True, "30005 undelivered")
    )


@pytest.mark.parametrize(
    ("status", "code", "expected"),
    [
        ("delivered", None, ("delivered", True, False, "")),
        ("undelivered", 30003, ("undelivered", False, True, "30003 undelivered")),
    ],
)
@pytest.mark.parametrize("recorded", [True, False])
async def test_report_quicker_than_our_own_record_stands(
    texting: Texting, twilio: FakeTwilio, status: str, code: int | None, expected: Any, recorded: bool
) -> None:
    """Or the worker never gets to write it: it has died, and the next one finds nothing left to send."""
    message = await texting.owes()
    async with PRACTICE_MESSAGES.lens():
        (row,) = await take_messages(NOW, NOW + LEASE, 1)
    await write_messages([row], texting.settings, NOW)
    ref = (await texting.message(message["id"]))["ref"]
    facts = {"MessageSid": "SM" + "a" * 32, "MessageStatus": status, "AccountSid": ACCOUNT}
    await twilio.tells(f"{PUBLIC_URL}/twilio/status/harbour/{ref}", facts | ({"ErrorCode": str(code)} if code else {}))

    if recorded:
        await PRACTICE_MESSAGES.record([Outcome(row, sent_at=NOW, provider_id="SM" + "a" * 32)])
    again = await texting.sends(NOW + 2 * LEASE)

    assert (again, twilio.messages, await fate(texting, message)) == (0, [], expected)
    assert (await texting.message(message["id"]))["provider_id"] == "SM" + "a" * 32


async def test_report_that_the_number_has_opted_out_stops_it_everywhere(texting: Texting, twilio: FakeTwilio) -> None:
    """A messaging service accepts first and looks afterwards."""
    message = await texting.reminds()

    await twilio.becomes(message["provider_id"], "failed", 21610)

    assert await texting.stopped() == [ANAS]


async def test_refusal_because_of_an_opt_out_stops_the_number_everywhere(texting: Texting, twilio: FakeTwilio) -> None:
    twilio.refused = {ANAS: 21610, BENS: 21614}
    await texting.owes()
    await texting.owes(BEN, TUESDAY + timedelta(hours=1), number=BENS)

    await texting.sends()

    assert await texting.stopped() == [ANAS]


HOSTILE: list[dict[str, str | None]] = [
    {"MessageSid": None},
    {"MessageSid": "SM" + "f" * 32},
    {"MessageSid": "x" * 10_000},
    {"MessageSid": "SM\0"},
    {"MessageStatus": None},
    {"MessageStatus": "delivered\0"},
    {"MessageStatus": "x" * 10_000},
    {"MessageStatus": "received"},
    {"AccountSid": None},
    {"AccountSid": "AC" + "f" * 32},
    {"ErrorCode": "x" * 10_000},
    {"ErrorCode": "30003\0"},
    {"ErrorCode": "\u0663000\u0663"},
    {"Filler": "x" * 20_000},
]


@pytest.mark.parametrize("hostile", HOSTILE, ids=str)
async def test_hostile_report_changes_nothing(
    texting: Texting, twilio: FakeTwilio, hostile: dict[str, str | None]
) -> None:
    message = await texting.reminds()
    before = await texting.message(message["id"])
    facts = {"MessageSid": message["provider_id"], "MessageStatus": "delivered", "AccountSid": ACCOUNT, **hostile}
    url = twilio.messages[0]["status_callback"]

    answer = await twilio.tells(url, {name: value for name, value in facts.items() if value is not None})

    assert (answer.status_code in {400, 404, 413}, await texting.message(message["id"])) == (True, before)


@pytest.mark.parametrize("path", ["harbour/aaaaaaaaaa", "meadow/{ref}", "nobody/{ref}", "harbour/" + "a" * 5000])
async def test_report_of_a_message_that_is_not_there_is_refused(
    texting: Texting, twilio: FakeTwilio, path: str
) -> None:
    message = await texting.reminds()
    facts = {"MessageSid": message["provider_id"], "MessageStatus": "delivered", "AccountSid": ACCOUNT}

    answer = await twilio.tells(f"{PUBLIC_URL}/twilio/status/{path.format(ref=message['ref'])}", facts)

    assert (answer.status_code, await fate(texting, message)) == (404, ("", False, False, ""))


async def test_report_of_a_letter_is_refused(texting: Texting, twilio: FakeTwilio, owner: asyncpg.Connection) -> None:
    message = await texting.reminds(ANA)
    await owner.execute("UPDATE message SET channel = 'email', provider_id = ''")

    assert await twilio.becomes(message["provider_id"], "delivered") == 404


@pytest.mark.parametrize("given", [{}, {**TWILIO, "twilio_auth_token": None}])
@pytest.mark.parametrize("path", ["/twilio/incoming", "/twilio/status/harbour/aaaaaaaaaa"])
async def test_without_a_token_there_are_no_such_doors(
    texting: Texting, twilio: FakeTwilio, given: dict[str, Any], path: str
) -> None:
    app: Any = make_app(TestClock(NOW), public_url=PUBLIC_URL, **given)
    twilio.portal = httpx.AsyncClient(transport=httpx.ASGITransport(app=app))

    assert (await twilio.tells(PUBLIC_URL + path, {"AccountSid": ACCOUNT})).status_code == 404
