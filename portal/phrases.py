"""Refusals → words."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from portal.languages.formats import Formats
from portal.languages.words import Words, words_in
from portal.people import refusals as people
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


def _time_is_past(refusal: refusals.TimeIsPast, words: Words, formats: Formats) -> str:
    return words.gettext(
        "The time you chose, %(moment)s, has passed. Please choose a later one.",
        moment=formats.moment(refusal.starts_at),
    )


def _booked_too_late(refusal: refusals.BookedTooLate, words: Words, formats: Formats) -> str:
    return words.gettext(
        "This practice asks to be told at least %(length)s ahead. Please choose a later time.",
        length=_length(refusal.minimum_notice, words, formats),
    )


def _booked_too_early(refusal: refusals.BookedTooEarly, words: Words, formats: Formats) -> str:
    return words.gettext(
        "This practice takes bookings up to %(length)s ahead. Please choose an earlier time.",
        length=_length(refusal.horizon, words, formats),
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


def _code_wrong(refusal: people.CodeWrong, words: Words, _: Formats) -> str:
    return words.ngettext(
        "This is not the code we sent. You have one more try.",
        "This is not the code we sent. You have %(n)s more tries.",
        refusal.tries_left,
        n=refusal.tries_left,
    )


def _code_over(_: people.CodeOver, words: Words, __: Formats) -> str:
    return words.gettext("This code cannot be used any more. Please ask for another one.")


def _code_too_soon(refusal: people.CodeTooSoon, words: Words, formats: Formats) -> str:
    return words.gettext(
        "A code has been sent already. You can ask for another one at %(time)s.",
        time=formats.time(refusal.again_at),
    )


def _mobile_missing(_: people.MobileMissing, words: Words, __: Formats) -> str:
    return words.gettext("There is no mobile number in your profile. Save one first, then ask for the code.")


def _mobile_verified(_: people.MobileVerified, words: Words, __: Formats) -> str:
    return words.gettext("Your mobile number is verified already. There is nothing left to do.")


def _mobile_changed(_: people.MobileChanged, words: Words, __: Formats) -> str:
    return words.gettext("Your mobile number has changed since this code was sent. Please ask for another one.")


def _address_elsewhere(refusal: people.AddressElsewhere, words: Words, _: Formats) -> str:
    return words.gettext("%(email)s already signs in to another account.", email=refusal.email)


def _last_address(refusal: people.LastAddress, words: Words, _: Formats) -> str:
    return words.gettext(
        "%(email)s is the only address left, and without one nobody could sign in. Add another one first.",
        email=refusal.email,
    )


def _undo_over(_: people.UndoOver, words: Words, __: Formats) -> str:
    return words.gettext("This link cannot be used any more: it is too old, was used, or something has changed since.")


def _photo_unreadable(_: people.PhotoUnreadable, words: Words, __: Formats) -> str:
    return words.gettext("This file cannot be read as a photo. It must be a whole JPEG, PNG, WebP or HEIC image.")


def _photo_too_large(refusal: people.PhotoTooLarge, words: Words, _: Formats) -> str:
    return words.gettext(
        "This file is too large: %(megabytes)s MB at most. Please choose a smaller one.",
        megabytes=refusal.megabytes,
    )


def _photo_too_many_pixels(refusal: people.PhotoTooManyPixels, words: Words, _: Formats) -> str:
    return words.gettext(
        "This image has too many pixels: %(megapixels)s megapixels at most. Please choose a smaller one.",
        megapixels=refusal.megapixels,
    )


def _photo_over(_: people.PhotoOver, words: Words, __: Formats) -> str:
    return words.gettext(
        "This is no longer the photo that you saw, so nothing was saved. Please look again, or choose it once more."
    )


def _not_me_over(_: people.NotMeOver, words: Words, __: Formats) -> str:
    return words.gettext(
        "This link cannot be used any more. Either it was used, and every browser was signed out, or it is too old."
    )


def _length(length: timedelta, words: Words, formats: Formats) -> str:
    if length >= 2 * DAY and length % DAY == timedelta():
        return words.ngettext("%(n)s day", "%(n)s days", length.days, n=length.days)
    return formats.duration(length)


PHRASES: dict[type[Refusal], Callable[[Any, Words, Formats], str]] = {
    refusals.NotFound: _not_found,
    refusals.SlotTaken: _slot_taken,
    refusals.TimeNotOffered: _time_not_offered,
    refusals.TimeIsPast: _time_is_past,
    refusals.BookedTooLate: _booked_too_late,
    refusals.BookedTooEarly: _booked_too_early,
    refusals.DailyLimitReached: _daily_limit_reached,
    refusals.ServiceNotGiven: _service_not_given,
    refusals.TooLateToCancel: _too_late_to_cancel,
    refusals.TooLateToMove: _too_late_to_move,
    refusals.AppointmentOver: _appointment_over,
    refusals.AppointmentCancelled: _appointment_cancelled,
    refusals.NotYetBegun: _not_yet_begun,
    refusals.StillNeeded: _still_needed,
    refusals.HoursOverlap: _hours_overlap,
    refusals.EndsBeforeItBegins: _ends_before_it_begins,
    refusals.ChangedMeanwhile: _changed_meanwhile,
    people.CodeWrong: _code_wrong,
    people.CodeOver: _code_over,
    people.CodeTooSoon: _code_too_soon,
    people.MobileMissing: _mobile_missing,
    people.MobileVerified: _mobile_verified,
    people.MobileChanged: _mobile_changed,
    people.AddressElsewhere: _address_elsewhere,
    people.LastAddress: _last_address,
    people.UndoOver: _undo_over,
    people.PhotoUnreadable: _photo_unreadable,
    people.PhotoTooLarge: _photo_too_large,
    people.PhotoTooManyPixels: _photo_too_many_pixels,
    people.PhotoOver: _photo_over,
    people.NotMeOver: _not_me_over,
}
