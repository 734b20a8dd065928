"""Refusals → words."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from portal.choosing.phrases import PHRASES as OF_CHOOSING
from portal.choosing.waiting_phrases import PHRASES as OF_WAITING
from portal.languages.formats import Formats
from portal.languages.words import Words, words_in
from portal.messages.phrases import PHRASES as OF_MESSAGES
from portal.people.phrases import PHRASES as OF_PEOPLE
from portal.staff.page.phrases import PHRASES as OF_PAGE
from portal.staff.records.phrases import PHRASES as OF_RECORDS
from portal.staff.requests.phrases import PHRASES as OF_REQUESTS
from portal.staff.team.phrases import PHRASES as OF_TEAM
from portal.transfers.phrases import PHRASES as OF_FILES
from tenants import refusals
from tenants.refusals import Refusal

DAY = timedelta(days=1)


def phrase(refusal: Refusal, formats: Formats) -> str:
    """One or two sentences for the reader: what stands in the way, and what to do where something can be done."""
    return PHRASES[type(refusal)](refusal, words_in(formats.locale.language), formats)


def _not_found(_: refusals.NotFound, words: Words, __: Formats) -> str:
    return words.gettext("This does not exist any more, or the link is not complete.")


def _slot_taken(refusal: refusals.SlotTaken, words: Words, formats: Formats) -> str:
    return words.gettext(
        "The time you chose, %(moment)s, has just been taken. Please choose another.",
        moment=formats.moment(refusal.starts_at),
    )


def _time_not_offered(refusal: refusals.TimeNotOffered, words: Words, formats: Formats) -> str:
    return words.gettext(
        "The time you chose, %(moment)s, is not offered. Please choose another.",
        moment=formats.moment(refusal.starts_at),
    )


def _practitioner_busy(refusal: refusals.PractitionerBusy, words: Words, formats: Formats) -> str:
    if not refusal.others:
        return words.gettext("This time has just been taken. Please choose another.")
    name, starts_at, ends_at = refusal.others[0]
    span = formats.span(starts_at, ends_at)
    if not name:
        return words.gettext("A client is booking this time at this moment (%(span)s).", span=span)
    return words.gettext("This meets the appointment of %(name)s, %(span)s.", name=name, span=span)


def _not_open_then(refusal: refusals.NotOpenThen, words: Words, formats: Formats) -> str:
    moment = formats.moment(refusal.starts_at)
    match refusal.why:
        case "closure":
            return words.gettext("There is time off then: %(moment)s.", moment=moment)
        case "too_long":
            return words.gettext("It would last beyond the opening hours: %(moment)s.", moment=moment)
        case _:
            return words.gettext("This is outside the opening hours: %(moment)s.", moment=moment)


def _resource_taken(refusal: refusals.ResourceTaken, words: Words, _: Formats) -> str:
    return words.gettext("This is taken at that time: %(name)s. Please choose another.", name=refusal.name)


def _resource_unfit(refusal: refusals.ResourceUnfit, words: Words, _: Formats) -> str:
    return words.gettext(
        "This does not fit: %(name)s. The service needs nothing of that kind, or it is at another place.",
        name=refusal.name,
    )


def _series_meets(refusal: refusals.SeriesMeets, words: Words, formats: Formats) -> str:
    return words.ngettext(
        "One day of the series cannot be as it was wanted: %(days)s.",
        "%(n)s days of the series cannot be as they were wanted: %(days)s.",
        len(refusal.days),
        n=len(refusal.days),
        days=", ".join(formats.short_day(day) for day in refusal.days[:5]),
    )


def _time_is_past(refusal: refusals.TimeIsPast, words: Words, formats: Formats) -> str:
    return words.gettext(
        "The time you chose, %(moment)s, has passed. Please choose a later one.",
        moment=formats.moment(refusal.starts_at),
    )


def _booked_too_late(refusal: refusals.BookedTooLate, words: Words, formats: Formats) -> str:
    return words.gettext(
        "This practice asks to be told at least %(length)s ahead. Please choose a later time.",
        length=length_words(refusal.minimum_notice, words, formats),
    )


def _booked_too_early(refusal: refusals.BookedTooEarly, words: Words, formats: Formats) -> str:
    return words.gettext(
        "This practice takes bookings up to %(length)s ahead. Please choose an earlier time.",
        length=length_words(refusal.horizon, words, formats),
    )


def _daily_limit_reached(refusal: refusals.DailyLimitReached, words: Words, _: Formats) -> str:
    return words.ngettext(
        "You already have an appointment here that day. Please choose another day.",
        "You already have %(n)s appointments here that day. Please choose another day.",
        refusal.limit,
        n=refusal.limit,
    )


def _service_not_given(_: refusals.ServiceNotGiven, words: Words, __: Formats) -> str:
    return words.gettext("This service is not given by that person at that place. Please choose again.")


def _too_late_to_cancel(refusal: refusals.TooLateToCancel, words: Words, formats: Formats) -> str:
    return words.gettext(
        "This appointment could be cancelled here until %(moment)s. Please call the practice.",
        moment=formats.moment(refusal.deadline),
    )


def _too_late_to_move(refusal: refusals.TooLateToMove, words: Words, formats: Formats) -> str:
    return words.gettext(
        "This appointment could be moved here until %(moment)s. Please call the practice.",
        moment=formats.moment(refusal.deadline),
    )


def _appointment_over(refusal: refusals.AppointmentOver, words: Words, formats: Formats) -> str:
    return words.gettext(
        "This appointment began on %(moment)s, so it cannot be changed any more.",
        moment=formats.moment(refusal.starts_at),
    )


def _appointment_cancelled(refusal: refusals.AppointmentCancelled, words: Words, formats: Formats) -> str:
    return words.gettext("This appointment was cancelled on %(moment)s.", moment=formats.moment(refusal.cancelled_at))


def _moved_meanwhile(refusal: refusals.MovedMeanwhile, words: Words, formats: Formats) -> str:
    return words.gettext(
        "Meanwhile this appointment has been moved to %(moment)s. Please look whether that suits you.",
        moment=formats.moment(refusal.starts_at),
    )


def _not_yet_begun(refusal: refusals.NotYetBegun, words: Words, formats: Formats) -> str:
    return words.gettext(
        "This appointment begins on %(moment)s; nobody can have missed it yet.",
        moment=formats.moment(refusal.starts_at),
    )


def _still_needed(refusal: refusals.StillNeeded, words: Words, _: Formats) -> str:
    return words.ngettext(
        "An appointment to come still needs this. Move or cancel it first.",
        "%(n)s appointments to come still need this. Move or cancel them first.",
        refusal.appointments,
        n=refusal.appointments,
    )


def _kind_still_needed(refusal: refusals.KindStillNeeded, words: Words, _: Formats) -> str:
    return words.ngettext(
        "A service still needs one: %(services)s. Take it off there first.",
        "%(n)s services still need one: %(services)s. Take it off there first.",
        len(refusal.services),
        n=len(refusal.services),
        services=", ".join(refusal.services),
    )


def _hours_overlap(refusal: refusals.HoursOverlap, words: Words, formats: Formats) -> str:
    return words.gettext(
        "Two of these opening hours run at the same time (%(weekday)s).", weekday=formats.weekday(refusal.weekday)
    )


def _ends_before_it_begins(_: refusals.EndsBeforeItBegins, words: Words, __: Formats) -> str:
    return words.gettext("The end must come after the beginning.")


def _changed_meanwhile(_: refusals.ChangedMeanwhile, words: Words, __: Formats) -> str:
    return words.gettext(
        "Somebody else has saved a change meanwhile. What you typed stands below; save again to replace theirs."
    )


def length_words(length: timedelta, words: Words, formats: Formats) -> str:
    if length >= 2 * DAY and length % DAY == timedelta():
        return words.ngettext("%(n)s day", "%(n)s days", length.days, n=length.days)
    return formats.duration(length)


PHRASES: dict[type[Refusal], Callable[[Any, Words, Formats], str]] = {
    **OF_CHOOSING,
    **OF_PEOPLE,
    **OF_FILES,
    **OF_MESSAGES,
    **OF_RECORDS,
    **OF_TEAM,
    **OF_REQUESTS,
    **OF_WAITING,
    **OF_PAGE,
    refusals.NotFound: _not_found,
    refusals.SlotTaken: _slot_taken,
    refusals.TimeNotOffered: _time_not_offered,
    refusals.PractitionerBusy: _practitioner_busy,
    refusals.NotOpenThen: _not_open_then,
    refusals.ResourceTaken: _resource_taken,
    refusals.ResourceUnfit: _resource_unfit,
    refusals.SeriesMeets: _series_meets,
    refusals.TimeIsPast: _time_is_past,
    refusals.BookedTooLate: _booked_too_late,
    refusals.BookedTooEarly: _booked_too_early,
    refusals.DailyLimitReached: _daily_limit_reached,
    refusals.ServiceNotGiven: _service_not_given,
    refusals.TooLateToCancel: _too_late_to_cancel,
    refusals.TooLateToMove: _too_late_to_move,
    refusals.AppointmentOver: _appointment_over,
    refusals.AppointmentCancelled: _appointment_cancelled,
    refusals.MovedMeanwhile: _moved_meanwhile,
    refusals.NotYetBegun: _not_yet_begun,
    refusals.StillNeeded: _still_needed,
    refusals.KindStillNeeded: _kind_still_needed,
    refusals.HoursOverlap: _hours_overlap,
    refusals.EndsBeforeItBegins: _ends_before_it_begins,
    refusals.ChangedMeanwhile: _changed_meanwhile,
}
