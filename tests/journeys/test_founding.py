"""A practice that signs itself up, and takes its first booking from somebody it has never heard of."""

import sys
import time
from datetime import timedelta

import pytest

from tests.cast import CLEO
from tests.journeys.conftest import Visit
from tests.journeys.demo import Demo
from tests.journeys.focus import press_enter_on, tab_to
from tests.journeys.pages import page_opened
from tests.journeys.steps import give_details, prove_address, take_time
from tests.journeys.visitor import PHONE, Look, Visitor

pytestmark = pytest.mark.browser

FOUNDER = "mila@kneipp.example"
THREE_MINUTES = timedelta(minutes=3)


async def type_into(visitor: Visitor, label: str, text: str) -> None:
    await tab_to(visitor.page, label)
    await visitor.page.keyboard.press("Control+A")
    await visitor.page.keyboard.type(text)


@pytest.mark.parametrize("look", [Look(), Look(PHONE, "dark")], ids=str)
async def test_stranger_founds_a_practice_by_keyboard_and_another_one_books(
    visit: Visit, portal: Demo, look: Look, capsys: pytest.CaptureFixture[str]
) -> None:
    founder, began = await visit(look), time.monotonic()
    await founder.go("/")
    await press_enter_on(founder.page, "Set up your practice")
    await founder.page.wait_for_url("**/practices/new")
    await type_into(founder, "Your e-mail address", FOUNDER)
    await founder.page.keyboard.press("Enter")
    await founder.page.wait_for_url("**/sign-in/*")
    await type_into(founder, "Six-digit code", await portal.code_sent_to(FOUNDER))
    await founder.page.keyboard.press("Enter")
    await founder.page.wait_for_url("**/practices/new")
    await type_into(founder, "Name of the practice", "Kneipp am See")
    await type_into(founder, "Your name", "Cleo Laurent")
    await tab_to(founder.page, "Time zone")
    await founder.page.keyboard.type("Europe/Paris")
    await press_enter_on(founder.page, "Go on")
    await founder.page.wait_for_url("**/start/service")
    await press_enter_on(founder.page, "First visit · 60 min")
    await press_enter_on(founder.page, "Go on")
    await founder.page.wait_for_url("**/start/hours")
    await type_into(founder, "Town", "Lyon")
    await press_enter_on(founder.page, "Go on")
    await founder.page.wait_for_url("**/start/page")
    await press_enter_on(founder.page, "Open my page")
    await founder.page.locator("#page-address").wait_for()
    signed_up = time.monotonic() - began
    address = await founder.page.locator("#page-address").input_value()
    assert address == f"{portal.url}/p/kneipp-am-see"

    cleo = await visit(look)
    await cleo.go("/p/kneipp-am-see")
    await cleo.follow("Book an appointment")
    await cleo.follow("First visit")
    await cleo.page.locator("button[name=start]").first.wait_for()
    await take_time(cleo)
    await give_details(cleo, CLEO)
    await prove_address(cleo, portal, CLEO)
    whole = time.monotonic() - began

    with capsys.disabled():
        sys.stdout.write(f"\nsigned up in {signed_up:.0f} s, the first booking after {whole:.0f} s\n")
    assert timedelta(seconds=whole) < THREE_MINUTES
    assert "Your appointment is booked." in await cleo.text
    await press_enter_on(founder.page, "Go to my desk")
    await founder.page.wait_for_url("**/desk/kneipp-am-see")
    assert "3 of 7" in await founder.text or "4 of 7" in await founder.text


async def test_browser_knows_its_zone_and_suggests_an_address(visit: Visit, portal: Demo) -> None:
    ana = await visit(Look(), "ana@example.org")
    ana.spoiled = True
    devtools = await ana.page.context.new_cdp_session(ana.page)
    await devtools.send("Emulation.setTimezoneOverride", {"timezoneId": "America/Vancouver"})
    await ana.go("/practices/new")
    await ana.page.get_by_label("Name of the practice").press_sequentially("Cœur & Âme, Lyon")

    slug = ana.page.locator("[name=slug]")
    assert await slug.input_value() == "coeur-ame-lyon"
    assert await ana.page.locator("[name=zone]").input_value() == "America/Vancouver"
    await slug.fill("mine")
    await ana.page.get_by_label("Name of the practice").press_sequentially("!")
    assert await slug.input_value() == "mine"


@pytest.mark.parametrize("look", [Look(scripts=True), Look(scripts=False)], ids=str)
async def test_going_back_loses_nothing_and_makes_nothing_twice(visit: Visit, portal: Demo, look: Look) -> None:
    ana = await visit(look, "ana@example.org")
    await ana.go("/practices/new")
    await ana.type("Name of the practice", "Silva Coaching")
    await ana.page.locator("[name=zone]").select_option("America/Toronto")
    await ana.press("Go on")
    await ana.page.wait_for_url("**/start/service")
    await ana.type("Name", "A talk")
    await ana.press("Go on")
    await ana.page.wait_for_url("**/start/hours")
    await ana.follow("A first service")
    await ana.page.wait_for_url("**/start/service")
    assert await ana.page.get_by_label("Name", exact=True).input_value() == "A talk"
    await ana.type("Name", "A long talk")
    await ana.press("Go on")
    await ana.page.wait_for_url("**/start/hours")
    for _ in range(4):
        await ana.page.go_back()
    await ana.page.wait_for_url("**/practices/new")
    assert await ana.page.get_by_label("Name of the practice").input_value() == "Silva Coaching"
    await ana.page.locator("[name=zone]").select_option("America/Toronto")
    await ana.press("Go on")
    await ana.page.wait_for_url("**/silva-coaching/start/hours")

    rows = await portal.owner.fetch(
        "SELECT service.name FROM service JOIN practice ON practice.id = tenant_id WHERE practice.name LIKE 'Silva%'"
    )
    assert [row["name"] for row in rows] == ["A long talk"]


async def test_address_of_the_page_is_copied(visit: Visit, portal: Demo) -> None:
    ana = await visit(Look(), "ana@example.org")
    await ana.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    await page_opened(ana, portal)
    await ana.press("Copy")
    await ana.page.get_by_text("Copied").first.wait_for()

    assert await ana.page.evaluate("() => navigator.clipboard.readText()") == f"{portal.url}/p/silva-coaching"
