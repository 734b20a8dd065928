"""Carnet's own words for each kind of message, with the same places as a practice's."""

from collections.abc import Mapping

from portal.languages.words import Words
from portal.messages.letters.request_texts import request_email, request_sms
from tenants.writing.texts import OwnText


def usual_text(kind: str, channel: str, words: Words, *, several: bool = False, in_series: int = 0) -> OwnText:
    """`several` appointments are told of on one day; `in_series` counts those on several days."""
    if channel == "sms":
        return OwnText("", (_usual_sms(words) | (_series_sms(words, in_series) if in_series else {}))[kind])
    usual = _usual_email(words, several=several)
    subject, body = usual[kind]
    return OwnText(_series_subjects(words, in_series).get(kind, subject) if in_series else subject, body)


def heading_of_several(kind: str, n: int, words: Words) -> str:
    match kind:
        case "booked":
            return words.ngettext("%(n)s appointment is booked", "%(n)s appointments are booked", n, n=n)
        case "moved":
            return words.ngettext("%(n)s appointment has been moved", "%(n)s appointments have been moved", n, n=n)
        case _:
            return words.ngettext("%(n)s appointment is cancelled", "%(n)s appointments are cancelled", n, n=n)


def _series_subjects(words: Words, n: int) -> Mapping[str, str]:
    cancelled = words.ngettext(
        "{count} appointment cancelled, the first on {day} at {time} – {practice}",
        "{count} appointments cancelled, the first on {day} at {time} – {practice}",
        n,
    )
    return {
        "booked": words.ngettext(
            "{count} appointment booked, the first on {day} at {time} – {practice}",
            "{count} appointments booked, the first on {day} at {time} – {practice}",
            n,
        ),
        "moved": words.ngettext(
            "{count} appointment moved, the first to {day} at {time} – {practice}",
            "{count} appointments moved, the first to {day} at {time} – {practice}",
            n,
        ),
        "cancelled_by_client": cancelled,
        "cancelled_by_practice": cancelled,
    }


def _usual_email(words: Words, *, several: bool) -> Mapping[str, tuple[str, str]]:
    _ = words.gettext
    expecting = (
        _("{practice} is expecting you for these appointments.") if several else _("{practice} is expecting you.")
    )
    moved = (
        _("{practice} is expecting you at these new times.")
        if several
        else _("{practice} is expecting you at this new time.")
    )
    cancelled = (
        (
            _("You have cancelled these appointments. There is nothing left to do."),
            _("{practice} has cancelled these appointments."),
        )
        if several
        else (
            _("You have cancelled this appointment. There is nothing left to do."),
            _("{practice} has cancelled this appointment."),
        )
    )
    return {
        "reminder": (_("Reminder: {day} at {time} – {practice}"), expecting),
        "asked": (
            _("Please confirm: {day} at {time} – {practice}"),
            _("{practice} would like to know that you are coming. Please confirm with the button below."),
        ),
        "booked": (_("Booked: {day} at {time} – {practice}"), expecting),
        "moved": (_("Moved to {day} at {time} – {practice}"), moved),
        "cancelled_by_client": (_("Cancelled: {day} at {time} – {practice}"), cancelled[0]),
        "cancelled_by_practice": (_("Cancelled: {day} at {time} – {practice}"), cancelled[1]),
        **request_email(words),
    }


def _series_sms(words: Words, n: int) -> dict[str, str]:
    return {
        "booked": words.ngettext(
            "{practice}: {count} appointment booked, the first on {day} at {time}. See, move or cancel: {link}",
            "{practice}: {count} appointments booked, the first on {day} at {time}. See, move or cancel: {link}",
            n,
        ),
        "moved": words.ngettext(
            "{practice}: {count} appointment moved, the first to {day} at {time}. See, move or cancel: {link}",
            "{practice}: {count} appointments moved, the first to {day} at {time}. See, move or cancel: {link}",
            n,
        ),
        "cancelled_by_client": words.ngettext(
            "{practice}: you have cancelled {count} appointment, the first on {day} at {time}.",
            "{practice}: you have cancelled {count} appointments, the first on {day} at {time}.",
            n,
        ),
        "cancelled_by_practice": words.ngettext(
            "{practice} has to cancel {count} appointment, the first on {day} at {time}. Questions: {phone}",
            "{practice} has to cancel {count} appointments, the first on {day} at {time}. Questions: {phone}",
            n,
        ),
    }


def _usual_sms(words: Words) -> dict[str, str]:
    """Short: in each language one part of 160 is enough for usual names."""
    _ = words.gettext
    return {
        "reminder": _("{practice}: {day} at {time}, {place}. Confirm, move or cancel: {link}"),
        "asked": _("{practice}: are you coming on {day} at {time}? Please confirm: {link}"),
        "booked": _("{practice}: booked for {day} at {time}, {place}. See, move or cancel: {link}"),
        "moved": _("{practice}: moved to {day} at {time}, {place}. See, move or cancel: {link}"),
        "cancelled_by_client": _("{practice}: you have cancelled {day} at {time}."),
        "cancelled_by_practice": _("{practice} has to cancel {day} at {time}. Questions: {phone}"),
        **request_sms(words),
    }
