"""The steps after a practice is founded: where somebody goes on who has stopped, and the last one, which opens it."""

from typing import Any

from litestar import get, post
from litestar.response import Redirect, Template

from portal.founding.address import page_address
from portal.staff.desk import Desk, TheDesk
from portal.web.forms import read_form
from portal.web.given import AnyRequest, TheSettings
from tenants.founding.first_steps import Progress, begin, find_progress
from tenants.page.change import publish
from tenants.team.permissions import Permission

STEPS = ("service", "hours", "page")


@get("/desk/{slug:str}/start", needs=Permission.CHANGE_SETTINGS)
async def go_on(desk: TheDesk) -> Redirect:
    progress = await look(desk)
    return Redirect(f"{desk.path}/start/{progress.next_step}", status_code=303)


@get("/desk/{slug:str}/start/page", needs=Permission.CHANGE_SETTINGS)
async def show_page(desk: TheDesk, settings: TheSettings) -> Redirect | Template:
    progress = await look(desk)
    if progress.next_step != "page":
        return Redirect(f"{desk.path}/start/{progress.next_step}", status_code=303)
    return step_page(desk, "page", progress, address=page_address(settings, desk.practice.slug))


@post("/desk/{slug:str}/start/publication", status_code=303, needs=Permission.CHANGE_SETTINGS)
async def open_to_all(request: AnyRequest, desk: TheDesk) -> Redirect:
    await read_form(request, desk.viewer)
    async with desk.lens():
        progress = await find_progress(desk.practice)
        if progress.next_step == "page":
            await publish(desk.practice, desk.viewer.now)
    request.app.state.signs.forget(desk.practice.slug)
    return Redirect(f"{desk.path}/start/{progress.next_step}", status_code=303)


async def look(desk: Desk) -> Progress:
    async with desk.lens():
        return await find_progress(desk.practice)


async def own_practitioner(desk: Desk) -> int:
    """In the desk's lens. Who founded a practice gives its first service, whatever interrupted them."""
    person = desk.viewer.person
    name = f"{person.first_name} {person.last_name}".strip() if person else ""
    return await begin(desk.practice, desk.by, name or desk.practice.name, "")


def step_page(desk: Desk, step: str, progress: Progress, *, status: int = 200, **facts: Any) -> Template:
    """`reached` are the steps that can be gone to."""
    there = STEPS.index(progress.next_step)
    reached = [each for each in STEPS[: there + 1] if each == "page" or progress.may_change(each)]
    more = {"step": step, "reached": reached, "progress": progress, **facts}
    return desk.page(f"founding/{step}.html", status_code=status, **more)
