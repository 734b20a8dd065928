import asyncpg
import pytest

from tests.cast import Cast
from tests.portal.things import Things, things_made


@pytest.fixture
async def things(cast: Cast, owner: asyncpg.Connection) -> Things:
    return await things_made(cast, owner)
