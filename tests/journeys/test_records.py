"""Nora finds people while she types, and works from their records."""

import pytest

from tests.cast import ANA, NORA
from tests.journeys.conftest import Visit
from tests.journeys.demo import Demo
from tests.journeys.visitor import DESKTOP, FEW_LOOKS, PHONE, Look

pytestmark = pytest.mark.browser


async def test_search_as_one_types_by_keyboard_alone(visit: Visit, portal: Demo) -> None:
    nora = await visit(Look(DESKTOP), NORA)
    await nora.go("/desk/harbour/clients")
    await nora.page.locator("#search").focus()
    await nora.page.keyboard.type("SÍLva")
    await nora.page.wait_for_url("**q=S%C3%8DLva**")
    await nora.page.locator("#clients .entry").nth(1).wait_for(state="detached")

    await nora.page.keyboard.press("ArrowDown")
    await nora.page.keyboard.press("Enter")
    await nora.page.wait_for_url("**/clients/*")

    assert await nora.heading.inner_text() == "Ana Silva"
    await nora.page.go_back()
    await nora.page.locator("#clients .entry").first.wait_for()
    assert await nora.page.locator("#search").input_value() == "SÍLva"
    assert await nora.page.locator("#clients .entry h2").all_inner_texts() == ["Ana Silva"]


@pytest.mark.parametrize("look", FEW_LOOKS, ids=str)
async def test_note_tag_and_child_are_made_from_the_record(visit: Visit, portal: Demo, look: Look) -> None:
    nora = await visit(look, NORA)
    await nora.go("/desk/harbour/clients?q=ana")
    await nora.follow("Ana Silva")
    await nora.page.wait_for_url("**/clients/*")
    await nora.type("New note", "Stairs are hard.")
    await nora.press("Add the note")
    await nora.page.get_by_text("Stairs are hard.").wait_for()
    await nora.page.get_by_label("New tags, with commas between them").fill("knee, runner")
    await nora.press("Add", exact=True)
    await nora.page.locator(".badge", has_text="runner").wait_for()
    await nora.follow("Add a child")
    await nora.type("First name", "Léo")
    await nora.press("Make the record")
    await nora.page.wait_for_url("**done=made")

    assert await nora.heading.inner_text() == "Léo Silva"
    assert "child of Ana Silva" in await nora.text


async def test_client_never_sees_a_note(visit: Visit, portal: Demo) -> None:
    nora, ana = await visit(Look(DESKTOP), NORA), await visit(Look(PHONE), ANA)
    ref = await portal.owner.fetchval("SELECT ref FROM client_record WHERE email = $1", ANA)
    await nora.go(f"/desk/harbour/clients/{ref}")
    await nora.type("New note", "Between us alone.")
    await nora.press("Add the note")
    await nora.page.get_by_text("Between us alone.").wait_for()

    visit_ref = await portal.owner.fetchval(
        "SELECT appointment.ref FROM appointment JOIN client_record ON client_record.id = client_record_id"
        " WHERE email = $1 LIMIT 1",
        ANA,
    )
    for page in ("/appointments", "/messages", "/profile", f"/appointments/{visit_ref}"):
        await ana.go(page)
        assert "Between us" not in await ana.page.content()
