"""Every page, in both languages, on both screens and in both colour schemes: usable by everybody, nothing cut off."""

import pytest

from tests.journeys.axe import bring_axe, violations
from tests.journeys.conftest import Visit
from tests.journeys.demo import Demo
from tests.journeys.focus import unseen_stops
from tests.journeys.offer_pages import OFFER_PAGES
from tests.journeys.pages import CLIENT_PAGES, STAFF_PAGES, PageUnderTest
from tests.journeys.seen_less import SEEN_LESS_PAGES
from tests.journeys.visitor import DESKTOP, PHONE, Look, Screen, Visitor

pytestmark = pytest.mark.browser

TOO_WIDE = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"
UNTOLD = "() => ['title', 'h1', 'main'].filter(name => document.querySelectorAll(name).length !== 1)"

SMALL_TARGETS = """() => [...document.querySelectorAll(
    'button, input:not([type=hidden]), select, textarea, summary, a.button, a.choice, a.target, a.day, nav a'
)]
    .map(each => each.matches('[type=checkbox], [type=radio]') ? each.closest('label') ?? each : each)
    .filter(each => each.checkVisibility() && each.getBoundingClientRect().height < 43.5)
    .map(each => each.outerHTML)"""


# Two errors of the same words could not be told apart by whoever hears the summary alone.
ALIKE = """() => [...document.querySelectorAll('#errors a')].map(link => link.innerText)
    .filter((words, place, all) => all.indexOf(words) !== place)"""

# Together each screen in each scheme, and each language on both screens and in both schemes.
LOOKS = {"en-CA": [(DESKTOP, "light"), (PHONE, "dark")], "fr-CA": [(DESKTOP, "dark"), (PHONE, "light")]}

# Clients' pages in both languages. At the desk neighbours in the list are states of one page, so they take turns.
_OF_STAFF = [*STAFF_PAGES, *OFFER_PAGES, *SEEN_LESS_PAGES]
WALKED = [(page, language) for page in CLIENT_PAGES for language in LOOKS]
WALKED += [(page, [*LOOKS][number % 2]) for number, page in enumerate(_OF_STAFF)]


@pytest.mark.parametrize(("page", "language"), WALKED, ids=str)
async def test_page_is_accessible_and_fits(visit: Visit, portal: Demo, page: PageUnderTest, language: str) -> None:
    visitor = await visit(Look(DESKTOP, language=language), page.who)

    await page.way(visitor, portal)

    assert await visitor.page.locator("html").get_attribute("lang") in {language, language[:2]}
    assert await visitor.page.evaluate(UNTOLD) == []
    assert await visitor.page.evaluate(ALIKE) == []
    assert await trouble_in_each_look(visitor, LOOKS[language]) == {}
    if language == "en-CA":
        assert await unseen_stops(visitor.page) == []


async def test_the_checks_would_tell(visit: Visit) -> None:
    """What finds nothing must be able to find something."""
    visitor = await visit()
    await visitor.go("/sign-in")
    await bring_axe(visitor.page)

    await visitor.page.evaluate("() => { document.querySelector('h1').style.color = '#ddd'; }")
    await visitor.page.evaluate("() => { document.querySelector('label').remove(); }")
    await visitor.page.evaluate("() => { document.querySelector('main button').style.outline = 'none'; }")

    assert sorted(line.split(":")[0] for line in await violations(visitor.page)) == ["color-contrast", "label"]
    assert ["Send me a code" in stop for stop in await unseen_stops(visitor.page)] == [True]


async def trouble_in_each_look(visitor: Visitor, looks: list[tuple[Screen, str]]) -> dict[str, list[str]]:
    page = visitor.page
    await bring_axe(page)
    found = {}
    for screen, scheme in looks:
        await page.set_viewport_size({"width": screen.width, "height": screen.height})
        await page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
        found[f"{screen.name} {scheme}"] = await violations(page)
        too_wide = await page.evaluate(TOO_WIDE)
        found[f"{screen.name} width"] = [f"{too_wide} px to scroll sideways"] if too_wide > 0 else []
    found["targets under 44 px"] = await page.evaluate(SMALL_TARGETS)
    return {look: lines for look, lines in found.items() if lines}
