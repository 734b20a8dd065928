"""The chosen time is kept for five minutes; what happens when they are over."""

import pytest

from tests.cast import ANA, CLEO
from tests.journeys.conftest import Visit
from tests.journeys.demo import Demo
from tests.journeys.steps import choose_time, give_details, prove_address, take_time
from tests.journeys.visitor import PHONE, Look

pytestmark = pytest.mark.browser

_PASS_FIVE_MINUTES = "UPDATE hold SET expires_at = now() - interval '1 second'"


async def test_countdown_is_seen_each_second_and_heard_seldom(visit: Visit) -> None:
    cleo = await visit(Look(PHONE))
    cleo.spoiled = True
    await cleo.page.clock.install()
    await choose_time(cleo)
    figures, heard = cleo.page.locator("[data-figures]"), cleo.page.locator("#countdown [role=status]")
    await cleo.page.clock.pause_at(await cleo.page.evaluate("Date.now() / 1000 + 1"))

    shown, said = [], []
    for seconds in (1, 185, 85, 31):
        await cleo.page.clock.run_for(seconds * 1000)
        shown.append(await figures.inner_text() if await figures.is_visible() else "")
        said.append(await heard.inner_text())

    assert [figure[0] for figure in shown if figure] == ["4", "1", "0"]
    assert said == [
        "",
        "Your time is kept for two more minutes.",
        "Your time is kept for thirty more seconds.",
        "Your time is no longer kept. You can go on if nobody else has taken it.",
    ]


async def test_without_scripts_the_minutes_are_told(visit: Visit) -> None:
    cleo = await visit(Look(PHONE, scripts=False))

    await choose_time(cleo)

    assert "This time is kept for you for 5 minutes." in await cleo.text


async def test_expired_time_that_nobody_took_is_still_booked(visit: Visit, portal: Demo) -> None:
    cleo = await visit()
    await choose_time(cleo)
    await portal.owner.execute(_PASS_FIVE_MINUTES)
    await cleo.page.reload()
    told = await cleo.text
    await give_details(cleo, CLEO)
    await prove_address(cleo, portal, CLEO)

    assert "This time is no longer kept for you." in told
    assert "Your appointment is booked." in await cleo.text


@pytest.mark.parametrize("look", [Look(PHONE), Look(scripts=False)], ids=str)
async def test_expired_time_that_somebody_took_leads_to_another(visit: Visit, portal: Demo, look: Look) -> None:
    cleo, ana = await visit(look), await visit(who=ANA)
    starts_at = await choose_time(cleo)
    await give_details(cleo, CLEO, note="Left knee")
    await portal.owner.execute(_PASS_FIVE_MINUTES)
    assert await choose_time(ana) == starts_at
    await ana.press("Book this appointment")
    await ana.page.wait_for_url("**/appointments/*")

    await cleo.type("Six-digit code", await portal.code_sent_to(CLEO))
    await cleo.press("Book this appointment")
    await cleo.page.get_by_text("has just been taken").wait_for()
    another = await take_time(cleo)
    kept = await cleo.page.get_by_label("Anything we should know?").input_value()
    await cleo.press("Book this appointment")
    await cleo.page.wait_for_url("**/appointments/*")

    assert kept == "Left knee"
    rows = await portal.owner.fetch("SELECT starts_at FROM appointment WHERE note = 'Left knee'")
    assert [row["starts_at"] for row in rows] == [another]


async def test_choosing_another_time_frees_the_first(visit: Visit, portal: Demo) -> None:
    cleo = await visit()
    starts_at = await choose_time(cleo)

    await cleo.press("Choose another time")
    await cleo.page.wait_for_url("**/book?*")

    offered = cleo.page.locator(f"button[value='{starts_at.isoformat()}']")
    assert await offered.count() == 1
    assert await portal.owner.fetchval("SELECT count(*) FROM hold WHERE released_at IS NULL") == 0
