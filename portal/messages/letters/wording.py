"""What a message to a client says: the practice's own words where it has some, else Carnet's, with the facts filled in.

The preview of the settings and the sending of the worker ask the same function.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from babel.lists import format_list

from portal.languages.formats import Formats
from portal.languages.words import Words, words_in
from portal.messages.letters.usual_texts import usual_text
from portal.messages.sms.parts import folded, in_few_parts
from tenants.notifications.facts import AppointmentFacts
from tenants.writing.policy import MessageRules
from tenants.writing.texts import OwnText, Texts, fill, placeholders_in


@dataclass(frozen=True, slots=True)
class Wording:
    """`kind` as `tenants.writing.texts` names them; `own` says that the practice wrote it."""

    subject: str
    body: str
    own: bool


def word_email(
    kind: str, appointments: Sequence[AppointmentFacts], formats: Formats, texts: Texts, link: str
) -> Wording:
    """The paragraph above the facts. `appointments` are at one practice, the earliest first."""
    words = words_in(formats.locale.language)
    text, own = _text(kind, "email", appointments, words, texts)
    facts = placeholders(appointments, formats, link)
    subject = fill(text.subject, facts | {"practice": practice_for(appointments, formats, words)})
    return Wording(subject, fill(text.body, facts), own)


def word_sms(
    kind: str,
    appointments: Sequence[AppointmentFacts],
    formats: Formats,
    texts: Texts,
    link: str,
    rules: MessageRules,
) -> Wording:
    """The service's name stays out unless the practice has said so: others may read what a phone shows."""
    words = words_in(formats.locale.language)
    text, own = _text(kind, "sms", appointments, words, texts)
    facts = placeholders(appointments, formats, link, short=True)
    facts |= {"practice": practice_for(appointments, formats, words)}
    if not rules.sms_names_service:
        facts |= {"service": words.gettext("your appointment")}
    body = in_few_parts(fill(text.body, facts))
    return Wording("", folded(body) if rules.sms_folds else body, own)


def placeholders(
    appointments: Sequence[AppointmentFacts], formats: Formats, link: str, *, short: bool = False
) -> dict[str, str]:
    """Several appointments are told together: their times, people, services and places as one list each.

    Of those on several days, the first one's day and time stand for all.
    """
    first, words = appointments[0], words_in(formats.locale.language)
    timed = [first] if on_several_days(appointments) else appointments
    day = formats.short_day(first.day) if short else formats.day(first.starts_at)
    places = [each.place_name if short else ", ".join(each.place_lines) for each in appointments]
    return {
        "first_name": first.first_name,
        "day": day,
        "time": _listed([formats.time(each.starts_at) for each in timed], formats),
        "practitioner": _listed([each.practitioner_name for each in appointments], formats),
        "place": _listed(places, formats),
        "practice": first.practice.name,
        "phone": first.practice.phone,
        "service": _listed([service_words(each, words) for each in appointments], formats),
        "link": link,
        "count": str(len(appointments)),
    }


def service_words(appointment: AppointmentFacts, words: Words) -> str:
    """An adult reads for which of their children it is."""
    if not appointment.for_name:
        return appointment.service_name
    return words.gettext("%(service)s for %(name)s", service=appointment.service_name, name=appointment.for_name)


def on_several_days(appointments: Sequence[AppointmentFacts]) -> bool:
    return len({each.day for each in appointments}) > 1


def for_whom(appointments: Sequence[AppointmentFacts], formats: Formats) -> str:
    """First names, where not all of it is for the reader: "Léo", or "Ana and Léo"."""
    if not any(each.for_name for each in appointments):
        return ""
    return _listed([each.for_name or each.first_name for each in appointments], formats)


def practice_for(appointments: Sequence[AppointmentFacts], formats: Formats, words: Words) -> str:
    name = appointments[0].practice.name
    whom = for_whom(appointments, formats)
    return words.gettext("%(practice)s (for %(name)s)", practice=name, name=whom) if whom else name


def _text(
    kind: str, channel: str, appointments: Sequence[AppointmentFacts], words: Words, texts: Texts
) -> tuple[OwnText, bool]:
    """And whether any of it is the practice's own: what it wrote with a day or a time in it is about one of them."""
    over_days = on_several_days(appointments)
    number = len(appointments)
    usual = usual_text(kind, channel, words, several=number > 1, in_series=number if over_days else 0)
    own = texts.get((kind, channel, words.language))
    if own is None:
        return usual, False
    if not over_days:
        return own, True
    kept = [not {"day", "time"} & placeholders_in(each) for each in (own.subject, own.body)]
    return OwnText(own.subject if kept[0] else usual.subject, own.body if kept[1] else usual.body), kept[1]


def _listed(each: Sequence[str], formats: Formats) -> str:
    """Each of them once, joined as the language joins."""
    return format_list(list(dict.fromkeys(each)), locale=formats.locale)
