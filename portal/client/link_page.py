"""The page of one message, for whoever holds its link: each appointment as it stands now. Looking changes nothing."""

from litestar import get, post
from litestar.params import FromPath
from litestar.response import Redirect, Template

from portal.client.changing import Changing, ask_where_to_move, ask_whether_to_cancel, cancel_it, confirm_it, move_it
from portal.client.link import Behind, find_behind
from portal.web.given import AnyRequest, TheViewer

GONE, UNPROCESSABLE = 410, 422


@get("/m/{link:str}")
async def show_message(request: AnyRequest, viewer: TheViewer, link: FromPath[str]) -> Template:
    return _page(await find_behind(request, viewer, link))


@post("/m/{link:str}/appointments/{ref:str}/confirmation", status_code=303)
async def confirm(
    request: AnyRequest, viewer: TheViewer, link: FromPath[str], ref: FromPath[str]
) -> Redirect | Template:
    behind = await find_behind(request, viewer, link)
    if behind.is_over:
        return _page(behind)
    refused = await confirm_it(request, _changing(behind, ref))
    return _page(behind, refused=refused) if refused else Redirect(behind.path, status_code=303)


@get("/m/{link:str}/appointments/{ref:str}/cancellation")
async def ask_to_cancel(
    request: AnyRequest, viewer: TheViewer, link: FromPath[str], ref: FromPath[str]
) -> Redirect | Template:
    behind = await find_behind(request, viewer, link)
    return _page(behind) if behind.is_over else ask_whether_to_cancel(_changing(behind, ref))


@post("/m/{link:str}/appointments/{ref:str}/cancellation", status_code=303)
async def cancel(
    request: AnyRequest, viewer: TheViewer, link: FromPath[str], ref: FromPath[str]
) -> Redirect | Template:
    behind = await find_behind(request, viewer, link)
    return _page(behind) if behind.is_over else await cancel_it(request, _changing(behind, ref))


@get("/m/{link:str}/appointments/{ref:str}/move")
async def ask_where_to(request: AnyRequest, viewer: TheViewer, link: FromPath[str], ref: FromPath[str]) -> Template:
    behind = await find_behind(request, viewer, link)
    return _page(behind) if behind.is_over else await ask_where_to_move(request, _changing(behind, ref))


@post("/m/{link:str}/appointments/{ref:str}/move", status_code=303)
async def move(request: AnyRequest, viewer: TheViewer, link: FromPath[str], ref: FromPath[str]) -> Redirect | Template:
    behind = await find_behind(request, viewer, link)
    return _page(behind) if behind.is_over else await move_it(request, _changing(behind, ref))


def _changing(behind: Behind, ref: str) -> Changing:
    row, here = behind.appointment(ref), f"{behind.path}/appointments/{ref}"
    return Changing(row, behind.practice, behind.viewer, here=here, back=behind.path, by_mail=behind.by_mail)


def _page(behind: Behind, refused: str = "") -> Template:
    """`refused` says why what was wanted could not be done."""
    if behind.is_over:
        return behind.viewer.page("client/link_over.html", status_code=GONE)
    return behind.viewer.page(
        "client/link.html",
        status_code=UNPROCESSABLE if refused else 200,
        refused=refused,
        practice=behind.practice,
        first_name=behind.first_name,
        appointments=behind.appointments,
        here=behind.path,
    )
