"""A real server and a real Chromium for each parallel worker; where there is no Chromium, its tests are skipped."""

import asyncio
import os
import shutil
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Browser, BrowserContext

from tests.cast import ANA, LEA, NORA
from tests.journeys.chromium import CHROMIUM, NO_CHROMIUM
from tests.journeys.demo import Demo
from tests.journeys.steps import sign_in
from tests.journeys.visitor import Look, Visitor, chromium, context

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
    """Ana, Nora and Lea have signed in once; each journey begins with that."""
    folder = Path(tempfile.mkdtemp(prefix="carnet-journeys-"))
    running = await Demo.start(folder / "var", project_root)
    try:
        await asyncio.gather(*(_sign_in_once(real_browser, running, email) for email in (ANA, NORA, LEA)))
        await running.keep()
        yield running
    finally:
        await running.end()
        shutil.rmtree(folder)


async def _sign_in_once(browser: Browser, demo: Demo, email: str) -> None:
    there = await context(browser, demo.url, Look())
    await sign_in(Visitor(await there.new_page(), Look()), demo, email)
    demo.signed_in[email] = await there.storage_state()
    await there.close()


@pytest.fixture
async def portal(demo: Demo) -> Demo:
    """As it was right after the start, whatever was done before."""
    await demo.put_back()
    return demo


@pytest.fixture
async def visit(portal: Demo, real_browser: Browser) -> AsyncIterator[Visit]:
    """Opens somebody's browser: a stranger's, or that of whoever has signed in already."""
    opened: list[tuple[BrowserContext, Visitor]] = []

    async def visit(look: Look | None = None, who: str | None = None) -> Visitor:
        look = look or Look()
        more: dict[str, Any] = {"storage_state": portal.signed_in[who]} if who else {}
        theirs = await context(real_browser, portal.url, look, **more)
        visitor = Visitor(await theirs.new_page(), look)
        opened.append((theirs, visitor))
        return visitor

    yield visit
    for theirs, _ in opened:
        await theirs.close()
    assert [trouble for _, visitor in opened for trouble in visitor.trouble] == []
