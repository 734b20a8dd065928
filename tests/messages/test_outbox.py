"""The demo's /outbox shows what would have left, and nobody else has such a page."""

from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import asyncpg
import httpx
import pytest

from portal.app import create_app
from portal.messages.appointment_letter import write_appointment_letter
from portal.messages.email.console import ConsoleRoom
from portal.settings import Settings
from tests.messages.letters import NOW, SETTINGS, facts

DEMO = replace(SETTINGS, demo=True)


def browser(settings: Settings) -> httpx.AsyncClient:
    app: Any = create_app(settings, lambda: NOW)  # httpx and Litestar name the same ASGI types differently
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    return httpx.AsyncClient(transport=transport, base_url=settings.public_url)


@pytest.fixture
async def visitor(database: None) -> AsyncIterator[httpx.AsyncClient]:
    async with browser(DEMO) as visitor:
        yield visitor


async def test_empty_outbox_teaches(visitor: httpx.AsyncClient) -> None:
    page = await visitor.get("/outbox")

    assert (page.status_code, "Nothing has left yet." in page.text) == (200, True)


async def test_mail_is_shown_escaped_with_its_links_and_file(visitor: httpx.AsyncClient) -> None:
    letter = write_appointment_letter("booked", facts(first_name="<script>"), None, DEMO, NOW)
    await ConsoleRoom(DEMO).send(letter)

    page = await visitor.get("/outbox")

    said = ("Hello &lt;script&gt;,", 'href="https://portal.example/appointments/abcde23456"', "BEGIN:VCALENDAR")
    assert [fact for fact in said if fact not in page.text] == []


async def test_mail_as_a_mail_program_shows_it_can_run_nothing(
    visitor: httpx.AsyncClient, owner: asyncpg.Connection
) -> None:
    letter = write_appointment_letter("booked", facts(), None, DEMO, NOW)
    await ConsoleRoom(DEMO).send(letter)

    page = await visitor.get(f"/outbox/{await owner.fetchval('SELECT ref FROM outbox_mail')}")

    policy = page.headers["content-security-policy"]
    assert (page.text, "default-src 'none'" in policy, "sandbox" in policy, "script" in policy) == (
        letter.html,
        True,
        True,
        False,
    )


@pytest.mark.parametrize("settings", [SETTINGS, replace(DEMO, smtp_host="127.0.0.1")])
@pytest.mark.parametrize("path", ["/outbox", "/outbox/1"])
async def test_outside_a_demo_there_is_no_such_page(database: None, settings: Settings, path: str) -> None:
    async with browser(settings) as visitor:
        answer = await visitor.get(path)

    assert answer.status_code == 404


async def test_mail_that_never_was_is_not_found(visitor: httpx.AsyncClient) -> None:
    answers = [(await visitor.get(path)).status_code for path in ("/outbox/abcde23456", "/outbox/%F0%9F%A6%A6")]

    assert answers == [404, 404]
