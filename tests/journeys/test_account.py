"""What people do with their account, in English and in French: addresses, connections, profile, language."""

import pytest

from portal.languages.words import Words, words_in
from tests.cast import ANA, ANA_AT_MEADOW
from tests.journeys.conftest import Visit
from tests.journeys.demo import Demo
from tests.journeys.visitor import PHONE, Look, Visitor

pytestmark = pytest.mark.browser

LOOKS = [Look(), Look(PHONE, "dark", scripts=False, language="fr-CA")]


def words_of(visitor: Visitor) -> Words:
    return words_in(visitor.look.language[:2])


async def prove(visitor: Visitor, portal: Demo, email: str, button: str) -> None:
    _ = words_of(visitor).gettext
    await visitor.type(_("Six-digit code"), await portal.code_sent_to(email))
    await visitor.page.locator("main").get_by_role("button", name=button).click()


@pytest.mark.parametrize("look", LOOKS, ids=str)
async def test_a_practice_leaves_with_its_address_and_comes_back_by_its_code(
    visit: Visit, portal: Demo, look: Look
) -> None:
    ana = await visit(look, ANA)
    _ = words_of(ana).gettext
    await ana.go("/appointments")
    before = await ana.text

    await ana.go("/addresses")
    entry = ana.page.locator(".entry", has_text=ANA_AT_MEADOW)
    await entry.get_by_role("link", name=_("Remove")).click()
    await ana.press(_("Remove the address"))
    await ana.page.wait_for_url("**/addresses*")
    await ana.go("/appointments")
    without = await ana.text
    await ana.go("/addresses")
    await ana.type(_("E-mail address"), ANA_AT_MEADOW)
    await ana.press(_("Send me a code"))
    await prove(ana, portal, ANA_AT_MEADOW, _("Add this address"))
    await ana.page.wait_for_url("**/addresses?added=*")
    added = await ana.text
    await ana.go("/appointments")

    assert ["Meadow Massage" in text for text in (before, without, added, await ana.text)] == [True, False, True, True]
    assert "Harbour Physiotherapy" in without


@pytest.mark.parametrize("look", LOOKS, ids=str)
async def test_another_browser_is_signed_out_from_this_one(visit: Visit, portal: Demo, look: Look) -> None:
    ana, elsewhere = await visit(look, ANA), await visit(look)
    _ = words_of(ana).gettext
    await elsewhere.go("/sign-in")
    await elsewhere.type(_("E-mail address"), ANA)
    await elsewhere.press(_("Send me a code"))
    await prove(elsewhere, portal, ANA, _("Sign in"))
    await elsewhere.page.wait_for_url("**/appointments")

    await ana.go("/connections")
    entries = await ana.page.locator(".entry").count()
    await ana.page.locator(".entry").nth(1).get_by_role("button", name=_("Sign out")).click()
    await ana.page.wait_for_url("**/connections?done=ended")
    await elsewhere.go("/appointments")

    assert entries == 2
    assert await ana.page.locator(".entry").count() == 1
    assert elsewhere.path == "/sign-in?next=/appointments"
