"""One PostgreSQL for the whole run, one database for each parallel worker, emptied before each test that uses it."""

import asyncio
import os
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import asyncpg
import pytest

import portal.settings  # noqa: F401 - tells Piccolo where its configuration is
from portal.database import close_database, open_database
from tests import databases
from tests.cast import Cast, play


@pytest.fixture(scope="session")
def owner_dsn(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Iterator[str]:
    """The worker's own migrated database, as its owner sees it."""
    shared = tmp_path_factory.getbasetemp()
    if worker_id != "master":
        shared = shared.parent
    with databases.server(shared, os.environ.get("CARNET_TEST_SERVER", "embedded")) as server_dsn:
        yield asyncio.run(databases.fresh_copy(server_dsn, shared, f"carnet_{worker_id}"))


@pytest.fixture(scope="session")
def app_dsn(owner_dsn: str) -> str:
    return databases.as_role(owner_dsn, "portal_app")


@pytest.fixture(scope="session")
async def owner(owner_dsn: str) -> AsyncIterator[asyncpg.Connection]:
    """Sees and changes everything: for what a test arranges or checks behind the lenses' back."""
    connection = await asyncpg.connect(owner_dsn)
    yield connection
    await connection.close()


@pytest.fixture(scope="session")
async def pool(app_dsn: str) -> AsyncIterator[None]:
    await open_database(app_dsn, largest=20)
    yield
    await close_database()


@pytest.fixture
async def database(pool: None, owner: asyncpg.Connection) -> None:
    """The application's pool on an empty database."""
    await databases.empty(owner)


@pytest.fixture
async def cast(database: None, owner: asyncpg.Connection) -> Cast:
    return await play(owner)


@pytest.fixture(scope="session")
def project_root() -> Path:
    return Path(__file__).parent.parent
