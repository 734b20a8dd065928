"""The waiting list at the desk: its order, what comes next for each, adding, taking off, and who sees whom."""

from typing import Any

import asyncpg
import pytest

from portal.messages.waiting import offer_what_came_free
from tests.browser import Browser, TestClock
from tests.cast import ANA, BEN, MONDAY, THEO, Cast
from tests.factories import PracticeMade
from tests.tenants.waiting.conftest import full, waits

__all__ = ["full"]


async def test_list_tells_the_order_and_what_comes_next(
    nora: Browser, full: PracticeMade, clock: TestClock, owner: asyncpg.Connection
) -> None:
    """One time is free: Ben has it offered, Ana comes after him, somebody without an address is called."""
    await full.appointment(ANA, "Follow-up", "Nora Blake", full.at(2026, 11, 24, 10, 30))
    await full.record("dora@example.org", "Dora", "Lind")
    week: dict[str, Any] = {"last_day": full.at(2026, 11, 29).date()}
    for email in (BEN, ANA, "dora@example.org"):
        await waits(full, email, **week)
    await owner.execute("UPDATE client_record SET email = NULL WHERE first_name = 'Dora'")
    await offer_what_came_free(MONDAY)

    text = (await nora.get("/desk/harbour/waiting")).text

    names = [text.index(each) for each in ("Ben Okafor", "Ana Silva", "Dora Lind")]
    assert names == sorted(names)
    said = [
        text.index(each)
        for each in (
            "A time is offered at this moment.",
            "is offered to somebody else at this moment",
            "There is no e-mail address on the record",
        )
    ]
    assert said == sorted(said)
    assert "2\u00a0hours left" in nora.text


@pytest.mark.parametrize(
    ("hour", "words"),
    [(8, "A time that fits is free and is offered within seconds."), (21, "Offers leave again at 8:00")],
)
async def test_free_time_is_told_with_when_it_is_offered(
    nora: Browser, full: PracticeMade, clock: TestClock, hour: int, words: str
) -> None:
    await waits(full, BEN)
    clock.now = full.at(2026, 11, 23, hour)

    await nora.get("/desk/harbour/waiting")

    assert words in nora.text.replace("\u202f", " ")


async def test_nothing_free_is_told(nora: Browser, full: PracticeMade, clock: TestClock) -> None:
    await waits(full, BEN, weekdays=(6,))

    await nora.get("/desk/harbour/waiting")

    assert "Nothing that fits is free." in nora.text


async def test_client_is_added_removed_and_put_back(nora: Browser, cast: Cast, owner: asyncpg.Connection) -> None:
    ref, service = cast.harbour.records[BEN]["ref"], cast.harbour.services["Follow-up"]["ref"]
    await nora.get("/desk/harbour/waiting/new?q=okafor")
    found = f"client={ref}" in nora.text
    await nora.get(f"/desk/harbour/waiting/new?client={ref}&service={service}")
    fields: dict[str, Any] = {"client": ref, "service": service, "weekday": ["0"], "note": "By phone"}
    fields |= {"first_day": "2026-11-23", "last_day": "2026-12-11"}
    await nora.post("/desk/harbour/waiting/new", **fields)
    added = nora.text
    wish = await owner.fetchrow("SELECT * FROM waiting_wish")
    assert wish is not None

    await nora.post(f"/desk/harbour/waiting/{wish['ref']}/removal")
    removed = await owner.fetchval("SELECT ended_why FROM waiting_wish")
    undo = "Taken off the list: Ben Okafor, Follow-up" in nora.text
    await nora.post(f"/desk/harbour/waiting/{wish['ref']}/return")

    assert found
    assert "On the waiting list: Ben Okafor, Follow-up" in added
    assert (wish["created_by"], wish["note"]) == ("nora@harbour.example", "By phone")
    assert (removed, undo) == ("removed", True)
    assert await owner.fetchval("SELECT ended_why FROM waiting_wish") is None


async def test_removing_gives_back_what_was_kept(nora: Browser, full: PracticeMade, owner: asyncpg.Connection) -> None:
    ref = await waits(full, BEN)
    await offer_what_came_free(MONDAY)
    await nora.get("/desk/harbour/waiting")

    await nora.post(f"/desk/harbour/waiting/{ref}/removal")

    assert await owner.fetchval("SELECT count(*) FROM hold WHERE released_at IS NULL") == 0


async def test_professional_sees_whom_they_may_see(theo: Browser, cast: Cast, owner: asyncpg.Connection) -> None:
    """Ana is Theo's client, Ben is not."""
    await owner.execute("UPDATE membership SET sees_all_clients = false WHERE email = $1", THEO)
    await cast.harbour.appointment(ANA, "Follow-up", "Theo Roy", cast.harbour.at(2026, 11, 25, 10))
    await waits(cast.harbour, ANA)
    bens = await waits(cast.harbour, BEN)
    await offer_what_came_free(MONDAY)

    text = (await theo.get("/desk/harbour/waiting")).text
    answer = await theo.post(f"/desk/harbour/waiting/{bens}/removal")
    stranger = cast.harbour.records[BEN]["ref"]
    adding = await theo.get(f"/desk/harbour/waiting/new?client={stranger}")
    log = (await theo.get("/desk/harbour/messages")).text

    assert ("Ana Silva" in text, "Ben Okafor" in text) == (True, False)
    assert (answer.status_code, adding.status_code) == (404, 404)
    assert ("Ana Silva" in log, BEN in log, "Ben Okafor" in log) == (True, False, False)


async def test_offer_stands_in_the_log_of_messages(
    nora: Browser, full: PracticeMade, owner: asyncpg.Connection
) -> None:
    await waits(full, BEN)
    await offer_what_came_free(MONDAY)

    await nora.get("/desk/harbour/messages?kind=offered&client=okafor")
    log = nora.text
    await nora.get(f"/desk/harbour/clients/{full.records[BEN]['ref']}")

    assert "Time offered from the waiting list" in log
    assert "What was offered: Tuesday, November 24, 2026 at 10:00" in log
    assert "Time offered from the waiting list" in nora.text


async def test_calendar_tells_to_whom_a_time_is_offered(nora: Browser, full: PracticeMade) -> None:
    await waits(full, BEN)
    await offer_what_came_free(MONDAY)

    held = (await nora.get("/desk/harbour/calendar.json?from=2026-11-24&until=2026-11-25")).json()["holds"]

    assert [each["offered_to"] for each in held] == ["Ben Okafor"]


async def test_drawn_slip_tells_to_whom_a_time_is_offered(nora: Browser, full: PracticeMade) -> None:
    await waits(full, BEN)
    await offer_what_came_free(MONDAY)

    await nora.get("/desk/harbour?view=day&day=2026-11-24")

    assert "Offered to Ben Okafor" in nora.text
