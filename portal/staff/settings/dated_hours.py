"""A day with hours of its own: open longer, at another place, or closed."""

from litestar import post
from litestar.response import Redirect, Template

from portal.phrases import phrase
from portal.staff.desk import TheDesk
from portal.staff.settings.hours import MIDNIGHT, address, clock_face, hours_page, practitioner_to_plan
from portal.web.forms import Form, read_form
from portal.web.given import AnyRequest
from tenants.booking.plan import current_plan
from tenants.hours.edit import clear_day, set_day
from tenants.hours.find import dated_hours
from tenants.refusals import EndsBeforeItBegins, HoursOverlap, NotFound
from tenants.team.permissions import Permission

TIMES = (("day_opens", "day_closes"), ("day_opens_again", "day_closes_again"))


@post("/desk/{slug:str}/hours/days", status_code=303, needs=Permission.HOURS)
async def keep_day(request: AnyRequest, desk: TheDesk) -> Redirect | Template:
    """What is sent stands instead of whatever the day had at that place."""
    form = await read_form(request, desk.viewer)
    who = await practitioner_to_plan(desk, form)
    day, place = form.day("day"), form.text("day_place", 20)
    spans = _read_spans(form)
    if not form.ok or day is None:
        return await hours_page(desk, who["ref"], day=form)
    try:
        async with desk.lens():
            await set_day(desk.practice, who["id"], place, day, spans)
    except (EndsBeforeItBegins, HoursOverlap) as refusal:
        form.refuse("day_opens", phrase(refusal, desk.viewer.formats))
        return await hours_page(desk, who["ref"], day=form)
    return Redirect(address(desk, who), status_code=303)


@post("/desk/{slug:str}/hours/days/removal", status_code=303, needs=Permission.HOURS)
async def forget_day(request: AnyRequest, desk: TheDesk) -> Redirect | Template:
    """The weekly hours hold again."""
    form = await read_form(request, desk.viewer)
    who = await practitioner_to_plan(desk, form)
    day, place = form.day("day"), form.text("day_place", 20)
    if not form.ok or day is None:
        raise NotFound("dated_opening")
    try:
        async with desk.lens():
            plan = await current_plan(desk.practice)
            rows = await dated_hours(desk.practice, who["id"], day)
            await clear_day(desk.practice, who["id"], place, day)
    except HoursOverlap as refusal:
        form.refuse("", phrase(refusal, desk.viewer.formats))
        return await hours_page(desk, who["ref"], day=form)
    here = [row for row in rows if row["day"] == day and plan.places.get(row["place_id"], {}).get("ref") == place]
    undo = {"day": str(day), "day_place": place}
    for row, (opens, closes) in zip(here, TIMES, strict=False):
        times = {"day_closed": "yes"}
        if row["opens"] is not None:
            times = {opens: clock_face(row["opens"]), closes: clock_face(row["closes"])}
        undo |= times
    return Redirect(address(desk, who, removed="day", **undo), status_code=303)


def _read_spans(form: Form) -> list[tuple[int, int]]:
    """Empty when the day is closed. The second pair of times may be left out."""
    if form.get("day_closed"):
        return []
    spans = []
    for number, (opens, closes) in enumerate(TIMES):
        wanted = number == 0 or bool(form.get(opens) or form.get(closes))
        begins, ends = form.wall_time(opens, required=wanted), form.wall_time(closes, required=wanted)
        if begins is not None and ends is not None:
            spans.append((begins, ends or MIDNIGHT))
    return spans
