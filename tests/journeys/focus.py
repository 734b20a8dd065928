"""Where the keyboard is, and whether one can see it."""

from playwright.async_api import Page

FAR = 60  # more stops than any page has that is worth walking

_NAME = """() => {
    const focused = document.activeElement;
    const label = focused.labels?.[0] ?? focused;
    return label === document.body ? "" : label.innerText.trim().replace(/\\s+/g, " ") || focused.name || "";
}"""

# The outline may be drawn around the line that a link stretches over. Inside a field of several parts, such as a date,
# the browser marks the part.
_UNSEEN = """() => {
    if (document.activeElement === window.seenBefore) return null;
    window.seenBefore = document.activeElement;
    for (let each = document.activeElement; each && each !== document.body; each = each.parentElement) {
        const style = getComputedStyle(each);
        if (style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2) return null;
    }
    return document.activeElement === document.body ? "" : document.activeElement.outerHTML;
}"""


async def focused(page: Page) -> str:
    name: str = await page.evaluate(_NAME)
    return name.replace("\u202f", " ").replace("\xa0", " ")


async def tab(page: Page) -> str | None:
    """One stop further; what has the focus there when nothing shows it, "" at the page's end."""
    await page.keyboard.press("Tab")
    unseen: str | None = await page.evaluate(_UNSEEN)
    return unseen


async def tab_to(page: Page, name: str) -> None:
    """From where the focus is, forward only, and round the page once at most."""
    for _ in range(FAR):
        assert not await tab(page), f"no visible focus after {await focused(page)}"
        at = await focused(page)
        if at == name or at.startswith(f"{name} "):
            return
    raise AssertionError(f"the focus never came to {name}")


async def press_enter_on(page: Page, name: str) -> None:
    await tab_to(page, name)
    await page.keyboard.press("Enter")


async def unseen_stops(page: Page) -> list[str]:
    """The stops of the whole page at which nothing shows where one is."""
    unseen = []
    for _ in range(FAR):
        stop = await tab(page)
        if stop == "":
            break
        if stop is not None:
            unseen.append(stop)
    return unseen
