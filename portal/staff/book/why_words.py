"""Why a time is not offered → words, and what one could change about it. The names are those of `arranging.why`."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from portal.languages.formats import Formats
from portal.languages.words import Words
from portal.phrases import length_words
from portal.staff.book.objections import hours_words
from portal.staff.closed_times import ClosedTimes
from portal.web.forms import wall_words
from tenants.arranging import why
from tenants.arranging.ask_why import Answer
from tenants.arranging.why import Closed, whose_buffer
from tenants.availability.wall_clock import moment
from tenants.booking.plan import Plan
from tenants.practices.tenant import Tenant


@dataclass(frozen=True, slots=True)
class Told:
    """An answer with what is needed to say it; `closed` is what it says."""

    answer: Answer
    closed: Closed
    plan: Plan
    practice: Tenant
    words: Words
    formats: Formats

    @property
    def who(self) -> str:
        return str(self.plan.practitioners[self.answer.asked.practitioner_id]["name"])

    @property
    def service(self) -> str:
        return str(self.answer.asked.service.row["name"])

    @property
    def start(self) -> str:
        return self._time(self.answer.asked.start)

    def _time(self, instant: int) -> str:
        return self.formats.time(moment(instant), self.practice.zone)

    def span(self, span: tuple[int, int]) -> str:
        return self.formats.span(moment(span[0]), moment(span[1]), self.practice.zone)

    @property
    def hours(self) -> str:
        return hours_words(self.closed, self.formats)


def why_words(told: Told) -> str:
    """One whole sentence with its facts."""
    return SENTENCES[told.closed.why](told)


def _not_given(told: Told) -> str:
    if told.answer.asked.practitioner_id not in told.answer.asked.service.practitioners:
        return told.words.gettext("%(who)s does not give %(service)s.", who=told.who, service=told.service)
    place = told.plan.places.get(told.answer.asked.place_id or 0, {}).get("name", "")
    if not place:
        return told.words.gettext("%(service)s is not given at any place.", service=told.service)
    return told.words.gettext("%(service)s is not given there: %(place)s.", service=told.service, place=place)


def _outside_hours(told: Told) -> str:
    if not told.closed.openings:
        return told.words.gettext("%(who)s has no opening hours that day.", who=told.who)
    return told.words.gettext(
        "%(time)s is outside the opening hours of %(who)s that day (%(hours)s).",
        time=told.start,
        who=told.who,
        hours=told.hours,
    )


def _too_long(told: Told) -> str:
    return told.words.gettext(
        "%(service)s would last until %(end)s, beyond the opening hours of %(who)s that day (%(hours)s).",
        service=told.service,
        end=told.formats.time(moment(told.answer.asked.span[1]), told.practice.zone),
        who=told.who,
        hours=told.hours,
    )


def _closure(told: Told) -> str:
    row = told.answer.closure
    if row is None:
        return told.words.gettext("There is time off then.")
    when = ClosedTimes.of(row, told.practice).words(told.formats)
    if row["reason"]:
        return told.words.gettext(
            "There is time off then (%(when)s): %(reason)s.", when=when, reason=row["reason"].rstrip(".")
        )
    return told.words.gettext("There is time off then (%(when)s).", when=when)


def _off_grid(told: Told) -> str:
    service = told.answer.asked.service
    _, opens, _ = told.closed.openings[0]
    return told.words.gettext(
        "%(time)s is no start: %(service)s begins every %(step)s from %(opens)s on.",
        service=told.service,
        step=told.formats.duration(service.row["step"]),
        opens=told.formats.time(wall_words(opens)),
        time=told.start,
    )


def _past(told: Told) -> str:
    return told.words.gettext("This time has passed.")


def _notice(told: Told) -> str:
    length = length_words(told.plan.policy.minimum_notice, told.words, told.formats)
    return told.words.gettext("Clients book at least %(length)s ahead, and this begins sooner.", length=length)


def _horizon(told: Told) -> str:
    length = length_words(told.plan.policy.horizon, told.words, told.formats)
    return told.words.gettext("Clients book up to %(length)s ahead, and this begins later.", length=length)


def _held(told: Told) -> str:
    assert told.closed.taken is not None
    return told.words.gettext(
        "A client is booking this time with %(who)s at this moment (%(span)s).",
        who=told.who,
        span=told.span(told.closed.taken.span),
    )


def _busy(told: Told) -> str:
    assert told.closed.taken is not None
    taken = told.closed.taken
    return told.words.gettext(
        "%(who)s is booked then (%(client)s, %(span)s).", who=told.who, client=taken.client, span=told.span(taken.span)
    )


def _buffer(told: Told) -> str:
    taken, asked = told.closed.taken, told.answer.asked
    assert taken is not None
    facts = {
        "who": told.who,
        "client": taken.client,
        "span": told.span(taken.span),
        "service": told.service,
        "blocked": told.span(asked.blocked),
        "kept": told.span(taken.blocked),
    }
    match whose_buffer(asked, taken):
        case why.THEIRS:
            return told.words.gettext(
                "The minutes kept free around the appointment of %(client)s (%(span)s) "
                "fill the time of %(who)s (%(kept)s).",
                **facts,
            )
        case why.OWN:
            return told.words.gettext(
                "With the minutes kept free around it %(service)s would take %(blocked)s, "
                "where %(who)s is booked (%(client)s, %(span)s).",
                **facts,
            )
        case _:
            return told.words.gettext(
                "With the minutes kept free around it %(service)s would take %(blocked)s, "
                "which meets those kept free for %(client)s (%(kept)s).",
                **facts,
            )


def _full(told: Told) -> str:
    capacity = told.answer.asked.service.capacity
    return told.words.ngettext(
        "All seats of this group are taken: %(n)s.", "All %(n)s seats of this group are taken.", capacity, n=capacity
    )


def _resource(told: Told) -> str:
    kind = told.plan.kinds.get(told.closed.kind or 0, {}).get("name", "")
    return told.words.gettext(
        "Nothing is free then of what %(service)s needs: %(kind)s.", service=told.service, kind=kind
    )


SENTENCES: dict[str, Callable[[Told], str]] = {
    why.NOT_GIVEN: _not_given,
    why.OUTSIDE_HOURS: _outside_hours,
    why.TOO_LONG: _too_long,
    why.CLOSURE: _closure,
    why.OFF_GRID: _off_grid,
    why.PAST: _past,
    why.NOTICE: _notice,
    why.HORIZON: _horizon,
    why.HELD: _held,
    why.BUSY: _busy,
    why.BUFFER: _buffer,
    why.FULL: _full,
    why.RESOURCE: _resource,
}


def ways_on(told: Told, desk_path: str, *, may_plan: bool, is_admin: bool) -> list[tuple[str, str]]:
    """Where one could change it: address and words. Nobody is sent to what is not theirs to change."""
    gettext, asked = told.words.gettext, told.answer.asked
    ways: list[tuple[str, str]] = []
    if told.closed.why in {why.NOT_GIVEN, why.OFF_GRID, why.TOO_LONG, why.BUFFER} and is_admin:
        ways.append((f"{desk_path}/services/{asked.service.row['ref']}", gettext("Change the service")))
    if told.closed.why in {why.OUTSIDE_HOURS, why.TOO_LONG, why.OFF_GRID} and may_plan:
        who: dict[str, Any] = told.plan.practitioners[asked.practitioner_id]
        ways.append((f"{desk_path}/hours?practitioner={who['ref']}", gettext("Change the opening hours")))
    if told.closed.why in {why.NOTICE, why.HORIZON} and is_admin:
        ways.append((f"{desk_path}/policy", gettext("Change the booking rules")))
    if told.closed.taken is not None and told.closed.taken.ref:
        ways.append((f"{desk_path}/appointments/{told.closed.taken.ref}", gettext("Look at the appointment")))
    return ways
