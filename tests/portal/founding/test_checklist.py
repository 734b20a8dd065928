"""The list of the first weeks: each step done by what is there, some put aside by hand, gone by itself."""

import re
from datetime import timedelta

import asyncpg

from tenants.founding.checklist import SHOWN_FOR
from tests.browser import Browser, TestClock
from tests.cast import CLEO, MONDAY, Cast
from tests.portal.founding.test_sign_up import HOURS, SERVICE, found

DESK = "/desk/cleo-s-kneipp"
ID = "(SELECT id FROM practice WHERE slug = 'cleo-s-kneipp')"


async def told(browser: Browser) -> str | None:
    """As the calendar says it."""
    await browser.get(DESK)
    said = re.search(r"\d of \d", browser.text)
    return said[0] if said else None


async def test_each_step_is_done_by_what_is_there(cleo: Browser, owner: asyncpg.Connection) -> None:
    await found(cleo)
    said = [await told(cleo)]
    await cleo.get(f"{DESK}/start/service")
    await cleo.post(f"{DESK}/start/service", **SERVICE)
    said.append(await told(cleo))
    await cleo.get(f"{DESK}/start/hours")
    await cleo.post(f"{DESK}/start/hours", **HOURS, weekday="3")
    said.append(await told(cleo))
    await cleo.get(f"{DESK}/start/page")
    await cleo.post(f"{DESK}/start/publication")
    said.append(await told(cleo))
    for change in (
        f"UPDATE practice SET accent = '#7a3e6d' WHERE id = {ID}",
        f"INSERT INTO membership (tenant_id, email, role) VALUES ({ID}, 'lea@meadow.example', 'professional')",
    ):
        await owner.execute(change)
        said.append(await told(cleo))

    assert said == [f"{done} of 7" for done in (0, 1, 2, 3, 4, 5)]


async def test_changing_a_reminder_at_the_desk_counts_as_looking_at_them(
    cleo: Browser, owner: asyncpg.Connection, clock: TestClock
) -> None:
    await found(cleo)
    rule = await owner.fetchval(f"SELECT ref FROM reminder_rule WHERE tenant_id = {ID} ORDER BY id LIMIT 1")
    clock.now = MONDAY + timedelta(hours=1)
    before = await told(cleo)
    await cleo.post(f"{DESK}/reminders/{rule}/end")

    assert (before, await told(cleo)) == ("0 of 7", "1 of 7")


async def test_step_is_put_aside_and_taken_up_again(cleo: Browser) -> None:
    await found(cleo)
    await cleo.get(f"{DESK}/checklist")
    await cleo.post(f"{DESK}/checklist", step="colleague")
    aside = await told(cleo)
    await cleo.post(f"{DESK}/checklist", again="colleague")

    assert (aside, await told(cleo)) == ("1 of 7", "0 of 7")


async def test_what_everybody_needs_is_not_put_aside(cleo: Browser) -> None:
    await found(cleo)
    await cleo.get(f"{DESK}/checklist")

    statuses = [(await cleo.post(f"{DESK}/checklist", step=step)).status_code for step in ("services", "moon", "")]

    assert statuses == [404, 404, 404]


async def test_whole_list_is_hidden_and_shown_again(cleo: Browser) -> None:
    await found(cleo)
    await cleo.get(DESK)
    await cleo.post(f"{DESK}/checklist", step="all", calendar="yes")
    path, hidden = cleo.path, await told(cleo)
    await cleo.get(f"{DESK}/checklist")
    await cleo.post(f"{DESK}/checklist", again="all")

    assert (path, hidden, await told(cleo)) == (DESK, None, "0 of 7")


async def test_list_goes_by_itself_when_all_is_done_and_after_its_days(
    cleo: Browser, owner: asyncpg.Connection, clock: TestClock
) -> None:
    await found(cleo)
    clock.now = MONDAY + SHOWN_FOR + timedelta(days=1)
    late = await told(cleo)
    clock.now = MONDAY
    await owner.execute(f"UPDATE practice SET published_at = now(), accent = '#7a3e6d' WHERE id = {ID}")
    await cleo.get(f"{DESK}/start/service")
    await cleo.post(f"{DESK}/start/service", **SERVICE)
    await cleo.post(f"{DESK}/start/hours", **HOURS, weekday="3")
    await cleo.get(f"{DESK}/checklist")
    for step in ("reminders", "colleague"):
        await cleo.post(f"{DESK}/checklist", step=step)
    nearly = await told(cleo)
    await cleo.get(f"{DESK}/checklist")
    await cleo.post(f"{DESK}/checklist", step="appointment")

    assert (late, nearly, await told(cleo)) == (None, "6 of 7", None)


async def test_practice_of_long_ago_has_no_list(browser: Browser, cast: Cast, owner: asyncpg.Connection) -> None:
    await browser.sign_in("nora@harbour.example", owner)

    await browser.get("/desk/harbour")

    assert "First steps" not in browser.text
    assert CLEO not in browser.text
