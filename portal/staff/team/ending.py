"""Letting a member go: asked before, told what will happen, and undone for an hour."""

from litestar import get, post
from litestar.params import FromPath
from litestar.response import Redirect, Template

from portal.people.names import names_of
from portal.phrases import phrase
from portal.staff.desk import Desk, TheDesk
from portal.staff.team.team import member_facts, team_page
from portal.web.forms import read_form
from portal.web.given import AnyRequest
from portal.web.viewer import signed_in
from tenants.refusals import LastAdmin, PractitionerTaken, RestoredTooLate
from tenants.team.end import end_member, restore_member
from tenants.team.find import find_member
from tenants.team.permissions import Permission

CONFLICT, UNPROCESSABLE = 409, 422


@get("/desk/{slug:str}/team/members/{ref:str}/end", needs=Permission.TEAM)
async def ask_to_end(desk: TheDesk, ref: FromPath[str]) -> Redirect | Template:
    if await _is_own(desk, ref):
        return Redirect(f"{desk.path}/team/leaving", status_code=303)
    return await _page(desk, ref)


@post("/desk/{slug:str}/team/members/{ref:str}/end", status_code=303, needs=Permission.TEAM)
async def end(request: AnyRequest, desk: TheDesk, ref: FromPath[str]) -> Redirect | Template:
    """Oneself one leaves by a door that says what that means."""
    await read_form(request, desk.viewer)
    if await _is_own(desk, ref):
        return Redirect(f"{desk.path}/team/leaving", status_code=303)
    try:
        async with desk.lens():
            await end_member(desk.practice, ref, desk.viewer.now)
    except LastAdmin as refusal:
        return await _page(desk, ref, refused=phrase(refusal, desk.viewer.formats))
    return Redirect(f"{desk.path}/team?ended={ref}", status_code=303)


@post("/desk/{slug:str}/team/members/{ref:str}/return", status_code=303, needs=Permission.TEAM)
async def restore(request: AnyRequest, desk: TheDesk, ref: FromPath[str]) -> Redirect | Template:
    await read_form(request, desk.viewer)
    try:
        async with desk.lens():
            await restore_member(desk.practice, ref, desk.viewer.now)
    except (RestoredTooLate, PractitionerTaken) as refusal:
        return await team_page(desk, status=CONFLICT, refused=phrase(refusal, desk.viewer.formats))
    return Redirect(f"{desk.path}/team?done=restored", status_code=303)


async def _is_own(desk: Desk, ref: str) -> bool:
    async with desk.lens():
        row = await find_member(desk.practice, ref)
    return row["email"] in signed_in(desk.viewer).emails


async def _page(desk: Desk, ref: str, refused: str = "") -> Template:
    async with desk.lens():
        row = await find_member(desk.practice, ref)
    names = await names_of([row["email"]])
    return desk.page(
        "desk/team/end.html",
        status_code=UNPROCESSABLE if refused else 200,
        member=member_facts(row, names, desk),
        refused=refused,
    )
