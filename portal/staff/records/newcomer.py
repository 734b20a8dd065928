"""A record that staff make: of somebody new, or of a child under its adult's."""

from typing import Any

from litestar import get, post
from litestar.params import FromPath
from litestar.response import Redirect, Template

from portal.languages.words import offered_languages
from portal.phrases import phrase
from portal.staff.desk import Desk, TheDesk
from portal.staff.records.about import language_options
from portal.web.forms import Form, read_form
from portal.web.given import AnyRequest
from tenants.clients.change import Newcomer, make_record
from tenants.clients.family import make_child
from tenants.clients.record import check_unknown, find_record
from tenants.refusals import EmailInUse, NotFound, RecordNotYours
from tenants.team.permissions import Permission

CONFLICT, UNPROCESSABLE = 409, 422


@get("/desk/{slug:str}/clients/new", needs=Permission.CHANGE_CLIENTS)
async def ask_for_newcomer(request: AnyRequest, desk: TheDesk) -> Template:
    """With the name that was looked for, if it was one."""
    asked = request.query_params.get("q", "")
    first, _, last = asked.partition(" ") if asked.replace(" ", "").isalpha() else ("", "", "")
    return _page(desk, Form(desk.viewer.words, [("first_name", first[:100]), ("last_name", last.strip()[:100])]))


@post("/desk/{slug:str}/clients/new", status_code=303, needs=Permission.CHANGE_CLIENTS)
async def make(request: AnyRequest, desk: TheDesk) -> Redirect | Template:
    form = await read_form(request, desk.viewer)
    country = (desk.practice.country,)
    newcomer = Newcomer(
        first_name=form.text("first_name", 100),
        last_name=form.text("last_name", 100, required=False),
        email=form.email("email", required=False) or None,
        phone=form.phone("phone", country),
        home_phone=form.phone("home_phone", country),
        birthday=form.birthday("birthday", desk.viewer.today),
        language=form.one_of("language", set(offered_languages()), required=False),
    )
    if not form.ok:
        return _page(desk, form, status=UNPROCESSABLE)
    try:
        async with desk.lens():
            if newcomer.email and desk.hides_contacts:
                await check_unknown(desk.practice, newcomer.email)
            ref = await make_record(desk.practice, newcomer, desk.by, desk.viewer.now)
    except (EmailInUse, RecordNotYours) as refusal:
        form.refuse("email", phrase(refusal, desk.viewer.formats))
        return _page(desk, form, status=CONFLICT, holder=refusal.ref if isinstance(refusal, EmailInUse) else "")
    return Redirect(f"{desk.path}/clients/{ref}?done=made", status_code=303)


@get("/desk/{slug:str}/clients/{ref:str}/children/new", needs=Permission.CHANGE_CLIENTS)
async def ask_for_child(desk: TheDesk, ref: FromPath[str]) -> Template:
    adult = await _adult(desk, ref)
    return _page(desk, Form(desk.viewer.words, [("last_name", adult["last_name"])]), adult=adult)


@post("/desk/{slug:str}/clients/{ref:str}/children/new", status_code=303, needs=Permission.CHANGE_CLIENTS)
async def add_child(request: AnyRequest, desk: TheDesk, ref: FromPath[str]) -> Redirect | Template:
    adult = await _adult(desk, ref)
    form = await read_form(request, desk.viewer)
    child = Newcomer(
        first_name=form.text("first_name", 100),
        last_name=form.text("last_name", 100, required=False),
        birthday=form.birthday("birthday", desk.viewer.today),
    )
    if not form.ok:
        return _page(desk, form, status=UNPROCESSABLE, adult=adult)
    async with desk.lens():
        made = await make_child(desk.practice, ref, child, desk.by, desk.viewer.now)
    return Redirect(f"{desk.path}/clients/{made}?done=made", status_code=303)


async def _adult(desk: Desk, ref: str) -> dict[str, Any]:
    """Raises NotFound for a child's record: it has no children under it."""
    async with desk.lens():
        record = await find_record(desk.practice, ref)
    if record["guardian_id"] is not None:
        raise NotFound("client_record")
    return record


def _page(
    desk: Desk, form: Form, *, status: int = 200, holder: str = "", adult: dict[str, Any] | None = None
) -> Template:
    offered = language_options(desk)
    return desk.page("desk/client_new.html", status_code=status, form=form, holder=holder, adult=adult, offered=offered)
