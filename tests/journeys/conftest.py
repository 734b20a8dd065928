"""A real server and a real Chromium for each parallel worker; where there is no Chromium, its tests are skipped."""

import os
import shutil
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import pytest
from playwright.async_api import Browser

from tests.cast import ANA, LEA, NORA, THEO
from tests.journeys.chromium import CHROMIUM, NO_CHROMIUM
from tests.journeys.demo import Demo
from tests.journeys.visitor import Look, Visitor, Windows, chromium
from tests.scratch import new_folder

Visit = Callable[..., Awaitable[Visitor]]


@pytest.fixture(scope="session")
async def real_browser() -> AsyncIterator[Browser]:
    if CHROMIUM is None:
        if os.environ.get("CI"):
            pytest.fail(f"{NO_CHROMIUM}: where CI is set, the journeys must run")
        pytest.skip(NO_CHROMIUM)
    async with chromium() as running:
        yield running


@pytest.fixture(scope="session")
async def demo(real_browser: Browser, project_root: Path) -> AsyncIterator[Demo]:
    """Ana and the practices' own are signed in when a journey begins."""
    folder = new_folder("carnet-journeys-")
    running = await Demo.start(folder / "var", project_root)
    try:
        for email in (ANA, NORA, THEO, LEA):
            await running.let_in(email)
        await running.keep()
        yield running
    finally:
        await running.end()
        shutil.rmtree(folder)


@pytest.fixture
async def portal(demo: Demo) -> Demo:
    """As it was right after the start, whatever was done before."""
    await demo.put_back()
    return demo


@pytest.fixture(scope="session")
def windows(real_browser: Browser, demo: Demo) -> Windows:
    return Windows(real_browser, demo.url)


@pytest.fixture
async def visit(portal: Demo, windows: Windows) -> AsyncIterator[Visit]:
    """Opens somebody's window: a stranger's, or that of whoever has signed in already."""
    visitors: list[Visitor] = []

    async def visit(look: Look | None = None, who: str | None = None) -> Visitor:
        visitor = await windows.take(look or Look(), portal.signed_in[who] if who else ())
        visitors.append(visitor)
        return visitor

    yield visit
    trouble = [words for visitor in visitors for words in visitor.trouble]
    for visitor in visitors:
        await windows.give_back(visitor)
    assert trouble == []
