"""Time off as it is made at the desk, and the question why an hour is not offered."""

from datetime import date

import pytest

from tests.cast import ANA, NORA
from tests.journeys.conftest import Visit
from tests.journeys.demo import Demo
from tests.journeys.visitor import PHONE, Look

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("look", [Look(), Look(PHONE, scripts=False)], ids=str)
async def test_two_people_are_away_once_their_appointments_have_been_seen(
    visit: Visit, portal: Demo, look: Look
) -> None:
    nora = await visit(look, NORA)
    day = await portal.owner.fetchval(
        """SELECT min(starts_at AT TIME ZONE 'America/Toronto')::date
           FROM appointment JOIN client_record ON client_record.id = client_record_id
           WHERE email = $1 AND starts_at > now()""",
        ANA,
    )
    await nora.go("/desk/harbour/closures")
    await nora.page.get_by_label("One or several people").check()
    for name in ("Nora Blake", "Theo Roy"):
        await nora.page.get_by_label(name).check()
    await nora.type("First day", str(day))
    await nora.type("Last day", str(day))
    await nora.page.get_by_label("Reason").fill("A course")
    await nora.press("Add it")
    await nora.page.get_by_text("Ana Silva").first.wait_for()
    made_before = await portal.owner.fetchval("SELECT count(*) FROM closure WHERE reason = 'A course'")

    await nora.press("Close all the same")
    await nora.page.wait_for_url("**/closures?saved=yes")
    await nora.page.locator("a[href$='/appointments']", has_text="stand").first.click()
    await nora.page.wait_for_url("**/appointments")

    assert made_before == 0
    assert await portal.owner.fetchval("SELECT count(*) FROM closure WHERE reason = 'A course'") == 2


async def test_holidays_are_closed_with_one_button(visit: Visit, portal: Demo) -> None:
    nora = await visit(None, NORA)
    year = await portal.owner.fetchval("SELECT extract(year FROM now())::int + 1")
    await nora.go("/desk/harbour/closures")
    await nora.follow("Close on public holidays")
    await nora.page.get_by_label("Year").select_option(str(year))
    await nora.page.get_by_label("Province or region").select_option("ON")
    await nora.press("Show")
    await nora.page.wait_for_url(f"**year={year}")
    await nora.press("Close on the ticked days")
    await nora.page.wait_for_url("**/closures?saved=yes")

    keys = {row["holiday"] for row in await portal.owner.fetch("SELECT holiday FROM closure")}
    assert {f"CA-ON:{date(year, 7, 1)}", f"CA-ON:{date(year, 12, 25)}"} <= keys


async def test_who_asks_why_is_led_to_what_could_change(visit: Visit, portal: Demo) -> None:
    nora = await visit(None, NORA)
    await nora.go("/desk/harbour")
    await nora.follow("Why is an hour not offered?")
    await nora.page.get_by_label("Service").select_option(label="Follow-up")
    await nora.page.get_by_label("With").select_option(label="Nora Blake")
    await nora.page.get_by_label("Time", exact=True).fill("03:00")
    await nora.press("Ask")
    await nora.page.get_by_text("not offered", exact=True).wait_for()
    await nora.follow("Change the opening hours")

    await nora.page.get_by_role("heading", name="Opening hours").wait_for()
