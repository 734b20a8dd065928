"""Who receives clients, in the order in which they are read: the list, and what happens to its rows."""

from litestar import get, post
from litestar.params import FromPath
from litestar.response import Redirect, Template

from portal.staff.desk import TheDesk
from portal.staff.settings.ordering import moved_facts, reorder
from portal.staff.settings.practitioner import refused_page
from portal.web.forms import read_form
from portal.web.given import AnyRequest
from tenants.appointments.retire import retire_practitioner
from tenants.booking.plan import Plan, current_plan
from tenants.practitioners.edit import (
    move_practitioner,
    practitioners_in_order,
    restore_practitioner,
    retired_practitioners,
)
from tenants.refusals import StillNeeded
from tenants.team.permissions import Permission
from tenants.team.sign_ins import sign_ins


@get("/desk/{slug:str}/practitioners", needs=Permission.SETTINGS)
async def list_practitioners(request: AnyRequest, desk: TheDesk) -> Template:
    async with desk.lens():
        people = await practitioners_in_order(desk.practice)
        retired = await retired_practitioners(desk.practice)
        plan = await current_plan(desk.practice)
        signed = await sign_ins(desk.practice)
    return desk.page(
        "desk/practitioners.html",
        people=people,
        retired=retired,
        gives={row["id"]: _given_by(plan, row["id"]) for row in people},
        has_hours={row["id"]: bool(plan.weekly.get(row["id"]) or plan.dated.get(row["id"])) for row in people},
        sign_ins=signed,
        **moved_facts(request, people),
    )


@post("/desk/{slug:str}/practitioners/{ref:str}/position", status_code=303, needs=Permission.CHANGE_SETTINGS)
async def move(request: AnyRequest, desk: TheDesk, ref: FromPath[str]) -> Redirect:
    return await reorder(request, desk, "practitioners", ref, move_practitioner)


@post("/desk/{slug:str}/practitioners/{ref:str}/retirement", status_code=303, needs=Permission.CHANGE_SETTINGS)
async def retire(request: AnyRequest, desk: TheDesk, ref: FromPath[str]) -> Redirect | Template:
    await read_form(request, desk.viewer)
    try:
        async with desk.lens():
            await retire_practitioner(desk.practice, ref, desk.viewer.now)
    except StillNeeded as refusal:
        return await refused_page(desk, ref, refusal)
    return Redirect(f"{desk.path}/practitioners", status_code=303)


@post("/desk/{slug:str}/practitioners/{ref:str}/return", status_code=303, needs=Permission.CHANGE_SETTINGS)
async def restore(request: AnyRequest, desk: TheDesk, ref: FromPath[str]) -> Redirect:
    await read_form(request, desk.viewer)
    async with desk.lens():
        await restore_practitioner(desk.practice, ref)
    return Redirect(f"{desk.path}/practitioners", status_code=303)


def _given_by(plan: Plan, practitioner_id: int) -> list[str]:
    return [service.row["name"] for service in plan.services.values() if practitioner_id in service.practitioners]
