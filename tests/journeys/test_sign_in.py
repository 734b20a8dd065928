"""Signing in and out, and the language of the pages."""

import pytest

from tests.cast import ANA, CLEO, NORA
from tests.journeys.conftest import Visit
from tests.journeys.demo import Demo
from tests.journeys.steps import sign_in
from tests.journeys.visitor import FEW_LOOKS, PHONE, Look

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("look", FEW_LOOKS, ids=str)
async def test_signing_in_leads_back_to_the_page_that_was_wanted(visit: Visit, portal: Demo, look: Look) -> None:
    cleo = await visit(look)
    await cleo.go("/appointments")
    await cleo.type("E-mail address", CLEO)
    await cleo.press("Send me a code")
    await cleo.type("Six-digit code", "12345")
    await cleo.page.locator("main").get_by_role("button", name="Sign in").click()
    told = await cleo.page.locator("#errors").inner_text()
    await cleo.type("Six-digit code", await portal.code_sent_to(CLEO))
    await cleo.page.locator("main").get_by_role("button", name="Sign in").click()
    await cleo.page.wait_for_url("**/appointments")

    assert "Please check one thing" in told
    assert "Nothing coming up" in await cleo.text
    if look.screen == PHONE:  # where the bar holds four words
        await cleo.follow("Account")
        await cleo.heading.filter(has_text="Profile").wait_for()
    await cleo.page.locator("button:visible", has_text="Sign out").click()
    await cleo.page.wait_for_url(lambda address: address.endswith("/"))
    await cleo.go("/appointments")
    assert cleo.path == "/sign-in?next=/appointments"


async def test_code_stands_in_the_demos_outbox(visit: Visit, portal: Demo) -> None:
    cleo = await visit(Look(PHONE))
    await cleo.go("/sign-in")
    await cleo.type("E-mail address", CLEO)
    await cleo.press("Send me a code")
    code = await portal.code_sent_to(CLEO)

    await cleo.go("/outbox")

    assert await cleo.page.get_by_role("heading", name=code).count() == 1
    await cleo.follow("See it as a mail program shows it")
    assert code in await cleo.page.locator("body").inner_text()


async def test_staff_are_led_to_their_desk(visit: Visit, portal: Demo) -> None:
    nora = await visit()

    await sign_in(nora, portal, NORA)

    assert nora.path == "/desk/harbour"


@pytest.mark.parametrize("look", FEW_LOOKS, ids=str)
async def test_changing_the_language_keeps_page_and_choices(visit: Visit, portal: Demo, look: Look) -> None:
    service = await portal.owner.fetchval("SELECT ref FROM service WHERE name = 'Follow-up'")
    nora = await portal.owner.fetchval("SELECT ref FROM practitioner WHERE name = 'Nora Blake'")
    cleo = await visit(look)
    await cleo.go(f"/p/harbour/book?service={service}&practitioner={nora}")

    await cleo.follow("Français")

    await cleo.page.get_by_role("heading", name="Prendre un rendez-vous").wait_for()
    assert f"/p/harbour/book?service={service}&practitioner={nora}" in cleo.path
    assert await cleo.page.locator("html").get_attribute("lang") == "fr-CA"
    assert await cleo.page.locator("main [aria-current=true]", has_text="Nora Blake").count() == 1
    await cleo.go("/sign-in")
    assert await cleo.heading.inner_text() == "Se connecter"


async def test_language_of_a_signed_in_person_can_be_changed(visit: Visit) -> None:
    ana = await visit(None, ANA)
    await ana.go("/appointments")

    await ana.follow("Français")
    await ana.page.get_by_role("heading", name="Rendez-vous", exact=True).wait_for()
    await ana.follow("Meadow Massage")

    assert await ana.heading.inner_text() == "Rendez-vous"
