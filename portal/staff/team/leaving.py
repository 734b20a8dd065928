"""Leaving a practice by oneself: open to everybody who works there."""

from litestar import get, post
from litestar.response import Redirect, Template

from portal.phrases import phrase
from portal.staff.desk import Desk, TheDesk
from portal.web.forms import read_form
from portal.web.given import AnyRequest
from portal.web.viewer import signed_in
from tenants.refusals import LastAdmin
from tenants.team.end import leave_team
from tenants.team.find import check_other_admin, find_members
from tenants.team.permissions import Permission

UNPROCESSABLE = 422


@get("/desk/{slug:str}/team/leaving", needs=Permission.OWN)
async def ask_to_leave(desk: TheDesk) -> Template:
    """Whoever cannot leave is told so before they try."""
    emails = signed_in(desk.viewer).emails
    try:
        async with desk.lens():
            if desk.member.is_admin:
                own = [row["id"] for row in await find_members(desk.practice) if row["email"] in emails]
                await check_other_admin(desk.practice, own)
    except LastAdmin as refusal:
        return _page(desk, phrase(refusal, desk.viewer.formats))
    return _page(desk)


@post("/desk/{slug:str}/team/leaving", status_code=303, needs=Permission.OWN)
async def leave(request: AnyRequest, desk: TheDesk) -> Redirect | Template:
    await read_form(request, desk.viewer)
    try:
        async with desk.lens():
            await leave_team(desk.practice, signed_in(desk.viewer).emails, desk.viewer.now)
    except LastAdmin as refusal:
        return _page(desk, phrase(refusal, desk.viewer.formats), status=UNPROCESSABLE)
    return Redirect("/appointments?left=yes", status_code=303)


def _page(desk: Desk, refused: str = "", status: int = 200) -> Template:
    return desk.page("desk/team/leaving.html", status_code=status, refused=refused)
