"""The demo's /outbox shows what would have left, and nobody else has such a page."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import asyncpg
import httpx
import pytest

from portal.messages.email.console import ConsoleRoom
from portal.messages.letters.appointment_letter import write_appointment_letter
from portal.messages.letters.letter import Letter
from portal.messages.letters.text import Text
from portal.messages.sms.console import ConsoleRoom as SmsConsoleRoom
from tests.browser import Browser, TestClock, make_app
from tests.portal.messages.letters import NOW, SETTINGS, brief

DEMO = replace(SETTINGS, demo=True)
SMTP = {"smtp_host": "127.0.0.1"}
TWILIO = {"twilio_account_sid": "AC1", "twilio_auth_token": "hush", "twilio_sender": "+15005550006"}


def visitor_of(**settings: Any) -> Browser:
    return Browser(make_app(TestClock(NOW), **settings))


@pytest.fixture
async def visitor(database: None) -> AsyncIterator[httpx.AsyncClient]:
    async with visitor_of(demo=True) as browser:
        yield browser.http


async def leaves(**changes: Any) -> Letter:
    letter = write_appointment_letter(brief(**changes), NOW)
    await ConsoleRoom(DEMO).send(letter)
    return letter


async def leaves_by_sms(body: str = "<b>314159</b> is your Carnet code.") -> None:
    text = Text("+14165550101", body, "en", NOW + timedelta(minutes=1), NOW + timedelta(minutes=16))
    await SmsConsoleRoom(DEMO).send(text)


async def test_empty_outbox_teaches(visitor: httpx.AsyncClient) -> None:
    page = await visitor.get("/outbox")

    assert (page.status_code, "Nothing has left yet." in page.text) == (200, True)


async def test_mail_is_shown_escaped_with_its_links_and_file(visitor: httpx.AsyncClient) -> None:
    await leaves(first_name="<script>")

    page = await visitor.get("/outbox")

    said = ("Hello &lt;script&gt;,", 'href="https://portal.example/m/Ab3dEf9h"', "BEGIN:VCALENDAR")
    assert [fact for fact in said if fact not in page.text] == []


async def test_mail_as_a_mail_program_shows_it_can_run_nothing(
    visitor: httpx.AsyncClient, owner: asyncpg.Connection
) -> None:
    letter = await leaves()

    page = await visitor.get(f"/outbox/{await owner.fetchval('SELECT ref FROM outbox_mail')}")

    policy = page.headers["content-security-policy"]
    said = [part in policy for part in ("default-src 'none'", "sandbox", "script")]
    assert (page.text, said) == (letter.html, [True, True, False])


async def test_text_is_shown_with_number_time_and_length(visitor: httpx.AsyncClient) -> None:
    await leaves()
    await leaves_by_sms()

    page = await visitor.get("/outbox")

    said = (
        "SMS to +1 416-555-0101",
        "Friday, November 20, 2026 at 12:01",
        "34 characters",
        "&lt;b&gt;314159&lt;/b&gt; is your",
    )
    assert [fact for fact in said if fact not in page.text] == []
    assert page.text.index("SMS to") < page.text.index("Booked:"), "newest first"


@pytest.mark.parametrize(("settings", "shown"), [({}, (True, True)), (SMTP, (False, True)), (TWILIO, (True, False))])
async def test_only_what_no_provider_would_take_is_shown(
    database: None, settings: dict[str, Any], shown: tuple[bool, bool]
) -> None:
    await leaves()
    await leaves_by_sms()

    async with visitor_of(demo=True, **settings) as visitor:
        page = await visitor.http.get("/outbox")

    assert ("Booked:" in page.text, "SMS to" in page.text) == shown


async def test_mail_has_no_page_of_its_own_once_there_is_a_server(database: None, owner: asyncpg.Connection) -> None:
    await leaves()
    ref = await owner.fetchval("SELECT ref FROM outbox_mail")

    async with visitor_of(demo=True, **SMTP) as visitor:
        answer = await visitor.http.get(f"/outbox/{ref}")

    assert answer.status_code == 404


@pytest.mark.parametrize("settings", [{}, {"demo": True, **SMTP, **TWILIO}])
@pytest.mark.parametrize("path", ["/outbox", "/outbox/abcde23456"])
async def test_outside_a_demo_there_is_no_such_page(database: None, settings: dict[str, Any], path: str) -> None:
    async with visitor_of(**settings) as visitor:
        answer = await visitor.http.get(path)

    assert answer.status_code == 404


async def test_mail_that_never_was_is_not_found(visitor: httpx.AsyncClient) -> None:
    paths = ("/outbox/abcde23456", "/outbox/%F0%9F%A6%A6")

    answers = [(await visitor.get(path)).status_code for path in paths]

    assert answers == [404, 404]
