"""One person at one screen: a tab of a real Chromium, and everything that went wrong in it."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from playwright.async_api import Browser, ConsoleMessage, Locator, Page, Response, async_playwright

from tests.journeys.chromium import CHROMIUM, FLAGS

PATIENCE = 20_000  # milliseconds, for a machine that does much else at the same time
_USES = 50
_EMPTY = "/health/live"  # of the portal itself, because for another site Chromium would start another process
_REFUSED = "Failed to load resource"  # Chromium's word on any 4xx; `_answered` knows which of them are pages


@dataclass(frozen=True)
class Screen:
    name: str
    width: int
    height: int


DESKTOP = Screen("desktop", 1280, 800)
PHONE = Screen("phone", 360, 740)


@dataclass(frozen=True)
class Look:
    """How somebody sees the portal."""

    screen: Screen = DESKTOP
    scheme: str = "light"
    scripts: bool = True
    language: str = "en-CA"

    def __str__(self) -> str:
        return f"{self.screen.name}-{self.scheme}-{'scripts' if self.scripts else 'no-scripts'}"


# Any two of screen, scheme and scripts meet in one of these.
LOOKS = [
    Look(DESKTOP, "light", scripts=True),
    Look(PHONE, "dark", scripts=True),
    Look(DESKTOP, "dark", scripts=False),
    Look(PHONE, "light", scripts=False),
]
FEW_LOOKS = [
    Look(DESKTOP, "light", scripts=True),
    Look(PHONE, "dark", scripts=True),
    Look(PHONE, "light", scripts=False),
]


@dataclass
class Visitor:
    page: Page
    look: Look
    trouble: list[str] = field(default_factory=list)
    spoiled: bool = False
    """Nobody else can use this window: its clock was set, for example."""
    uses: int = 0

    def __post_init__(self) -> None:
        self.page.on("console", self._said)
        self.page.on("pageerror", lambda error: self.trouble.append(str(error)))
        self.page.on("response", self._answered)

    @property
    def path(self) -> str:
        return "/" + self.page.url.split("/", 3)[3]

    @property
    async def text(self) -> str:
        return await self.page.locator("main").inner_text()

    @property
    def heading(self) -> Locator:
        return self.page.get_by_role("heading", level=1)

    def chosen(self, name: str) -> Locator:
        return self.page.locator("main [aria-current=true]", has_text=name)

    async def go(self, path: str) -> None:
        await self.page.goto(path)

    async def follow(self, name: str, *, exact: bool = False) -> None:
        await self.page.get_by_role("link", name=name, exact=exact).first.click()

    async def press(self, name: str, *, exact: bool = False) -> None:
        await self.page.get_by_role("button", name=name, exact=exact).first.click()

    async def type(self, label: str, text: str) -> None:
        await self.page.get_by_label(label, exact=True).fill(text)

    def _said(self, message: ConsoleMessage) -> None:
        """Breaches of the content security policy are told there, too."""
        if message.type in {"error", "warning"} and _REFUSED not in message.text:
            self.trouble.append(message.text)

    def _answered(self, response: Response) -> None:
        is_page = response.request.resource_type == "document"
        if response.status >= 500 or (response.status >= 400 and not is_page):
            self.trouble.append(f"{response.status} {response.url}")


@asynccontextmanager
async def chromium() -> AsyncIterator[Browser]:
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        await browser.close()


class Windows:
    """Windows of one browser, each with cookies of its own.

    One that is given back is cleaned and used again, because opening takes longer than most journeys; but not for ever,
    since a window that is looked at by axe hundreds of times holds a gigabyte, and in the end answers no more.
    """

    def __init__(self, browser: Browser, url: str) -> None:
        self._browser = browser
        self._url = url
        self._free: dict[tuple[bool, str], list[Visitor]] = {}

    async def take(self, look: Look, cookies: Sequence[Any] = ()) -> Visitor:
        free = self._free.setdefault((look.scripts, look.language), [])
        visitor = free.pop() if free else await self._open(look)
        visitor.look = look
        await visitor.page.set_viewport_size({"width": look.screen.width, "height": look.screen.height})
        await visitor.page.emulate_media(color_scheme="dark" if look.scheme == "dark" else "light")
        await visitor.page.context.add_cookies(cookies)
        return visitor

    async def give_back(self, visitor: Visitor) -> None:
        visitor.uses += 1
        if visitor.spoiled or visitor.uses >= _USES:
            await visitor.page.context.close()
            return
        await visitor.page.goto(_EMPTY)
        await visitor.page.context.clear_cookies()
        await visitor.page.context.clear_permissions()
        visitor.trouble.clear()
        self._free[visitor.look.scripts, visitor.look.language].append(visitor)

    async def _open(self, look: Look) -> Visitor:
        context = await self._browser.new_context(
            base_url=self._url,
            java_script_enabled=look.scripts,
            locale=look.language,
            reduced_motion="reduce",
        )
        context.set_default_timeout(PATIENCE)
        return Visitor(await context.new_page(), look)
