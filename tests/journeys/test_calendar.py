"""Nora works in the drawn calendar: turns it, reads it by keyboard, and is never without the list beside it."""

import re
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from tests.cast import ANA, NORA
from tests.journeys.conftest import Visit
from tests.journeys.demo import Demo
from tests.journeys.steps import block, drag_block, drawn, height_of, press_free_time
from tests.journeys.visitor import PHONE, Look, Visitor

pytestmark = pytest.mark.browser

TORONTO = ZoneInfo("America/Toronto")
BLOCK = ".ec-event.is-booked"


async def test_views_are_turned_and_stay_in_the_address(visit: Visit, portal: Demo) -> None:
    nora = await visit(None, NORA)
    day = await open_day(nora, portal)
    seen = {}
    for view, shows in (("Week", ".ec-week-view"), ("Month", ".ec-month-view")):
        await nora.follow(view, exact=True)
        await nora.page.locator(shows).wait_for()
        await block(nora, "Ana Silva").wait_for()
        seen[view] = (f"view={view.lower()}" in nora.path, f"day={day}" in nora.path)
    await nora.follow("List", exact=True)
    await nora.page.wait_for_url("**view=list**")
    await nora.page.go_back()
    await nora.page.locator(".ec-month-view").wait_for()

    assert seen == {"Week": (True, True), "Month": (True, True)}


async def test_what_is_drawn_is_what_the_list_says(visit: Visit, portal: Demo) -> None:
    nora = await visit(None, NORA)
    await open_day(nora, portal)

    listed = await nora.page.locator("#as-list .slip").all_inner_texts()
    seen = await nora.page.locator(BLOCK).all_inner_texts()

    assert sorted(told(words) for words in seen) == sorted(told(words) for words in listed)
    assert len(seen) > 0


async def test_one_practitioner_has_one_column(visit: Visit, portal: Demo) -> None:
    nora = await visit(None, NORA)
    await open_day(nora, portal)
    both = await nora.page.locator(".ec-col-head").all_inner_texts()
    await nora.follow("Theo Roy")
    await nora.page.wait_for_url("**practitioner=**")
    await drawn(nora)

    assert both == ["Nora Blake", "Theo Roy"]
    assert await nora.page.locator(".ec-col-head").all_inner_texts() == ["Theo Roy"]
    assert await block(nora, "Ana Silva").count() == 0


async def test_block_is_opened_and_left_by_keyboard(visit: Visit, portal: Demo) -> None:
    nora = await visit(None, NORA)
    await open_day(nora, portal)
    await block(nora, "Ana Silva").focus()
    await nora.page.keyboard.press("Enter")
    await nora.page.locator("#card").wait_for()
    at = await nora.page.evaluate("() => document.activeElement.textContent")
    await nora.page.keyboard.press("Escape")
    await nora.page.locator(".ec-event:focus").wait_for()
    await nora.page.keyboard.press("Enter")
    await nora.page.locator("#card").get_by_role("link", name="See the appointment").press("Enter")
    await nora.page.wait_for_url(re.compile(r"/appointments/[a-z2-7]{10}$"))

    assert at == "Ana Silva"
    assert await nora.heading.inner_text() == "Ana Silva"


async def test_now_is_a_line_at_the_practice_s_time(visit: Visit, portal: Demo) -> None:
    """Whatever the zone of the browser, which is not Toronto's here."""
    nora = await visit(None, NORA)
    nora.spoiled = True
    today = datetime.now(TORONTO)
    await nora.page.clock.set_fixed_time(today.replace(hour=11, minute=15, second=0, microsecond=0))
    await nora.go("/desk/harbour")
    await drawn(nora)
    line = nora.page.locator(".ec-now-indicator")
    box = await line.bounding_box()
    assert box is not None

    assert await line.count() == 1
    assert abs(box["y"] - await height_of(nora, "11:15")) < 3


async def test_free_time_opens_the_sheet(visit: Visit, portal: Demo) -> None:
    nora = await visit(None, NORA)
    day = await open_day(nora, portal)
    async with nora.page.expect_request("**/appointments/sheet?*") as asked:
        await press_free_time(nora, "11:00", "Theo Roy")
    sheet = nora.page.locator("dialog #sheet")
    await sheet.wait_for()
    theo = await portal.owner.fetchval("SELECT ref FROM practitioner WHERE name = 'Theo Roy'")
    starts_at = datetime.fromisoformat(f"{day}T11:00").replace(tzinfo=TORONTO)
    query = (await asked.value).url.partition("?")[2]
    await nora.page.keyboard.press("Escape")
    await sheet.wait_for(state="detached")

    assert f"practitioner={theo}" in query
    assert (
        datetime.fromisoformat(re.findall(r"start=([^&]*)", query)[0].replace("%3A", ":").replace("%2B", "+"))
        == starts_at
    )


async def test_dragged_block_is_moved_and_taken_back(visit: Visit, portal: Demo) -> None:
    nora = await visit(None, NORA)
    day = await open_day(nora, portal)
    before = await put_at(portal)
    await drag_block(nora, "Ana Silva", "11:00", "Theo Roy")
    undo = nora.page.locator(".toast").get_by_role("button", name="Undo")
    await undo.wait_for()
    moved = await put_at(portal)
    await undo.click()
    await nora.page.locator(".toast [data-undo][hidden]").wait_for(state="attached")

    assert moved == (datetime.fromisoformat(f"{day}T11:00").replace(tzinfo=TORONTO), "Theo Roy")
    assert await put_at(portal) == before


async def test_refused_block_goes_back_and_may_be_insisted_on(visit: Visit, portal: Demo) -> None:
    nora = await visit(None, NORA)
    day = await open_day(nora, portal)
    words = await block(nora, "Ana Silva").inner_text()
    await drag_block(nora, "Ana Silva", "17:30")
    refused = nora.page.locator(".toast.is-danger")
    await refused.wait_for()
    back = await block(nora, "Ana Silva").inner_text()
    nora.trouble.clear()  # the refusal's 422
    await refused.get_by_label("Reason").fill("She comes after work")
    await refused.get_by_role("button", name="Book anyway").click()
    await nora.page.locator(".toast [data-undo]:not([hidden])").wait_for()

    assert back == words
    assert (await put_at(portal))[0] == datetime.fromisoformat(f"{day}T17:30").replace(tzinfo=TORONTO)
    assert await portal.owner.fetchval("SELECT reason FROM booking_override") == "She comes after work"


async def test_change_elsewhere_is_drawn_when_it_is_heard_of(visit: Visit, portal: Demo) -> None:
    """The stream says so when it opens again, as after a lost connection."""
    nora = await visit(None, NORA)
    await open_day(nora, portal)
    await nora.page.evaluate("() => dispatchEvent(new PageTransitionEvent('pagehide'))")
    await portal.owner.execute(
        "UPDATE client_record SET first_name = 'Anabel' WHERE email = $1 AND tenant_id = ("
        "SELECT id FROM practice WHERE slug = 'harbour')",
        ANA,
    )
    await nora.page.evaluate("() => dispatchEvent(new PageTransitionEvent('pageshow', {persisted: true}))")

    await block(nora, "Anabel Silva").wait_for()
    await nora.page.locator("#as-list .slip", has_text="Anabel Silva").wait_for()


async def test_phone_shows_the_list_first(visit: Visit, portal: Demo) -> None:
    nora = await visit(Look(PHONE), NORA)
    await open_day(nora, portal)
    tops = [
        await nora.page.evaluate(f"() => document.getElementById('{part}').getBoundingClientRect().top")
        for part in ("as-list", "drawn")
    ]

    assert tops == sorted(tops)


async def test_without_scripts_the_day_is_there(visit: Visit, portal: Demo) -> None:
    nora = await visit(Look(scripts=False), NORA)
    await nora.go(f"/desk/harbour?day={await next_day(portal)}")

    assert await nora.page.locator(".slip", has_text="Ana Silva").count() == 1
    assert not await nora.page.locator("#drawn").is_visible()


async def test_day_on_paper_is_a_list_with_phones(visit: Visit, portal: Demo) -> None:
    nora = await visit(None, NORA)
    nora.spoiled = True
    await portal.owner.execute("UPDATE appointment SET note = 'Left knee'")
    await open_day(nora, portal)
    await nora.page.emulate_media(media="print")
    slip = nora.page.locator(".slip", has_text="Ana Silva")

    assert not await nora.page.locator("#drawn").is_visible()
    assert await slip.locator(".slip-phone").is_visible()
    assert await slip.locator(".slip-note").inner_text() == "Left knee"


def told(words: str) -> tuple[str, bool]:
    """When it begins and whose it is, of a block or of a line of the list."""
    flat = re.sub(r"[\s\u202f\xa0]+", " ", words)
    begins = re.search(r"\d+:\d\d [ap]\.m\.", flat)
    assert begins is not None, words
    return begins[0], "Ana Silva" in flat


async def put_at(portal: Demo) -> tuple[datetime, str]:
    """When Ana's next visit begins, and whose it is."""
    row = await portal.owner.fetchrow(
        """SELECT starts_at, practitioner.name FROM appointment
           JOIN client_record ON client_record.id = client_record_id
           JOIN practitioner ON practitioner.id = practitioner_id
           WHERE email = $1 AND starts_at > now() ORDER BY starts_at LIMIT 1""",
        ANA,
    )
    return row["starts_at"], row["name"]


async def open_day(nora: Visitor, portal: Demo) -> str:
    """Of Ana's next visit; told as an address has it."""
    day = await next_day(portal)
    await nora.go(f"/desk/harbour?day={day}")
    await drawn(nora)
    return day


async def next_day(portal: Demo) -> str:
    starts_at: datetime = await portal.owner.fetchval(
        """SELECT min(starts_at) FROM appointment JOIN client_record ON client_record.id = client_record_id
           WHERE email = $1 AND starts_at > now()""",
        ANA,
    )
    return f"{starts_at.astimezone(TORONTO):%Y-%m-%d}"
