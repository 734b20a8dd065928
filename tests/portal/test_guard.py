import re
from ipaddress import ip_network
from typing import Any

import asyncpg
import pytest
from litestar import Litestar
from litestar.testing import RequestFactory

from portal.web.client_ip import client_ip
from tests.browser import Browser, TestClock, make_app
from tests.cast import ANA, Cast


async def test_every_answer_carries_the_safety_headers(browser: Browser) -> None:
    for path in ("/", "/p/harbour", "/nope", "/health/live", "/p/harbour/accent.css"):
        headers = (await browser.get(path)).headers
        policy = headers["content-security-policy"]
        assert "unsafe" not in policy, path
        assert policy.startswith("default-src 'none'; script-src 'self'; style-src 'self';"), path
        assert headers["x-content-type-options"] == "nosniff", path
        assert headers["referrer-policy"] == "same-origin", path


async def test_pages_have_no_inline_script_or_style(browser: Browser, owner: asyncpg.Connection) -> None:
    await browser.sign_in(ANA, owner)
    for path in ("/", "/p/harbour", "/p/harbour/book", "/appointments", "/nope"):
        page = (await browser.get(path)).text
        assert re.findall(r"<style|\sstyle=|\son[a-z]+=|<script(?![^>]*\ssrc=)", page) == [], path


async def test_cookies_are_bound_to_the_host_under_https(
    cast: Cast, clock: TestClock, owner: asyncpg.Connection
) -> None:
    async with Browser(make_app(clock, public_url="https://carnet.example")) as browser:
        browser.http.base_url = "https://carnet.example"
        await browser.get("/sign-in")
        await browser.post("/sign-in", email=ANA)
        code = await owner.fetchval("SELECT facts->>'code' FROM account_message")

        await browser.post(browser.path, follow=False, code=code)

        cookie = browser.page.headers["set-cookie"]
        assert cookie.startswith("__Host-connection=")
        assert {part.strip().lower() for part in cookie.split(";")[1:]} >= {
            "secure",
            "httponly",
            "samesite=lax",
            "path=/",
        }
        assert "strict-transport-security" in browser.page.headers


@pytest.mark.parametrize(
    "headers",
    [
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
        {"origin": "https://evil.example"},
        {"origin": "null"},
        {"origin": "http://localhost:8001"},
    ],
)
async def test_change_from_another_site_is_refused(
    browser: Browser, owner: asyncpg.Connection, headers: dict[str, str]
) -> None:
    await browser.get("/sign-in")
    token = re.findall(r'name="_csrf" value="([^"]*)"', browser.page.text)[0]

    answer = await browser.http.post("/sign-in", data={"_csrf": token, "email": ANA}, headers=headers)

    assert answer.status_code == 403
    assert await owner.fetchval("SELECT count(*) FROM code") == 0


@pytest.mark.parametrize("token", ["", "0" * 40, "é"])
async def test_change_without_the_right_token_is_refused(
    browser: Browser, owner: asyncpg.Connection, token: str
) -> None:
    await browser.sign_in(ANA, owner)

    await browser.post("/sign-out", token=token or "-")

    assert browser.page.status_code == 403
    assert await owner.fetchval("SELECT count(*) FROM connection WHERE ended_at IS NULL") == 1


async def test_token_of_another_connection_is_refused(
    browser: Browser, cast: Cast, clock: TestClock, owner: asyncpg.Connection
) -> None:
    await browser.get("/")
    strangers = re.findall(r'"x-csrf-token": "([^"]*)"', browser.text)[0]
    await browser.sign_in(ANA, owner)

    await browser.post("/sign-out", token=strangers)

    assert browser.page.status_code == 403


async def test_large_body_is_refused(browser: Browser) -> None:
    await browser.get("/sign-in")

    await browser.post("/sign-in", email="a" * 100_000)

    assert browser.page.status_code == 413


@pytest.mark.parametrize("content_type", ["application/json", "text/plain", "application/x-msgpack", ""])
async def test_what_is_no_form_is_refused(browser: Browser, content_type: str) -> None:
    answer = await browser.http.post("/sign-in", content=b"{}", headers={"content-type": content_type})

    assert answer.status_code == 400


PROXIES = (ip_network("10.0.0.0/8"), ip_network("fd00::/8"))


@pytest.mark.parametrize(
    ("peer", "forwarded", "found"),
    [
        ("203.0.113.5", None, "203.0.113.5"),
        ("203.0.113.5", "198.51.100.1", "203.0.113.5"),
        ("10.0.0.1", "198.51.100.1", "198.51.100.1"),
        ("10.0.0.1", "1.2.3.4, 198.51.100.1", "198.51.100.1"),
        ("10.0.0.1", "198.51.100.1, 10.0.0.2", "198.51.100.1"),
        ("10.0.0.1", "<script>", "unknown"),
        ("10.0.0.1", None, "10.0.0.1"),
        ("fd00::1", "2001:db8::7", "2001:db8::7"),
    ],
)
def test_forged_hop_changes_nothing(peer: str, forwarded: str | None, found: str) -> None:
    headers: dict[str, Any] = {"x-forwarded-for": forwarded} if forwarded else {}
    request = RequestFactory(Litestar(logging_config=None)).get("/", headers=headers)
    request.scope["client"] = (peer, 1234)

    assert client_ip(request, PROXIES) == found
