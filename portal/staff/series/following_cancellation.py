"""Cancelling an appointment and those that follow it in its series, and taking that back."""

from litestar import get, post
from litestar.params import FromPath
from litestar.response import Redirect, Template

from portal.staff.book.appointment import appointment_facts
from portal.staff.desk import Desk, TheDesk
from portal.staff.series.following_form import Rest, find_rest, stood
from portal.web.forms import Form, read_form
from portal.web.given import AnyRequest
from tenants.arranging.restore_following import restore_following
from tenants.arranging.series import following
from tenants.booking.cancel import cancel_several
from tenants.refusals import AppointmentCancelled
from tenants.team.permissions import Permission

CONFLICT, UNPROCESSABLE = 409, 422


@get("/desk/{slug:str}/appointments/{ref:str}/following/cancellation", needs=Permission.ARRANGE)
async def ask_to_cancel(desk: TheDesk, ref: FromPath[str]) -> Redirect | Template:
    try:
        rest = await find_rest(desk, ref)
    except AppointmentCancelled:
        return Redirect(f"{desk.path}/appointments/{ref}", status_code=303)
    return _page(desk, rest, Form(desk.viewer.words))


@post("/desk/{slug:str}/appointments/{ref:str}/following/cancellation", status_code=303, needs=Permission.ARRANGE)
async def cancel(request: AnyRequest, desk: TheDesk, ref: FromPath[str]) -> Redirect | Template:
    """Cancels what the page has listed, or lists anew."""
    form = await read_form(request, desk.viewer)
    reason = form.text("reason", 500, required=False, lines=True)
    tell = form.get("tell", "yes") != "no"
    try:
        rest = await find_rest(desk, ref)
    except AppointmentCancelled:
        return Redirect(f"{desk.path}/appointments/{ref}", status_code=303)
    if not form.ok:
        return _page(desk, rest, form, status=UNPROCESSABLE)
    async with desk.lens():
        rows = await following(desk.practice, ref, desk.viewer.now)
        stands = stood(rows) == form.get("stood")
        if stands:
            await cancel_several(desk.practice, rows, reason, desk.viewer.now, by=desk.by, tell=tell)
    if not stands:
        form.refuse("", desk.viewer.words.gettext("Something has changed meanwhile. Please look at the list again."))
        return _page(desk, await find_rest(desk, ref), form, status=CONFLICT)
    done = "series-cancelled" if tell else "series-cancelled-untold"
    return Redirect(f"{desk.path}/appointments/{ref}?done={done}", status_code=303)


@post("/desk/{slug:str}/appointments/{ref:str}/following/restoration", status_code=303, needs=Permission.ARRANGE)
async def take_back(request: AnyRequest, desk: TheDesk, ref: FromPath[str]) -> Redirect:
    form = await read_form(request, desk.viewer)
    tell = form.get("tell", "yes") != "no"
    async with desk.lens():
        restored = await restore_following(desk.practice, ref, desk.viewer.now, by=desk.by, tell=tell)
    done = "series-restored-in-part" if restored.gone else "series-restored"
    return Redirect(f"{desk.path}/appointments/{ref}?done={done}", status_code=303)


def _page(desk: Desk, rest: Rest, form: Form, *, status: int = 200) -> Template:
    return desk.page(
        "desk/following_cancellation.html",
        status_code=status,
        appointment=appointment_facts(rest.row, desk.practice),
        following=rest.following,
        stood=stood(rest.following),
        form=form,
    )
