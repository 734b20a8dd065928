"""What people do with their account, in English and in French: addresses, connections, profile, language."""

import pytest

from portal.languages.words import Words, words_in
from tests.cast import ANA, ANA_AT_MEADOW, NORA
from tests.journeys.conftest import Visit
from tests.journeys.demo import Demo
from tests.journeys.visitor import PHONE, Look, Visitor
from tests.photos import corners, encoded, four_corners, opened

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


@pytest.mark.parametrize("look", LOOKS, ids=str)
async def test_profile_is_completed_with_a_photo_that_is_turned(visit: Visit, portal: Demo, look: Look) -> None:
    """And the practice to which she shows it sees it."""
    ana, nora = await visit(look, ANA), await visit(look, NORA)
    _ = words_of(ana).gettext
    await ana.go("/profile/photo")
    file = {"name": "me.jpg", "mimeType": "image/jpeg", "buffer": encoded(four_corners(), "JPEG")}
    await ana.page.locator("[name=photo]").set_input_files(file)  # type: ignore[arg-type]
    if not look.scripts:
        await ana.press(_("See it"))
    for _turn in range(3):
        shown = await ana.page.locator("img.photo").get_attribute("src") or ""
        await ana.press(_("Turn"))
        await ana.page.locator(f"img.photo:not([src='{shown}'])").wait_for()
    kept_before = await portal.owner.fetchval("SELECT count(*) FROM photo WHERE kept_at IS NOT NULL")
    await ana.press(_("Save"), exact=True)
    await ana.page.wait_for_url("**/profile/photo?done=saved")

    await ana.go("/profile")
    await ana.type(f"{_('Last name')} ({_('optional')})", "Souza")
    await ana.page.locator("[name=mobile_phone]").fill("416 555 0132")
    await ana.page.get_by_label(_("%(what)s for %(who)s", what=_("Photo"), who="Harbour Physiotherapy")).check()
    await ana.press(_("Save"), exact=True)
    await ana.page.wait_for_url("**/profile?done=saved")
    ref = await portal.owner.fetchval("SELECT ref FROM client_record WHERE email = $1", ANA)
    await nora.go(f"/desk/harbour/clients/{ref}")

    large = await portal.owner.fetchval("SELECT large FROM photo WHERE kept_at IS NOT NULL")
    assert kept_before == 0
    assert corners(opened(large)) == corners(four_corners().rotate(90))
    assert await nora.heading.inner_text() == "Ana Souza"
    assert "(416) 555-0132" in await nora.text
    assert await nora.page.locator("img.photo").evaluate("image => image.naturalWidth") > 0


async def test_french_is_followed_by_page_mail_and_sms(visit: Visit, portal: Demo) -> None:
    """Whoever causes the mail: Nora, who reads English, cancels Ana's appointment."""
    ana, nora = await visit(None, ANA), await visit(None, NORA)
    await ana.go("/profile")
    await ana.page.locator("[name=mobile_phone]").fill("416 555 0132")
    await ana.page.locator("[name=language]").select_option("fr")
    await ana.page.locator("[name=time_display]").select_option("h")
    example = ana.page.locator("#example", has_text="Votre rendez-vous")
    await example.wait_for()
    await ana.press("Save", exact=True)
    await ana.page.wait_for_url("**/profile?done=saved")
    page = await ana.heading.inner_text()

    await ana.press("Vérifier le (416) 555-0132 par SMS")
    await ana.page.wait_for_url("**/profile/mobile/codes/*")
    sms = await portal.text_to("+14165550132")
    await ana.page.locator("[name=code]").fill(sms[:6])
    await ana.page.locator("main .button.is-primary").click()
    await ana.page.wait_for_url("**/profile?done=verified")
    ref = await portal.owner.fetchval(
        """SELECT appointment.ref FROM appointment JOIN client_record ON client_record.id = client_record_id
           WHERE email = $1 AND starts_at > now() ORDER BY starts_at""",
        ANA,
    )
    await nora.go(f"/desk/harbour/appointments/{ref}/cancellation")
    await nora.press("Cancel the appointment")
    await portal.settle()
    mail = await portal.mail_to(ANA, "annul")

    assert page == "Profil"
    assert "votre code Carnet" in sms
    assert "9\u00a0h\u00a030" in mail["text"]
    assert "rendez-vous" in mail["text"]
