"""axe-core in the page under test. It is evaluated, because the pages' own policy lets no foreign script in."""

from functools import cache
from pathlib import Path

import axe_playwright_python
from playwright.async_api import Page

TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
_RUN = "options => axe.run(document, options)"


@cache
def _source() -> str:
    return (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text()


async def bring_axe(page: Page) -> None:
    await page.evaluate(_source())


async def violations(page: Page) -> list[str]:
    """One line for each, with the elements that it is about."""
    found = await page.evaluate(_RUN, {"runOnly": TAGS, "resultTypes": ["violations"], "selectors": False})
    return [
        f"{each['id']}: {node['html'][:160]} ({node['failureSummary']})"
        for each in found["violations"]
        for node in each["nodes"]
    ]
