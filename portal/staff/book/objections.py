"""What stands in the way of an appointment that staff want to put somewhere → words, and what they may insist on."""

from collections.abc import Sequence

from portal.languages.formats import Formats
from portal.languages.words import Words
from portal.web.forms import wall_words
from tenants.arranging.taken import Taken
from tenants.arranging.why import (
    BUFFER,
    BUSY,
    CLOSURE,
    FULL,
    HELD,
    NOT_GIVEN,
    OUTSIDE_HOURS,
    RESOURCE,
    TOO_LONG,
    Closed,
)
from tenants.availability.wall_clock import moment

OVERBOOK, IN_CLOSED_HOURS = "overbook", "outside_hours"
_INSISTED = {
    BUSY: OVERBOOK,
    BUFFER: OVERBOOK,
    FULL: OVERBOOK,
    OUTSIDE_HOURS: IN_CLOSED_HOURS,
    TOO_LONG: IN_CLOSED_HOURS,
    CLOSURE: IN_CLOSED_HOURS,
}


def objection_words(closed: Closed, words: Words, formats: Formats) -> str:
    """One sentence. `formats` speak in the practice's zone."""
    if closed.taken is not None:
        return _taken_words(closed.why, closed.taken, words, formats)
    if closed.why in {RESOURCE, NOT_GIVEN}:
        return _not_there_words(closed.why, words)
    if closed.why == CLOSURE or closed.closure is not None:
        return words.gettext("There is time off then.")
    if closed.why == TOO_LONG:
        return words.gettext("It would last beyond the opening hours (%(hours)s).", hours=hours_words(closed, formats))
    if closed.openings:
        return words.gettext("Outside the opening hours (%(hours)s).", hours=hours_words(closed, formats))
    return words.gettext("There are no opening hours that day.")


def _not_there_words(why: str, words: Words) -> str:
    if why == RESOURCE:
        return words.gettext("No room or thing that it needs is free then.")
    return words.gettext("This service is not given by that person at that place. Please choose again.")


def _taken_words(why: str, taken: Taken, words: Words, formats: Formats) -> str:
    begins, ends = taken.span
    span = formats.span(moment(begins), moment(ends))
    if why == HELD:
        return words.gettext("A client is booking this time at this moment (%(span)s).", span=span)
    if why == FULL:
        return words.gettext("All seats of this group are taken, %(span)s.", span=span)
    if why == BUSY:
        return words.gettext("%(name)s is booked then, %(span)s.", name=taken.client, span=span)
    return words.gettext("Too close to the appointment of %(name)s, %(span)s.", name=taken.client, span=span)


def insistence_for(objections: Sequence[Closed], *, may_overbook: bool) -> frozenset[str] | None:
    """What has to be insisted on, or None where nothing helps."""
    asked = {_INSISTED.get(each.why) for each in objections}
    if None in asked or (OVERBOOK in asked and not may_overbook):
        return None
    return frozenset(each for each in asked if each)


def hours_words(closed: Closed, formats: Formats) -> str:
    """That day's, each once."""
    spans = dict.fromkeys((opens, closes) for _, opens, closes in closed.openings)
    return ", ".join(formats.span(wall_words(opens), wall_words(closes)) for opens, closes in spans)
