"""A browser without scripts, straight into the application: keeps cookies, fills the forms it was shown."""

import re
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from html import unescape
from types import TracebackType
from typing import Any, Self, cast

import asyncpg
import httpx
from litestar import Litestar

from portal.app import create_app
from portal.settings import Settings
from portal.web.practice import Signs

ORIGIN = "http://localhost:8000"
_TOKEN = re.compile(r'name="_csrf" value="([^"]*)"')


@dataclass
class TestClock:
    """The doors' clock, set by the test."""

    __test__ = False
    now: datetime

    def __call__(self) -> datetime:
        return self.now


def make_app(clock: TestClock, **settings: Any) -> Litestar:
    """On the pool that the test has opened already: its lifespan is not run.

    One of the same settings is built once, since that takes a tenth of a second; it goes by the clock named last, and
    remembers no practice of another test.
    """
    app, told = _built(tuple(sorted(settings.items())))
    told.clock = clock
    app.state.signs = Signs()
    return app


@dataclass
class _Told:
    """The time that an app is told."""

    clock: TestClock | None = None

    def __call__(self) -> datetime:
        assert self.clock is not None
        return self.clock()


@cache
def _built(settings: tuple[tuple[str, Any], ...]) -> tuple[Litestar, _Told]:
    told = _Told()
    return create_app(Settings(secret_key="k" * 32, **dict(settings)), told), told


@dataclass
class Browser:
    app: Litestar
    page: httpx.Response = field(init=False)

    def __post_init__(self) -> None:
        transport = httpx.ASGITransport(app=cast("Any", self.app), raise_app_exceptions=False)
        self.http = httpx.AsyncClient(transport=transport, base_url=ORIGIN, headers={"accept-language": "en"})

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.http.aclose()

    @property
    def text(self) -> str:
        return unescape(self.page.text)

    @property
    def path(self) -> str:
        return self.page.url.raw_path.decode()

    async def get(self, path: str, **more: Any) -> httpx.Response:
        self.page = await self.http.get(path, follow_redirects=True, **more)
        return self.page

    async def post(self, path: str, *, token: Any = None, follow: Any = True, **fields: str) -> httpx.Response:
        """With the token of the page last shown, unless another is given."""
        if token is None:
            shown = _TOKEN.search(self.page.text)
            token = shown[1] if shown else ""
        self.page = await self.http.post(path, data={"_csrf": token, **fields}, follow_redirects=follow)
        return self.page

    async def sign_in(self, email: str, owner: asyncpg.Connection) -> None:
        """As a person does it: asks for a code, reads it in the mail, types it back."""
        await self.get("/sign-in")
        await self.post("/sign-in", email=email)
        await self.post(self.path, code=await code_sent_to(email, owner))


async def code_sent_to(email: str, owner: asyncpg.Connection) -> str:
    code: str = await owner.fetchval(
        "SELECT facts->>'code' FROM account_message WHERE sent_to = $1 ORDER BY id DESC LIMIT 1", email
    )
    return code
