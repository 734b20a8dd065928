from collections.abc import AsyncIterator

import asyncpg
import pytest

from tests.browser import Browser, TestClock, make_app
from tests.cast import CLEO, Cast

OPERATOR = "operator@carnet.example"


@pytest.fixture
async def cleo(cast: Cast, owner: asyncpg.Connection, clock: TestClock) -> AsyncIterator[Browser]:
    """Signed in, with no practice of her own yet."""
    async with Browser(make_app(clock)) as browser:
        await browser.sign_in(CLEO, owner)
        yield browser


@pytest.fixture
async def operator(cast: Cast, owner: asyncpg.Connection, clock: TestClock) -> AsyncIterator[Browser]:
    async with Browser(make_app(clock, operators=(OPERATOR,))) as browser:
        await browser.sign_in(OPERATOR, owner)
        yield browser
