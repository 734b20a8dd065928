"""From the practice's page to the confirmation in the mailbox, on every screen, with and without scripts."""

import pytest
from playwright.async_api import expect

from tests.cast import ANA, CLEO
from tests.journeys.conftest import Visit
from tests.journeys.demo import Demo
from tests.journeys.steps import choose_time, give_details, prove_address, said_in_mail
from tests.journeys.visitor import FEW_LOOKS, LOOKS, PHONE, Look

pytestmark = pytest.mark.browser

OWED = """
SELECT count(*) FROM message
WHERE audience = 'client' AND appointment_id = (SELECT id FROM appointment ORDER BY booked_at DESC LIMIT 1)
"""

BOTH_WAYS = [Look(scripts=True), Look(scripts=False)]


@pytest.mark.parametrize("look", LOOKS, ids=str)
async def test_stranger_books_and_gets_the_right_time_by_mail(visit: Visit, portal: Demo, look: Look) -> None:
    cleo = await visit(look)
    starts_at = await choose_time(cleo)
    await give_details(cleo, CLEO, note="Left knee")
    await prove_address(cleo, portal, CLEO)

    assert await cleo.heading.inner_text() == "Follow-up"
    assert "Your appointment is booked." in await cleo.text
    assert await cleo.page.locator(".when-time").get_attribute("datetime") == starts_at.isoformat()
    rows = await portal.owner.fetch("SELECT starts_at FROM appointment WHERE note = 'Left knee'")
    assert [row["starts_at"] for row in rows] == [starts_at]
    mail = await portal.mail_to(CLEO, "booked")
    assert said_in_mail(starts_at) in mail["text"]


@pytest.mark.parametrize("look", FEW_LOOKS, ids=str)
async def test_signed_in_client_books_with_either_address(visit: Visit, portal: Demo, look: Look) -> None:
    ana = await visit(look, ANA)
    starts_at = await choose_time(ana, number=1)
    offered = await ana.page.get_by_label("E-mail address").locator("option").all_inner_texts()
    await ana.page.get_by_label("E-mail address").select_option("ana.silva@example.com")
    await ana.press("Book this appointment")
    await ana.page.wait_for_url("**/appointments/*")

    assert offered == ["ana@example.org", "ana.silva@example.com"]
    mail = await portal.mail_to("ana.silva@example.com", "booked")
    assert said_in_mail(starts_at) in mail["text"]


@pytest.mark.parametrize("look", BOTH_WAYS, ids=str)
async def test_double_click_books_once(visit: Visit, portal: Demo, look: Look) -> None:
    ana = await visit(look, ANA)
    starts_at = await choose_time(ana)

    await ana.page.get_by_role("button", name="Book this appointment").dblclick()
    await ana.page.wait_for_url("**/appointments/*")

    assert "Your appointment is booked." in await ana.text
    booked = await portal.owner.fetchval("SELECT count(*) FROM appointment WHERE starts_at = $1", starts_at)
    told = await portal.owner.fetchval(OWED)
    assert (booked, told) == (1, 1)


@pytest.mark.parametrize("look", BOTH_WAYS, ids=str)
async def test_back_button_leads_through_the_steps(visit: Visit, portal: Demo, look: Look) -> None:
    cleo = await visit(look)
    await choose_time(cleo)
    await give_details(cleo, CLEO)

    await cleo.page.go_back()
    await expect(cleo.page.get_by_label("First name")).to_have_value("Cleo")
    await cleo.page.go_back()
    await expect(cleo.chosen("Nora Blake")).to_be_visible()
    await cleo.page.go_back()
    await expect(cleo.chosen("No preference")).to_be_visible()
    await cleo.page.go_back()
    await expect(cleo.page.get_by_role("heading", level=3)).to_have_text(["First visit", "Follow-up", "Knee check"])
    await cleo.page.go_forward()
    await expect(cleo.chosen("No preference")).to_be_visible()
    await cleo.page.go_forward()
    await expect(cleo.chosen("Nora Blake")).to_be_visible()
    await cleo.page.go_forward()
    await cleo.page.go_forward()
    await prove_address(cleo, portal, CLEO)

    assert "Your appointment is booked." in await cleo.text


@pytest.mark.parametrize("look", BOTH_WAYS, ids=str)
async def test_back_button_after_booking_books_nothing_more(visit: Visit, portal: Demo, look: Look) -> None:
    cleo = await visit(look)
    await choose_time(cleo)
    await give_details(cleo, CLEO)
    await prove_address(cleo, portal, CLEO)
    booked = cleo.path

    await cleo.page.go_back()

    await expect(cleo.page).to_have_url(booked)
    assert await portal.owner.fetchval(OWED) == 1


async def test_code_is_pasted_with_the_words_around_it(visit: Visit, portal: Demo) -> None:
    cleo = await visit(Look(PHONE))
    await cleo.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    await choose_time(cleo)
    await give_details(cleo, CLEO)
    code = await portal.code_sent_to(CLEO)
    field = cleo.page.get_by_label("Six-digit code")

    await cleo.page.evaluate("text => navigator.clipboard.writeText(text)", f"Your code: {code[:3]} {code[3:]}.")
    await field.press("Control+V")

    assert await field.input_value() == code
    assert await field.get_attribute("autocomplete") == "one-time-code"


@pytest.mark.parametrize("look", BOTH_WAYS, ids=str)
async def test_what_was_typed_outlives_an_error(visit: Visit, look: Look) -> None:
    cleo = await visit(look)
    await choose_time(cleo)
    await cleo.type("E-mail address", "cleo@nowhere")
    await cleo.type("First name", "Cleo")
    await cleo.type("Last name", "Laurent")
    await cleo.page.get_by_label("Anything we should know?").fill("Stairs are hard")
    await cleo.press("Go on")

    summary = cleo.page.locator("#errors")
    assert "This is not an e-mail address." in await summary.inner_text()
    assert await cleo.page.get_by_label("E-mail address").get_attribute("aria-invalid") == "true"
    assert await cleo.page.get_by_label("Anything we should know?").input_value() == "Stairs are hard"
    if look.scripts:
        assert await summary.evaluate("errors => errors === document.activeElement")
