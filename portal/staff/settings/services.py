"""What the practice offers: for everybody who works there to read, for its admins to change."""

from litestar import get, post
from litestar.params import FromPath
from litestar.response import Redirect, Template

from portal.database import practice_lens
from portal.staff.desk import TheAdminDesk, TheDesk
from portal.staff.settings.service import refused_page
from portal.web.forms import read_form
from portal.web.given import AnyRequest
from tenants.appointments.retire import retire_service
from tenants.booking.plan import current_plan
from tenants.refusals import StillNeeded
from tenants.services.edit import restore_service, retired_services


@get("/desk/{slug:str}/services")
async def list_services(desk: TheDesk) -> Template:
    async with practice_lens(desk.practice):
        plan = await current_plan(desk.practice)
        retired = await retired_services(desk.practice)
    return desk.page("desk/services.html", plan=plan, retired=retired)


@post("/desk/{slug:str}/services/{ref:str}/retirement", status_code=303)
async def retire(request: AnyRequest, admin_desk: TheAdminDesk, ref: FromPath[str]) -> Redirect | Template:
    await read_form(request, admin_desk.viewer)
    try:
        async with practice_lens(admin_desk.practice):
            await retire_service(admin_desk.practice, ref, admin_desk.viewer.now)
    except StillNeeded as refusal:
        return await refused_page(admin_desk, ref, refusal)
    return Redirect(f"{admin_desk.path}/services", status_code=303)


@post("/desk/{slug:str}/services/{ref:str}/return", status_code=303)
async def restore(request: AnyRequest, admin_desk: TheAdminDesk, ref: FromPath[str]) -> Redirect:
    await read_form(request, admin_desk.viewer)
    async with practice_lens(admin_desk.practice):
        await restore_service(admin_desk.practice, ref)
    return Redirect(f"{admin_desk.path}/services", status_code=303)
