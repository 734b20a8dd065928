"""Where the practice receives, in the order in which it is read: the list, and what happens to its rows."""

from litestar import get, post
from litestar.params import FromPath
from litestar.response import Redirect, Template

from portal.staff.desk import TheDesk
from portal.staff.settings.ordering import moved_facts, reorder
from portal.staff.settings.place import refused_page
from portal.web.forms import read_form
from portal.web.given import AnyRequest
from tenants.appointments.retire import retire_place
from tenants.booking.plan import current_plan
from tenants.places.edit import move_place, places_in_order, restore_place, retired_places
from tenants.places.zone import zone_of
from tenants.refusals import StillNeeded
from tenants.resources.find import kinds
from tenants.team.permissions import Permission


@get("/desk/{slug:str}/places", needs=Permission.SETTINGS)
async def list_places(request: AnyRequest, desk: TheDesk) -> Template:
    async with desk.lens():
        places = await places_in_order(desk.practice)
        retired = await retired_places(desk.practice)
        plan = await current_plan(desk.practice)
        things = [thing for kind in await kinds(desk.practice) for thing in kind["things"]]
    return desk.page(
        "desk/places.html",
        places=places,
        retired=retired,
        used={place for service in plan.services.values() for place in service.places},
        zones={row["id"]: zone_of(desk.practice, row) for row in places},
        things={row["id"]: [each["name"] for each in things if each["place_id"] == row["id"]] for row in places},
        **moved_facts(request, places),
    )


@post("/desk/{slug:str}/places/{ref:str}/position", status_code=303, needs=Permission.CHANGE_SETTINGS)
async def move(request: AnyRequest, desk: TheDesk, ref: FromPath[str]) -> Redirect:
    return await reorder(request, desk, "places", ref, move_place)


@post("/desk/{slug:str}/places/{ref:str}/retirement", status_code=303, needs=Permission.CHANGE_SETTINGS)
async def retire(request: AnyRequest, desk: TheDesk, ref: FromPath[str]) -> Redirect | Template:
    await read_form(request, desk.viewer)
    try:
        async with desk.lens():
            await retire_place(desk.practice, ref, desk.viewer.now)
    except StillNeeded as refusal:
        return await refused_page(desk, ref, refusal)
    return Redirect(f"{desk.path}/places", status_code=303)


@post("/desk/{slug:str}/places/{ref:str}/return", status_code=303, needs=Permission.CHANGE_SETTINGS)
async def restore(request: AnyRequest, desk: TheDesk, ref: FromPath[str]) -> Redirect:
    await read_form(request, desk.viewer)
    async with desk.lens():
        await restore_place(desk.practice, ref)
    return Redirect(f"{desk.path}/places", status_code=303)
