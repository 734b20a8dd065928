"""One PostgreSQL for the whole run, one database for each parallel worker, emptied before each test that uses it."""

import asyncio
import os
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import asyncpg
import pytest

import portal.settings  # noqa: F401 - tells Piccolo where its configuration is
from portal.database import close_database, engine, open_database
from tests import databases
from tests.browser import Browser, TestClock, make_app
from tests.cast import MONDAY, Cast
from tests.journeys.chromium import NO_CHROMIUM
from tests.stage import Stage


@pytest.fixture(scope="session")
def owner_dsn(testrun_uid: str, worker_id: str) -> Iterator[str]:
    """The worker's own migrated database, as its owner sees it."""
    kind = os.environ.get("CARNET_TEST_SERVER", "embedded")
    with databases.shared_folder(testrun_uid) as shared, databases.server(shared, kind) as server_dsn:
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
def no_pool(monkeypatch: pytest.MonkeyPatch) -> None:
    """The pool of other tests, on their loop, is put aside for the time of one with a loop of its own."""
    monkeypatch.setattr(engine, "pool", None)
    monkeypatch.setattr(engine, "config", engine.config)


@pytest.fixture
async def database(pool: None, owner: asyncpg.Connection) -> None:
    """The application's pool on an empty database."""
    await databases.empty(owner)


@pytest.fixture(scope="session")
def stage() -> Stage:
    return Stage()


@pytest.fixture
async def cast(database: None, stage: Stage, owner: asyncpg.Connection) -> Cast:
    return await stage.set(owner)


@pytest.fixture(scope="session")
def project_root() -> Path:
    return Path(__file__).parent.parent


@pytest.fixture
def clock() -> TestClock:
    return TestClock(MONDAY)


@pytest.fixture
async def browser(cast: Cast, clock: TestClock) -> AsyncIterator[Browser]:
    """A stranger's browser at the door of the cast's portal."""
    async with Browser(make_app(clock)) as visitor:
        yield visitor


_FIRST, _LAST = ("tests/journeys/",), ("tests/portal/operations/",)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Of two parallel workers one begins with the journeys and the other ends with the operations.

    What is slow to make for them is then made once, and what is quick remains for whoever has less to do.
    """
    items.sort(key=lambda item: item.nodeid.startswith(_LAST) - item.nodeid.startswith(_FIRST))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Said aloud, since a skipped journey looks like a passed one.

    Here, because the process that gathers what the parallel workers found reads no other conftest.
    """
    unrun = [report for report in terminalreporter.getreports("skipped") if NO_CHROMIUM in str(report.longrepr)]
    if unrun:
        terminalreporter.write_line(f"{len(unrun)} browser journeys not run: {NO_CHROMIUM}", yellow=True, bold=True)
