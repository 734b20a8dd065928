"""When a practitioner receives: the hours of an ordinary week, beside the days that have hours of their own."""

from itertools import groupby
from typing import Any
from urllib.parse import urlencode

from litestar import get, post
from litestar.response import Redirect, Template

from portal.phrases import phrase
from portal.staff.desk import Desk, TheDesk
from portal.web.forms import Form, read_form, wall_words
from portal.web.given import AnyRequest
from tenants.booking.plan import Plan, current_plan
from tenants.hours.edit import Opening, add_hours
from tenants.hours.find import dated_hours, weekly_hours
from tenants.places.zone import zone_of
from tenants.refusals import EndsBeforeItBegins, HoursOverlap, NotFound
from tenants.team.permissions import Permission

UNPROCESSABLE = 422
MIDNIGHT = 24 * 60
WEEKDAYS = {str(weekday) for weekday in range(7)}
# What an undo carries through the address, by what was removed; the names are those of the forms' fields.
UNDO = {
    "hours": ("weekday", "place", "opens", "closes", "from_day", "until_day"),
    "day": ("day", "day_place", "day_opens", "day_closes", "day_opens_again", "day_closes_again", "day_closed"),
}


@get("/desk/{slug:str}/hours", needs=Permission.SETTINGS)
async def show_hours(request: AnyRequest, desk: TheDesk) -> Template:
    asked = request.query_params
    names = UNDO.get(asked.get("removed", ""), ())
    undo = {name: asked[name] for name in names if asked.get(name)}
    return await hours_page(desk, asked.get("practitioner"), undo=undo)


@post("/desk/{slug:str}/hours", status_code=303, needs=Permission.HOURS)
async def add(request: AnyRequest, desk: TheDesk) -> Redirect | Template:
    form = await read_form(request, desk.viewer)
    who = await practitioner_to_plan(desk, form)
    weekdays = [int(each) for each in form.many("weekday") if each in WEEKDAYS]
    if not weekdays:
        form.refuse("weekday", desk.viewer.words.gettext("Please choose at least one day."))
    opening = read_opening(form)
    if opening is None:
        return await hours_page(desk, who["ref"], week=form)
    try:
        async with desk.lens():
            await add_hours(desk.practice, who["id"], weekdays, opening)
    except (EndsBeforeItBegins, HoursOverlap) as refusal:
        form.refuse("opens", phrase(refusal, desk.viewer.formats))
        return await hours_page(desk, who["ref"], week=form)
    return Redirect(address(desk, who), status_code=303)


async def practitioner_to_plan(desk: Desk, form: Form) -> dict[str, Any]:
    """The practitioner that the form names. Raises NotFound also for those whose hours are not this member's."""
    async with desk.lens():
        plan = await current_plan(desk.practice)
    who = _practitioner(plan, form.get("practitioner"))
    if who is None:
        raise NotFound("practitioner")
    desk.check_may_plan(who["id"])
    return who


def address(desk: Desk, who: dict[str, Any], **more: str) -> str:
    return f"{desk.path}/hours?{urlencode({'practitioner': who['ref'], **more})}"


async def hours_page(
    desk: Desk,
    ref: str | None,
    *,
    week: Form | None = None,
    day: Form | None = None,
    undo: dict[str, str] | None = None,
) -> Template:
    """`week` and `day` are the two forms as typed, where one was refused."""
    async with desk.lens():
        plan = desk.narrowed(await current_plan(desk.practice))
        who = _practitioner(plan, ref) or _first_shown(plan, desk)
        weekly = await weekly_hours(desk.practice, who["id"]) if who else []
        dated = await dated_hours(desk.practice, who["id"], desk.viewer.today) if who else []
    weekly, dated = ([row for row in rows if row["place_id"] in plan.places] for rows in (weekly, dated))
    dated.sort(key=lambda row: (row["day"], row["place_id"], row["opens"] or 0))
    refused = (week or day) is not None
    first = desk.viewer.formats.first_weekday
    return desk.page(
        "desk/hours.html",
        status_code=UNPROCESSABLE if refused else 200,
        who=who,
        practitioners=list(plan.practitioners.values()),
        places=places_told(plan, desk),
        elsewhere=has_other_clock(plan, desk),
        place_names={key: place_told(row, desk) for key, row in plan.places.items()},
        place_refs={key: row["ref"] for key, row in plan.places.items()},
        may_edit=who is not None and desk.member.may_plan(who["id"]),
        weekdays=[(first + step) % 7 for step in range(7)],
        weekly=weekly,
        days=[(key, list(rows)) for key, rows in groupby(dated, key=lambda row: (row["day"], row["place_id"]))],
        week_form=week or Form(desk.viewer.words),
        day_form=day or Form(desk.viewer.words),
        undo=undo or {},
        wall_time=wall_words,
    )


def places_told(plan: Plan, desk: Desk) -> list[tuple[str, str]]:
    return [(row["ref"], place_told(row, desk)) for row in plan.places.values()]


def place_told(row: dict[str, Any], desk: Desk) -> str:
    """Its name, and the zone by whose clock its hours are where that is not the practice's."""
    zone = zone_of(desk.practice, row)
    return row["name"] if zone == desk.practice.zone else f"{row['name']} ({desk.viewer.formats.zone_name(zone)})"


def has_other_clock(plan: Plan, desk: Desk) -> bool:
    return any(zone_of(desk.practice, row) != desk.practice.zone for row in plan.places.values())


def _practitioner(plan: Plan, ref: str | None) -> dict[str, Any] | None:
    return next((row for row in plan.practitioners.values() if row["ref"] == ref), None)


def _first_shown(plan: Plan, desk: Desk) -> dict[str, Any] | None:
    own = plan.practitioners.get(desk.member.practitioner_id or 0)
    return own or next(iter(plan.practitioners.values()), None)


def read_opening(form: Form) -> Opening | None:
    opens, closes = form.wall_time("opens"), form.wall_time("closes")
    from_day, until_day = form.day("from_day", required=False), form.day("until_day", required=False)
    place = form.text("place", 20)
    if not form.ok or opens is None or closes is None:
        return None
    return Opening(place, opens, closes or MIDNIGHT, from_day, until_day)


def clock_face(minutes: int) -> str:
    """As a field for times takes it; midnight at the end of a day is 00:00 there."""
    return f"{wall_words(minutes):%H:%M}"
