"""The booking pages in a page of another site, where third-party cookies are blocked."""

from collections.abc import Iterator
from datetime import datetime

import pytest
from playwright.async_api import expect

from tests.cast import ANA, CLEO, NORA
from tests.journeys.conftest import Visit
from tests.journeys.demo import Demo
from tests.journeys.other_site import OtherSite, other_site, refuse_strangers_cookies
from tests.journeys.visitor import DESKTOP, PHONE, Look

pytestmark = pytest.mark.browser

BOOKED = """
SELECT client_record.email, starts_at FROM appointment JOIN client_record ON client_record.id = client_record_id
WHERE client_record.email = $1
"""


@pytest.fixture
def site() -> Iterator[OtherSite]:
    with other_site() as running:
        yield running


async def paste_code(visit: Visit, site: OtherSite, name: str, options: str = "") -> None:
    """As Nora does: what her desk gives her stands in her own page."""
    nora = await visit(who=NORA)
    await nora.go(f"/desk/harbour/page/website{options}")
    site.body = await nora.page.locator(f"#code-{name}").input_value()


@pytest.mark.parametrize("look", [Look(DESKTOP), Look(PHONE, "dark"), Look(PHONE, scripts=False)], ids=str)
async def test_stranger_books_on_another_site_without_its_cookies(
    visit: Visit, portal: Demo, site: OtherSite, look: Look
) -> None:
    await paste_code(visit, site, "script" if look.scripts else "frame")
    cleo = await visit(look)
    cleo.spoiled = True
    await refuse_strangers_cookies(cleo.page)

    for _ in range(3):  # whatever a frame sets would have come back by now
        await cleo.page.goto(site.url)
    assert site.probed == [None, None, None]

    inside = cleo.page.frame_locator("iframe[title='Book at Harbour Physiotherapy']")
    await inside.get_by_role("link", name="Follow-up").click()
    time = inside.locator("button[name=start]").first
    starts_at = datetime.fromisoformat(await time.get_attribute("value") or "")
    await time.click()
    await inside.get_by_label("E-mail address").fill(CLEO)
    await inside.get_by_label("First name").fill("Cleo")
    await inside.get_by_label("Last name").fill("Laurent")
    await inside.get_by_role("button", name="Go on").click()
    await inside.get_by_label("Six-digit code").fill(await portal.code_sent_to(CLEO))
    await inside.get_by_role("button", name="Book this appointment").click()

    await expect(inside.get_by_role("heading", level=1)).to_have_text("Your appointment is booked.")
    assert [tuple(row) for row in await portal.owner.fetch(BOOKED, CLEO)] == [(CLEO, starts_at)]
    assert await portal.mail_to(CLEO, "booked")
    assert await cleo.page.context.cookies(portal.url) == []
    async with cleo.page.context.expect_page() as opened:
        await inside.get_by_role("link", name="Open it in Carnet").click()
    await (await opened.value).wait_for_url("**/sign-in?next=/appointments/*")


async def test_probe_would_be_known_again_where_cookies_are_kept(visit: Visit, site: OtherSite) -> None:
    """Or its silence above would prove nothing."""
    ben = await visit()
    ben.spoiled = True

    for _ in range(2):
        await ben.page.goto(site.url)

    assert site.probed == [None, "probe=1"]


async def test_frame_is_as_high_as_what_it_shows(visit: Visit, site: OtherSite) -> None:
    await paste_code(visit, site, "script")
    ana = await visit()
    await ana.page.goto(site.url)
    inside = ana.page.frame_locator("iframe[title='Book at Harbour Physiotherapy']")

    await inside.get_by_role("link", name="Follow-up").click()
    await inside.locator("button[name=start]").first.wait_for()

    needed = "page => Math.ceil(page.getBoundingClientRect().height)"
    frame = ana.page.locator("iframe[title='Book at Harbour Physiotherapy']")
    height = await inside.locator(".page").evaluate(needed)
    await expect(frame).to_have_js_property("offsetHeight", height)


async def test_frame_speaks_and_looks_as_the_site_wants(visit: Visit, site: OtherSite) -> None:
    await paste_code(visit, site, "script", "?language=fr&colour=%237a3e6d")
    ben = await visit()

    await ben.page.goto(site.url)

    inside = ben.page.frame_locator("iframe >> nth=0")
    await expect(inside.get_by_role("heading", level=1)).to_have_text("Prendre un rendez-vous")
    colour = "html => getComputedStyle(html).getPropertyValue('--accent').trim()"
    assert await inside.locator("html").evaluate(colour) == "#7a3e6d"


async def test_page_of_the_portal_itself_stands_in_no_frame(visit: Visit, portal: Demo, site: OtherSite) -> None:
    """Ana is signed in, and nothing that is hers can be put under another page's button."""
    site.body = f'<iframe title="Trap" src="{portal.url}/appointments"></iframe>'
    ana = await visit(who=ANA)
    ana.spoiled = True

    await ana.page.goto(site.url)

    trap = next(frame for frame in ana.page.frames if frame.parent_frame and "localhost" not in frame.url)
    assert trap.url.startswith("chrome-error://")
    ana.trouble.clear()
