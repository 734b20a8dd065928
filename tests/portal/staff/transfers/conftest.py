from collections.abc import AsyncIterator, Awaitable, Callable

import asyncpg
import pytest

from tests.browser import Browser, TestClock, make_app
from tests.cast import LEA, Cast
from tests.portal.staff.transfers.files import work

Work = Callable[[], Awaitable[None]]


@pytest.fixture
async def lea(cast: Cast, clock: TestClock, owner: asyncpg.Connection) -> AsyncIterator[Browser]:
    """Meadow's admin, signed in."""
    async with Browser(make_app(clock)) as browser:
        await browser.sign_in(LEA, owner)
        yield browser


@pytest.fixture
def worker(clock: TestClock) -> Work:
    """Does all that is asked for."""

    async def all_of_it() -> None:
        await work(clock)

    return all_of_it
