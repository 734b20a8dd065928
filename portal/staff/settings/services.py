"""What the practice offers: for everybody who works there to read, for its admins to change."""

from litestar import get, post
from litestar.params import FromPath
from litestar.response import Redirect, Template

from portal.staff.desk import TheDesk
from portal.staff.settings.ordering import moved_facts, reorder
from portal.staff.settings.service import refused_page
from portal.web.forms import read_form
from portal.web.given import AnyRequest
from tenants.appointments.retire import retire_service
from tenants.booking.plan import current_plan
from tenants.refusals import StillNeeded
from tenants.services.edit import move_service, restore_service, retired_services
from tenants.services.needs import missing_needs
from tenants.team.permissions import Permission


@get("/desk/{slug:str}/services", needs=Permission.SETTINGS)
async def list_services(request: AnyRequest, desk: TheDesk) -> Template:
    async with desk.lens():
        plan = await current_plan(desk.practice)
        retired = await retired_services(desk.practice)
        missing = await missing_needs(desk.practice)
    moved = moved_facts(request, (service.row for service in plan.services.values()))
    return desk.page("desk/services.html", plan=plan, retired=retired, missing=missing, **moved)


@post("/desk/{slug:str}/services/{ref:str}/position", status_code=303, needs=Permission.CHANGE_SETTINGS)
async def move(request: AnyRequest, desk: TheDesk, ref: FromPath[str]) -> Redirect:
    return await reorder(request, desk, "services", ref, move_service)


@post("/desk/{slug:str}/services/{ref:str}/retirement", status_code=303, needs=Permission.CHANGE_SETTINGS)
async def retire(request: AnyRequest, desk: TheDesk, ref: FromPath[str]) -> Redirect | Template:
    await read_form(request, desk.viewer)
    try:
        async with desk.lens():
            await retire_service(desk.practice, ref, desk.viewer.now)
    except StillNeeded as refusal:
        return await refused_page(desk, ref, refusal)
    return Redirect(f"{desk.path}/services", status_code=303)


@post("/desk/{slug:str}/services/{ref:str}/return", status_code=303, needs=Permission.CHANGE_SETTINGS)
async def restore(request: AnyRequest, desk: TheDesk, ref: FromPath[str]) -> Redirect:
    await read_form(request, desk.viewer)
    async with desk.lens():
        await restore_service(desk.practice, ref)
    return Redirect(f"{desk.path}/services", status_code=303)
