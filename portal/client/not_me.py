"""Disowning a sign-in by the link that was mailed. Open to whoever has it: a stranger may have signed them out."""

from dataclasses import replace

from litestar import get, post
from litestar.params import FromPath
from litestar.response import Template

from portal.people.not_me import find_disowned, sign_out_everywhere
from portal.people.refusals import NotMeOver
from portal.phrases import phrase
from portal.web.forms import read_form
from portal.web.given import AnyRequest, TheViewer
from portal.web.viewer import Viewer

UNPROCESSABLE = 422


@get("/connections/not-me/{token:str}")
async def ask_whether_not_me(viewer: TheViewer, token: FromPath[str]) -> Template:
    """Looking changes nothing: what scans mail follows its links."""
    try:
        disowned = await find_disowned(token, viewer.now)
    except NotMeOver as refusal:
        return _over(viewer, refusal)
    zone = disowned.zone or viewer.formats.zone
    return viewer.page("client/not_me.html", disowned=disowned, zone=zone, token=token)


@post("/connections/not-me/{token:str}", status_code=200)
async def end_everything(request: AnyRequest, viewer: TheViewer, token: FromPath[str]) -> Template:
    await read_form(request, viewer)
    try:
        disowned = await sign_out_everywhere(token, viewer.now)
    except NotMeOver as refusal:
        return _over(viewer, refusal)
    if viewer.person and viewer.person.person_id == disowned.person_id:
        viewer = replace(viewer, person=None)
    return viewer.page("client/not_me_done.html", email=disowned.signed_in_with)


def _over(viewer: Viewer, refusal: NotMeOver) -> Template:
    said = phrase(refusal, viewer.formats)
    return viewer.page("client/not_me_over.html", status_code=UNPROCESSABLE, said=said)
