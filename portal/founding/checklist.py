"""What is still to do in the first weeks: a few lines above the calendar, and a page with all of it."""

from litestar import get, post
from litestar.response import Redirect, Template

from portal.staff.desk import Desk, TheDesk
from portal.web.forms import read_form
from portal.web.given import AnyRequest, TheSettings
from tenants.founding.checklist import Checklist, find_checklist, is_in_first_weeks, put_aside, take_up
from tenants.team.permissions import Permission


@get("/desk/{slug:str}/checklist", needs=Permission.CHANGE_SETTINGS)
async def show_checklist(desk: TheDesk, settings: TheSettings) -> Template:
    async with desk.lens():
        checklist = await find_checklist(desk.practice, desk.viewer.now, sms=bool(settings.twilio_account_sid))
    return desk.page("founding/checklist.html", checklist=checklist)


@post("/desk/{slug:str}/checklist", status_code=303, needs=Permission.CHANGE_SETTINGS)
async def change_checklist(request: AnyRequest, desk: TheDesk) -> Redirect:
    """Puts a step aside, or takes it up again; from the calendar it leads back there."""
    form = await read_form(request, desk.viewer)
    async with desk.lens():
        if form.get("again"):
            await take_up(desk.practice, form["again"])
        else:
            await put_aside(desk.practice, form["step"], desk.viewer.now)
    return Redirect(f"{desk.path}/checklist" if not form.get("calendar") else desk.path, status_code=303)


async def checklist_above(desk: Desk, *, sms: bool) -> Checklist | None:
    """For those who can do something about it, as long as there is something to do. Inside the desk's lens."""
    may_do = desk.may(Permission.CHANGE_SETTINGS)
    if not may_do or not await is_in_first_weeks(desk.practice, desk.viewer.now):
        return None
    checklist = await find_checklist(desk.practice, desk.viewer.now, sms=sms)
    return checklist if checklist.shown else None
