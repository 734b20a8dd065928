"""Confirming, moving and cancelling one's own appointment: through the person's lens, by the practice's rule."""

from litestar import get, post
from litestar.params import FromPath
from litestar.response import Redirect, Template

from portal.client.appointments import appointment_page, own
from portal.client.changing import Changing, ask_where_to_move, ask_whether_to_cancel, cancel_it, confirm_it, move_it
from portal.web.given import AnyRequest, TheViewer
from portal.web.practice import find_practice
from portal.web.viewer import Viewer


@post("/appointments/{ref:str}/confirmation", status_code=303)
async def confirm(request: AnyRequest, viewer: TheViewer, ref: FromPath[str]) -> Redirect | Template:
    one = await _own(request, viewer, ref)
    if refused := await confirm_it(request, one):
        return await appointment_page(viewer, ref, refused=refused)
    return Redirect(one.back, status_code=303)


@get("/appointments/{ref:str}/cancellation")
async def ask_to_cancel(request: AnyRequest, viewer: TheViewer, ref: FromPath[str]) -> Redirect | Template:
    return ask_whether_to_cancel(await _own(request, viewer, ref))


@post("/appointments/{ref:str}/cancellation", status_code=303)
async def cancel(request: AnyRequest, viewer: TheViewer, ref: FromPath[str]) -> Redirect | Template:
    return await cancel_it(request, await _own(request, viewer, ref))


@get("/appointments/{ref:str}/move")
async def ask_where_to(request: AnyRequest, viewer: TheViewer, ref: FromPath[str]) -> Template:
    return await ask_where_to_move(request, await _own(request, viewer, ref))


@post("/appointments/{ref:str}/move", status_code=303)
async def move(request: AnyRequest, viewer: TheViewer, ref: FromPath[str]) -> Redirect | Template:
    return await move_it(request, await _own(request, viewer, ref))


async def _own(request: AnyRequest, viewer: Viewer, ref: str) -> Changing:
    row = await own(viewer, ref)
    practice = await find_practice(request, row["practice_slug"])
    here = f"/appointments/{ref}"
    return Changing(row, practice, viewer, here=here, back=here)
