"""Every page of the desk that leads on from another one, as somebody with a browser comes to it."""

import re
from dataclasses import dataclass, field
from html import unescape
from urllib.parse import parse_qsl, urljoin, urlsplit

from tests.browser import ORIGIN, Browser
from tests.portal.things import desk_doors

_LINK = re.compile(r'(?:href|src|hx-get)="([^"]+)"')
_FORM = re.compile(r'<form[^>]*method="post"[^>]*action="([^"]+)"[^>]*>(.*?)</form>', re.DOTALL)
HARBOUR = "/desk/harbour"
_ENOUGH = 4  # of one page with the same words in its query: days and pages have no end


@dataclass
class Seen:
    """Addresses with what they answered, those that are no door, and where forms lead."""

    pages: dict[str, str] = field(default_factory=dict)
    failed: dict[str, int] = field(default_factory=dict)
    doorless: set[str] = field(default_factory=set)
    forms: set[tuple[str, str]] = field(default_factory=set)


def door_of(method: str, path: str) -> tuple[str, str] | None:
    """The most literal of the doors whose address this is."""
    found = [
        door
        for door in desk_doors()
        if door[0] == method and re.fullmatch(re.sub(r"{\w+}", "[^/]+", door[1]), urlsplit(path).path)
    ]
    return min(found, key=lambda door: door[1].count("{"), default=None)


async def crawl(browser: Browser, starts: list[str]) -> Seen:
    """From these on, over every link within the desk, without pressing a button."""
    seen, waiting, visited = Seen(), list(starts), dict[object, int]()
    known = set(starts)
    while waiting:
        address = waiting.pop(0)
        door = door_of("GET", address)
        kind = (door, tuple(sorted(name for name, _ in parse_qsl(urlsplit(address).query))))
        if visited.get(kind, 0) >= _ENOUGH:
            continue
        visited[kind] = visited.get(kind, 0) + 1
        if door is None:
            seen.doorless.add(address)
            continue
        answer = await browser.http.get(address, follow_redirects=True)
        if answer.status_code != 200:
            seen.failed[address] = answer.status_code
            continue
        seen.pages[address] = answer.text
        for link in leads(answer.text, address):
            if link not in known:
                known.add(link)
                waiting.append(link)
        forms = ((form, body) for form, body in _FORM.findall(answer.text) if form.startswith(HARBOUR))
        seen.forms |= {(address, form) for form, body in forms if "<button" in body}
    return seen


def leads(text: str, address: str) -> list[str]:
    found = (urljoin(f"{ORIGIN}{address}", unescape(link)) for link in _LINK.findall(text))
    inside = (link.removeprefix(ORIGIN).partition("#")[0] for link in found if link.startswith(f"{ORIGIN}{HARBOUR}"))
    return list(dict.fromkeys(link for link in inside if "lang=" not in link))
