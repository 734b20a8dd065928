"""Booking for a client on one sheet: by keyboard alone, and without scripts."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from playwright.async_api import Page

from tests.cast import BEN, NORA
from tests.journeys.conftest import Visit
from tests.journeys.demo import Demo
from tests.journeys.focus import press_enter_on, tab_to
from tests.journeys.steps import said_in_mail
from tests.journeys.visitor import PHONE, Look

pytestmark = pytest.mark.browser

TORONTO = ZoneInfo("America/Toronto")
SHEET = "/desk/harbour/appointments/sheet"


@pytest.mark.parametrize("look", [Look(), Look(PHONE, "dark")], ids=str)
async def test_client_is_booked_by_keyboard_alone(visit: Visit, portal: Demo, look: Look) -> None:
    nora = await visit(look, NORA)
    starts_at = await free_time(portal)
    await nora.go("/desk/harbour")

    await press_enter_on(nora.page, "Book")
    await nora.page.wait_for_url("**/appointments/new")
    await press_enter_on(nora.page, "Type a time or a length yourself")
    await nora.page.wait_for_url("**/appointments/sheet")
    await tab_to(nora.page, "Name, e-mail address or phone")
    await nora.page.keyboard.type("okafor")
    await nora.page.locator("#sheet-clients label", has_text="Ben Okafor").wait_for()
    await tab_to(nora.page, "Somebody new")
    await nora.page.keyboard.press("ArrowUp")
    await tab_to(nora.page, "Service")
    await nora.page.keyboard.type("Follow")
    await tab_to(nora.page, "With whom")
    await nora.page.keyboard.type("Nora")
    await fill_day(nora.page, starts_at)
    await tab_to(nora.page, "Time")
    await nora.page.keyboard.type(f"{starts_at:%I%M%p}")
    await press_enter_on(nora.page, "Book this appointment")
    await nora.page.wait_for_url("**?done=booked*")

    assert await nora.heading.inner_text() == "Ben Okafor"
    assert await nora.page.locator(".when-time").get_attribute("datetime") == starts_at.isoformat()
    await portal.settle()
    assert said_in_mail(starts_at) in (await portal.mail_to(BEN, "booked"))["text"]


async def test_client_is_found_and_booked_without_scripts_and_it_is_undone(visit: Visit, portal: Demo) -> None:
    nora = await visit(Look(PHONE, scripts=False), NORA)
    starts_at = await free_time(portal)
    await nora.go(f"{SHEET}?start={starts_at.isoformat().replace('+', '%2B')}")
    await nora.page.get_by_label("Name, e-mail address or phone").fill("okafor")
    await nora.press("Search")
    await nora.page.get_by_label("Ben Okafor").check()
    await nora.page.get_by_label("Service", exact=True).select_option(index=1)
    await nora.press("Book this appointment")
    await nora.page.wait_for_url("**?done=booked*")
    booked = await nora.page.locator(".when-time").get_attribute("datetime")

    await nora.press("Undo")
    await nora.page.wait_for_url("**?done=cancelled*")

    assert booked == starts_at.isoformat()
    assert "The appointment is cancelled." in await nora.text
    assert await portal.owner.fetchval("SELECT count(*) FROM appointment WHERE cancelled_by = 'staff'") == 1


async def test_what_the_book_objects_to_is_done_on_purpose(visit: Visit, portal: Demo) -> None:
    nora = await visit(None, NORA)
    early = (await free_time(portal)).replace(hour=5)
    await nora.go(f"{SHEET}?start={early.isoformat().replace('+', '%2B')}")
    await nora.type("First name", "Cleo")
    await nora.type("Last name", "Laurent")
    await nora.page.get_by_label("Service", exact=True).select_option(index=1)
    await nora.page.get_by_label("With whom").select_option("Nora Blake")
    await nora.press("Book this appointment")
    await nora.page.locator("#errors").wait_for()

    await nora.page.get_by_label("Yes, outside the opening hours").check()
    await nora.page.get_by_label("Why").fill("Before work")
    await nora.press("Book this appointment")
    await nora.page.wait_for_url("**?done=booked*")

    assert "Before work" in await nora.text
    assert await nora.heading.inner_text() == "Cleo Laurent"


async def free_time(portal: Demo) -> datetime:
    """A quarter past ten on a Wednesday, three weeks on, when nobody is booked."""
    day = await portal.owner.fetchval("SELECT (date_trunc('week', now()) + interval '23 days')::date")
    return datetime(day.year, day.month, day.day, 10, 15, tzinfo=TORONTO)


async def fill_day(page: Page, at: datetime) -> None:
    """In the order in which this browser shows it."""
    await tab_to(page, "Day")
    await page.keyboard.type(f"{at:%m%d%Y}")
