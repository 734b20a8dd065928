"""The whole way of a reminder, on a clock that the test moves: written, sent to the minute, answered, told."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256

import asyncpg
import httpx
import pytest
from granian.constants import Interfaces
from granian.server.embed import Server
from playwright.async_api import Browser

from portal.app import create_app
from portal.messages.practice_messages import PRACTICE_MESSAGES
from portal.messages.worker import look_for_reminders, send_batch
from portal.settings import Settings
from tests.browser import TestClock
from tests.cast import ANA, MONDAY, NORA, Cast
from tests.factories import insert
from tests.fake_twilio import ACCOUNT, NUMBER, TOKEN, FakeTwilio, fake_twilio
from tests.journeys.visitor import PHONE, Look, Windows
from tests.portal.operations.installation import free_port

pytestmark = pytest.mark.browser

ANAS = "+14165550101"
MINUTE = timedelta(minutes=1)


@dataclass
class Town:
    """The portal at an address of its own, in this process, with the worker in the test's hands."""

    url: str
    settings: Settings
    clock: TestClock
    twilio: FakeTwilio

    async def works(self, until: datetime) -> None:
        self.clock.now = until
        await look_for_reminders(until)
        while await send_batch(PRACTICE_MESSAGES, self.settings, asyncio.Event(), self.clock):
            pass


@pytest.fixture
async def town(cast: Cast, owner: asyncpg.Connection, app_dsn: str, no_pool: None) -> AsyncIterator[Town]:
    await owner.execute("UPDATE person SET language = 'fr' WHERE id = $1", cast.ana["id"])
    await owner.execute("UPDATE client_record SET phone = $1 WHERE email = $2", ANAS, ANA)
    await owner.execute("DELETE FROM reminder_rule")
    await insert(owner, "message_policy", tenant_id=cast.harbour.tenant.id, sms_on=True)
    await insert(owner, "reminder_look", id=1, looked_until=MONDAY)
    async with fake_twilio() as twilio, httpx.AsyncClient() as carrier:
        port = free_port()
        settings = Settings(
            database_url=app_dsn,
            secret_key="k" * 32,
            port=port,
            public_url=f"http://localhost:{port}",
            twilio_account_sid=ACCOUNT,
            twilio_auth_token=TOKEN,
            twilio_sender=NUMBER,
            twilio_base_url=twilio.url,
        )
        twilio.portal = carrier
        clock = TestClock(MONDAY)
        server = Server(
            create_app(settings, clock), address="127.0.0.1", port=port, interface=Interfaces.ASGI, log_enabled=False
        )
        serving = asyncio.create_task(server.serve())
        await _answering(carrier, settings.public_url)
        yield Town(settings.public_url, settings, clock, twilio)
        server.stop()  # type: ignore[no-untyped-call]
        await serving


async def _answering(client: httpx.AsyncClient, url: str) -> None:
    async with asyncio.timeout(10):
        while True:
            try:
                await client.get(f"{url}/health/live")
            except httpx.TransportError:
                await asyncio.sleep(0.02)
            else:
                return


async def test_reminder_goes_its_whole_way(
    town: Town, cast: Cast, owner: asyncpg.Connection, real_browser: Browser
) -> None:
    windows = Windows(real_browser, town.url)
    nora = await windows.take(Look(), await signed_in(owner, town, NORA))
    await nora.go("/desk/harbour/reminders/new")
    await nora.page.get_by_label("What is sent").select_option("an SMS")
    await nora.type("How long before the start", "4")
    await nora.press("Save")
    await nora.page.wait_for_url("**/reminders?saved=*")
    await nora.go("/desk/harbour/reminders/texts/reminder/sms")
    preview = await nora.page.locator("#preview-fr .bubble").inner_text()

    await nora.page.get_by_label("Desk").get_by_role("link", name="Book", exact=True).click()
    await nora.follow("Follow-up", exact=True)
    await nora.follow("Nora Blake")
    await nora.chosen("Nora Blake").wait_for()
    await nora.page.locator("#day-2026-11-25").click()
    await nora.page.locator("#day-2026-11-25[aria-current=date]").wait_for()
    button = nora.page.locator("button[name=start]").last
    starts_at = datetime.fromisoformat(await button.get_attribute("value") or "")
    await button.click()
    await nora.page.get_by_label("Name, e-mail address or phone").fill("ana")
    await nora.press("Search")
    await nora.follow("Ana Silva")
    await nora.press("Book this appointment")
    await nora.page.wait_for_url(lambda address: "/new" not in address)
    appointment = nora.path
    planned = await nora.page.locator(".message", has_text="Reminder").inner_text()

    await town.works(starts_at - 4 * 60 * MINUTE - MINUTE)
    early = [body for to, body in town.twilio.told() if to == ANAS]
    await town.works(starts_at - 4 * 60 * MINUTE)
    [(to, body)] = town.twilio.told()
    await town.twilio.becomes(town.twilio.messages[0]["sid"], "delivered")
    ana = await windows.take(Look(PHONE, "dark", language="fr-CA"))
    await ana.page.goto(body[body.index("http") :])
    await ana.press("Confirmer")
    await ana.page.locator(".is-confirmed").wait_for()
    await nora.go(appointment)
    told = await nora.page.locator(".message", has_text="Reminder").inner_text()

    assert preview.startswith("Harbour Physiotherapy : ")
    assert ("planned" in planned, early, to) == (True, [], ANAS)
    assert body.startswith("Harbour Physiotherapy : mer. 25 nov. à 16 h 30, Harbour House.")
    assert "delivered\nWed, Nov 25, 12:30\u202fp.m." in told
    assert "Confirmed" in await nora.text
    assert await owner.fetchval("SELECT confirmed_by FROM appointment") == "client"
    for visitor in (nora, ana):
        assert visitor.trouble == []
        await visitor.page.context.close()


async def signed_in(owner: asyncpg.Connection, town: Town, email: str) -> list[dict[str, str]]:
    """The cookie of a browser in which they have signed in."""
    await owner.execute(
        """INSERT INTO connection (ref, token_digest, person_id, address_id, created_at, last_seen_at)
           SELECT 'aconnection', $2, person_id, id, $3, $3 FROM address WHERE email = $1""",
        email,
        sha256(b"a token").digest(),
        town.clock.now.astimezone(UTC),
    )
    return [{"name": "connection", "value": "a token", "url": town.url}]
