"""What a message to a client says: the practice's own words where it has some, else Carnet's, with the facts filled in.

The preview of the settings and the sending of the worker ask the same function.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from babel.lists import format_list

from portal.languages.formats import Formats
from portal.languages.words import Words, words_in
from portal.messages.sms.parts import folded, in_few_parts
from tenants.notifications.facts import AppointmentFacts
from tenants.writing.policy import MessageRules
from tenants.writing.texts import OwnText, Texts, fill


@dataclass(frozen=True, slots=True)
class Wording:
    """`kind` as `tenants.writing.texts` names them; `own` says that the practice wrote it."""

    subject: str
    body: str
    own: bool


def word_email(
    kind: str, appointments: Sequence[AppointmentFacts], formats: Formats, texts: Texts, link: str
) -> Wording:
    """The paragraph above the facts. `appointments` are on one day, at one practice, the earliest first."""
    language = formats.locale.language
    own = texts.get((kind, "email", language))
    text = own or usual_text(kind, "email", words_in(language), several=len(appointments) > 1)
    facts = placeholders(appointments, formats, link)
    return Wording(fill(text.subject, facts), fill(text.body, facts), own is not None)


def word_sms(
    kind: str,
    appointments: Sequence[AppointmentFacts],
    formats: Formats,
    texts: Texts,
    link: str,
    rules: MessageRules,
) -> Wording:
    """The service's name stays out unless the practice has said so: others may read what a phone shows."""
    language = formats.locale.language
    own = texts.get((kind, "sms", language))
    text = own or usual_text(kind, "sms", words_in(language), several=len(appointments) > 1)
    facts = placeholders(appointments, formats, link, short=True)
    if not rules.sms_names_service:
        facts |= {"service": words_in(language).gettext("your appointment")}
    body = in_few_parts(fill(text.body, facts))
    return Wording("", folded(body) if rules.sms_folds else body, own is not None)


def placeholders(
    appointments: Sequence[AppointmentFacts], formats: Formats, link: str, *, short: bool = False
) -> dict[str, str]:
    """Several appointments are told together: their times, people, services and places as one list each."""
    first, words = appointments[0], words_in(formats.locale.language)
    day = formats.short_day(first.day) if short else formats.day(first.starts_at)
    places = [each.place_name if short else ", ".join(each.place_lines) for each in appointments]
    return {
        "first_name": first.first_name,
        "day": day,
        "time": _listed([formats.time(each.starts_at) for each in appointments], formats),
        "practitioner": _listed([each.practitioner_name for each in appointments], formats),
        "place": _listed(places, formats),
        "practice": first.practice.name,
        "phone": first.practice.phone,
        "service": _listed([service_words(each, words) for each in appointments], formats),
        "link": link,
    }


def service_words(appointment: AppointmentFacts, words: Words) -> str:
    """An adult reads for which of their children it is."""
    if not appointment.for_name:
        return appointment.service_name
    return words.gettext("%(service)s for %(name)s", service=appointment.service_name, name=appointment.for_name)


def usual_text(kind: str, channel: str, words: Words, *, several: bool = False) -> OwnText:
    """Carnet's own words, with the same places as a practice's."""
    if channel == "sms":
        return OwnText("", _usual_sms(words)[kind])
    subject, body = _usual_email(words, several=several)[kind]
    return OwnText(subject, body)


def _usual_email(words: Words, *, several: bool) -> Mapping[str, tuple[str, str]]:
    _ = words.gettext
    return {
        "reminder": (
            _("Reminder: {day} at {time} – {practice}"),
            _("{practice} is expecting you for these appointments.") if several else _("{practice} is expecting you."),
        ),
        "asked": (
            _("Please confirm: {day} at {time} – {practice}"),
            _("{practice} would like to know that you are coming. Please confirm with the button below."),
        ),
        "booked": (_("Booked: {day} at {time} – {practice}"), _("{practice} is expecting you.")),
        "moved": (_("Moved to {day} at {time} – {practice}"), _("{practice} is expecting you at this new time.")),
        "cancelled_by_client": (
            _("Cancelled: {day} at {time} – {practice}"),
            _("You have cancelled this appointment. There is nothing left to do."),
        ),
        "cancelled_by_practice": (
            _("Cancelled: {day} at {time} – {practice}"),
            _("{practice} has cancelled this appointment."),
        ),
    }


def _usual_sms(words: Words) -> Mapping[str, str]:
    """Short: in each language one part of 160 is enough for usual names."""
    _ = words.gettext
    return {
        "reminder": _("{practice}: {day} at {time}, {place}. Confirm, move or cancel: {link}"),
        "asked": _("{practice}: are you coming on {day} at {time}? Please confirm: {link}"),
        "booked": _("{practice}: booked for {day} at {time}, {place}. See, move or cancel: {link}"),
        "moved": _("{practice}: moved to {day} at {time}, {place}. See, move or cancel: {link}"),
        "cancelled_by_client": _("{practice}: you have cancelled {day} at {time}."),
        "cancelled_by_practice": _("{practice} has to cancel {day} at {time}. Questions: {phone}"),
    }


def _listed(each: Sequence[str], formats: Formats) -> str:
    """Each of them once, joined as the language joins."""
    return format_list(list(dict.fromkeys(each)), locale=formats.locale)
