"""Whose address a record stands under, and so who sees it: added, changed, removed, or given to a child of its own."""

from typing import Any

from litestar import get, post
from litestar.params import FromPath
from litestar.response import Redirect, Template

from portal.people.recipients import find_recipient
from portal.phrases import phrase
from portal.staff.desk import Desk, TheDesk
from portal.web.forms import Form, read_form
from portal.web.given import AnyRequest
from tenants.clients.change import change_email
from tenants.clients.family import children_of, guardian_of, set_free
from tenants.clients.record import find_record
from tenants.refusals import EmailInUse
from tenants.team.permissions import Permission

CONFLICT, UNPROCESSABLE = 409, 422


@get("/desk/{slug:str}/clients/{ref:str}/email", needs=Permission.CONTACTS)
async def ask_for_email(desk: TheDesk, ref: FromPath[str]) -> Template:
    async with desk.lens():
        record = await find_record(desk.practice, ref)
    return await _page(desk, ref, Form(desk.viewer.words, [("email", record["email"] or "")]))


@post("/desk/{slug:str}/clients/{ref:str}/email", status_code=303, needs=Permission.CONTACTS)
async def keep_email(request: AnyRequest, desk: TheDesk, ref: FromPath[str]) -> Redirect | Template:
    """Left empty it is removed. A child's record stands for itself from then on."""
    form = await read_form(request, desk.viewer)
    email = form.email("email", required=False) or None
    if not form.ok:
        return await _page(desk, ref, form, status=UNPROCESSABLE)
    try:
        async with desk.lens():
            record = await find_record(desk.practice, ref)
            change = change_email if record["guardian_id"] is None else set_free
            await change(desk.practice, ref, email, desk.by, desk.viewer.now)
    except EmailInUse as refusal:
        form.refuse("email", phrase(refusal, desk.viewer.formats))
        return await _page(desk, ref, form, status=CONFLICT, holder=refusal.ref)
    return Redirect(f"{desk.path}/clients/{ref}?done=email", status_code=303)


async def _page(desk: Desk, ref: str, form: Form, *, status: int = 200, holder: str = "") -> Template:
    async with desk.lens():
        record = await find_record(desk.practice, ref)
        facts: dict[str, Any] = {
            "guardian": await guardian_of(desk.practice, record),
            "children": await children_of(desk.practice, record["id"]),
        }
    proved = record["email"] is not None and await find_recipient(record["email"]) is not None
    return desk.page(
        "desk/client_email.html", status_code=status, client=record, form=form, holder=holder, proved=proved, **facts
    )
