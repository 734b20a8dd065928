from datetime import timedelta

import asyncpg

from tests.browser import Browser
from tests.cast import ANA, BEN, Cast
from tests.portal.staff.asking import ask, undo, undo_form

TOLD = "SELECT kind, skip_reason FROM message WHERE audience = 'client' ORDER BY id"


async def page_of(cast: Cast, email: str = ANA, hour: int = 10) -> str:
    row = await cast.harbour.appointment(email, "Follow-up", "Nora Blake", cast.harbour.at(2026, 11, 24, hour))
    return f"/desk/harbour/appointments/{row['ref']}"


async def test_cancelling_can_be_left_unsaid(nora: Browser, cast: Cast, owner: asyncpg.Connection) -> None:
    page = await page_of(cast)
    await nora.get(f"{page}/cancellation")

    await nora.post(nora.path, reason="", tell="no")

    assert [tuple(row) for row in await owner.fetch(TOLD)] == [("cancelled", "left_unsaid")]


async def test_cancellation_is_undone_by_its_line(nora: Browser, cast: Cast, owner: asyncpg.Connection) -> None:
    page = await page_of(cast)
    await nora.get(f"{page}/cancellation")
    await nora.post(nora.path, reason="flood")
    assert "The appointment is cancelled." in nora.text

    address, fields = undo_form(nora)
    await nora.post(address, **fields)

    assert "The appointment stands again." in nora.text
    row = await owner.fetchrow("SELECT cancelled_at, cancel_reason, sequence FROM appointment")
    assert tuple(row) == (None, "", 2)


async def test_calendar_cancels_and_takes_back(nora: Browser, cast: Cast, owner: asyncpg.Connection) -> None:
    page = await page_of(cast)

    gone = await ask(nora, f"{page}/cancellation", reason="flood", tell="no")
    back = await undo(nora, gone)
    again = await undo(nora, back)

    assert [each.status_code for each in (gone, back, again)] == [200] * 3
    assert await owner.fetchval("SELECT cancel_reason FROM appointment") == "flood"
    assert {row["skip_reason"] for row in await owner.fetch(TOLD)} == {"left_unsaid"}


async def test_time_taken_meanwhile_is_not_taken_back(nora: Browser, cast: Cast, owner: asyncpg.Connection) -> None:
    page = await page_of(cast)
    gone = await ask(nora, f"{page}/cancellation", reason="")
    await page_of(cast, BEN)

    told = await undo(nora, gone)
    await nora.get(page)
    await nora.post(f"{page}/restoration")

    assert (told.status_code, nora.page.status_code) == (409, 409)
    assert "has just been taken" in told.json()["refusal"]
    assert "has just been taken" in nora.text
    assert await owner.fetchval("SELECT count(*) FROM appointment WHERE cancelled_at IS NULL") == 1


async def test_what_has_begun_is_not_restored(nora: Browser, cast: Cast) -> None:
    at = cast.harbour.at(2026, 11, 23, 7)
    row = await cast.harbour.appointment(
        ANA, "Follow-up", "Nora Blake", at, cancelled_at=at - timedelta(days=1), cancelled_by="staff"
    )

    told = await ask(nora, f"/desk/harbour/appointments/{row['ref']}/restoration")

    assert told.status_code == 422


async def test_restoring_what_stands_changes_nothing(nora: Browser, cast: Cast, owner: asyncpg.Connection) -> None:
    page = await page_of(cast)

    told = await ask(nora, f"{page}/restoration")

    assert (told.status_code, told.json()["undo"], told.json()["sequence"]) == (200, None, 0)


async def test_only_one_client_s_appointments_are_cancelled_together(
    nora: Browser, cast: Cast, owner: asyncpg.Connection
) -> None:
    page, theirs = await page_of(cast), await page_of(cast, BEN, 14)

    told = await ask(nora, f"{page}/cancellation", also=theirs.rsplit("/", 1)[1])
    unknown = await ask(nora, f"{page}/cancellation", also="nope nada")

    assert (told.status_code, unknown.status_code) == (404, 404)
    assert await owner.fetchval("SELECT count(cancelled_at) FROM appointment") == 0


async def test_bad_reason_is_told_to_the_calendar_too(nora: Browser, cast: Cast, owner: asyncpg.Connection) -> None:
    page = await page_of(cast)

    told = [await ask(nora, f"{page}/cancellation", reason=each) for each in ("x" * 501, "a\0b")]

    assert [each.status_code for each in told] == [422, 422]
    assert await owner.fetchval("SELECT cancelled_at FROM appointment") is None


async def test_what_was_overbooked_comes_back_over_the_same_one_only(
    nora: Browser, cast: Cast, owner: asyncpg.Connection
) -> None:
    await cast.harbour.policy(overbooking=True)
    page, under = await page_of(cast), await page_of(cast, BEN, 14)
    there = {"start": "2026-11-24T14:00:00-05:00", "insist": "overbook", "why": "urgent"}
    await ask(nora, f"{page}/placement", **there)

    gone = await ask(nora, f"{page}/cancellation", reason="")
    back = await undo(nora, gone)
    gone = await ask(nora, f"{page}/cancellation", reason="")
    await ask(nora, f"{under}/cancellation", reason="")
    await page_of(cast, BEN, 14)
    never = await undo(nora, gone)

    assert [each.status_code for each in (back, never)] == [200, 409]
    assert await owner.fetchval("SELECT count(*) FROM appointment WHERE cancelled_at IS NULL") == 1


async def test_sheet_takes_its_booking_back_in_its_place(nora: Browser, cast: Cast, owner: asyncpg.Connection) -> None:
    page = await page_of(cast)
    await nora.get(page)
    token = hidden_token(nora)

    answer = await nora.http.post(f"{page}/cancellation", data={"_csrf": token}, headers={"hx-request": "true"})

    assert (answer.status_code, answer.headers["hx-trigger"]) == (200, "booked")
    assert answer.text.lstrip().startswith('<div id="sheet"')
    assert await owner.fetchval("SELECT count(cancelled_at) FROM appointment") == 1


def hidden_token(browser: Browser) -> str:
    return browser.text.split('name="_csrf" value="')[1].split('"')[0]
