"""The demo's /outbox shows what would have left, and nobody else has such a page."""

from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import asyncpg
import httpx
import pytest

from portal.messages.appointment_letter import write_appointment_letter
from portal.messages.email.console import ConsoleRoom
from portal.messages.letter import Letter
from tests.browser import Browser, TestClock, make_app
from tests.portal.messages.letters import NOW, SETTINGS, facts

DEMO = replace(SETTINGS, demo=True)


def visitor_of(**settings: Any) -> Browser:
    return Browser(make_app(TestClock(NOW), **settings))


@pytest.fixture
async def visitor(database: None) -> AsyncIterator[httpx.AsyncClient]:
    async with visitor_of(demo=True) as browser:
        yield browser.http


async def leaves(**changes: Any) -> Letter:
    letter = write_appointment_letter("booked", facts(**changes), None, SETTINGS, NOW)
    await ConsoleRoom(DEMO).send(letter)
    return letter


async def test_empty_outbox_teaches(visitor: httpx.AsyncClient) -> None:
    page = await visitor.get("/outbox")

    assert (page.status_code, "Nothing has left yet." in page.text) == (200, True)


async def test_mail_is_shown_escaped_with_its_links_and_file(visitor: httpx.AsyncClient) -> None:
    await leaves(first_name="<script>")

    page = await visitor.get("/outbox")

    said = ("Hello &lt;script&gt;,", 'href="https://portal.example/appointments/abcde23456"', "BEGIN:VCALENDAR")
    assert [fact for fact in said if fact not in page.text] == []


async def test_mail_as_a_mail_program_shows_it_can_run_nothing(
    visitor: httpx.AsyncClient, owner: asyncpg.Connection
) -> None:
    letter = await leaves()

    page = await visitor.get(f"/outbox/{await owner.fetchval('SELECT ref FROM outbox_mail')}")

    policy = page.headers["content-security-policy"]
    said = [part in policy for part in ("default-src 'none'", "sandbox", "script")]
    assert (page.text, said) == (letter.html, [True, True, False])


@pytest.mark.parametrize("settings", [{}, {"demo": True, "smtp_host": "127.0.0.1"}])
@pytest.mark.parametrize("path", ["/outbox", "/outbox/abcde23456"])
async def test_outside_a_demo_there_is_no_such_page(database: None, settings: dict[str, Any], path: str) -> None:
    async with visitor_of(**settings) as visitor:
        answer = await visitor.http.get(path)

    assert answer.status_code == 404


async def test_mail_that_never_was_is_not_found(visitor: httpx.AsyncClient) -> None:
    paths = ("/outbox/abcde23456", "/outbox/%F0%9F%A6%A6")

    answers = [(await visitor.get(path)).status_code for path in paths]

    assert answers == [404, 404]
