"""The words for what is refused of a team."""

from collections.abc import Callable
from typing import Any

from portal.languages.formats import Formats
from portal.languages.words import Words
from portal.team_words import masked
from tenants import refusals
from tenants.refusals import Refusal


def _already_member(refusal: refusals.AlreadyMember, words: Words, _: Formats) -> str:
    return words.gettext("%(email)s works here already.", email=refusal.email)


def _already_invited(refusal: refusals.AlreadyInvited, words: Words, formats: Formats) -> str:
    return words.gettext(
        "%(email)s has been invited already, until %(moment)s. You can send that invitation again, or withdraw it.",
        email=refusal.email,
        moment=formats.moment(refusal.until),
    )


def _practitioner_taken(refusal: refusals.PractitionerTaken, words: Words, _: Formats) -> str:
    return words.gettext("Somebody else signs in as %(name)s already, or is invited to.", name=refusal.name)


def _practitioner_missing(_: refusals.PractitionerMissing, words: Words, __: Formats) -> str:
    return words.gettext("A professional is one of the practitioners. Please choose which one, or name a new one.")


def _last_admin(_: refusals.LastAdmin, words: Words, __: Formats) -> str:
    return words.gettext(
        "This is the practice’s only admin, and without one nobody could look after it. Make somebody "
        "else an admin first."
    )


def _restored_too_late(refusal: refusals.RestoredTooLate, words: Words, formats: Formats) -> str:
    return words.gettext(
        "This could be undone until %(moment)s. You can invite them again.", moment=formats.moment(refusal.until)
    )


def _invited_elsewhere(refusal: refusals.InvitedElsewhere, words: Words, _: Formats) -> str:
    return words.gettext("This invitation was sent to another address, %(email)s.", email=masked(refusal.email))


def _invitation_used(refusal: refusals.InvitationUsed, words: Words, formats: Formats) -> str:
    return words.gettext(
        "This invitation was accepted on %(moment)s. It serves only once.", moment=formats.moment(refusal.at)
    )


def _invitation_declined(refusal: refusals.InvitationDeclined, words: Words, formats: Formats) -> str:
    return words.gettext(
        "This invitation was declined on %(moment)s. If that was a mistake, ask the practice for another one.",
        moment=formats.moment(refusal.at),
    )


def _invitation_withdrawn(refusal: refusals.InvitationWithdrawn, words: Words, formats: Formats) -> str:
    return words.gettext(
        "The practice withdrew this invitation on %(moment)s. If you think that is a mistake, please ask there.",
        moment=formats.moment(refusal.at),
    )


def _invitation_expired(refusal: refusals.InvitationExpired, words: Words, formats: Formats) -> str:
    return words.gettext(
        "This invitation could be accepted until %(moment)s. Ask the practice to send it again: that takes one click.",
        moment=formats.moment(refusal.at),
    )


PHRASES: dict[type[Refusal], Callable[[Any, Words, Formats], str]] = {
    refusals.AlreadyMember: _already_member,
    refusals.AlreadyInvited: _already_invited,
    refusals.PractitionerTaken: _practitioner_taken,
    refusals.PractitionerMissing: _practitioner_missing,
    refusals.LastAdmin: _last_admin,
    refusals.RestoredTooLate: _restored_too_late,
    refusals.InvitedElsewhere: _invited_elsewhere,
    refusals.InvitationUsed: _invitation_used,
    refusals.InvitationDeclined: _invitation_declined,
    refusals.InvitationWithdrawn: _invitation_withdrawn,
    refusals.InvitationExpired: _invitation_expired,
}
