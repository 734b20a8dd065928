"""Which changes of their own appointments somebody who works here is told of: each member for themselves."""

from typing import Any

from litestar import get, post
from litestar.response import Redirect, Template

from portal.database import person_lens
from portal.staff.desk import Desk, TheDesk
from portal.web.forms import Form, read_form
from portal.web.given import AnyRequest
from portal.web.viewer import signed_in
from tenants.across import own_memberships
from tenants.team.permissions import Permission
from tenants.team.tell import TELLS, change_tell, find_tell

UNPROCESSABLE = 422


@get("/desk/{slug:str}/reminders/told", needs=Permission.OWN)
async def show_told(request: AnyRequest, desk: TheDesk) -> Template:
    own = await own_tell(desk)
    form = Form(desk.viewer.words, [("tell", row["tell"]) for row in own[:1]])
    return _page(desk, form, own, saved="saved" in request.query_params)


@post("/desk/{slug:str}/reminders/told", status_code=303, needs=Permission.OWN)
async def change(request: AnyRequest, desk: TheDesk) -> Redirect | Template:
    form = await read_form(request, desk.viewer)
    tell, own = form.one_of("tell", set(TELLS)), await own_tell(desk)
    if not form.ok:
        return _page(desk, form, own)
    async with desk.lens():
        await change_tell(desk.practice, [row["email"] for row in own], tell)
    return Redirect(f"{desk.path}/reminders/told?saved=yes", status_code=303)


async def own_tell(desk: Desk) -> list[dict[str, Any]]:
    """For each address by which the viewer gives services here: what is told to it."""
    async with person_lens(signed_in(desk.viewer).person_id):
        emails = [row["email"] for row in await own_memberships() if row["slug"] == desk.practice.slug]
    async with desk.lens():
        return await find_tell(desk.practice, emails)


def _page(desk: Desk, form: Form, own: list[dict[str, Any]], *, saved: bool = False) -> Template:
    return desk.page(
        "desk/reminders/told.html",
        status_code=UNPROCESSABLE if form.errors else 200,
        form=form,
        emails=[row["email"] for row in own],
        saved=saved,
    )
