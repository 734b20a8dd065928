"""The whole way of a time that comes free: two wait, the first lets it go by, the next takes it by one press."""

import asyncio
import re
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from hashlib import sha256

import asyncpg
import httpx
import pytest
from granian.constants import Interfaces
from granian.server.embed import Server
from playwright.async_api import Browser

from portal.app import create_app
from portal.messages.practice_messages import PRACTICE_MESSAGES
from portal.messages.waiting import offer_what_came_free
from portal.messages.worker import send_batch
from portal.settings import Settings
from tests.browser import TestClock, code_sent_to
from tests.cast import ANA, BEN, CLEO, MONDAY, NORA, Cast
from tests.journeys.visitor import PHONE, Look, Visitor, Windows
from tests.portal.messages.mail_server import MailServer, mail_server
from tests.portal.operations.installation import free_port

pytestmark = pytest.mark.browser

HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
_LINK = re.compile(r"http\S+/offers/[\w-]+")


@dataclass
class Town:
    """The portal at an address of its own, in this process, with the worker in the test's hands."""

    url: str
    settings: Settings
    clock: TestClock
    post: MailServer

    async def works(self, until: datetime) -> None:
        self.clock.now = until
        await offer_what_came_free(until)
        while await send_batch(PRACTICE_MESSAGES, self.settings, asyncio.Event(), self.clock):
            pass

    def link_for(self, email: str) -> str:
        """The first one of the latest offer that was mailed to them, "" for none."""
        for mail in reversed(self.post.received):
            body = mail.get_body(("plain",))
            if mail["To"] == email and body and (found := _LINK.search(body.get_content())):
                return found[0]
        return ""


@pytest.fixture
async def town(cast: Cast, owner: asyncpg.Connection, app_dsn: str, no_pool: None) -> AsyncIterator[Town]:
    """Harbour receives on Tuesdays from 10 to 11, and Ana has all of the next one."""
    harbour = cast.harbour
    await owner.execute("DELETE FROM reminder_rule; DELETE FROM opening_hours")
    await harbour.hours("Nora Blake", range(1, 2), time(10), time(11))
    await owner.execute("UPDATE service SET step = '30 minutes'")
    for minute in (0, 30):
        await harbour.appointment(ANA, "Follow-up", "Nora Blake", harbour.at(2026, 11, 24, 10, minute))
    async with mail_server() as post, httpx.AsyncClient() as client:
        port = free_port()
        settings = Settings(
            database_url=app_dsn,
            secret_key="k" * 32,
            port=port,
            public_url=f"http://localhost:{port}",
            smtp_host="127.0.0.1",
            smtp_port=post.port,
            smtp_tls="none",
            mail_from="carnet@portal.example",
        )
        clock = TestClock(MONDAY)
        server = Server(
            create_app(settings, clock), address="127.0.0.1", port=port, interface=Interfaces.ASGI, log_enabled=False
        )
        serving = asyncio.create_task(server.serve())
        await _answering(client, settings.public_url)
        yield Town(settings.public_url, settings, clock, post)
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


async def test_freed_time_goes_to_the_next_when_the_first_lets_it_go_by(
    town: Town, cast: Cast, owner: asyncpg.Connection, real_browser: Browser
) -> None:
    windows = Windows(real_browser, town.url)
    ben = await windows.take(Look(), await signed_in(owner, town, BEN))
    await waits(ben)
    await ben.press("Put me on the waiting list")
    await ben.page.wait_for_url("**/waiting?left=*")
    town.clock.now += MINUTE
    cleo = await windows.take(Look(PHONE, "dark"))
    await waits(cleo)
    await cleo.type("E-mail address", CLEO)
    await cleo.press("Go on")
    await cleo.page.wait_for_url("**/sign-in/*")
    await cleo.type("Six-digit code", await code_sent_to(CLEO, owner))
    await cleo.page.locator("main").get_by_role("button", name="Sign in").click()
    await cleo.page.wait_for_url("**/p/harbour/waiting?*")
    days = await cleo.page.locator("[name=weekday]:checked").count()
    await cleo.type("First name", "Cleo")
    await cleo.type("Last name", "Laurent")
    await cleo.press("Put me on the waiting list")
    await cleo.page.wait_for_url("**/waiting?left=*")
    await town.works(MONDAY + 2 * MINUTE)
    too_early = town.link_for(BEN)

    nora = await windows.take(Look(), await signed_in(owner, town, NORA))
    ref = await owner.fetchval("SELECT ref FROM appointment ORDER BY starts_at LIMIT 1")
    await nora.go(f"/desk/harbour/appointments/{ref}/cancellation")
    await nora.page.locator("main form[method=post] button.is-danger").click()
    await nora.page.wait_for_url(lambda address: "/cancellation" not in address)
    await town.works(MONDAY + 3 * MINUTE)
    await ben.page.goto(town.link_for(BEN))
    bens = await ben.text
    not_cleos_yet = town.link_for(CLEO)
    await nora.go("/desk/harbour/waiting")
    listed = await nora.text

    await town.works(MONDAY + 3 * MINUTE + 2 * HOUR)
    await ben.page.reload()
    over = await ben.text
    await cleo.page.goto(town.link_for(CLEO))
    await cleo.press("Take this time")
    await cleo.page.get_by_role("heading", name="This time is yours").wait_for()

    assert (too_early, not_cleos_yet, days) == ("", "", 1)
    assert "A time has come free for you" in bens
    assert "Tuesday, November 24, 2026" in bens
    assert listed.index("Ben Okafor") < listed.index("Cleo Laurent")
    assert "A time is offered at this moment." in listed
    assert "The time that fits is offered to somebody else at this moment" in listed
    assert "This offer has ended" in over
    taken = await owner.fetchrow(
        """SELECT email, starts_at FROM appointment JOIN client_record ON client_record.id = client_record_id
           WHERE cancelled_at IS NULL ORDER BY starts_at LIMIT 1"""
    )
    assert taken is not None
    assert tuple(taken) == (CLEO, cast.harbour.at(2026, 11, 24, 10))
    for visitor in (ben, cleo, nora):
        assert visitor.trouble == []
        await visitor.page.context.close()


async def waits(visitor: Visitor) -> None:
    """For the coming Tuesday, from the page of the free times."""
    await visitor.go("/p/harbour/book")
    await visitor.follow("Follow-up", exact=True)
    await visitor.follow("Tell me when something earlier comes free")
    await visitor.page.wait_for_url("**/waiting?*")
    for box in await visitor.page.locator("[name=weekday]").all():
        if await box.get_attribute("value") != "1":
            await box.uncheck()


async def signed_in(owner: asyncpg.Connection, town: Town, email: str) -> list[dict[str, str]]:
    """The cookie of a browser in which they have signed in."""
    token = f"a token of {email}"
    await owner.execute(
        """INSERT INTO connection (ref, token_digest, person_id, address_id, created_at, last_seen_at)
           SELECT 'c' || id, $2, person_id, id, $3, $3 FROM address WHERE email = $1""",
        email,
        sha256(token.encode()).digest(),
        town.clock.now.astimezone(UTC),
    )
    return [{"name": "connection", "value": token, "url": town.url}]
