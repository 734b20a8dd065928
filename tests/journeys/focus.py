"""Where the keyboard is, and whether one can see it."""

from playwright.async_api import Page

FAR = 60  # more stops than any page has that is worth walking

_NAME = """() => {
    const focused = document.activeElement;
    const label = focused.labels?.[0] ?? focused;
    return label === document.body ? "" : label.innerText.trim().replace(/\\s+/g, " ") || focused.name || "";
}"""

# The outline may be drawn around the line that a link stretches over.
_IS_SEEN = """focused => {
    for (let each = focused; each && each !== document.body; each = each.parentElement) {
        const { outlineStyle, outlineWidth } = getComputedStyle(each);
        if (outlineStyle !== "none" && parseFloat(outlineWidth) >= 2) return focused.matches(":focus-visible");
    }
    return false;
}"""

_UNSEEN_STOPS = f"""() => [...document.querySelectorAll("a[href], button, input, select, textarea, summary")]
    .filter(each => each.checkVisibility() && !each.disabled && each.type !== "hidden")
    .filter(each => {{ each.focus(); return document.activeElement === each && !({_IS_SEEN})(each); }})
    .map(each => each.outerHTML)"""


async def focused(page: Page) -> str:
    name: str = await page.evaluate(_NAME)
    return name.replace("\u202f", " ").replace("\xa0", " ")


async def tab_to(page: Page, name: str) -> None:
    """From where the focus is, forward only, and round the page once at most."""
    for _ in range(FAR):
        await page.keyboard.press("Tab")
        at = await focused(page)
        if at == name or at.startswith(f"{name} "):
            assert await page.evaluate(f"() => ({_IS_SEEN})(document.activeElement)"), (
                f"nothing shows the focus on {name}"
            )
            return
    raise AssertionError(f"the focus never came to {name}")


async def press_enter_on(page: Page, name: str) -> None:
    await tab_to(page, name)
    await page.keyboard.press("Enter")


async def unseen_stops(page: Page) -> list[str]:
    """Whatever can have the focus and does not show it.

    After one Tab the browser takes each further move for the keyboard's, too.
    """
    await page.keyboard.press("Tab")
    unseen: list[str] = await page.evaluate(_UNSEEN_STOPS)
    return unseen
