import asyncpg
import pytest

from tests.browser import Browser, TestClock
from tests.cast import ANA, Cast
from tests.portal.staff.asking import ask, undo, undo_form

NOTHING = (False, False, False)


async def page_of(cast: Cast) -> str:
    row = await cast.harbour.appointment(ANA, "Follow-up", "Nora Blake", cast.harbour.at(2026, 11, 23, 9))
    return f"/desk/harbour/appointments/{row['ref']}"


async def noted(owner: asyncpg.Connection) -> tuple[bool, ...]:
    row = await owner.fetchrow("SELECT arrived_at, completed_at, no_show_at FROM appointment")
    return tuple(each is not None for each in row)


async def test_who_came_is_noted_and_taken_back(
    nora: Browser, cast: Cast, clock: TestClock, owner: asyncpg.Connection
) -> None:
    page = await page_of(cast)
    clock.now = cast.harbour.at(2026, 11, 23, 9, 20)

    await nora.get(page)
    await nora.post(f"{page}/attendance", what="missed")
    assert "Noted as missed" in nora.text
    assert await noted(owner) == (False, False, True)

    await nora.post(f"{page}/attendance", what="missed", undo="yes")
    assert "Noted as missed" not in nora.text
    assert await noted(owner) == NOTHING


@pytest.mark.parametrize("before", ["", "arrived", "missed", "completed"])
@pytest.mark.parametrize("what", ["arrived", "missed", "completed"])
async def test_undo_leads_back_to_what_was_noted_before(
    nora: Browser, cast: Cast, clock: TestClock, owner: asyncpg.Connection, before: str, what: str
) -> None:
    page = await page_of(cast)
    clock.now = cast.harbour.at(2026, 11, 23, 9, 40)
    if before:
        await ask(nora, f"{page}/attendance", what=before)
    stood = await noted(owner)

    answer = await ask(nora, f"{page}/attendance", what=what)
    assert answer.status_code == 200
    if answer.json()["undo"] is not None:
        assert (await undo(nora, answer)).status_code == 200

    assert await noted(owner) == stood


async def test_page_offers_the_way_back_without_scripts(
    nora: Browser, cast: Cast, clock: TestClock, owner: asyncpg.Connection
) -> None:
    page = await page_of(cast)
    clock.now = cast.harbour.at(2026, 11, 23, 9, 40)
    await nora.get(page)

    await nora.post(f"{page}/attendance", what="completed")
    assert await noted(owner) == (True, True, False)
    address, fields = undo_form(nora)
    await nora.post(address, **fields)

    assert await noted(owner) == NOTHING


async def test_nobody_can_have_missed_what_is_still_to_come(
    nora: Browser, cast: Cast, owner: asyncpg.Connection
) -> None:
    page = await page_of(cast)
    await nora.get(page)

    await nora.post(f"{page}/attendance", what="missed")
    told = await ask(nora, f"{page}/attendance", what="completed")
    early = await ask(nora, f"{page}/attendance", what="arrived")

    assert nora.page.status_code == 422
    assert "nobody can have missed it yet" in nora.text
    assert (told.status_code, told.json()["insist"], early.status_code) == (422, None, 200)


@pytest.mark.parametrize("what", ["", "no_show_at", "a\0", "x" * 300])
async def test_what_is_no_attendance_is_refused(
    nora: Browser, cast: Cast, owner: asyncpg.Connection, what: str
) -> None:
    page = await page_of(cast)
    await nora.get(page)

    await nora.post(f"{page}/attendance", what=what)
    told = await ask(nora, f"{page}/attendance", what=what)

    assert (nora.page.status_code, told.status_code, await noted(owner)) == (422, 422, NOTHING)
