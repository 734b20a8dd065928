"""An open desk hears that something has changed, whoever changed it; what it is, it asks for itself."""

import asyncio
from collections.abc import AsyncIterator

import asyncpg
import pytest

from portal.staff.changes.desks import OpenDesks
from portal.staff.changes.stream import changes_at
from tests.browser import Browser
from tests.cast import ANA, Cast

PATIENCE = 5  # seconds; what is waited for takes a hundredth
_LISTENERS = "SELECT pid FROM pg_stat_activity WHERE query LIKE 'LISTEN%carnet_desks%' AND datname = current_database()"


@pytest.fixture
async def desks(cast: Cast) -> AsyncIterator[OpenDesks]:
    opened = OpenDesks()
    yield opened
    await opened.close()


async def rung(bell: asyncio.Event, within: float = PATIENCE) -> bool:
    try:
        await asyncio.wait_for(bell.wait(), within)
    except TimeoutError:
        return False
    bell.clear()
    return True


async def test_change_at_one_practice_is_heard_at_its_desks_alone(nora: Browser, cast: Cast, desks: OpenDesks) -> None:
    await nora.get("/desk/harbour/closures")
    with desks.watching(cast.harbour.tenant.id) as here, desks.watching(cast.meadow.tenant.id) as there:
        opened = [await rung(here), await rung(there)]

        await nora.post("/desk/harbour/closures", from_day="2026-12-01", until_day="2026-12-01")

        assert opened == [True, True], "a line that has just opened does not know what it missed"
        assert await rung(here)
        assert not await rung(there, within=0.3)


async def test_looking_is_no_change(nora: Browser, cast: Cast, desks: OpenDesks) -> None:
    with desks.watching(cast.harbour.tenant.id) as bell:
        await rung(bell)

        await nora.get("/desk/harbour")

        assert not await rung(bell, within=0.3)


async def test_lost_line_is_opened_again_and_told(cast: Cast, desks: OpenDesks, owner: asyncpg.Connection) -> None:
    with desks.watching(cast.harbour.tenant.id) as bell:
        await rung(bell)

        cut = await owner.fetch("SELECT pg_terminate_backend(pid) FROM (" + _LISTENERS + ") AS listening")

        assert cut
        assert await rung(bell)


async def test_stream_tells_at_once_and_ends_when_the_server_stops(cast: Cast, desks: OpenDesks) -> None:
    stream = changes_at(desks, cast.harbour.tenant.id)
    first = [await anext(stream), await anext(stream)]  # one of its own, one of the line that opened

    await desks.close()

    assert [each.event for each in first] == ["changed", "changed"]
    assert [each async for each in stream] == []


async def test_client_has_no_stream(browser: Browser, owner: asyncpg.Connection) -> None:
    await browser.sign_in(ANA, owner)

    await browser.get("/desk/harbour/changes")

    assert browser.page.status_code == 404
