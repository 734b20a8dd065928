"""A practice's own page: at another address, in another colour, and told in words before the clock is changed."""

import pytest
from playwright.async_api import expect

from tests.cast import CLEO, NORA
from tests.journeys.conftest import Visit
from tests.journeys.demo import Demo
from tests.journeys.steps import give_details, prove_address, take_time
from tests.journeys.visitor import PHONE, Look

pytestmark = pytest.mark.browser

BOTH_WAYS = [Look(), Look(PHONE, "dark", scripts=False)]
ACCENT = "SELECT accent FROM practice WHERE slug = 'harbour'"


@pytest.mark.parametrize("look", BOTH_WAYS, ids=str)
async def test_old_link_leads_to_the_new_address_and_books(visit: Visit, portal: Demo, look: Look) -> None:
    cleo = await visit(look)
    await cleo.go("/p/harbour/book")
    nora = await visit(look, NORA)
    await nora.go("/desk/harbour/page/address")
    await nora.type("Address", "harbour-physio")
    await nora.press("Save", exact=True)
    await expect(nora.page.get_by_role("status").first).to_contain_text("the old one leads there")
    assert nora.path == "/desk/harbour-physio/page/address?saved=yes"

    await cleo.page.get_by_role("link", name="Follow-up").click()
    await take_time(cleo)
    assert cleo.path.startswith("/p/harbour-physio/holds/")
    await give_details(cleo, CLEO)
    await prove_address(cleo, portal, CLEO)

    assert "Your appointment is booked." in await cleo.text


async def test_pale_colour_is_told_while_it_is_typed_and_the_nearest_taken(visit: Visit, portal: Demo) -> None:
    nora = await visit(who=NORA)
    await nora.go("/desk/harbour/page/colour")

    await nora.type("Or your own", "#ffcc00")
    await expect(nora.page.locator("#tones")).to_contain_text("White letters on it: 1.5 : 1")
    await nora.press("Take #9e6d00")
    await expect(nora.page.get_by_label("Or your own")).to_have_value("#9e6d00")
    await nora.press("Save", exact=True)
    await expect(nora.page.get_by_role("status").first).to_contain_text("Saved.")

    assert await portal.owner.fetchval(ACCENT) == "#9e6d00"
    drawn = "html => getComputedStyle(html).getPropertyValue('--accent').trim()"
    assert await nora.page.locator("html").evaluate(drawn) == "#9e6d00"


async def test_figures_are_those_that_the_browser_draws(visit: Visit, portal: Demo) -> None:
    """What the page tells of light and dark is what `tokens.css` makes of the colour."""
    nora = await visit(who=NORA)
    for accent in ("#ffcc00", "#0f5c6e", "#7a3e6d", "#00ff00", "#51565c"):
        await nora.go("/desk/harbour/page/colour")
        await nora.type("Or your own", accent)
        told = nora.page.locator("#tones .sample rect")
        await expect(told).to_have_attribute("fill", accent)

        for number, scheme in enumerate(("light", "dark")):
            await nora.page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
            fill = await nora.page.locator(".tone").nth(number).locator("rect").nth(1).get_attribute("fill")
            off = await nora.page.evaluate(_OFF, [accent, fill])
            assert off <= 3, (accent, scheme, fill)


# How far the colour that the style sheet derives is from the one told, in the channel that differs most.
_OFF = """([accent, told]) => {
    const page = document.documentElement;
    page.style.setProperty("--accent", accent);
    const canvas = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
    const drawn = colour => {
        canvas.fillStyle = colour;
        canvas.fillRect(0, 0, 1, 1);
        return [...canvas.getImageData(0, 0, 1, 1).data];
    };
    const probe = document.createElement("i");
    probe.style.color = "var(--accent-ink)";
    document.body.append(probe);
    const ours = drawn(getComputedStyle(probe).color);
    probe.remove();
    return Math.max(...drawn(told).map((channel, place) => Math.abs(channel - ours[place])));
}"""
