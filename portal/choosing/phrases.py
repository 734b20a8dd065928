"""Refusals of who may book, and with what → words."""

from collections.abc import Callable
from typing import Any

from portal.languages.formats import Formats
from portal.languages.words import Words
from tenants import refusals
from tenants.refusals import Refusal


def _no_resource_free(refusal: refusals.NoResourceFree, words: Words, formats: Formats) -> str:
    return words.gettext(
        "At the time you chose, %(moment)s, nothing is free of what it needs: %(kind)s. Please choose another.",
        moment=formats.moment(refusal.starts_at),
        kind=refusal.kind,
    )


def _practice_suspended(_: refusals.PracticeSuspended, words: Words, __: Formats) -> str:
    return words.gettext("This practice takes no bookings at the moment. Nothing has been booked.")


def _new_clients_not_taken(_: refusals.NewClientsNotTaken, words: Words, __: Formats) -> str:
    return words.gettext(
        "This practice takes new clients only in person or by phone, and does not know this address yet. "
        "If you are a client there, please use the address it knows you by."
    )


def _open_limit_reached(refusal: refusals.OpenLimitReached, words: Words, _: Formats) -> str:
    return words.ngettext(
        "You already have an appointment to come here, and the practice lets you have no more at a time.",
        "You already have %(n)s appointments to come here, and the practice lets you have no more at a time.",
        refusal.limit,
        n=refusal.limit,
    )


PHRASES: dict[type[Refusal], Callable[[Any, Words, Formats], str]] = {
    refusals.NoResourceFree: _no_resource_free,
    refusals.PracticeSuspended: _practice_suspended,
    refusals.NewClientsNotTaken: _new_clients_not_taken,
    refusals.OpenLimitReached: _open_limit_reached,
}
