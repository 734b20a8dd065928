"""What a new practice offers first: a name, a length, a price if it likes."""

from datetime import timedelta

from litestar import get, post
from litestar.response import Redirect, Template

from portal.founding.start import look, own_practitioner, step_page
from portal.languages.prices import read_price, typed_price
from portal.staff.desk import Desk, TheDesk
from portal.web.forms import Form, read_form
from portal.web.given import AnyRequest
from tenants.founding.first_steps import FirstService, Progress, set_first_service
from tenants.team.permissions import Permission

UNPROCESSABLE = 422
USUAL = "60"
MINUTE = timedelta(minutes=1)


@get("/desk/{slug:str}/start/service", needs=Permission.CHANGE_SETTINGS)
async def show_service(request: AnyRequest, desk: TheDesk) -> Redirect | Template:
    progress = await look(desk)
    if not progress.may_change("service"):
        return Redirect(f"{desk.path}/start", status_code=303)
    typed = [("name", ""), ("minutes", USUAL), ("price", "")]
    if stands := progress.service:
        price = typed_price(stands.price, desk.practice.currency)
        typed = [("name", stands.name), ("minutes", str(stands.duration // MINUTE)), ("price", price)]
    asked = [(name, request.query_params[name]) for name in ("name", "minutes") if name in request.query_params]
    return _page(desk, progress, Form(desk.viewer.words, typed + asked))


@post("/desk/{slug:str}/start/service", status_code=303, needs=Permission.CHANGE_SETTINGS)
async def set_service(request: AnyRequest, desk: TheDesk) -> Redirect | Template:
    form = await read_form(request, desk.viewer)
    name, minutes = form.text("name", 120), form.whole("minutes", 5, 1440)
    price = read_price(form, "price", desk.practice.currency, desk.viewer.words)
    if not form.ok or minutes is None:
        return _page(desk, await look(desk), form, status=UNPROCESSABLE)
    async with desk.lens():
        who = await own_practitioner(desk)
        await set_first_service(desk.practice, who, FirstService(name, minutes * MINUTE, price))
    return Redirect(f"{desk.path}/start/hours", status_code=303)


def _page(desk: Desk, progress: Progress, form: Form, *, status: int = 200) -> Template:
    _ = desk.viewer.words.gettext
    examples = [(_("First visit"), 60), (_("Follow-up"), 30), (_("Consultation"), 45)]
    return step_page(desk, "service", progress, status=status, form=form, examples=examples)
