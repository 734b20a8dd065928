"""Without a mouse: every step by Tab and Enter alone, and always to be seen where one is."""

import pytest

from tests.cast import ANA, CLEO
from tests.journeys.conftest import Visit
from tests.journeys.demo import Demo
from tests.journeys.pages import CLIENT_PAGES, STAFF_PAGES, PageUnderTest
from tests.journeys.visitor import PHONE, Look, Visitor

pytestmark = pytest.mark.browser

NAME_OF_FOCUS = """() => {
    const focused = document.activeElement;
    const label = focused.labels?.[0] ?? focused;
    return label === document.body ? "" : label.innerText.trim().replace(/\\s+/g, " ") || focused.name || "";
}"""

# The outline may be drawn around the line that a link stretches over. Inside a field of several parts, such as a date,
# the browser marks the part.
FOCUS_IS_SEEN = """() => {
    if (document.activeElement === window.seenBefore) return true;
    window.seenBefore = document.activeElement;
    for (let each = document.activeElement; each && each !== document.body; each = each.parentElement) {
        const style = getComputedStyle(each);
        if (style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2) return true;
    }
    return false;
}"""

FAR = 60


@pytest.mark.parametrize("look", [Look(), Look(PHONE, "dark")], ids=str)
async def test_stranger_books_without_a_mouse(visit: Visit, portal: Demo, look: Look) -> None:
    cleo = await visit(look)
    await cleo.go("/p/harbour")
    await press_enter_on(cleo, "Book an appointment")
    await cleo.page.wait_for_url("**/book")
    await press_enter_on(cleo, "Follow-up")
    await cleo.page.wait_for_url("**/book?*")
    await press_enter_on(cleo, "Nora Blake")
    await cleo.chosen("Nora Blake").wait_for()
    time = (await cleo.page.locator("button[name=start] .time-figure").first.inner_text()).replace("\xa0", " ")
    await press_enter_on(cleo, time.replace("\u202f", " "))
    await cleo.page.wait_for_url("**/holds/*")
    for label, typed in (("E-mail address", CLEO), ("First name", "Cleo"), ("Last name", "Laurent")):
        await tab_to(cleo, label)
        await cleo.page.keyboard.type(typed)
    await press_enter_on(cleo, "Go on")
    await cleo.page.wait_for_url("**/code")
    await tab_to(cleo, "Six-digit code")
    await cleo.page.keyboard.type(await portal.code_sent_to(CLEO))
    await cleo.page.keyboard.press("Enter")
    await cleo.page.wait_for_url("**/appointments/*")

    assert "Your appointment is booked." in await cleo.text


async def test_skip_link_comes_first_and_leads_to_the_content(visit: Visit) -> None:
    ana = await visit(None, ANA)
    await ana.go("/appointments")

    await ana.page.keyboard.press("Tab")
    first = await ana.page.evaluate(NAME_OF_FOCUS)
    await ana.page.keyboard.press("Enter")
    await ana.page.keyboard.press("Tab")

    assert first == "Skip to the content"
    assert await ana.page.evaluate(NAME_OF_FOCUS) == "All practices"


async def test_focus_stays_where_it_was_when_a_step_is_swapped(visit: Visit) -> None:
    cleo = await visit()
    await cleo.go("/p/harbour/book")
    await press_enter_on(cleo, "Follow-up")
    await cleo.page.wait_for_url("**/book?*")
    await press_enter_on(cleo, "Theo Roy")
    await cleo.chosen("Theo Roy").wait_for()

    assert await cleo.page.evaluate(NAME_OF_FOCUS) == "Theo Roy"


@pytest.mark.parametrize("page", [*CLIENT_PAGES, *STAFF_PAGES], ids=str)
async def test_focus_is_always_seen(visit: Visit, portal: Demo, page: PageUnderTest) -> None:
    visitor = await visit(Look(PHONE), page.who)
    await page.way(visitor, portal)
    unseen = []

    for _ in range(FAR):
        await visitor.page.keyboard.press("Tab")
        if await visitor.page.evaluate("() => document.activeElement === document.body"):
            break
        if not await visitor.page.evaluate(FOCUS_IS_SEEN):
            unseen.append(await visitor.page.evaluate("() => document.activeElement.outerHTML"))

    assert unseen == []


async def press_enter_on(visitor: Visitor, name: str) -> None:
    await tab_to(visitor, name)
    await visitor.page.keyboard.press("Enter")


async def tab_to(visitor: Visitor, name: str) -> None:
    """From where the focus is, forward only, and round the page once at most."""
    for _ in range(FAR):
        await visitor.page.keyboard.press("Tab")
        focused = (await visitor.page.evaluate(NAME_OF_FOCUS)).replace("\u202f", " ")
        assert await visitor.page.evaluate(FOCUS_IS_SEEN) or not focused, f"{focused} has no visible focus"
        if focused == name or focused.startswith(f"{name} "):
            return
    pytest.fail(f"the focus never came to {name}")
