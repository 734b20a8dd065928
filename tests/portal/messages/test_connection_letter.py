"""The letter about a new connection, as it reaches its reader."""

import asyncio
import json
from datetime import timedelta
from email.message import EmailMessage

import asyncpg
import pytest

from portal.messages.account_messages import ACCOUNT_MESSAGES
from portal.messages.worker import send_batch
from portal.settings import Settings
from tests.cast import ANA, MONDAY, Cast
from tests.factories import insert
from tests.portal.messages.mail_server import MailServer

FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:132.0) Gecko/20100101 Firefox/132.0"
LINK = "https://portal.example/connections/not-me/a-link-of-anas"


@pytest.fixture
async def owed(cast: Cast, owner: asyncpg.Connection) -> None:
    facts = {
        "user_agent": FIREFOX,
        "hints": {"model": '"<b>Mine</b>"'},
        "ip": "203.0.113.7",
        "place": "Toronto, Ontario, Canada",
        "email": ANA,
        "at": MONDAY.isoformat(),
        "not_me": "a-link-of-anas",
    }
    await insert(
        owner,
        "account_message",
        sent_to=ANA,
        kind="new_connection",
        language="fr_CA",
        facts=json.dumps(facts),
        created_at=MONDAY,
        next_attempt_at=MONDAY,
    )


async def send(settings: Settings, later: timedelta = timedelta()) -> None:
    await send_batch(ACCOUNT_MESSAGES, settings, asyncio.Event(), lambda: MONDAY + later)


def part(mail: EmailMessage, kind: str) -> str:
    body = mail.get_body((kind,))
    assert body is not None
    return str(body.get_content())


@pytest.mark.usefixtures("owed")
async def test_letter_tells_what_is_known_and_is_forgotten(
    cast: Cast, owner: asyncpg.Connection, settings: Settings, smtp: MailServer
) -> None:
    await owner.execute("UPDATE person SET zone = 'Europe/Paris' WHERE id = $1", cast.ana["id"])

    await send(settings)

    [mail] = smtp.received
    told = ("Toronto, Ontario, Canada", "lundi 23 novembre 2026 à 14\u00a0h", "203.0.113.7", ANA, "72", LINK)
    for kind, device in (("plain", "<b>Mine</b>, Linux, Firefox 132"), ("html", "&lt;b&gt;Mine&lt;/b&gt;, Linux")):
        words = part(mail, kind)
        assert [fact for fact in (device, *told) if fact not in words] == []
    assert mail["To"] == ANA
    assert await owner.fetchval("SELECT facts::text FROM account_message") == "{}"


@pytest.mark.usefixtures("owed")
async def test_letter_whose_link_is_dead_is_not_sent(
    owner: asyncpg.Connection, settings: Settings, smtp: MailServer
) -> None:
    await send(settings, timedelta(hours=72))

    assert (smtp.received, await owner.fetchval("SELECT failure FROM account_message")) == ([], "expired")
