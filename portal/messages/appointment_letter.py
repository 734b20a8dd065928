"""A notice put into the reader's words: subject, HTML, text and calendar file."""

from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from portal.languages.formats import Formats, chosen_formats
from portal.languages.negotiation import negotiate
from portal.languages.words import Words, words_in
from portal.maps import map_link
from portal.messages.calendar_file import appointment_entry, calendar_file
from portal.messages.letter import Attachment, Letter
from portal.messages.paper import written_out
from portal.people.recipients import Recipient
from portal.settings import Settings
from tenants.notifications.facts import AppointmentFacts


def write_appointment_letter(
    kind: str, appointment: AppointmentFacts, recipient: Recipient | None, settings: Settings, now: datetime
) -> Letter:
    """`recipient` is the person who proved the record's address, None when nobody has yet."""
    assert appointment.email is not None
    formats = _formats(appointment, recipient)
    words = words_in(formats.locale.language)
    subject = _subject(kind, appointment, formats, words)
    facts = _facts(appointment, formats, words, settings.public_url)
    html, text = written_out(kind, words, {**facts, "subject": subject})
    host = urlsplit(settings.public_url).hostname
    return Letter(
        message_id=f"<{appointment.ref}.{appointment.sequence}.{kind}@{host}>",
        to=appointment.email,
        sender_name=appointment.practice.name,
        reply_to=appointment.practice.email or None,
        subject=subject,
        text=text,
        html=html,
        language=words.language,
        written_at=now,
        useful_until=appointment.starts_at,
        attachments=() if kind == "cancelled" else (_calendar(appointment, words, settings.public_url),),
    )


def _formats(appointment: AppointmentFacts, recipient: Recipient | None) -> Formats:
    practice = appointment.practice
    locale = negotiate(
        person=recipient.language if recipient else None,
        practice_languages=practice.languages,
        zone=practice.zone.key,
    )
    if recipient is None:
        return Formats(locale, practice.zone)
    return chosen_formats(locale, practice.zone, recipient.date_display, recipient.time_display)


def _subject(kind: str, appointment: AppointmentFacts, formats: Formats, words: Words) -> str:
    """Says when and with which practice; which service stays inside the message."""
    facts = {"moment": formats.moment(appointment.starts_at), "practice": appointment.practice.name}
    match kind:
        case "booked":
            return words.gettext("Booked: %(moment)s – %(practice)s", **facts)
        case "moved":
            return words.gettext("Moved to %(moment)s – %(practice)s", **facts)
        case _:
            return words.gettext("Cancelled: %(moment)s – %(practice)s", **facts)


def _facts(appointment: AppointmentFacts, formats: Formats, words: Words, public_url: str) -> dict[str, Any]:
    practice = appointment.practice
    return {
        "language": str(formats.locale).replace("_", "-"),
        "accent": practice.accent,
        "sender_name": practice.name,
        "greeting": _greeting(appointment.first_name, words),
        "appointment": appointment,
        "day": formats.day(appointment.starts_at),
        "span": formats.span(appointment.starts_at, appointment.ends_at),
        "moment": formats.moment(appointment.starts_at),
        "zone_name": formats.zone_name(),
        "place_lines": appointment.place_lines,
        "map_link": map_link(appointment.street, appointment.postcode, appointment.city),
        "appointment_link": f"{public_url}/appointments/{appointment.ref}",
        "practice_link": f"{public_url}/p/{practice.slug}",
        "practice_contact": [fact for fact in (practice.name, practice.phone, practice.email) if fact],
        "cancelled_by_client": appointment.cancelled_by == "client",
    }


def _greeting(first_name: str, words: Words) -> str:
    return words.gettext("Hello %(name)s,", name=first_name) if first_name else words.gettext("Hello,")


def _calendar(appointment: AppointmentFacts, words: Words, public_url: str) -> Attachment:
    entry = appointment_entry(
        ref=appointment.ref,
        sequence=appointment.sequence,
        starts_at=appointment.starts_at,
        ends_at=appointment.ends_at,
        changed_at=appointment.changed_at,
        cancelled=appointment.cancelled_at is not None,
        practice=appointment.practice.name,
        practitioner=appointment.practitioner_name,
        place=", ".join(appointment.place_lines),
        words=words,
        public_url=public_url,
    )
    name = words.gettext("appointment") + ".ics"
    return Attachment(name, "text/calendar; method=PUBLISH", calendar_file(entry).decode())
