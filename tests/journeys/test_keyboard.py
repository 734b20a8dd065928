"""Without a mouse: every step by Tab and Enter alone, and always to be seen where one is."""

import pytest

from tests.cast import ANA, CLEO
from tests.journeys.conftest import Visit
from tests.journeys.demo import Demo
from tests.journeys.focus import focused, press_enter_on, tab_to
from tests.journeys.visitor import PHONE, Look

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("look", [Look(), Look(PHONE, "dark")], ids=str)
async def test_stranger_books_without_a_mouse(visit: Visit, portal: Demo, look: Look) -> None:
    cleo = await visit(look)
    await cleo.go("/p/harbour")
    await press_enter_on(cleo.page, "Book an appointment")
    await cleo.page.wait_for_url("**/book")
    await press_enter_on(cleo.page, "Follow-up")
    await cleo.page.wait_for_url("**/book?*")
    await press_enter_on(cleo.page, "Nora Blake")
    await cleo.chosen("Nora Blake").wait_for()
    time = await cleo.page.locator("button[name=start] .time-figure").first.inner_text()
    await press_enter_on(cleo.page, time.replace("\u202f", " ").replace("\xa0", " "))
    await cleo.page.wait_for_url("**/holds/*")
    for label, typed in (("E-mail address", CLEO), ("First name", "Cleo"), ("Last name", "Laurent")):
        await tab_to(cleo.page, label)
        await cleo.page.keyboard.type(typed)
    await press_enter_on(cleo.page, "Go on")
    await cleo.page.wait_for_url("**/code")
    await tab_to(cleo.page, "Six-digit code")
    await cleo.page.keyboard.type(await portal.code_sent_to(CLEO))
    await cleo.page.keyboard.press("Enter")
    await cleo.page.wait_for_url("**/appointments/*")

    assert "Your appointment is booked." in await cleo.text


async def test_skip_link_comes_first_and_leads_to_the_content(visit: Visit) -> None:
    ana = await visit(None, ANA)
    await ana.go("/appointments")

    await ana.page.keyboard.press("Tab")
    first = await focused(ana.page)
    await ana.page.keyboard.press("Enter")
    await ana.page.keyboard.press("Tab")

    assert first == "Skip to the content"
    assert await focused(ana.page) == "All practices"


async def test_focus_stays_where_it_was_when_a_step_is_swapped(visit: Visit) -> None:
    cleo = await visit()
    await cleo.go("/p/harbour/book")
    await press_enter_on(cleo.page, "Follow-up")
    await cleo.page.wait_for_url("**/book?*")
    await press_enter_on(cleo.page, "Theo Roy")
    await cleo.chosen("Theo Roy").wait_for()

    assert await focused(cleo.page) == "Theo Roy"
