"""Opening the practice's page to everybody, and closing it again."""

from litestar import get, post
from litestar.response import Redirect, Template

from portal.staff.desk import TheDesk
from portal.staff.page.standing import page_of, saved, was_saved
from portal.web.forms import read_form
from portal.web.given import AnyRequest, TheSettings
from tenants.booking.plan import current_plan
from tenants.page.change import publish, unpublish
from tenants.team.permissions import Permission


@get("/desk/{slug:str}/page/publication", needs=Permission.CHANGE_SETTINGS)
async def show_publication(request: AnyRequest, desk: TheDesk, settings: TheSettings) -> Template:
    async with desk.lens():
        plan = await current_plan(desk.practice)
    bookable = any(service.practitioners and service.places for service in plan.services.values())
    return await page_of(
        desk, "publication", saved=was_saved(request), bookable=bookable, public=f"{settings.public_url}/p/"
    )


@post("/desk/{slug:str}/page/publication", status_code=303, needs=Permission.CHANGE_SETTINGS)
async def change(request: AnyRequest, desk: TheDesk) -> Redirect:
    form = await read_form(request, desk.viewer)
    async with desk.lens():
        if form.get("wanted") == "open":
            await publish(desk.practice, desk.viewer.now)
        else:
            await unpublish(desk.practice)
    return saved(request, desk, "publication")
