"""The words for what the portal itself refuses: codes, addresses, photos."""

from collections.abc import Callable
from typing import Any

from portal.languages.formats import Formats
from portal.languages.words import Words
from portal.people import refusals as people
from tenants.refusals import Refusal


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


def _mobile_stopped(_: people.MobileStopped, words: Words, __: Formats) -> str:
    return words.gettext(
        "This number gets no SMS, because STOP was answered from it. Send START from it to one of our SMS, "
        "then ask for the code again."
    )


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


PHRASES: dict[type[Refusal], Callable[[Any, Words, Formats], str]] = {
    people.CodeWrong: _code_wrong,
    people.CodeOver: _code_over,
    people.CodeTooSoon: _code_too_soon,
    people.MobileMissing: _mobile_missing,
    people.MobileVerified: _mobile_verified,
    people.MobileChanged: _mobile_changed,
    people.MobileStopped: _mobile_stopped,
    people.AddressElsewhere: _address_elsewhere,
    people.LastAddress: _last_address,
    people.UndoOver: _undo_over,
    people.PhotoUnreadable: _photo_unreadable,
    people.PhotoTooLarge: _photo_too_large,
    people.PhotoTooManyPixels: _photo_too_many_pixels,
    people.PhotoOver: _photo_over,
    people.NotMeOver: _not_me_over,
}
