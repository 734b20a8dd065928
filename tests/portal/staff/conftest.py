from collections.abc import AsyncIterator

import asyncpg
import pytest

from tests.browser import Browser, TestClock, make_app
from tests.cast import NORA, THEO, Cast


@pytest.fixture
async def nora(cast: Cast, clock: TestClock, owner: asyncpg.Connection) -> AsyncIterator[Browser]:
    """Harbour's admin, signed in."""
    async with Browser(make_app(clock)) as browser:
        await browser.sign_in(NORA, owner)
        yield browser


@pytest.fixture
async def theo(cast: Cast, clock: TestClock, owner: asyncpg.Connection) -> AsyncIterator[Browser]:
    """A professional at Harbour, signed in."""
    async with Browser(make_app(clock)) as browser:
        await browser.sign_in(THEO, owner)
        yield browser
