"""The audit log: who did what to what, when and from where; looked through, and taken away as a file."""

from litestar import get
from litestar.response import Template

from portal.staff.audit.asked import read_asked
from portal.staff.audit.lines import groups_of
from portal.staff.audit.words import GROUPS, group_words
from portal.staff.desk import TheDesk
from portal.web.given import AnyRequest, ThePlaces
from tenants.audit.find import find_known, find_lines
from tenants.team.permissions import Permission


@get("/desk/{slug:str}/audit", needs=Permission.AUDIT)
async def show_audit(request: AnyRequest, desk: TheDesk, places: ThePlaces) -> Template:
    asked = read_asked(request.query_params)
    async with desk.lens():
        rows, more = await find_lines(desk.practice, asked.wanted(desk))
        known = await find_known(desk.practice, rows)
    return desk.page(
        "desk/audit.html",
        asked=asked,
        query=asked.query,
        groups=groups_of(rows, known, desk, places),
        after=rows[-1]["id"] if more else None,
        members=_members(known.members, asked.by),
        kinds=[(group, group_words(group, desk.viewer.words.language)) for group in GROUPS],
        places_day=places.day,
    )


def _members(members: dict[str, str], asked: str) -> list[tuple[str, str]]:
    """Also whoever is asked for and works here no more, or never did."""
    named = {asked: ""} | members if asked else members
    return sorted(((email, name or email) for email, name in named.items()), key=lambda member: member[1].casefold())
