"""A client's tags: free words of the practice's own, by which its records can be listed."""

from typing import Any

from litestar import get, post
from litestar.params import FromPath
from litestar.response import Redirect, Template

from portal.phrases import phrase
from portal.staff.desk import Desk, TheDesk
from portal.web.forms import Form, read_form
from portal.web.given import AnyRequest
from tenants.clients.change import add_tags, remove_tag
from tenants.clients.record import find_record
from tenants.clients.search import tags_in_use
from tenants.refusals import TooManyTags
from tenants.team.permissions import Permission

UNPROCESSABLE = 422
LONGEST = 40


async def tags_section(desk: Desk, record: dict[str, Any], form: Form | None = None) -> dict[str, Any]:
    async with desk.lens():
        known = await tags_in_use(desk.practice)
    return {
        "suggested": [tag for tag in known if tag not in record["tags"]],
        "tag_form": form or Form(desk.viewer.words),
    }


@get("/desk/{slug:str}/clients/{ref:str}/tags", needs=Permission.CHANGE_CLIENTS)
async def show_tags(desk: TheDesk, ref: FromPath[str]) -> Template:
    return await _page(desk, ref, Form(desk.viewer.words))


@post("/desk/{slug:str}/clients/{ref:str}/tags", status_code=303, needs=Permission.CHANGE_CLIENTS)
async def change_tags(request: AnyRequest, desk: TheDesk, ref: FromPath[str]) -> Redirect | Template:
    """`remove` names one; `tag` are new ones with commas between them."""
    form = await read_form(request, desk.viewer)
    gone = form.text("remove", 200, required=False)
    tags = _read(form) if not gone else []
    try:
        async with desk.lens():
            if gone:
                await remove_tag(desk.practice, ref, gone, desk.by, desk.viewer.now)
            elif form.ok:
                await add_tags(desk.practice, ref, tags, desk.by, desk.viewer.now)
    except TooManyTags as refusal:
        form.refuse("tag", phrase(refusal, desk.viewer.formats))
    if not form.ok:
        return await _page(desk, ref, form, status=UNPROCESSABLE)
    return Redirect(f"{desk.path}/clients/{ref}#tags", status_code=303)


def _read(form: Form) -> list[str]:
    typed = form.text("tag", 200)
    tags = [" ".join(tag.split()) for tag in typed.split(",")]
    if any(len(tag) > LONGEST for tag in tags):
        form.refuse("tag", form.too_long(LONGEST))
    return [tag for tag in tags if tag]


async def _page(desk: Desk, ref: str, form: Form, *, status: int = 200) -> Template:
    async with desk.lens():
        record = await find_record(desk.practice, ref)
    facts = await tags_section(desk, record, form)
    return desk.page("desk/client_tags.html", status_code=status, client=record, form=form, **facts)
