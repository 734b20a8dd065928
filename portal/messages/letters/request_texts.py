"""Carnet's own words for what becomes of a request, with the same places as a practice's."""

from collections.abc import Mapping

from portal.languages.words import Words


def request_heading(kind: str, words: Words) -> str:
    """Empty for a kind that is about no request."""
    _ = words.gettext
    return {
        "requested": _("Your request has arrived"),
        "accepted": _("Your request is accepted"),
        "accepted_moved": _("Your request is accepted, at another time"),
        "declined": _("Your request is declined"),
        "lapsed": _("Your request was not answered in time"),
        "withdrawn": _("Your request is withdrawn"),
    }.get(kind, "")


def request_email(words: Words) -> Mapping[str, tuple[str, str]]:
    _ = words.gettext
    return {
        "requested": (
            _("Asked for: {day} at {time} – {practice}"),
            _("{practice} has your request and keeps this time for you until it answers. Nothing is agreed yet."),
        ),
        "accepted": (
            _("Accepted: {day} at {time} – {practice}"),
            _("{practice} has accepted your request and is expecting you."),
        ),
        "accepted_moved": (
            _("Accepted for {day} at {time} – {practice}"),
            _(
                "{practice} has accepted your request, but at another time than the one you asked for. "
                "If it does not suit you, move or cancel it with the button below."
            ),
        ),
        "declined": (
            _("Not possible: {day} at {time} – {practice}"),
            _("{practice} cannot give you the time you asked for. Nothing is booked."),
        ),
        "lapsed": (
            _("Not answered: {day} at {time} – {practice}"),
            _(
                "{practice} has not answered your request in time, so nothing is booked. We are sorry. "
                "Please choose another time, or call the practice."
            ),
        ),
        "withdrawn": (
            _("Withdrawn: {day} at {time} – {practice}"),
            _("You have withdrawn your request. There is nothing left to do."),
        ),
    }


def request_sms(words: Words) -> Mapping[str, str]:
    """Short: in each language one part of 160 is enough for usual names."""
    _ = words.gettext
    return {
        "requested": _("{practice} has your request for {day} at {time} and will answer. See or withdraw it: {link}"),
        "accepted": _("{practice} accepts: {day} at {time}, {place}. See, move or cancel: {link}"),
        "accepted_moved": _("{practice} accepts, but for {day} at {time}, {place}. See, move or cancel: {link}"),
        "declined": _("{practice} cannot take you on {day} at {time}. Choose another time: {link}"),
        "lapsed": _("{practice} has not answered: nothing is booked on {day} at {time}. Choose another time: {link}"),
        "withdrawn": _("{practice}: you have withdrawn your request for {day} at {time}."),
    }


def said_of_request(kind: str, client: str, moment: str, words: Words) -> tuple[str, str] | None:
    """To whoever works there: the subject, which has to tell all, and the heading above the facts."""
    _ = words.gettext
    match kind:
        case "requested":
            subject = _("%(client)s asks for: %(moment)s", client=client, moment=moment)
            return subject, _("%(client)s asks for an appointment", client=client)
        case "accepted" | "accepted_moved":
            subject = _("The request of %(client)s is accepted: %(moment)s", client=client, moment=moment)
            return subject, _("The request of %(client)s is accepted", client=client)
        case "declined":
            subject = _("The request of %(client)s is declined: %(moment)s", client=client, moment=moment)
            return subject, _("The request of %(client)s is declined", client=client)
        case "lapsed":
            subject = _("Nobody answered the request of %(client)s: %(moment)s", client=client, moment=moment)
            return subject, _("Nobody answered the request of %(client)s", client=client)
        case "withdrawn":
            subject = _("%(client)s has withdrawn a request: %(moment)s", client=client, moment=moment)
            return subject, _("%(client)s has withdrawn a request", client=client)
        case _:
            return None
