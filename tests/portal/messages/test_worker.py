"""The worker on a real database and a real mail server: each notice once, whatever goes wrong."""

import asyncio
import json
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import asyncpg
import pytest

from portal.messages.account_messages import ACCOUNT_MESSAGES
from portal.messages.backoff import LONGEST
from portal.messages.practice_messages import PRACTICE_MESSAGES
from portal.messages.queue import LEASE, Outcome
from portal.messages.worker import send_batch, work
from portal.settings import Settings
from tests.cast import ANA, ANA_AT_MEADOW, BEN, MONDAY, Cast
from tests.factories import insert
from tests.portal.messages.mail_server import MailServer

NOW = MONDAY
TUESDAY = MONDAY + timedelta(days=1, hours=2)


class Post:
    """What a test does with the worker, told in the words of the business."""

    def __init__(self, cast: Cast, owner: asyncpg.Connection, settings: Settings) -> None:
        self.cast, self.owner, self.settings = cast, owner, settings

    async def booked(self, email: str = ANA, starts_at: datetime = TUESDAY, **more: Any) -> dict[str, Any]:
        appointment = await self.cast.harbour.appointment(email, "Follow-up", "Nora Blake", starts_at, **more)
        await self.owes(appointment, "booked")
        return appointment

    async def owes(self, appointment: dict[str, Any], kind: str, sequence: int = 0) -> dict[str, Any]:
        return await insert(
            self.owner,
            "message",
            tenant_id=appointment["tenant_id"],
            appointment_id=appointment["id"],
            sequence=sequence,
            kind=kind,
            channel="email",
            starts_at=appointment["starts_at"],
            practitioner_id=appointment["practitioner_id"],
            place_id=appointment["place_id"],
            created_at=NOW,
            next_attempt_at=NOW,
        )

    async def changes(self, appointment: dict[str, Any], **columns: Any) -> None:
        for column, value in columns.items():
            await self.owner.execute(f"UPDATE appointment SET {column} = $2 WHERE id = $1", appointment["id"], value)

    async def sends(self, now: datetime = NOW) -> int:
        return await send_batch(PRACTICE_MESSAGES, self.settings, asyncio.Event(), lambda: now)

    async def outcomes(self) -> list[str]:
        rows = await self.owner.fetch("SELECT * FROM message WHERE audience = 'client' ORDER BY id")
        return [outcome(dict(row)) for row in rows]

    async def only_notice(self) -> dict[str, Any]:
        return dict(await self.owner.fetchrow("SELECT * FROM message WHERE audience = 'client'"))


def outcome(row: dict[str, Any]) -> str:
    if row["sent_at"]:
        return "sent"
    if row["failed_at"]:
        return f"failed: {row['failure']}"
    if row["skipped_at"]:
        return f"skipped: {row['skip_reason']}"
    return f"waits: {row['failure']}"


@pytest.fixture
def post(cast: Cast, owner: asyncpg.Connection, settings: Settings) -> Post:
    return Post(cast, owner, settings)


async def test_notice_leaves_once_and_says_so(post: Post, smtp: MailServer) -> None:
    await post.booked()

    claimed = [await post.sends(), await post.sends(NOW + timedelta(hours=1))]

    notice = await post.only_notice()
    assert (claimed, await post.outcomes(), [mail["To"] for mail in smtp.received]) == ([1, 0], ["sent"], [ANA])
    assert (notice["sent_at"], notice["claimed_until"], notice["attempts"]) == (NOW, None, 1)


async def test_each_client_is_told_in_her_own_language_and_formats(
    post: Post, cast: Cast, owner: asyncpg.Connection, smtp: MailServer
) -> None:
    await owner.execute("UPDATE person SET language = 'fr', time_display = '24h' WHERE id = $1", cast.ana["id"])
    await post.booked(ANA)
    await post.booked(BEN, TUESDAY + timedelta(hours=3))
    massage = await cast.meadow.appointment(ANA_AT_MEADOW, "Massage", "Lea Martin", TUESDAY)
    await post.owes(massage, "booked")

    await post.sends()

    assert {mail["To"]: mail["Subject"].replace("\u202f", " ") for mail in smtp.received} == {
        ANA: "Réservé : mardi 24 novembre 2026 à 10:00 – Harbour Physiotherapy",
        BEN: "Booked: Tuesday, November 24, 2026 at 1:00 p.m. – Harbour Physiotherapy",
        ANA_AT_MEADOW: "Réservé : mardi 24 novembre 2026 à 16:00 – Meadow Massage",
    }


async def test_passing_refusal_is_tried_again_later(post: Post, smtp: MailServer) -> None:
    await post.booked()
    smtp.answers = ["451 try again later"]

    await post.sends()
    waiting = await post.outcomes()
    too_soon = await post.sends(NOW + timedelta(seconds=1))
    await post.sends(NOW + timedelta(seconds=30))

    assert (waiting, too_soon, await post.outcomes()) == (["waits: 451 try again later"], 0, ["sent"])


async def test_refusal_for_good_is_not_tried_again(post: Post, smtp: MailServer) -> None:
    await post.booked()
    smtp.answers = ["550 no such mailbox"]

    claimed = [await post.sends(), await post.sends(NOW + LONGEST * 2)]

    assert (claimed, await post.outcomes()) == ([1, 0], ["failed: 550 no such mailbox"])


async def test_outage_is_waited_out_until_the_appointment_begins(post: Post) -> None:
    post.settings = replace(post.settings, smtp_port=1)
    await post.booked()

    attempts = 0
    while (await post.outcomes())[0].startswith("waits"):
        attempts += await post.sends((await post.only_notice())["next_attempt_at"])

    failed_at = (await post.only_notice())["failed_at"]
    assert (TUESDAY - LONGEST * 1.25 <= failed_at < TUESDAY, attempts > 80) == (True, True)


async def test_one_bad_row_fails_alone(post: Post, owner: asyncpg.Connection, smtp: MailServer) -> None:
    await owner.execute("UPDATE client_record SET email = 'not an address' WHERE email = $1", ANA)
    await post.booked(ANA)
    await post.booked(BEN, TUESDAY + timedelta(hours=3))

    await post.sends()

    outcomes = await post.outcomes()
    assert (outcomes[0].partition(":")[0], outcomes[1], [mail["To"] for mail in smtp.received]) == (
        "failed",
        "sent",
        [BEN],
    )


async def test_older_change_stays_unsaid(post: Post, smtp: MailServer) -> None:
    moved = await post.booked()
    await post.changes(moved, sequence=1, moved_at=NOW)
    await post.owes(moved, "moved", 1)
    cancelled = await post.booked(BEN, TUESDAY + timedelta(hours=3))
    await post.changes(cancelled, sequence=1)
    await post.owner.execute(
        "UPDATE appointment SET cancelled_at = $2, cancelled_by = 'staff' WHERE id = $1", cancelled["id"], NOW
    )
    await post.owes(cancelled, "cancelled", 1)

    await post.sends()

    assert (await post.outcomes(), sorted((mail["To"], mail["Subject"].split()[0]) for mail in smtp.received)) == (
        ["skipped: changed_since", "sent", "skipped: changed_since", "sent"],
        [(ANA, "Moved"), (BEN, "Cancelled:")],
    )


async def test_nothing_leaves_once_the_appointment_has_begun(post: Post, smtp: MailServer) -> None:
    await post.booked()

    await post.sends(TUESDAY)

    assert (await post.outcomes(), smtp.received) == (["skipped: begun"], [])


async def test_rivals_never_send_the_same_notice(post: Post, smtp: MailServer) -> None:
    for hour in range(6):
        await post.booked(starts_at=TUESDAY + timedelta(hours=hour))

    claimed = await asyncio.gather(*(post.sends() for _ in range(4)))

    assert (sum(claimed), len(smtp.received)) == (6, 6)


async def test_crash_between_sending_and_recording_keeps_the_message_id(post: Post, smtp: MailServer) -> None:
    """A second copy can be recognised: nothing can make SMTP's acceptance and our record one act."""
    await post.booked()
    with pytest.raises(ConnectionResetError):
        await send_batch(replace(PRACTICE_MESSAGES, record=_crash), post.settings, asyncio.Event(), lambda: NOW)

    while_claimed = await post.sends(NOW + LEASE / 2)
    await post.sends(NOW + LEASE)

    sent = [mail["Message-ID"] for mail in smtp.received]
    assert (while_claimed, await post.outcomes(), len(sent), len(set(sent))) == (0, ["sent"], 2, 1)


async def test_worker_that_overslept_its_claim_writes_nothing(post: Post) -> None:
    await post.booked()
    (row,) = await PRACTICE_MESSAGES.claim(NOW)
    await post.sends(NOW + LEASE)

    await PRACTICE_MESSAGES.record([Outcome(row, failed_at=NOW + LEASE, reason="too late to know")])

    assert await post.outcomes() == ["sent"]


async def test_code_leaves_and_is_forgotten(
    cast: Cast, owner: asyncpg.Connection, post: Post, smtp: MailServer
) -> None:
    await owes_code(owner)

    await send_batch(ACCOUNT_MESSAGES, post.settings, asyncio.Event(), lambda: NOW)

    row = await owner.fetchrow("SELECT facts, sent_at FROM account_message")
    (mail,) = smtp.received
    assert (mail["Subject"], row["facts"], row["sent_at"]) == ("314159 : votre code Carnet", "{}", NOW)


async def test_code_that_would_come_too_late_is_not_sent_and_forgotten(
    cast: Cast, owner: asyncpg.Connection, post: Post, smtp: MailServer
) -> None:
    await owes_code(owner)

    late = NOW + timedelta(minutes=15)
    await send_batch(ACCOUNT_MESSAGES, post.settings, asyncio.Event(), lambda: late)

    row = await owner.fetchrow("SELECT facts, failure FROM account_message")
    assert (tuple(row), smtp.received) == (("{}", "expired"), [])


async def test_stop_finishes_the_message_in_hand_and_puts_back_the_rest(post: Post, smtp: MailServer) -> None:
    for hour in range(3):
        await post.booked(starts_at=TUESDAY + timedelta(hours=hour))
    stop = asyncio.Event()
    stop.set()

    await send_batch(PRACTICE_MESSAGES, post.settings, stop, lambda: NOW)

    rows = await post.owner.fetch("SELECT claimed_until, attempts FROM message WHERE audience = 'client'")
    assert ([tuple(row) for row in rows], smtp.received) == ([(None, 0)] * 3, [])


async def test_nudged_worker_sends_at_once_and_stops_when_told(post: Post, smtp: MailServer) -> None:
    stop, nudged = asyncio.Event(), asyncio.Event()
    working = asyncio.create_task(work(post.settings, stop, nudged, lambda: NOW))
    await asyncio.sleep(0.2)
    await post.booked()

    nudged.set()
    await until(lambda: bool(smtp.received), seconds=0.7)
    stop.set()
    await asyncio.wait_for(working, 2)

    assert await post.outcomes() == ["sent"]


async def test_worker_outlives_an_outage_of_the_database(
    post: Post, smtp: MailServer, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr("portal.messages.worker.PAUSE_IN_TROUBLE", 0.2)
    await post.booked()
    stop = asyncio.Event()
    with monkeypatch.context() as broken:
        broken.setattr("portal.messages.queue.Queue.claim", _crash)
        working = asyncio.create_task(work(post.settings, stop, clock=lambda: NOW))
        await until(lambda: "sending was interrupted" in caplog.text, seconds=1)

    await until(lambda: bool(smtp.received), seconds=1)
    stop.set()
    await asyncio.wait_for(working, 2)

    assert await post.outcomes() == ["sent"]


async def owes_code(owner: asyncpg.Connection) -> None:
    await insert(
        owner,
        "account_message",
        sent_to=ANA,
        kind="sign_in_code",
        language="fr_CA",
        facts=json.dumps({"code": "314159"}),
        created_at=NOW,
        next_attempt_at=NOW,
    )


async def until(done: Callable[[], bool], seconds: float) -> None:
    async with asyncio.timeout(seconds):
        while not done():  # noqa: ASYNC110 - what is waited for happens on the other side of a socket
            await asyncio.sleep(0.01)


async def _crash(*_: object) -> None:
    raise ConnectionResetError("the database went away")
