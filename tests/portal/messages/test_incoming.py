"""What phones answer, from Twilio's door to what the practice, the appointment and the phone get of it."""

import asyncio
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import asyncpg
import httpx
import pytest
from granian.constants import Interfaces
from granian.server.embed import Server

from portal.database import worker_lens
from portal.messages.prune import TEXTS_KEPT, prune
from portal.messages.sms.incoming import handle_texts
from portal.messages.sms.stops import note_stops, stopped_since
from portal.messages.worker import work
from tenants.answers.heard import ANSWERED_WITHIN
from tenants.scope import fetch
from tests.browser import TestClock, make_app
from tests.cast import ANA, ANA_AT_MEADOW, BEN
from tests.factories import insert
from tests.fake_twilio import ACCOUNT, FakeTwilio
from tests.portal.messages.test_worker import until
from tests.portal.messages.texting import ANAS, BENS, NOW, TUESDAY, TWILIO, Texting
from tests.portal.operations.installation import free_port

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
STOPPED = "You will get no more SMS from Carnet. E-mails go on. To get SMS again, answer START."
RESUMED = "You will get SMS about your appointments again. To end them, answer STOP."
HELP = "Harbour Physiotherapy sends you SMS about your appointments. To end them, answer STOP."


async def replies(owner: asyncpg.Connection) -> list[tuple[int, int, str]]:
    rows = await owner.fetch("SELECT tenant_id, appointment_id, body FROM client_reply ORDER BY id")
    return [tuple(row) for row in rows]


@pytest.mark.parametrize("word", ["STOP", "ARRÊT", "alto", "Baja."])
async def test_stop_ends_sms_from_every_practice_and_says_so_once(texting: Texting, word: str) -> None:
    await texting.reminds()

    answers = [len(await texting.hears(word)), len(await texting.hears(word))]
    message = await texting.reminds(ANA_AT_MEADOW, TUESDAY, practice=texting.cast.meadow)

    assert (answers, await texting.stopped(), await texting.outcomes()) == ([1, 0], [ANAS], ["stopped"] * 2)
    assert (message["sent_at"], message["skip_reason"]) == (None, "number_opted_out")
    assert await stopped_since(ANAS) == NOW


async def test_start_lets_sms_leave_again(texting: Texting) -> None:
    await texting.reminds()
    await texting.hears("STOP")

    answers = await texting.hears("start")
    message = await texting.reminds(starts_at=TUESDAY + DAY)

    assert (answers, await texting.stopped(), message["sent_at"]) == ([RESUMED], [], NOW)


async def test_email_goes_on_after_stop(texting: Texting, smtp: Any) -> None:
    reminder = await texting.reminds()
    await texting.hears("STOP")

    mail = {"sequence": 1, "kind": "asked", "channel": "email", "created_at": NOW, "next_attempt_at": NOW}
    facts = {name: reminder[name] for name in ("tenant_id", "appointment_id", "starts_at")}
    await insert(texting.owner, "message", **mail | facts)
    await texting.sends()

    assert [each["To"] for each in smtp.received] == [ANA]


@pytest.mark.parametrize(
    ("word", "answer"),
    [
        ("STOP", STOPPED),
        ("START", RESUMED),
        ("HELP", HELP),
    ],
)
async def test_answer_is_in_the_language_of_the_practice(texting: Texting, word: str, answer: str) -> None:
    await texting.reminds()

    assert await texting.hears(word) == [answer]


async def test_answer_is_in_the_language_of_the_word_before_that_of_its_sender(
    texting: Texting, owner: asyncpg.Connection
) -> None:
    await owner.execute("UPDATE person SET language = 'es' WHERE id = $1", texting.cast.ana["id"])
    await texting.reminds()
    await texting.twilio.receives("AIDE", ANAS)
    await texting.twilio.receives("HELP", ANAS)

    await handle_texts(NOW)

    rows = await owner.fetch("SELECT language, facts->>'email' AS email FROM account_message ORDER BY id")
    assert [tuple(row) for row in rows] == [("fr", ANA), ("", ANA)]


async def test_help_names_whom_to_ring(texting: Texting, owner: asyncpg.Connection) -> None:
    await owner.execute("UPDATE practice SET phone = '+14165550132' WHERE slug = 'harbour'")
    await texting.reminds()

    (answer,) = await texting.hears("help")

    assert answer == (
        "Harbour Physiotherapy sends you SMS about your appointments. Questions: (416) 555-0132. "
        "To end them, answer STOP."
    )


async def test_cancel_cancels_nothing_and_says_how(texting: Texting, owner: asyncpg.Connection) -> None:
    """Twilio takes it for a STOP, so it is one."""
    message = await texting.reminds()

    (answer,) = await texting.hears("Cancel")

    link = f"https://portal.example/m/{message['link']}"
    assert answer == f"{STOPPED} No appointment was cancelled. To cancel yours, open {link}"
    assert (await texting.stopped(), await owner.fetchval("SELECT count(cancelled_at) FROM appointment")) == ([ANAS], 0)


@pytest.mark.parametrize("word", ["YES", "oui", "Sí", "Y", "o", "1"])
async def test_yes_confirms_the_one_appointment_that_waits(texting: Texting, word: str) -> None:
    message = await texting.reminds()
    await texting.reminds(BEN, TUESDAY + HOUR, number=BENS)

    answers = await texting.hears(word)

    assert await texting.confirmed() == [(NOW, "client"), (None, None)]
    assert (len(answers), await texting.outcomes()) == (1, ["confirmed"])
    assert answers[0].endswith(f"https://portal.example/m/{message['link']}")


async def test_confirmation_is_answered_with_the_day_and_the_time(texting: Texting) -> None:
    message = await texting.reminds()

    (answer,) = await texting.hears("Yes!")

    assert answer.replace("\u202f", " ") == (
        "Harbour Physiotherapy: Tue, Nov 24 at 10:00 a.m. is confirmed. Thank you! "
        f"To move or cancel: https://portal.example/m/{message['link']}"
    )


async def test_yes_to_several_confirms_none_and_gives_each_link(texting: Texting, owner: asyncpg.Connection) -> None:
    """Over all practices, and those that one SMS told together have a link each."""
    first, second = await texting.owes(), await texting.owes(starts_at=TUESDAY + HOUR)
    await owner.execute("UPDATE message SET told_with = $1 WHERE id = $2", first["id"], second["id"])
    await texting.sends()
    await texting.reminds(ANA_AT_MEADOW, TUESDAY + DAY, practice=texting.cast.meadow)

    (answer,) = await texting.hears("yes")

    links = [row["link"] for row in await owner.fetch("SELECT link FROM message WHERE kind = 'reminder' ORDER BY id")]
    assert (await texting.confirmed(), len(set(links)), None in links) == ([(None, None)] * 3, 3, False)
    assert answer.replace("\u202f", " ").splitlines() == [
        "Several appointments are waiting for your answer. Please confirm each by its link.",
        f"Harbour Physiotherapy, Tue, Nov 24 at 10:00 a.m.: https://portal.example/m/{links[0]}",
        f"Harbour Physiotherapy, Tue, Nov 24 at 11:00 a.m.: https://portal.example/m/{links[1]}",
        f"Meadow Massage, Wed, Nov 25 at 4:00 p.m.: https://portal.example/m/{links[2]}",
    ]


@pytest.mark.parametrize(
    "change",
    [
        "confirmed_at = now(), confirmed_by = 'staff'",
        "cancelled_at = now(), cancelled_by = 'staff'",
        "starts_at = starts_at + interval '5 minutes'",  # since that SMS
    ],
)
async def test_yes_to_what_does_not_wait_is_passed_on(texting: Texting, owner: asyncpg.Connection, change: str) -> None:
    await texting.reminds()
    await owner.execute(f"UPDATE appointment SET {change}")
    before = await texting.confirmed()

    answers = await texting.hears("Yes")

    assert (answers, await texting.outcomes(), await texting.confirmed()) == ([], ["passed_on"], before)


async def test_yes_after_the_appointment_has_begun_confirms_nothing(texting: Texting) -> None:
    await texting.reminds()
    await texting.twilio.receives("Yes", ANAS)

    answers = await texting.answered(TUESDAY)

    assert (answers, await texting.confirmed()) == ([], [(None, None)])


async def test_yes_from_a_number_that_was_sent_nothing_confirms_nothing(texting: Texting) -> None:
    await texting.owes()

    answers = [await texting.hears("Yes"), await texting.hears("Yes", BENS)]

    assert (answers, await texting.confirmed(), await texting.outcomes()) == ([[], []], [(None, None)], ["nobody"] * 2)


async def test_yes_of_a_stopped_number_confirms_without_an_answer(texting: Texting) -> None:
    await texting.reminds()
    await note_stops([ANAS], NOW)

    answers = await texting.hears("Yes")

    assert (answers, await texting.confirmed()) == ([], [(NOW, "client")])


async def test_other_words_lie_with_the_practice_that_wrote_last(texting: Texting, owner: asyncpg.Connection) -> None:
    await texting.reminds()
    last = await texting.owes(ANA_AT_MEADOW, TUESDAY + DAY, practice=texting.cast.meadow)
    await texting.sends(NOW + HOUR)

    answers = await texting.hears("J’aurai dix minutes de retard 🙏")

    assert (answers, await texting.outcomes()) == ([], ["passed_on"])
    meadow = texting.cast.meadow.tenant.id
    assert await replies(owner) == [(meadow, last["appointment_id"], "J’aurai dix minutes de retard 🙏")]


async def test_words_long_after_the_last_sms_are_nobody_s(texting: Texting, owner: asyncpg.Connection) -> None:
    await texting.reminds()
    await texting.twilio.receives("Hello?", ANAS)

    answers = await texting.answered(NOW + ANSWERED_WITHIN)

    assert (answers, await texting.outcomes(), await replies(owner)) == ([], ["nobody"], [])


async def test_picture_without_words_is_passed_on_to_nobody(texting: Texting, owner: asyncpg.Connection) -> None:
    await texting.reminds()

    assert (await texting.hears(""), await texting.outcomes(), await replies(owner)) == ([], ["empty"], [])


@pytest.mark.parametrize(("taken_as", "outcome"), [("STOP", "stopped"), ("START", "resumed"), ("HELP", "helped")])
async def test_what_twilio_has_answered_is_acted_upon_in_silence(texting: Texting, taken_as: str, outcome: str) -> None:
    """By its own words, which its customer may have chosen."""
    await texting.reminds()

    answers = await texting.hears("BASTA", OptOutType=taken_as)

    assert (answers, await texting.outcomes()) == ([], [outcome])
    assert await texting.stopped() == ([ANAS] if taken_as == "STOP" else [])


async def test_repeated_text_changes_nothing(texting: Texting, owner: asyncpg.Connection) -> None:
    await texting.reminds()
    await texting.hears("Could I bring my son?")

    answer = await texting.twilio.repeats()

    assert (answer.status_code, await texting.answered(), len(await replies(owner))) == (200, [], 1)
    assert await owner.fetchval("SELECT count(*) FROM incoming_text") == 1


async def test_two_machines_that_answer_each_other_come_to_an_end(texting: Texting) -> None:
    await texting.reminds()

    answers = [await texting.hears("help") for _ in range(8)]

    assert [len(each) for each in answers] == [1] * 5 + [0] * 3


async def test_number_that_no_practice_knows_is_answered_where_sms_go_anyway(texting: Texting) -> None:
    answers = [await texting.hears("HELP"), await texting.hears("HELP", "+33612345678")]

    assert answers == [["Carnet sends SMS about appointments: https://portal.example. To end them, answer STOP."], []]


async def test_texts_of_one_number_are_handled_in_their_order(texting: Texting) -> None:
    """Whoever handles them: the last word is STOP."""
    await texting.reminds()
    for word in ("STOP", "START") * 10 + ("STOP",):
        await texting.twilio.receives(word, ANAS)

    await asyncio.gather(*(handle_texts(NOW) for _ in range(4)))
    await handle_texts(NOW)

    assert (await texting.stopped(), await texting.outcomes()) == ([ANAS], ["stopped", "resumed"] * 10 + ["stopped"])


async def test_text_is_handled_once_by_rivals(texting: Texting, owner: asyncpg.Connection) -> None:
    await texting.reminds()
    for number in range(12):
        await texting.twilio.receives(f"Question {number}", ANAS)

    await asyncio.gather(*(handle_texts(NOW) for _ in range(4)))
    await handle_texts(NOW)

    assert sorted(body for *_, body in await replies(owner)) == sorted(f"Question {number}" for number in range(12))


@pytest.mark.parametrize("trouble", [ValueError("a bug"), asyncpg.DeadlockDetectedError("a rival")])
async def test_text_that_cannot_be_handled_holds_up_no_other_number(
    texting: Texting, owner: asyncpg.Connection, monkeypatch: pytest.MonkeyPatch, trouble: Exception
) -> None:
    await texting.reminds()
    await texting.reminds(BEN, TUESDAY + HOUR, number=BENS)
    await texting.twilio.receives("Hello", ANAS)
    await texting.twilio.receives("STOP", BENS)
    with monkeypatch.context() as broken:
        broken.setattr("portal.messages.sms.incoming.keep_reply", _fails_with(trouble))
        await handle_texts(NOW)
    meanwhile = await texting.outcomes()

    await handle_texts(NOW)

    passing = isinstance(trouble, asyncpg.PostgresError)
    assert (meanwhile, await texting.stopped()) == (["" if passing else "failed", "stopped"], [BENS])
    assert await texting.outcomes() == ["passed_on" if passing else "failed", "stopped"]


def _fails_with(trouble: Exception) -> Any:
    async def fail(*_: Any) -> None:
        raise trouble

    return fail


async def test_working_worker_answers_at_once(texting: Texting) -> None:
    await texting.reminds()
    stop, nudged = asyncio.Event(), asyncio.Event()
    working = asyncio.create_task(work(texting.settings, stop, nudged, lambda: NOW))
    await asyncio.sleep(0.3)

    await texting.twilio.receives("HELP", ANAS)
    nudged.set()
    await until(lambda: len(texting.twilio.messages) == 2, seconds=1.5)
    stop.set()
    await asyncio.wait_for(working, 2)

    assert texting.twilio.told()[1] == (ANAS, HELP)


async def test_appointment_cancelled_by_a_rival_is_not_confirmed(texting: Texting, owner: asyncpg.Connection) -> None:
    await texting.reminds()
    await texting.twilio.receives("Yes", ANAS)

    async with owner.transaction():
        await owner.execute("UPDATE appointment SET cancelled_at = now(), cancelled_by = 'staff'")
        handling = asyncio.create_task(handle_texts(NOW))
        await asyncio.sleep(0.2)
        waited = not handling.done()
    await handling

    assert (waited, await texting.confirmed(), await texting.outcomes()) == (True, [(None, None)], ["passed_on"])


HOSTILE: list[dict[str, str | None]] = [
    {"MessageSid": None},
    {"MessageSid": "SM1"},
    {"MessageSid": "x" * 10_000},
    {"AccountSid": None},
    {"AccountSid": "AC" + "f" * 32},
    {"From": None},
    {"From": "12345"},
    {"From": "whatsapp:+14165550101"},
    {"From": "+14165550101\0"},
    {"From": "+" + "1" * 10_000},
    {"Body": None},
    {"Body": "x" * 1601},
    {"Body": "x" * 10_000},
    {"Body": "x\0y"},
    {"OptOutType": "MAYBE"},
    {"Filler": "x" * 20_000},
]


@pytest.mark.parametrize("hostile", HOSTILE, ids=str)
async def test_hostile_text_is_refused_and_not_kept(
    texting: Texting, twilio: FakeTwilio, owner: asyncpg.Connection, hostile: dict[str, str | None]
) -> None:
    facts = {"MessageSid": "SM" + "e" * 32, "AccountSid": ACCOUNT, "From": ANAS, "Body": "Hello", **hostile}

    answer = await twilio.tells(
        twilio.incoming_url, {name: value for name, value in facts.items() if value is not None}
    )

    assert answer.status_code in {400, 413}
    assert await owner.fetchval("SELECT count(*) FROM incoming_text") == 0


async def test_old_texts_go_but_none_that_waits(texting: Texting, owner: asyncpg.Connection) -> None:
    old: datetime = NOW - TEXTS_KEPT - DAY
    for name, received_at, handled_at in (("old", old, old), ("new", NOW, NOW), ("waiting", old, None)):
        text = {"provider_id": name, "from_number": ANAS, "body": "", "received_at": received_at}
        await insert(owner, "incoming_text", handled_at=handled_at, **text)

    await prune(NOW)

    assert await owner.fetchval("SELECT array_agg(provider_id ORDER BY id) FROM incoming_text") == ["new", "waiting"]


async def test_worker_s_role_reads_no_answer_back(texting: Texting) -> None:
    """It owes answers; whatever else is owed to people is none of its business."""
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        async with worker_lens():
            await fetch("SELECT * FROM account_message")


async def test_twilio_and_the_portal_speak_over_real_sockets(texting: Texting, owner: asyncpg.Connection) -> None:
    """A server of its own at the configured address: the reminder leaves, is delivered, and is answered with yes."""
    port = free_port()
    address = f"http://127.0.0.1:{port}"
    app: Any = make_app(TestClock(NOW), public_url=address, **TWILIO)
    server = Server(app, port=port, interface=Interfaces.ASGINL, log_enabled=False)
    serving = asyncio.create_task(server.serve())
    texting.settings = replace(texting.settings, public_url=address)
    async with httpx.AsyncClient(transport=httpx.AsyncHTTPTransport(retries=5)) as real:
        texting.twilio.portal, texting.twilio.incoming_url = real, f"{address}/twilio/incoming"
        message = await texting.reminds()
        told = await texting.twilio.becomes(message["provider_id"], "delivered")
        answers = await texting.hears("Oui")
    server.stop()  # type: ignore[no-untyped-call]
    await serving

    row = await texting.message(message["id"])
    assert (told, row["delivered_at"], len(answers)) == (204, NOW, 1)
    assert await texting.confirmed() == [(NOW, "client")]
