"""Two people work in one book: each sees what the other changes, and their client is told what became of it."""

import time
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from tests.cast import ANA, BEN, NORA, THEO
from tests.journeys.conftest import Visit
from tests.journeys.demo import Demo
from tests.journeys.steps import block, drag_block, drawn, press_free_time, said_in_mail, stretch_block
from tests.journeys.visitor import Visitor

pytestmark = pytest.mark.browser

TORONTO = ZoneInfo("America/Toronto")
SOON = 2_000  # milliseconds


async def test_dragged_appointment_is_told_to_its_client(visit: Visit, portal: Demo) -> None:
    nora = await visit(None, NORA)
    day = await open_day_of(nora, portal, ANA)
    await drag_block(nora, "Ana Silva", "15:00")
    await nora.page.locator(".toast [data-undo]:not([hidden])").wait_for()
    await portal.settle()

    mail = await portal.mail_to(ANA, "moved")
    assert said_in_mail(datetime.fromisoformat(f"{day}T15:00").replace(tzinfo=TORONTO)) in mail["text"]


async def test_what_is_dragged_without_a_notice_stays_unsaid(visit: Visit, portal: Demo) -> None:
    nora = await visit(None, NORA)
    await open_day_of(nora, portal, ANA)
    await nora.page.locator("#tell").uncheck()
    await drag_block(nora, "Ana Silva", "15:00")
    await nora.page.locator(".toast [data-undo]:not([hidden])").wait_for()

    reasons = await portal.owner.fetch(
        """SELECT skip_reason FROM message
           WHERE kind = 'moved' AND audience = 'client' AND created_at > now() - '1 min'::interval"""
    )
    assert [row["skip_reason"] for row in reasons] == ["left_unsaid"]


async def test_stretched_appointment_lasts_longer(visit: Visit, portal: Demo) -> None:
    nora = await visit(None, NORA)
    await open_day_of(nora, portal, ANA)
    before = await next_visit_of(portal, ANA)
    until = (before["starts_at"] + timedelta(hours=1)).astimezone(TORONTO)

    await stretch_block(nora, "Ana Silva", f"{until:%H:%M}")
    await nora.page.locator(".toast [data-undo]:not([hidden])").wait_for()

    after = await next_visit_of(portal, ANA)
    assert (after["starts_at"], after["ends_at"]) == (before["starts_at"], before["starts_at"] + timedelta(hours=1))


async def test_two_browsers_see_each_other_s_change(visit: Visit, portal: Demo) -> None:
    nora, theo = await visit(None, NORA), await visit(None, THEO)
    day = await open_day_of(nora, portal, ANA)
    await theo.go(f"/desk/harbour?day={day}")
    await drawn(theo)
    before = await block(theo, "Ana Silva").inner_text()

    await drag_block(nora, "Ana Silva", "15:00", "Theo Roy")
    await nora.page.locator(".toast [data-undo]:not([hidden])").wait_for()
    moved = time.monotonic()
    await block(theo, "Ana Silva").get_by_text("3:00").wait_for(timeout=SOON)
    heard = time.monotonic() - moved
    await drag_block(theo, "Ana Silva", "10:30", "Nora Blake")
    await block(nora, "Ana Silva").get_by_text("10:30").wait_for(timeout=SOON)

    assert "3:00" not in before
    assert heard < SOON / 1000


async def test_browser_that_lost_its_network_misses_nothing(visit: Visit, portal: Demo) -> None:
    nora, theo = await visit(None, NORA), await visit(None, THEO)
    day = await open_day_of(nora, portal, ANA)
    theo.spoiled = True
    await theo.go(f"/desk/harbour?day={day}")
    await drawn(theo)
    await theo.page.context.set_offline(True)

    await drag_block(nora, "Ana Silva", "15:00", "Theo Roy")
    await nora.page.locator(".toast [data-undo]:not([hidden])").wait_for()
    still = await block(theo, "Ana Silva").inner_text()
    await theo.page.context.set_offline(False)

    await block(theo, "Ana Silva").get_by_text("3:00").wait_for(timeout=30_000)
    assert "3:00" not in still


async def test_free_time_is_booked_through_the_sheet_over_the_calendar(visit: Visit, portal: Demo) -> None:
    nora = await visit(None, NORA)
    day = await open_day_of(nora, portal, ANA)
    await press_free_time(nora, "11:00", "Theo Roy")
    sheet = nora.page.locator("dialog #sheet")
    service = await portal.owner.fetchval("SELECT ref FROM service WHERE name = 'Follow-up'")
    await sheet.wait_for()
    await sheet.locator("[name=q]").fill("ben")
    await sheet.get_by_text("Ben Okafor").first.click()
    await sheet.locator("[name=service]").first.select_option(service)
    await sheet.get_by_role("button", name="Book this appointment").click()
    await block(nora, "Ben Okafor").wait_for()
    await portal.settle()

    mail = await portal.mail_to(BEN, "booked")
    assert said_in_mail(datetime.fromisoformat(f"{day}T11:00").replace(tzinfo=TORONTO)) in mail["text"]


async def test_series_is_looked_over_and_booked_in_the_sheet(visit: Visit, portal: Demo) -> None:
    nora = await visit(None, NORA)
    await open_day_of(nora, portal, ANA)
    await press_free_time(nora, "11:00", "Theo Roy")
    sheet = nora.page.locator("dialog #sheet")
    await sheet.wait_for()
    await sheet.locator("[name=q]").fill("ben")
    await sheet.get_by_text("Ben Okafor").first.click()
    service = await portal.owner.fetchval("SELECT ref FROM service WHERE name = 'Follow-up'")
    await sheet.locator("[name=service]").first.select_option(service)
    await sheet.locator("summary", has_text="Repeat it").click()
    await sheet.locator("[name=every_weeks]").fill("2")
    await sheet.locator("[name=times]").fill("3")
    await sheet.get_by_role("button", name="Book this appointment").click()
    await sheet.get_by_role("button", name="Book the ticked days").click()
    await nora.page.locator(".toast", has_text="The series is booked.").wait_for()

    starts = [row["starts_at"] for row in await portal.owner.fetch(_SERIES)]
    apart = [(later - earlier).days for earlier, later in pairwise(starts)]
    assert (len(starts), apart) == (3, [14, 14])


_SERIES = "SELECT starts_at FROM appointment WHERE series_id IS NOT NULL ORDER BY starts_at"


async def open_day_of(visitor: Visitor, portal: Demo, email: str) -> str:
    """The day of their next visit at Harbour, drawn."""
    found = await next_visit_of(portal, email)
    day = str(found["starts_at"].astimezone(TORONTO).date())
    await visitor.go(f"/desk/harbour?day={day}")
    await drawn(visitor)
    await block(visitor, found["first_name"]).wait_for()
    return day


async def next_visit_of(portal: Demo, email: str) -> dict[str, Any]:
    row = await portal.owner.fetchrow(
        """SELECT starts_at, ends_at, first_name FROM appointment
           JOIN client_record ON client_record.id = client_record_id
           WHERE email = $1 AND starts_at > now() AND cancelled_at IS NULL ORDER BY starts_at LIMIT 1""",
        email,
    )
    return dict(row)
