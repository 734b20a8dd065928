"""A wish as it is typed: by a client at the practice's page, or at the desk for one."""

from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

from portal.choosing.offer import wanted_from
from portal.languages.formats import Formats
from portal.web.forms import Form
from tenants.booking.plan import Plan
from tenants.practices.tenant import Tenant
from tenants.waiting.wish import Wish

KEPT = ("service", "practitioner", "place", "weekday", "from_time", "until_time", "first_day", "last_day")
"""What an address carries over a sign-in: no word that was typed freely."""
LONGEST_NOTE = 500
WHOLE_DAY = (0, 1440)
WEEK = [str(number) for number in range(7)]


def read_wish(form: Form) -> Wish | None:
    """None when the form has errors."""
    service = form.text("service", 20)
    practitioner, place = (form.text(name, 20, required=False) for name in ("practitioner", "place"))
    weekdays = tuple(int(value) for value in dict.fromkeys(form.many("weekday")) if value in WEEK)
    from_minute, until_minute = (form.wall_time(name, required=False) for name in ("from_time", "until_time"))
    first_day, last_day = form.day("first_day"), form.day("last_day")
    note = form.text("note", LONGEST_NOTE, required=False, lines=True)
    from_minute = WHOLE_DAY[0] if from_minute is None else from_minute
    until_minute = WHOLE_DAY[1] if until_minute is None else until_minute
    _check(form, weekdays, (from_minute, until_minute), (first_day, last_day))
    if not form.ok or first_day is None or last_day is None:
        return None
    wanted = wanted_from(service, practitioner, place)
    return Wish(wanted, weekdays, from_minute, until_minute, first_day, last_day, note)


def _check(
    form: Form, weekdays: tuple[int, ...], hours: tuple[int, int], days: tuple[date | None, date | None]
) -> None:
    words = form.words
    if not weekdays:
        form.refuse("weekday", words.gettext("Please choose at least one day of the week."))
    if hours[1] <= hours[0]:
        form.refuse("until_time", words.gettext("The end must come after the beginning."))
    if days[0] and days[1] and days[1] < days[0]:
        form.refuse("last_day", words.gettext("The end must come after the beginning."))


def typed_wish(row: dict[str, Any], refs: dict[str, str]) -> list[tuple[str, Any]]:
    """A wish as the form shows it again; `refs` are its service's, practitioner's and place's."""
    typed: list[tuple[str, Any]] = list(refs.items())
    typed += [("weekday", str(number)) for number in row["weekdays"]]
    if (row["from_minute"], row["until_minute"]) != WHOLE_DAY:
        typed += [("from_time", _wall(row["from_minute"])), ("until_time", _wall(row["until_minute"]))]
    return [*typed, ("first_day", str(row["first_day"])), ("last_day", str(row["last_day"])), ("note", row["note"])]


def _wall(minute: int) -> str:
    return f"{minute // 60:02}:{minute % 60:02}"


def usual_wish(plan: Plan, today: date, before: date | None = None) -> list[tuple[str, str]]:
    """Any day and hour until one can no longer book; `before` is a day on which there is something free already."""
    last = today + plan.policy.horizon
    if before is not None and today < before <= last:
        last = before - timedelta(days=1)
    return [*(("weekday", number) for number in WEEK), ("first_day", str(today)), ("last_day", str(last))]


def wish_query(form: Form) -> str:
    """The form as an address has it, so that nothing typed is lost on the way round a sign-in."""
    return urlencode([(name, value) for name in KEPT for value in form.many(name) if value])


def wish_facts(form: Form, plan: Plan, practice: Tenant, formats: Formats, today: date) -> dict[str, Any]:
    """What `_wish_fields.html` asks for; the service must be one that the practice offers."""
    service = plan.services[form["service"]]
    first = formats.first_weekday
    order = [(first + step) % 7 for step in range(7)]
    return {
        "practice": practice,
        "form": form,
        "service": service.row,
        "practitioners": [
            (plan.practitioners[each]["ref"], plan.practitioners[each]["name"]) for each in service.practitioners
        ],
        "places": [(row["ref"], row["name"]) for key, row in plan.places.items() if key in service.places],
        "weekdays": [(str(number), formats.weekday(number)) for number in order],
        "days": (str(today), str(today + plan.policy.horizon)),
    }
