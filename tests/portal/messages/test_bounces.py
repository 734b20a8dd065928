"""The bounce mailbox: what is marked, what is not believed, and that nothing in it is read twice."""

import asyncio
import logging
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import asyncpg
import pytest

from portal.messages.account_messages import ACCOUNT_MESSAGES
from portal.messages.email.bounces import Bounces
from portal.messages.worker import look_for_reminders, send_batch, work
from portal.people.bounces import forget_bounce
from portal.people.codes import SIGN_IN, prove_code, send_code
from portal.settings import Settings
from tests.cast import ANA, BEN, MONDAY, Cast
from tests.factories import insert
from tests.portal.messages.mail_server import MailServer
from tests.portal.messages.reports import NOBODY, drop, hostile, make_maildir, postfix
from tests.portal.messages.test_worker import NOW, Post, owes_code, until

LATER = NOW + timedelta(minutes=1)
SAID = NOBODY.removeprefix("smtp; ")


@pytest.fixture
def maildir(tmp_path: Path) -> Path:
    return make_maildir(tmp_path / "bounces")


@pytest.fixture
def read(maildir: Path, settings: Settings) -> Callable[..., Any]:
    async def read(now: datetime = LATER) -> None:
        await Bounces(settings, maildir, asyncio.Event()).read(now)

    return read


@pytest.fixture
async def post(cast: Cast, owner: asyncpg.Connection, settings: Settings) -> Post:
    return Post(cast, owner, settings)


@pytest.fixture
async def sent(post: Post, smtp: MailServer) -> str:
    """The Message-ID of what Ana was sent."""
    await post.booked(ANA)
    await post.sends()
    return str(smtp.received[0]["Message-ID"])


async def bounced(owner: asyncpg.Connection) -> list[tuple[Any, ...]]:
    return [tuple(row) for row in await owner.fetch("SELECT email, status, reason, bounced_at FROM mail_bounce")]


def files(maildir: Path) -> dict[str, list[str]]:
    return {name: sorted(path.name for path in (maildir / name).iterdir()) for name in ("new", "cur", "tmp")}


async def test_message_that_came_back_has_failed_and_its_address_is_marked(
    post: Post, sent: str, maildir: Path, read: Callable[..., Any], owner: asyncpg.Connection
) -> None:
    drop(maildir, postfix(sent))

    await read()

    row = await post.only_notice()
    assert (row["sent_at"], row["failed_at"], row["failure"]) == (NOW, LATER, SAID)
    assert await bounced(owner) == [(ANA, "5.1.1", SAID, LATER)]
    assert files(maildir) == {"new": [], "cur": ["1795438812.M1P1.mx:2,S"], "tmp": []}


async def test_envelope_names_the_address_for_reports(
    cast: Cast, owner: asyncpg.Connection, settings: Settings, smtp: MailServer
) -> None:
    for address in (None, "Bounces <bounces@portal.example>"):
        post = Post(cast, owner, replace(settings, bounce_address=address))
        await post.booked(ANA if address else BEN, NOW + timedelta(days=1 if address else 2))
        await post.sends()

    assert smtp.senders == ["carnet@portal.example", "bounces@portal.example"]


@pytest.mark.parametrize(
    ("action", "status", "kept", "marked"),
    [
        ("delayed", "4.4.1", "sent", False),
        ("relayed", "2.1.9", "sent", False),
        ("failed", "4.4.7", f"failed: {SAID}", False),
        ("failed", "5.7.1", f"failed: {SAID}", False),
        ("failed", "5.1.8", f"failed: {SAID}", False),
        ("failed", "5.0.0", f"failed: {SAID}", True),
        ("failed", "5.4.4", f"failed: {SAID}", True),
    ],
)
async def test_only_what_is_the_address_s_fault_marks_it(
    post: Post,
    sent: str,
    maildir: Path,
    read: Callable[..., Any],
    owner: asyncpg.Connection,
    action: str,
    status: str,
    kept: str,
    marked: bool,
) -> None:
    drop(maildir, postfix(sent, action=action, status=status))

    await read()

    row = await post.only_notice()
    assert (f"failed: {row['failure']}" if row["failed_at"] else "sent", bool(await bounced(owner))) == (kept, marked)


async def test_delivery_is_noted(post: Post, sent: str, maildir: Path, read: Callable[..., Any]) -> None:
    drop(maildir, postfix(sent, action="delivered", status="2.0.0", diagnostic="smtp; 250 OK"))

    await read()

    row = await post.only_notice()
    assert (row["delivered_at"], row["failed_at"]) == (LATER, None)


async def test_report_of_no_message_of_ours_is_not_believed(
    post: Post,
    sent: str,
    maildir: Path,
    read: Callable[..., Any],
    owner: asyncpg.Connection,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Nobody can cut off another one's mail by writing to the bounce address."""
    caplog.set_level(logging.INFO)
    other_host = sent.replace("portal.example", "elsewhere.example")
    forged = [("<aaaaaaaaaa@portal.example>", ANA), (other_host, ANA), (sent, BEN), ("", ANA), (f"<{'0' * 32}>", ANA)]
    for number, (message_id, to) in enumerate(forged):
        drop(maildir, postfix(message_id, to=to), name=f"forged.{number}")

    await read()

    assert (await post.outcomes(), await bounced(owner)) == (["sent"], [])
    assert caplog.messages == ["bounce mailbox: 5 of no message of ours"]


async def test_code_that_came_back_marks_its_address_and_is_sent_again_all_the_same(
    cast: Cast,
    owner: asyncpg.Connection,
    settings: Settings,
    smtp: MailServer,
    maildir: Path,
    read: Callable[..., Any],
) -> None:
    await owes_code(owner)
    await send_batch(ACCOUNT_MESSAGES, settings, asyncio.Event(), lambda: NOW)
    drop(maildir, postfix(str(smtp.received[0]["Message-ID"])))
    await read()
    await owes_code(owner)

    await send_batch(ACCOUNT_MESSAGES, settings, asyncio.Event(), lambda: LATER)

    rows = await owner.fetch("SELECT sent_at, failed_at, failure FROM account_message ORDER BY id")
    assert [tuple(row) for row in rows] == [(NOW, LATER, SAID), (LATER, None, "")]
    assert [email for email, *_ in await bounced(owner)] == [ANA]


async def test_proving_the_address_again_forgets_the_bounce_and_outlives_a_late_report(
    sent: str, maildir: Path, read: Callable[..., Any], owner: asyncpg.Connection, settings: Settings
) -> None:
    drop(maildir, postfix(sent))
    await read()
    proved_at = LATER + timedelta(minutes=1)
    code = await send_code(ANA, SIGN_IN, "en", settings.secret_key, LATER)
    facts = await owner.fetchval("SELECT facts ->> 'code' FROM account_message")

    await prove_code(code.ref, facts, SIGN_IN, settings.secret_key, proved_at)
    forgotten = await bounced(owner)
    drop(maildir, postfix(sent), name="late")
    await read(proved_at + timedelta(hours=1))

    assert (forgotten, await bounced(owner)) == ([], [])


async def test_desk_can_forget_a_bounce(database: None, owner: asyncpg.Connection) -> None:
    for email in (ANA, BEN):
        await insert(owner, "mail_bounce", email=email, bounced_at=NOW, status="5.1.1")

    await forget_bounce(ANA)

    assert [email for email, *_ in await bounced(owner)] == [BEN]


async def test_what_is_sent_to_do_harm_is_read_once_and_said_without_a_name(
    post: Post,
    sent: str,
    maildir: Path,
    read: Callable[..., Any],
    owner: asyncpg.Connection,
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.INFO)
    for number, raw in enumerate(hostile().values()):
        drop(maildir, raw, name=f"{number:02}.hostile")
    (maildir / "new" / "a folder").mkdir()
    (maildir / "new" / "a link").symlink_to("/etc/hostname")
    drop(maildir, postfix(sent), name="zz.sound")

    await read()
    await read(LATER + timedelta(hours=1))

    assert ([email for email, *_ in await bounced(owner)], files(maildir)["new"]) == ([ANA], [])
    assert all(name.endswith(":2,S") for name in files(maildir)["cur"])
    assert (len(caplog.messages), "example" in caplog.text, "1 heeded" in caplog.text) == (1, False, True)


async def test_rivals_read_each_file_once(
    post: Post, sent: str, maildir: Path, settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    for number in range(20):
        drop(maildir, postfix("<aaaaaaaaaa@portal.example>"), name=f"{number}.mx")

    await asyncio.gather(*(Bounces(settings, maildir, asyncio.Event()).read(LATER) for _ in range(3)))

    counts = [int(line.split()[2]) for line in caplog.messages]
    assert (sum(counts), len(files(maildir)["cur"])) == (20, 20)


async def test_what_a_killed_worker_left_is_taken_up_once_more_and_no_third_time(
    sent: str, maildir: Path, settings: Settings, read: Callable[..., Any], owner: asyncpg.Connection
) -> None:
    """The file's own clock counts here, so the reader's is set ahead."""
    for name in ("once:2,", "twice:2,F"):
        (maildir / "cur" / name).write_bytes(postfix(sent))
    at_once = datetime.fromtimestamp((maildir / "cur" / "once:2,").stat().st_ctime, MONDAY.tzinfo)

    await read(at_once)
    untouched = files(maildir)["cur"]
    await read(at_once + timedelta(minutes=11))

    assert (untouched, files(maildir)["cur"]) == (["once:2,", "twice:2,F"], ["once:2,FS", "twice:2,F"])
    assert len(await bounced(owner)) == 1


async def test_report_waits_while_the_database_is_away(
    sent: str, maildir: Path, read: Callable[..., Any], owner: asyncpg.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    drop(maildir, postfix(sent))
    with monkeypatch.context() as broken:
        broken.setattr("portal.messages.email.bounces.worker_lens", _away)
        await read()
    waiting = files(maildir)["new"]

    await read()

    assert (waiting, len(await bounced(owner))) == (["1795438812.M1P1.mx"], 1)


async def test_mailbox_that_is_not_there_is_said_and_not_a_crash(
    database: None, settings: Settings, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    await Bounces(settings, tmp_path / "nowhere", asyncio.Event()).read(NOW)

    assert caplog.messages == ["the bounce mailbox cannot be read: No such file or directory"]


async def test_after_a_bounce_the_next_reminder_stays_away(
    post: Post, sent: str, maildir: Path, smtp: MailServer, owner: asyncpg.Connection
) -> None:
    """From the server that took the message to the reminder that is not sent, by the running worker."""
    drop(maildir, postfix(sent))
    stop = asyncio.Event()
    settings = replace(post.settings, bounce_maildir=maildir)
    working = asyncio.create_task(work(settings, stop, clock=lambda: LATER))
    await until(lambda: files(maildir)["cur"] == ["1795438812.M1P1.mx:2,S"], seconds=2)
    stop.set()
    await asyncio.wait_for(working, 2)
    thursday = NOW + timedelta(days=3, hours=2)
    await owner.execute("UPDATE reminder_look SET looked_until = $1", NOW)
    await post.cast.harbour.appointment(ANA, "Follow-up", "Nora Blake", thursday)

    await look_for_reminders(thursday - timedelta(hours=48))
    await post.sends(thursday - timedelta(hours=48))

    told = await owner.fetch("SELECT failure, skip_reason FROM message WHERE audience = 'client' ORDER BY id")
    assert [tuple(row) for row in told] == [(SAID, ""), ("", "bounced")]
    assert len(smtp.received) == 1


def _away() -> Any:
    raise ConnectionRefusedError
