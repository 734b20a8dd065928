"""The words for what is refused of requests."""

from collections.abc import Callable
from typing import Any

from portal.languages.formats import Formats
from portal.languages.words import Words
from tenants import refusals
from tenants.refusals import Refusal


def _request_answered(refusal: refusals.RequestAnswered, words: Words, formats: Formats) -> str:
    """Each of the four a sentence of its own, so that every language can put it in its own order."""
    _, moment = words.gettext, formats.moment(refusal.at)
    if refusal.how == "accepted":
        if not refusal.by:
            return _("This request was already accepted on %(moment)s.", moment=moment)
        return _("This request was already accepted by %(email)s on %(moment)s.", email=refusal.by, moment=moment)
    if not refusal.by:
        return _("This request was already declined on %(moment)s.", moment=moment)
    return _("This request was already declined by %(email)s on %(moment)s.", email=refusal.by, moment=moment)


def _request_lapsed(refusal: refusals.RequestLapsed, words: Words, formats: Formats) -> str:
    return words.gettext(
        "This request could be answered until %(moment)s. It has ended by itself, and its time is free again.",
        moment=formats.moment(refusal.approve_by),
    )


def _not_yet_agreed(refusal: refusals.NotYetAgreed, words: Words, formats: Formats) -> str:
    return words.gettext(
        "Nobody has agreed to this appointment yet. The practice can answer until %(moment)s.",
        moment=formats.moment(refusal.approve_by),
    )


PHRASES: dict[type[Refusal], Callable[[Any, Words, Formats], str]] = {
    refusals.RequestAnswered: _request_answered,
    refusals.RequestLapsed: _request_lapsed,
    refusals.NotYetAgreed: _not_yet_agreed,
}
