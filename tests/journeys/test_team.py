"""Nora invites Cleo to the reception, who follows the letter, signs in, accepts, and sees what the role allows."""

import re
from urllib.parse import urlsplit

import pytest

from tests.cast import BEN, CLEO, NORA, THEO
from tests.journeys.conftest import Visit
from tests.journeys.demo import Demo
from tests.journeys.focus import press_enter_on, tab_to
from tests.journeys.visitor import FEW_LOOKS, PHONE, Look, Visitor

pytestmark = pytest.mark.browser


async def invite(nora: Visitor, email: str) -> None:
    """By keyboard alone, from the settings on."""
    await nora.go("/desk/harbour/settings")
    await press_enter_on(nora.page, "Team")
    await nora.page.wait_for_url("**/team")
    await press_enter_on(nora.page, "Invite somebody")
    await nora.page.wait_for_url("**/invitations/new")
    await tab_to(nora.page, "E-mail address")
    await nora.page.keyboard.type(email)
    await tab_to(nora.page, "Professional")
    await nora.page.keyboard.press("ArrowUp")
    await press_enter_on(nora.page, "Send the invitation")
    await nora.page.wait_for_url("**/team?done=invited*")


async def link_to(demo: Demo, email: str) -> str:
    """The path of the newest letter's link."""
    text = (await demo.mail_to(email, "invitation"))["text"]
    found = re.search(r"https?://\S+/invitations/\S+", text)
    assert found is not None
    return urlsplit(found[0]).path


@pytest.mark.parametrize("look", [Look(), Look(PHONE, "dark")], ids=str)
async def test_colleague_is_invited_and_works_without_a_mouse(visit: Visit, portal: Demo, look: Look) -> None:
    nora = await visit(look, NORA)
    await invite(nora, CLEO)
    told = await nora.text
    cleo = await visit(look)
    await cleo.go(await link_to(portal, CLEO))
    asked = await cleo.text
    await press_enter_on(cleo.page, "Sign in to accept")
    await cleo.page.wait_for_url("**/sign-in?*")
    await tab_to(cleo.page, "E-mail address")
    await cleo.page.keyboard.type(CLEO)
    await cleo.page.keyboard.press("Enter")
    await cleo.page.wait_for_url("**/sign-in/*")
    await tab_to(cleo.page, "Six-digit code")
    await cleo.page.keyboard.type(await portal.code_sent_to(CLEO))
    await cleo.page.keyboard.press("Enter")
    await cleo.page.wait_for_url("**/invitations/*")
    await press_enter_on(cleo.page, "Accept the invitation")
    await cleo.page.wait_for_url("**/desk/harbour?welcome=yes")
    welcome = await cleo.text
    await cleo.go("/desk/harbour/settings")
    settings = await cleo.text
    await nora.go("/desk/harbour/team")

    assert f"The invitation to {CLEO} is on its way." in told
    assert "Nora Blake invites you to work at Harbour Physiotherapy at the reception." in asked
    assert "Welcome to Harbour Physiotherapy!" in welcome
    assert ["Opening hours" in settings, "Audit log" in settings] == [True, False]
    assert ["Cleo Laurent" in await nora.text, "Nobody is invited" in await nora.text] == [True, True]


@pytest.mark.parametrize("look", FEW_LOOKS, ids=str)
async def test_one_goes_from_desk_to_desk_and_home(visit: Visit, portal: Demo, look: Look) -> None:
    await portal.owner.execute(
        "INSERT INTO membership (tenant_id, email, role) SELECT id, $1, 'receptionist' FROM practice"
        " WHERE slug = 'meadow'",
        THEO,
    )
    theo = await visit(look, THEO)
    await theo.go("/desk/harbour")
    menu = theo.page.locator("details.where")
    await menu.locator("summary").click()
    await menu.get_by_role("link", name="Meadow Massage").click()
    await theo.page.wait_for_url("**/desk/meadow")
    there = await menu.locator("summary").inner_text()
    await menu.locator("summary").click()
    await menu.get_by_role("link", name="My own appointments").click()
    await theo.page.wait_for_url("**/appointments")
    await theo.follow("Your desks")
    await theo.page.wait_for_url("**/desk")

    assert "Meadow Massage" in there
    assert ["Harbour Physiotherapy" in await theo.text, "Meadow Massage" in await theo.text] == [True, True]


async def test_list_of_places_closes_by_escape_and_by_turning_away(visit: Visit) -> None:
    theo = await visit(None, THEO)
    await theo.go("/desk/harbour/services")
    menu = theo.page.locator("details.where")
    summary = menu.locator("summary")
    await summary.press("Enter")
    opened = await menu.get_attribute("open")
    await theo.page.keyboard.press("Escape")
    escaped = await menu.get_attribute("open")
    at = await theo.page.evaluate("() => document.activeElement.tagName")
    await summary.press("Enter")
    await theo.heading.click()

    assert (opened, escaped, at, await menu.get_attribute("open")) == ("", None, "SUMMARY", None)


@pytest.mark.parametrize("look", FEW_LOOKS, ids=str)
async def test_ended_membership_closes_the_desk_and_is_undone(visit: Visit, portal: Demo, look: Look) -> None:
    nora, theo = await visit(look, NORA), await visit(look, THEO)
    ref = await portal.owner.fetchval("SELECT ref FROM membership WHERE email = $1", THEO)
    await nora.go(f"/desk/harbour/team/members/{ref}")
    await nora.follow("End their work here …")
    await nora.page.wait_for_url("**/end")
    await nora.press("End their work here")
    await nora.page.wait_for_url("**/team?ended=*")
    await theo.go("/desk/harbour")
    closed = await theo.heading.inner_text()
    await nora.press("Put it back")
    await nora.page.wait_for_url("**/team?done=restored")
    await theo.go("/desk/harbour/services")

    assert (closed, await theo.heading.inner_text()) == ("Nothing here", "Services")


async def test_what_only_concerns_a_professional_is_shown_to_one(visit: Visit) -> None:
    nora = await visit(None, NORA)
    await nora.go("/desk/harbour/team/invitations/new")
    parts = [nora.page.locator(each) for each in (".only-professional", ".new-practitioner", "#field-practitioner")]
    seen = {}
    for role in ("professional", "admin", "receptionist"):
        await nora.page.locator(f"[name=role][value={role}]").check()
        seen[role] = [await part.is_visible() for part in parts]
    await nora.page.locator("[name=role][value=professional]").check()
    await nora.page.locator("[name=practitioner]").select_option("nobody")
    seen["nobody"] = [await part.is_visible() for part in parts]

    assert seen == {
        "professional": [True, True, True],
        "admin": [False, True, True],
        "receptionist": [False, False, False],
        "nobody": [True, False, True],
    }


async def test_another_address_is_led_to_the_right_one(visit: Visit, portal: Demo) -> None:
    nora = await visit(None, NORA)
    await invite(nora, CLEO)
    path = await link_to(portal, CLEO)
    await portal.let_in(BEN)
    ben = await visit(None, BEN)
    await ben.go(path)
    told = await ben.text
    await ben.press("Sign in with it instead")
    await ben.page.wait_for_url("**/sign-in?next=*")

    assert ["ben@example.org" in told, CLEO in told, "cl•••@example.org" in told] == [True, False, True]
