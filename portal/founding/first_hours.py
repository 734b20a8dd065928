"""When and where a new practice receives first: the same hours on the days that are ticked."""

from litestar import get, post
from litestar.response import Redirect, Template

from portal.founding.start import look, own_practitioner, step_page
from portal.phrases import phrase
from portal.staff.desk import Desk, TheDesk
from portal.staff.settings.hours import MIDNIGHT, clock_face
from portal.web.forms import Form, read_form
from portal.web.given import AnyRequest
from tenants.founding.first_steps import FirstHours, Progress, set_first_hours
from tenants.refusals import EndsBeforeItBegins
from tenants.team.permissions import Permission

UNPROCESSABLE = 422
USUAL = FirstHours(frozenset(range(5)), 9 * 60, 17 * 60, "", "", "")
WEEKDAYS = {str(weekday) for weekday in range(7)}


@get("/desk/{slug:str}/start/hours", needs=Permission.CHANGE_SETTINGS)
async def show_hours(desk: TheDesk) -> Redirect | Template:
    progress = await look(desk)
    if progress.next_step == "service" or not progress.may_change("hours"):
        return Redirect(f"{desk.path}/start", status_code=303)
    return _page(desk, progress, _typed(desk, progress.hours or USUAL))


@post("/desk/{slug:str}/start/hours", status_code=303, needs=Permission.CHANGE_SETTINGS)
async def set_hours(request: AnyRequest, desk: TheDesk) -> Redirect | Template:
    form = await read_form(request, desk.viewer)
    wanted = _read(form, desk)
    if wanted:
        try:
            async with desk.lens():
                await set_first_hours(desk.practice, await own_practitioner(desk), wanted)
        except EndsBeforeItBegins as refusal:
            form.refuse("closes", phrase(refusal, desk.viewer.formats))
    if not form.ok:
        return _page(desk, await look(desk), form, status=UNPROCESSABLE)
    return Redirect(f"{desk.path}/start", status_code=303)


def _read(form: Form, desk: Desk) -> FirstHours | None:
    weekdays = frozenset(int(each) for each in form.many("weekday") if each in WEEKDAYS)
    if not weekdays:
        form.refuse("weekday", desk.viewer.words.gettext("Please choose at least one day."))
    opens, closes = form.wall_time("opens"), form.wall_time("closes")
    city = form.text("city", 120)
    street, postcode = (form.text(name, most, required=False) for name, most in (("street", 200), ("postcode", 20)))
    if not form.ok or opens is None or closes is None:
        return None
    return FirstHours(weekdays, opens, closes or MIDNIGHT, street, postcode, city)


def _typed(desk: Desk, hours: FirstHours) -> Form:
    days = [("weekday", str(weekday)) for weekday in sorted(hours.weekdays)]
    span = [("opens", clock_face(hours.opens)), ("closes", clock_face(hours.closes))]
    place = [("street", hours.street), ("postcode", hours.postcode), ("city", hours.city)]
    return Form(desk.viewer.words, [*days, *span, *place])


def _page(desk: Desk, progress: Progress, form: Form, *, status: int = 200) -> Template:
    first = desk.viewer.formats.first_weekday
    days = [(str(day), desk.viewer.formats.weekday(day)) for day in ((first + step) % 7 for step in range(7))]
    return step_page(desk, "hours", progress, status=status, form=form, days=days)
