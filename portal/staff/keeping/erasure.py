"""Erasing a client's record: what goes, what stays, what stands in the way, and whether it is meant."""

from typing import Any

from litestar import get, post
from litestar.params import FromPath
from litestar.response import Redirect, Template

from portal.phrases import phrase
from portal.staff.desk import Desk, TheDesk
from portal.web.forms import Form, read_form
from portal.web.given import AnyRequest
from tenants.clients.record import find_record
from tenants.refusals import KeptUntil, NotFound, StillNeeded
from tenants.retention.choose import keep_record, let_rule_decide, wish_erasure
from tenants.retention.due import find_erasure
from tenants.retention.erase import erase_record
from tenants.retention.standing import find_standing
from tenants.team.permissions import Permission

CONFLICT, UNPROCESSABLE = 409, 422


async def retention_section(desk: Desk, record: dict[str, Any]) -> dict[str, Any]:
    """What `desk/_client_retention.html` asks for, as `retention`. `record` is the client's row."""
    async with desk.lens():
        standing = await find_standing(desk.practice, record["id"], desk.viewer.now)
    return {"here": f"{desk.path}/clients/{record['ref']}", "standing": standing, "erase_at": record["erase_at"]}


async def erased_page(desk: Desk, record: dict[str, Any]) -> Template:
    """In place of the page of a record that is no more."""
    async with desk.lens():
        erasure = await find_erasure(desk.practice, record["ref"])
    return desk.page("desk/client_erased.html", erasure=erasure)


@get("/desk/{slug:str}/clients/{ref:str}/erasure", needs=Permission.ERASE_CLIENTS)
async def ask_to_erase(desk: TheDesk, ref: FromPath[str]) -> Template:
    return await _page(desk, ref, Form(desk.viewer.words))


@post("/desk/{slug:str}/clients/{ref:str}/erasure", status_code=303, needs=Permission.ERASE_CLIENTS)
async def erase(request: AnyRequest, desk: TheDesk, ref: FromPath[str]) -> Redirect | Template:
    form = await read_form(request, desk.viewer)
    if not form.get("sure"):
        form.refuse("sure", desk.viewer.words.gettext("Please tick this if you are sure."))
        return await _page(desk, ref, form, status=UNPROCESSABLE)
    try:
        async with desk.lens():
            await erase_record(desk.practice, ref, desk.viewer.now, by=desk.by)
    except (StillNeeded, KeptUntil) as refusal:
        form.refuse("", phrase(refusal, desk.viewer.formats))
        return await _page(desk, ref, form, status=CONFLICT)
    return Redirect(f"{desk.path}/clients/{ref}", status_code=303)


@post("/desk/{slug:str}/clients/{ref:str}/erasure/wish", status_code=303, needs=Permission.ERASE_CLIENTS)
async def wish(request: AnyRequest, desk: TheDesk, ref: FromPath[str]) -> Redirect | Template:
    """Where nothing holds it back any more, it is asked once more instead."""
    form = await read_form(request, desk.viewer)
    try:
        async with desk.lens():
            noted = await wish_erasure(desk.practice, ref, desk.viewer.now, by=desk.by)
    except StillNeeded as refusal:
        form.refuse("", phrase(refusal, desk.viewer.formats))
        return await _page(desk, ref, form, status=CONFLICT)
    return Redirect(f"{desk.path}/clients/{ref}{'#retention' if noted else '/erasure'}", status_code=303)


@post("/desk/{slug:str}/clients/{ref:str}/keeping", status_code=303, needs=Permission.CHANGE_CLIENTS)
async def keep(request: AnyRequest, desk: TheDesk, ref: FromPath[str]) -> Redirect:
    """`keep` is "no" to let the rule decide again; `then` is "erasures" on the list of all of them."""
    form = await read_form(request, desk.viewer)
    async with desk.lens():
        if form.get("keep") == "no":
            await let_rule_decide(desk.practice, ref)
        else:
            await keep_record(desk.practice, ref, desk.viewer.now, by=desk.by)
    if form.get("then") == "erasures":
        return Redirect(f"{desk.path}/clients/erasures?kept={ref}", status_code=303)
    return Redirect(f"{desk.path}/clients/{ref}#retention", status_code=303)


async def _page(desk: Desk, ref: str, form: Form, *, status: int = 200) -> Template:
    """Raises NotFound, also for one that is erased already."""
    async with desk.lens():
        record = await find_record(desk.practice, ref)
        if record["erased_at"] or record["merged_at"]:
            raise NotFound("client_record")
        standing = await find_standing(desk.practice, record["id"], desk.viewer.now)
    return desk.page("desk/erasure.html", status_code=status, client=record, standing=standing, form=form)
