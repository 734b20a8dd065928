"""Nora keeps the book of her practice: looks, books, moves, cancels, and changes what clients may do."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from tests.cast import ANA, BEN, NORA
from tests.journeys.conftest import Visit
from tests.journeys.demo import Demo
from tests.journeys.steps import said_in_mail
from tests.journeys.visitor import FEW_LOOKS, PHONE, Look, Visitor

pytestmark = pytest.mark.browser

TORONTO = ZoneInfo("America/Toronto")


@pytest.mark.parametrize("look", FEW_LOOKS, ids=str)
async def test_day_and_week_show_who_comes(visit: Visit, portal: Demo, look: Look) -> None:
    nora = await visit(look, NORA)
    starts_at = await next_visit(portal, ANA)
    await nora.go(f"/desk/harbour?day={starts_at:%Y-%m-%d}")
    day = await nora.page.locator(".slip", has_text="Ana Silva").inner_text()
    await nora.follow("Week", exact=True)
    await nora.page.wait_for_url("**view=week**")
    week = await nora.page.locator(".slip", has_text="Ana Silva").first.inner_text()

    assert "Follow-up" in day
    assert f"{starts_at.hour}:{starts_at:%M}" in day
    assert "Nora Blake" in week


@pytest.mark.parametrize("look", FEW_LOOKS, ids=str)
async def test_booking_for_a_client_tells_them(visit: Visit, portal: Demo, look: Look) -> None:
    nora = await visit(look, NORA)
    starts_at = await choose_time_at_desk(nora, portal)
    await nora.page.get_by_label("Name, e-mail address or phone").fill("ben")
    await nora.press("Search")
    await nora.follow("Ben Okafor")
    await nora.press("Book this appointment")
    await nora.page.wait_for_url(lambda address: "/new" not in address)

    assert await nora.heading.inner_text() == "Ben Okafor"
    await portal.settle()
    mail = await portal.mail_to(BEN, "booked")
    assert said_in_mail(starts_at) in mail["text"]


async def test_booking_for_somebody_without_an_address(visit: Visit, portal: Demo) -> None:
    nora = await visit(Look(PHONE), NORA)
    starts_at = await choose_time_at_desk(nora, portal)
    await nora.type("First name", "Cleo")
    await nora.type("Last name", "Laurent")
    await nora.page.get_by_label("Phone").last.fill("416 555 0199")
    await nora.press("Book this appointment")
    await nora.page.wait_for_url(lambda address: "/new" not in address)

    assert "nothing is mailed to this client" in await nora.text
    assert await nora.page.locator(".when-time").get_attribute("datetime") == starts_at.isoformat()


@pytest.mark.parametrize("look", FEW_LOOKS, ids=str)
async def test_moving_for_a_client_tells_them(visit: Visit, portal: Demo, look: Look) -> None:
    nora = await visit(look, NORA)
    await open_at_desk(nora, portal, "starts_at > now()")
    await nora.follow("Move", exact=True)
    button = nora.page.locator("button[name=start]").last
    starts_at = datetime.fromisoformat(await button.get_attribute("value") or "")
    await button.click()
    await nora.page.wait_for_url(lambda address: not address.endswith("/move"))

    assert await nora.page.locator(".when-time").get_attribute("datetime") == starts_at.isoformat()
    await portal.settle()
    mail = await portal.mail_to(ANA, "moved")
    assert said_in_mail(starts_at) in mail["text"]


async def test_cancelling_for_a_client_keeps_the_reason_inside(visit: Visit, portal: Demo) -> None:
    nora = await visit(None, NORA)
    await open_at_desk(nora, portal, "starts_at > now()")
    await nora.follow("Cancel", exact=True)
    await nora.page.get_by_label("Reason").fill("Nora is ill")
    await nora.press("Cancel the appointment")
    await nora.page.wait_for_url(lambda address: not address.endswith("/cancellation"))

    assert "Nora is ill" in await nora.text
    await portal.settle()
    mail = await portal.mail_to(ANA, "cancelled")
    assert "Nora is ill" not in mail["text"]


@pytest.mark.parametrize("look", [Look(), Look(PHONE, scripts=False)], ids=str)
async def test_not_coming_is_noted_and_taken_back(visit: Visit, portal: Demo, look: Look) -> None:
    nora = await visit(look, NORA)
    await open_at_desk(nora, portal, "starts_at < now()")

    await nora.press("Did not come")
    await nora.page.get_by_role("button", name="They came after all").wait_for()
    missed = await nora.page.locator("section.card .badge.is-off").inner_text()
    await nora.press("They came after all")
    await nora.page.get_by_role("button", name="Did not come").wait_for()

    assert missed.strip() == "missed"
    assert await portal.owner.fetchval("SELECT count(no_show_at) FROM appointment") == 0


async def test_closed_day_is_offered_to_nobody(visit: Visit, portal: Demo) -> None:
    nora, cleo = await visit(None, NORA), await visit()
    day = (await next_visit(portal, ANA)).date()
    service = await portal.owner.fetchval("SELECT ref FROM service WHERE name = 'Follow-up'")
    await cleo.go(f"/p/harbour/book?service={service}&day={day}")
    offered = await cleo.page.locator("button[name=start]").count()

    await nora.go("/desk/harbour/closures")
    await nora.type("First day", str(day))
    await nora.type("Last day", str(day))
    await nora.press("Add it")
    await nora.press("Close all the same")
    await nora.page.get_by_text("Saved.").wait_for()
    await cleo.page.reload()

    assert offered > 0
    assert "Nothing free on this day." in await cleo.text


async def test_new_price_stands_on_the_practices_page(visit: Visit, portal: Demo) -> None:
    nora, cleo = await visit(None, NORA), await visit()
    await nora.go("/desk/harbour/services")
    await nora.follow("Knee check", exact=True)
    await nora.page.get_by_label("Price").fill("104.50")
    await nora.press("Save")
    await nora.page.wait_for_url("**/services")

    await cleo.go("/p/harbour")

    assert "$104.50" in await cleo.text


async def choose_time_at_desk(nora: Visitor, portal: Demo) -> datetime:
    day = (await next_visit(portal, ANA)).date()
    await nora.go("/desk/harbour")
    await nora.page.get_by_label("Desk").get_by_role("link", name="Book", exact=True).click()
    await nora.follow("Follow-up", exact=True)
    await nora.follow("Nora Blake")
    await nora.chosen("Nora Blake").wait_for()
    await nora.page.locator(f"#day-{day}").click()
    await nora.page.locator(f"#day-{day}[aria-current=date]").wait_for()
    button = nora.page.locator("button[name=start]").first
    starts_at = datetime.fromisoformat(await button.get_attribute("value") or "")
    await button.click()
    await nora.page.get_by_role("heading", name="For whom?").wait_for()
    return starts_at


async def open_at_desk(nora: Visitor, portal: Demo, which: str) -> None:
    """Ana's first appointment of this kind, from the calendar."""
    day = await portal.owner.fetchval(
        f"""SELECT min(starts_at AT TIME ZONE 'America/Toronto')::date
            FROM appointment JOIN client_record ON client_record.id = client_record_id
            WHERE email = $1 AND {which}""",
        ANA,
    )
    await nora.go(f"/desk/harbour?day={day}")
    await nora.follow("Ana Silva")
    await nora.page.wait_for_url("**/appointments/*")


async def next_visit(portal: Demo, email: str) -> datetime:
    starts_at: datetime = await portal.owner.fetchval(
        """SELECT min(starts_at) FROM appointment JOIN client_record ON client_record.id = client_record_id
           WHERE email = $1 AND starts_at > now()""",
        email,
    )
    return starts_at.astimezone(TORONTO)
