"""Everybody whom the practice knows: searched as one types, by letter, by tag, or the newest first."""

from dataclasses import replace
from typing import Any

from litestar import get
from litestar.response import Template

from portal.staff.desk import TheDesk
from portal.staff.keeping.erasures import erasures_line
from portal.staff.records.visits import read_page
from portal.web.given import AnyRequest
from tenants.clients.search import Sought, first_letters, list_records, tags_in_use
from tenants.team.permissions import Permission


@get("/desk/{slug:str}/clients", needs=Permission.CLIENTS)
async def list_clients(request: AnyRequest, desk: TheDesk) -> Template:
    sought = replace(_sought(request.query_params), by_name=desk.hides_contacts)
    typing = "HX-Request" in request.headers  # then only what is found is taken from the page
    async with desk.lens():
        found = await list_records(desk.practice, sought)
        letters = await first_letters(desk.practice)
        tags = {} if typing else await tags_in_use(desk.practice)
    return desk.page(
        "desk/clients.html",
        sought=sought,
        found=found,
        letters=letters,
        tags=tags,
        query=_query(sought),
        erasures={"records": 0} if typing else await erasures_line(desk),
    )


def _sought(typed: Any) -> Sought:
    """What makes no sense in the address counts as nothing."""
    words, tag = (_plain(typed.get(name, "")) for name in ("q", "tag"))
    return Sought(
        words=words,
        tag=tag,
        letter="" if words or tag else _plain(typed.get("letter", ""))[:1],
        latest=not words and not tag and typed.get("order") == "latest",
        page=read_page(typed.get("page", "")),
    )


def _plain(typed: str) -> str:
    return " ".join(typed.replace("\0", "").split())[:100]


def _query(sought: Sought) -> dict[str, str]:
    """What stands in the address, without the page."""
    asked = {
        "q": sought.words,
        "tag": sought.tag,
        "letter": sought.letter,
        "order": "latest" if sought.latest else "",
    }
    return {name: value for name, value in asked.items() if value}
