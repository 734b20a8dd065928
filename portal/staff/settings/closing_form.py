"""The form by which time off is made and changed, and the question that comes before it is saved."""

from dataclasses import asdict
from typing import Any

from litestar.response import Template

from portal.staff.closed_times import ClosedTimes
from portal.staff.desk import Desk
from portal.web.forms import Form
from tenants.appointments.affected import standing_in
from tenants.appointments.find import appointments_with_names
from tenants.booking.plan import Plan
from tenants.hours.close import Closing, Shut, closure_seen, shut_by
from tenants.refs import fingerprint
from tenants.refusals import NotFound

MIDNIGHT = 24 * 60
ALL, SOME = "all", "some"
MOST_LISTED = 200
MOST_FIELDS = 1000  # one for each person of a large practice
FIELDS = ("whom", "place", "from_day", "from_time", "until_day", "until_time", "reason", "seen")


def read_closings(form: Form, desk: Desk, plan: Plan) -> list[Closing]:
    """One for each person chosen, or one for everybody; none when the form is refused.

    Without times the days are closed whole, the last one included. Raises NotFound for whom this member may not plan.
    """
    people = _people(form, desk, plan)
    first_day, last_day = form.day("from_day"), form.day("until_day")
    begins = form.wall_time("from_time", required=False)
    ends = form.wall_time("until_time", required=False)
    place = form.text("place", 20, required=False)
    reason = form.text("reason", 500, required=False)
    if not form.ok or first_day is None or last_day is None:
        return []
    last = (last_day, MIDNIGHT if ends is None else ends)
    where = place if place not in {"", ALL} else None
    return [Closing(who, where, (first_day, begins or 0), last, reason) for who in people]


def _people(form: Form, desk: Desk, plan: Plan) -> list[str | None]:
    """`whom` names everybody, or one of them, or says that some are ticked."""
    whom = form.text("whom", 20)
    if whom == ALL:
        desk.check_may_plan(None)
        return [None]
    chosen = list(dict.fromkeys(form.many("practitioner"))) if whom == SOME else [whom] if whom else []
    known = {row["ref"]: key for key, row in plan.practitioners.items()}
    for ref in chosen:
        if ref not in known:
            raise NotFound("practitioner")
        desk.check_may_plan(known[ref])
    if whom == SOME and not chosen:
        form.refuse("practitioner", desk.viewer.words.gettext("Please choose at least one person."))
    return list(chosen)


def typed_from(row: dict[str, Any], plan: Plan, desk: Desk) -> Form:
    """The form of a closure that stands."""
    one = row["practitioner_id"]
    facts = {
        "whom": ALL if one is None else plan.practitioners.get(one, {}).get("ref", ""),
        "place": plan.places.get(row["place_id"], {}).get("ref", ALL),
        "reason": row["reason"],
        "seen": closure_seen(row),
    }
    return Form(desk.viewer.words, list((facts | ClosedTimes.of(row, desk.practice).typed).items()))


async def standing(desk: Desk, shuts: list[Shut]) -> list[int]:
    """The appointments in any of these, by their start."""
    found = await standing_in(desk.practice, shuts, desk.viewer.now, desk.own_column)
    return list(dict.fromkeys(each for ids in found for each in ids))


def agreed(form: Form, ids: list[int]) -> bool:
    """Whether just these appointments have been shown before the form was sent."""
    return not ids or form.get("confirmed") == fingerprint(ids)


async def ask_page(desk: Desk, form: Form, plan: Plan, closings: list[Closing], ids: list[int]) -> Template:
    """What stands in the way, with the form as typed, to be sent once more or to be changed. Within a lens."""
    rows = await appointments_with_names(desk.practice, ids[:MOST_LISTED])
    shut = await shut_by(desk.practice, closings[0])
    people = {row["ref"]: row["name"] for row in plan.practitioners.values()}
    typed = [(name, form[name]) for name in FIELDS if name in form]
    return desk.page(
        "desk/closure_confirm.html",
        action=desk.viewer.path,
        when=ClosedTimes.of(asdict(shut), desk.practice).words(desk.viewer.formats),
        whose=[people[each.practitioner] for each in closings if each.practitioner],
        place=plan.places.get(shut.place_id or 0, {}).get("name", ""),
        typed=[*typed, *(("practitioner", each) for each in form.many("practitioner"))],
        confirmed=fingerprint(ids),
        appointments=rows,
        count=len(ids),
    )


def choices(desk: Desk, plan: Plan) -> dict[str, Any]:
    """Whom and where the form offers."""
    who = desk.member.may_plan
    return {
        "practitioners": [(row["ref"], row["name"]) for row in plan.practitioners.values() if who(row["id"])],
        "places": [(row["ref"], row["name"]) for row in plan.places.values()],
        "zone": desk.practice.zone,
    }
