"""The words for what is refused to whoever waits, and of what was offered to them."""

from collections.abc import Callable
from typing import Any

from portal.languages.formats import Formats
from portal.languages.words import Words
from tenants import refusals
from tenants.refusals import Refusal


def _waits_already(_: refusals.WaitsAlready, words: Words, __: Formats) -> str:
    return words.gettext("The very same wish is on the waiting list already.")


def _too_many_wishes(refusal: refusals.TooManyWishes, words: Words, _: Formats) -> str:
    return words.gettext(
        "One can wait for %(most)s things at one practice at most. Take one off the list first.", most=refusal.most
    )


def _waits_too_long(refusal: refusals.WaitsTooLong, words: Words, formats: Formats) -> str:
    return words.gettext(
        "This practice takes bookings until %(day)s so far. Please choose that day or an earlier one.",
        day=formats.date(refusal.last_day),
    )


def _wish_ended(refusal: refusals.WishEnded, words: Words, _: Formats) -> str:
    match refusal.why:
        case "booked":
            return words.gettext("What was waited for is booked, so this wish has ended.")
        case "removed":
            return words.gettext("The practice has taken this wish off its waiting list.")
        case "withdrawn":
            return words.gettext("This wish has been taken off the waiting list.")
        case _:
            return words.gettext("This wish has ended.")


def _offer_accepted(refusal: refusals.OfferAccepted, words: Words, formats: Formats) -> str:
    return words.gettext("You have taken this time already: %(moment)s.", moment=formats.moment(refusal.starts_at))


def _offer_declined(_: refusals.OfferDeclined, words: Words, __: Formats) -> str:
    return words.gettext("You have said no to this time already.")


def _offer_expired(refusal: refusals.OfferExpired, words: Words, formats: Formats) -> str:
    return words.gettext(
        "This offer ended: %(moment)s. Nothing has been booked.", moment=formats.moment(refusal.expired_at)
    )


def _offer_lost(_: refusals.OfferLost, words: Words, __: Formats) -> str:
    return words.gettext("Somebody else was quicker: this time is taken. Nothing has been booked.")


PHRASES: dict[type[Refusal], Callable[[Any, Words, Formats], str]] = {
    refusals.WaitsAlready: _waits_already,
    refusals.TooManyWishes: _too_many_wishes,
    refusals.WaitsTooLong: _waits_too_long,
    refusals.WishEnded: _wish_ended,
    refusals.OfferAccepted: _offer_accepted,
    refusals.OfferDeclined: _offer_declined,
    refusals.OfferExpired: _offer_expired,
    refusals.OfferLost: _offer_lost,
}
