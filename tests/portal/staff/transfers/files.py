"""Files as a practice sends them, and the worker that is not a process of its own here."""

import asyncio
import csv
import io
from typing import Any

import httpx

from portal.transfers.work import do_next
from tests.browser import _TOKEN, Browser, TestClock

FORM = "/desk/harbour/clients/import"
CLIENTS = (
    "First name,Last name,E-mail,Mobile phone,Birthday,ID\r\n"
    "Client,Seventeen,client-17@example.org,416 555 0117,1980-02-29,17\r\n"
    "Ben,Okafor,BEN@example.org,416 555 0118,03/04/1975,18\r\n"
    "Client,Eighteen,client-18@nowhere,12,1980-02-31,19\r\n"
    "=cmd|' /C calc'!A0,Twenty,,,,20\r\n"
)


async def send(browser: Browser, data: bytes, name: str = "clients.csv", form: str = FORM) -> httpx.Response:
    await browser.get(form)
    shown = _TOKEN.search(browser.page.text)
    token = {"_csrf": shown[1] if shown else ""}
    answer = await browser.http.post(form, data=token, files={"file": (name, data)}, follow_redirects=True)
    browser.page = answer
    return answer


async def import_file(browser: Browser, data: bytes, clock: TestClock, **settings: str) -> None:
    """From the upload to the result."""
    await send(browser, data)
    if browser.path.endswith("/columns"):
        await browser.post(browser.path, **(columns_shown(browser) | settings))
    for step in ("check", "start"):
        await browser.post(f"{browser.path}/{step}")
        await work(clock)
        await browser.get(browser.path)


def columns_shown(browser: Browser) -> dict[str, Any]:
    """The guessed columns, as the form would send them back."""
    chosen: dict[str, Any] = {"day_first": "yes"}
    for part in browser.page.text.split("<select ")[1:]:
        name = part.split('name="')[1].split('"')[0]
        options = part.split("</select>")[0].split("<option ")[1:]
        chosen[name] = next((each.split('"')[1] for each in options if " selected" in each), "")
    return chosen


async def work(clock: TestClock) -> None:
    while await do_next(asyncio.Event(), clock):
        pass


def rows_of(data: bytes, delimiter: str = ",") -> list[list[str]]:
    return list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline=""), delimiter=delimiter))
