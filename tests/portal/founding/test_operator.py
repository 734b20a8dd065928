"""The page of whoever keeps the platform, and nobody else's."""

import asyncpg
import pytest

from tests.browser import Browser, TestClock, make_app
from tests.cast import MONDAY, NORA, Cast
from tests.portal.founding.conftest import OPERATOR

HARBOUR = "/operator/practices/harbour"
STATE = "SELECT suspended_at, suspended_why, delete_at FROM practice WHERE slug = 'harbour'"


async def test_list_is_searched_and_tells_states(operator: Browser, owner: asyncpg.Connection) -> None:
    await owner.execute("UPDATE practice SET published_at = NULL WHERE slug = 'meadow'")

    await operator.get("/operator")
    assert [name in operator.text for name in ("Harbour Physiotherapy", "Meadow Massage", "not open yet")] == [True] * 3
    await operator.get("/operator?q=MEADOW")
    assert ("Harbour" in operator.text, "Meadow" in operator.text) == (False, True)
    await operator.get("/operator?q=%25%00")
    assert "No practice is called like this." in operator.text


async def test_practice_is_suspended_with_a_reason_and_let_go_on(operator: Browser, owner: asyncpg.Connection) -> None:
    await operator.get(HARBOUR)
    await operator.post(f"{HARBOUR}/suspension", why=" ")
    refused = (operator.page.status_code, tuple(await owner.fetchrow(STATE)))
    await operator.post(f"{HARBOUR}/suspension", why="Unpaid")
    suspended = tuple(await owner.fetchrow(STATE))
    shown = "Unpaid" in operator.text
    await operator.post(f"{HARBOUR}/resumption")

    assert refused == (422, (None, "", None))
    assert (suspended, shown, tuple(await owner.fetchrow(STATE))) == ((MONDAY, "Unpaid", None), True, (None, "", None))


async def test_deletion_asks_for_the_slug_and_can_be_taken_back(operator: Browser, owner: asyncpg.Connection) -> None:
    await operator.get(HARBOUR)
    for sure in ("", "meadow", "Harbour"):
        await operator.post(f"{HARBOUR}/deletion", sure=sure)
        assert (operator.page.status_code, tuple(await owner.fetchrow(STATE))) == (422, (None, "", None))
    await operator.post(f"{HARBOUR}/deletion", sure="harbour")
    assert "December 23, 2026" in operator.text
    await operator.post(f"{HARBOUR}/return")

    assert tuple(await owner.fetchrow(STATE)) == (MONDAY, "", None)


async def test_practice_that_nobody_has_is_not_found(operator: Browser) -> None:
    await operator.get("/operator")
    for path in ("", "/suspension", "/resumption", "/deletion", "/return"):
        address = f"/operator/practices/nowhere{path}"
        answer = await (operator.post(address, why="x", sure="nowhere") if path else operator.get(address))
        assert answer.status_code == 404


@pytest.mark.parametrize("operators", [(), (OPERATOR,)])
async def test_for_everybody_else_there_is_no_such_page(
    cast: Cast, owner: asyncpg.Connection, clock: TestClock, operators: tuple[str, ...]
) -> None:
    async with Browser(make_app(clock, operators=operators)) as nora:
        await nora.sign_in(NORA, owner)
        token = nora.page.text.partition('name="_csrf" value="')[2].partition('"')[0]
        told = [(await nora.get(path)).status_code for path in ("/operator", HARBOUR)]
        for path in ("suspension", "resumption", "deletion", "return"):
            answer = await nora.post(f"{HARBOUR}/{path}", token=token, why="x", sure="harbour")
            told.append(answer.status_code)

    assert told == [404] * 6
    assert tuple(await owner.fetchrow(STATE)) == (None, "", None)


async def test_any_proved_address_of_theirs_counts(cast: Cast, owner: asyncpg.Connection, clock: TestClock) -> None:
    async with Browser(make_app(clock, operators=("ana.silva@example.com",))) as ana:
        await ana.sign_in("ana@example.org", owner)
        await ana.get("/operator")

    assert ana.page.status_code == 200
