"""Ana, known to two practices under two addresses, looks after her appointments."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from icalendar import Calendar

from tests.cast import ANA, ANA_AT_MEADOW
from tests.journeys.conftest import Visit
from tests.journeys.demo import Demo
from tests.journeys.steps import said_in_mail
from tests.journeys.visitor import FEW_LOOKS, PHONE, Look, Visitor

pytestmark = pytest.mark.browser

TORONTO = ZoneInfo("America/Toronto")
BADGES = "main .entry .badge.accented"


@pytest.mark.parametrize("look", FEW_LOOKS, ids=str)
async def test_both_practices_stand_in_one_list(visit: Visit, look: Look) -> None:
    ana = await visit(look, ANA)
    await ana.go("/appointments")
    together = await ana.page.locator(BADGES).all_inner_texts()
    await ana.follow("Meadow Massage", exact=True)
    await ana.page.wait_for_url("**/appointments?practice=meadow")
    alone = await ana.page.locator(BADGES).all_inner_texts()

    assert together == ["Meadow Massage", "Harbour Physiotherapy", "Harbour Physiotherapy", "Meadow Massage"]
    assert alone == ["Meadow Massage"]
    assert await ana.page.locator("section.card").inner_text() != ""


async def test_calendar_file_holds_the_appointment(visit: Visit, portal: Demo) -> None:
    ana = await visit(Look(PHONE), ANA)
    starts_at = await open_next(ana)

    async with ana.page.expect_download() as coming:
        await ana.follow("Add to calendar")
    file = await (await coming.value).path()

    [event] = Calendar.from_ical(file.read_bytes()).events
    assert event.start == starts_at
    assert event.uid.startswith(ana.path.rsplit("/", 1)[1])
    assert "Harbour House" in str(event.get("LOCATION"))


@pytest.mark.parametrize("look", FEW_LOOKS, ids=str)
async def test_moving_frees_the_old_time_and_tells_the_new_one(visit: Visit, portal: Demo, look: Look) -> None:
    ana = await visit(look, ANA)
    before = await open_next(ana)
    await ana.follow("Move", exact=True)
    button = ana.page.locator("button[name=start]").last
    after = datetime.fromisoformat(await button.get_attribute("value") or "")
    await button.click()
    await ana.page.wait_for_url(lambda address: not address.endswith("/move"))

    assert before != after
    assert await ana.page.locator(".when-time").get_attribute("datetime") == after.isoformat()
    assert "Moved to this time" in await ana.text
    mail = await portal.mail_to(ANA, "moved")
    assert said_in_mail(after) in mail["text"]
    assert await portal.owner.fetchval("SELECT count(*) FROM appointment WHERE starts_at = $1", before) == 0


@pytest.mark.parametrize("look", FEW_LOOKS, ids=str)
async def test_cancelling_asks_first_and_tells_by_mail(visit: Visit, portal: Demo, look: Look) -> None:
    ana = await visit(look, ANA)
    starts_at = await open_next(ana)
    await ana.follow("Cancel", exact=True)
    await ana.follow("Keep it")
    assert await ana.page.get_by_text("cancelled").count() == 0
    await ana.follow("Cancel", exact=True)
    await ana.page.get_by_label("Reason").fill("A cold")
    await ana.press("Cancel the appointment")
    await ana.page.wait_for_url(lambda address: not address.endswith("/cancellation"))

    assert "This appointment is cancelled." in await ana.text
    mail = await portal.mail_to(ANA, "cancelled")
    assert said_in_mail(starts_at) in mail["text"]


async def test_appointment_of_the_other_address_tells_that_one(visit: Visit, portal: Demo) -> None:
    ana = await visit(None, ANA)
    await ana.go("/appointments?practice=meadow")
    await ana.follow("Massage", exact=True)
    await ana.follow("Cancel", exact=True)
    await ana.press("Cancel the appointment")
    await ana.page.wait_for_url(lambda address: not address.endswith("/cancellation"))

    mail = await portal.mail_to(ANA_AT_MEADOW)
    assert "Meadow Massage" in mail["text"]


async def open_next(visitor: Visitor) -> datetime:
    """The page of the next appointment at Harbour, and when that is."""
    await visitor.go("/appointments?practice=harbour")
    await visitor.page.locator("section.card .card-what a").click()
    shown = visitor.page.locator(".when-time")
    await visitor.page.wait_for_url("**/appointments/*")
    return datetime.fromisoformat(await shown.get_attribute("datetime") or "").astimezone(TORONTO)
