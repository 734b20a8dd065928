"""Nora says what her practice offers, by keyboard alone: a service, and a room that it needs."""

from datetime import timedelta

import pytest
from playwright.async_api import expect

from tests.cast import NORA
from tests.journeys.conftest import Visit
from tests.journeys.demo import Demo
from tests.journeys.focus import focused, press_enter_on, tab_to
from tests.journeys.visitor import PHONE, Look, Visitor

pytestmark = pytest.mark.browser

LOOKS = [Look(), Look(PHONE, "dark", scripts=False)]


@pytest.mark.parametrize("look", LOOKS, ids=str)
async def test_service_is_offered_without_a_mouse(visit: Visit, portal: Demo, look: Look) -> None:
    nora = await visit(look, NORA)
    await nora.go("/desk/harbour/services")
    await press_enter_on(nora.page, "New service")
    await nora.page.wait_for_url("**/services/new")
    await typed(nora, "Name", "Back class")
    await typed(nora, "Length in minutes", "45")
    await tab_to(nora.page, "Clients by themselves, and staff")
    await tab_to(nora.page, "The practice confirms each request")
    await nora.page.keyboard.press("Space")
    await typed(nora, "Clients at once", "8")
    await tab_to(nora.page, "Chosen by Carnet")
    for _ in range(3):
        await nora.page.keyboard.press("ArrowDown")
    assert await focused(nora.page) == "Green"
    await tab_to(nora.page, "Name")
    await nora.page.keyboard.type("École du dos")
    await press_enter_on(nora.page, "Save")
    await nora.page.wait_for_url("**/services")

    row = await portal.owner.fetchrow("SELECT * FROM service WHERE name = 'Back class'")
    assert (row["duration"], row["capacity"], row["needs_approval"]) == (timedelta(minutes=45), 8, True)
    assert row["colour"] == "#2e8b57"
    await nora.go("/p/harbour?lang=fr")
    await expect(nora.page.get_by_text("École du dos")).to_be_visible()


@pytest.mark.parametrize("look", LOOKS, ids=str)
async def test_room_is_listed_and_needed_without_a_mouse(visit: Visit, portal: Demo, look: Look) -> None:
    nora = await visit(look, NORA)
    await nora.go("/desk/harbour/resources")
    await press_enter_on(nora.page, "New kind")
    await nora.page.wait_for_url("**/resources/new")
    await typed(nora, "Name", "Treatment room")
    await tab_to(nora.page, "Harbour House")
    await nora.page.keyboard.type("Room 1")
    await nora.page.keyboard.press("Enter")
    await nora.page.keyboard.type("Room 2")
    await press_enter_on(nora.page, "Save")
    await nora.page.wait_for_url("**/resources")
    assert "Room 1, Room 2" in await nora.text
    await nora.go("/desk/harbour/services")
    await press_enter_on(nora.page, "Follow-up")
    await nora.page.wait_for_url("**/services/*")
    await tab_to(nora.page, "Treatment room")
    await nora.page.keyboard.press("Space")
    await press_enter_on(nora.page, "Save")
    await nora.page.wait_for_url("**/services")

    await nora.go("/desk/harbour/resources")

    assert "Needed by: Follow-up" in await nora.text


@pytest.mark.parametrize("look", LOOKS, ids=str)
async def test_service_goes_up_the_list_and_the_focus_with_it(visit: Visit, portal: Demo, look: Look) -> None:
    nora = await visit(look, NORA)
    await nora.go("/desk/harbour/services")
    await press_enter_on(nora.page, "Move up: Knee check")
    await nora.page.wait_for_url("**moved=*")
    assert await focused(nora.page) == "Move up: Knee check"

    await nora.page.keyboard.press("Enter")
    await expect(nora.page.locator("h2").first).to_have_text("Knee check")

    assert await focused(nora.page) == "Move down: Knee check"


async def typed(nora: Visitor, label: str, text: str) -> None:
    """Over whatever stands there."""
    await tab_to(nora.page, label)
    await nora.page.keyboard.press("ControlOrMeta+a")
    await nora.page.keyboard.type(text)
