"""The days of a series as a page lists them: each with what stands in its way, and a tick."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from portal.staff.book.objections import IN_CLOSED_HOURS, OVERBOOK, insistence_for, objection_words
from portal.staff.desk import Desk
from portal.web.forms import Form
from tenants.arranging.insist import Insistence
from tenants.arranging.series import Occurrence
from tenants.booking.plan import Plan

MOST_FIELDS = 400
"""Of a form that lists a hundred days, each with its tick and what it was shown with."""
_LONGEST_REASON = 500


@dataclass(frozen=True, slots=True)
class Day:
    """`value` is what its tick sends: the day, or the ref of the appointment that is moved; then `was` is its time now.

    `needs` is what must be insisted on, None where nothing helps. `met` tells what was shown to be in the way: another
    obstacle than that one nobody has agreed to.
    """

    value: str
    day: date
    starts_at: datetime | None
    ends_at: datetime | None
    why: tuple[str, ...]
    needs: frozenset[str] | None
    met: str
    ticked: bool
    was: datetime | None = None

    @property
    def fits(self) -> bool:
        return not self.why

    @property
    def can_be(self) -> bool:
        return self.needs is not None


@dataclass(frozen=True, slots=True)
class Ticks:
    """What a list sends back: the ticked ones, and what it had shown to be in the way."""

    on: frozenset[str]
    seen: frozenset[str]


def read_ticks(form: Form, question: str) -> Ticks | None:
    """None where the form has listed nothing yet, or the days of another question."""
    if form.get("listed") != question:
        return None
    return Ticks(frozenset(form.many("on")), frozenset(form.many("met")))


def list_days(
    desk: Desk,
    occurrences: Sequence[Occurrence],
    plan: Plan,
    length: timedelta,
    ticks: Ticks | None,
    before: Mapping[str, datetime] | None = None,
) -> list[Day]:
    """Ticked as they were sent, but for what has come in the way since; at first, all that nothing is in the way of."""
    return [_day(desk, each, plan, length, ticks, (before or {}).get(each.ref)) for each in occurrences]


def _day(
    desk: Desk,
    each: Occurrence,
    plan: Plan,
    length: timedelta,
    ticks: Ticks | None,
    was: datetime | None,
) -> Day:
    words, zone = desk.viewer.words, desk.practice.zone
    value = each.ref or str(each.day)
    begins = each.starts_at.astimezone(zone) if each.starts_at else None
    if begins is None:
        why: tuple[str, ...] = (words.gettext("The clocks change that night, so this time does not exist."),)
        needs = None
    else:
        why = tuple(dict.fromkeys(objection_words(one, words, desk.viewer.formats) for one in each.objections))
        needs = insistence_for(each.objections, may_overbook=plan.policy.overbooking)
    obstacles = sorted(f"{one.why}-{one.taken.ref if one.taken else ''}" for one in each.objections)
    met = " ".join([value, *obstacles])
    agreed = not why or (ticks is not None and needs is not None and met in ticks.seen)
    ticked = agreed and (ticks is None or value in ticks.on)
    ends = each.starts_at + length if each.starts_at else None
    return Day(value, each.day, begins, ends, why, needs, met, ticked, was)


@dataclass(frozen=True, slots=True)
class Chosen:
    """`anew` when something has come in the way that the page had not shown."""

    days: frozenset[str]
    anew: bool


def read_chosen(form: Form, days: Sequence[Day], ticks: Ticks, insistence: Insistence, desk: Desk) -> Chosen:
    """Notes an error beside the ticks for what must still be insisted on."""
    words = desk.viewer.words
    ticked = {day.value: day for day in days if day.value in ticks.on}
    anew = any(not day.ticked for day in ticked.values())
    given = {OVERBOOK: insistence.overbook, IN_CLOSED_HOURS: insistence.outside_hours}
    if not ticked:
        form.refuse("on", words.gettext("Please tick at least one day."))
    if any(not given[need] for day in ticked.values() if day.ticked for need in day.needs or ()):
        form.refuse("insist", words.gettext("Some of the ticked days are not free. Untick them, or insist here."))
    return Chosen(frozenset(ticked), anew)


def read_insistence(form: Form, desk: Desk) -> Insistence:
    """With its reason, which is asked for."""
    asked = set(form.many("insist")) & {OVERBOOK, IN_CLOSED_HOURS}
    reason = form.text("why", _LONGEST_REASON, required=False, lines=True)
    if asked and not reason and "why" not in form.errors:
        form.refuse("why", desk.viewer.words.gettext("Please say why: it is kept with the appointment."))
    return Insistence(OVERBOOK in asked, IN_CLOSED_HOURS in asked, reason)


def insists(days: Sequence[Day]) -> list[str]:
    """What could be insisted on, for one of them or more."""
    return sorted({each for day in days for each in day.needs or ()})
