"""A door of the desk as the calendar's script asks it: with the page's token, answered as JSON."""

import re
from typing import Any

import httpx

from tests.browser import Browser

JSON = {"accept": "application/json"}


async def token_of(browser: Browser) -> str:
    page = await browser.http.get("/desk/harbour")
    found: str = re.findall(r'name="_csrf" value="([^"]+)"', page.text)[0]
    return found


async def ask(browser: Browser, path: str, **fields: Any) -> httpx.Response:
    data = {"_csrf": await token_of(browser), **fields}
    return await browser.http.post(path, data=data, headers=JSON)


async def undo(browser: Browser, answer: httpx.Response) -> httpx.Response:
    back = answer.json()["undo"]
    return await ask(browser, back["address"], **back["fields"])


def hidden_in(text: str) -> dict[str, Any]:
    """The hidden fields of a form, without its token."""
    fields: dict[str, Any] = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', text))
    fields.pop("_csrf", None)
    return fields


def undo_form(browser: Browser) -> tuple[str, dict[str, Any]]:
    """Where the line of what was done leads back, and with what."""
    line = browser.text.split('class="alert is-good done"')[1].split("</form>")[0]
    return re.findall(r'action="([^"]+)"', line)[0], hidden_in(line)
