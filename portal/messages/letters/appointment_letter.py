"""A message to a client as a letter: subject, HTML, text and calendar file."""

from datetime import datetime
from typing import Any

from portal.languages.formats import Formats
from portal.languages.words import Words
from portal.maps import map_link
from portal.messages.letters.brief import Brief, message_id
from portal.messages.letters.calendar_file import (
    CalendarEntry,
    Invitation,
    appointment_entry,
    calendar_file,
    series_file,
)
from portal.messages.letters.letter import Attachment, Letter
from portal.messages.letters.paper import written_out
from portal.messages.letters.request_texts import request_heading
from portal.messages.letters.usual_texts import heading_of_several
from portal.messages.letters.wording import on_several_days, service_words, word_email
from tenants.notifications.facts import AppointmentFacts

_ENDED_REQUEST = {"declined", "lapsed", "withdrawn"}
_CANCELLED = {"cancelled_by_client", "cancelled_by_practice"} | _ENDED_REQUEST
_TO_CONFIRM = {"reminder", "asked"}


def write_appointment_letter(brief: Brief, now: datetime) -> Letter:
    email = brief.first.email
    assert email is not None
    wording = word_email(brief.kind, brief.appointments, brief.formats, brief.texts, brief.link)
    facts = _facts(brief) | {"subject": wording.subject, "body": wording.body}
    html, text = written_out("to_client", brief.words, facts)
    return Letter(
        message_id=message_id(brief.row["ref"], brief.settings),
        to=email,
        sender_name=brief.practice.name,
        reply_to=brief.practice.email or None,
        subject=wording.subject,
        text=text,
        html=html,
        language=brief.words.language,
        written_at=now,
        useful_until=max(each.starts_at for each in brief.appointments),
        attachments=_calendar(brief),
        unsubscribe=facts["unsubscribe"],
    )


def _facts(brief: Brief) -> dict[str, Any]:
    practice, words, formats = brief.practice, brief.words, brief.formats
    return {
        "language": str(formats.locale).replace("_", "-"),
        "accent": practice.accent,
        "sender_name": practice.name,
        "heading": _heading(brief),
        "cancelled": brief.kind in _CANCELLED,
        "greeting": _greeting(brief.first.first_name, words),
        "moment": formats.moment(brief.first.starts_at),
        "day": formats.day(brief.first.starts_at),
        "zone_name": formats.zone_name(),
        "appointments": [_told(each, formats, words) for each in brief.appointments],
        "over_days": on_several_days(brief.appointments),
        "one_place": len({each.place_id for each in brief.appointments}) == 1,
        "one_kind": len({_what(each) for each in brief.appointments}) == 1,
        "answer": _answer(brief),
        "attached": _attached(brief.kind, len(brief.appointments), words),
        "practice_contact": [fact for fact in (practice.name, practice.phone, practice.email) if fact],
        "unsubscribe": f"{brief.link}/reminders" if brief.kind == "reminder" else None,
        **_buttons(brief),
    }


def _told(appointment: AppointmentFacts, formats: Formats, words: Words) -> dict[str, Any]:
    return {
        "day": formats.day(appointment.starts_at),
        "span": formats.span(appointment.starts_at, appointment.ends_at),
        "service_name": service_words(appointment, words),
        "with_whom": words.gettext("with %(name)s", name=appointment.practitioner_name),
        "place_lines": appointment.place_lines,
        "map_link": map_link(appointment.street, appointment.postcode, appointment.city),
    }


def _what(appointment: AppointmentFacts) -> tuple[int, int, str]:
    return appointment.service_id, appointment.practitioner_id, appointment.for_name


def _answer(brief: Brief) -> list[str]:
    """What stands below the facts of a request: until when it is answered, or why it is declined."""
    appointment, words = brief.first, brief.words
    if brief.kind == "requested" and appointment.approve_by:
        moment = brief.formats.moment(appointment.approve_by)
        return [
            words.gettext("%(practice)s answers by: %(moment)s", practice=brief.practice.name, moment=moment),
            words.gettext("Without an answer by then the request ends by itself, and we tell you."),
        ]
    if brief.kind == "declined" and appointment.decline_reason:
        return [words.gettext("%(practice)s writes:", practice=brief.practice.name), appointment.decline_reason]
    return []


def _heading(brief: Brief) -> str:
    return request_heading(brief.kind, brief.words) or _heading_of_agreed(brief)


def _heading_of_agreed(brief: Brief) -> str:
    _ = brief.words.gettext
    if len(brief.appointments) > 1 and brief.kind not in _TO_CONFIRM:
        return heading_of_several(brief.kind, len(brief.appointments), brief.words)
    match brief.kind:
        case "booked":
            return _("Your appointment is booked")
        case "moved":
            return _("Your appointment has been moved")
        case "asked":
            return _("Are you coming?")
        case "reminder":
            n = len(brief.appointments)
            return brief.words.ngettext("Your appointment is near", "Your appointments are near", n)
        case _:
            return _("Your appointment is cancelled")


def _greeting(first_name: str, words: Words) -> str:
    return words.gettext("Hello %(name)s,", name=first_name) if first_name else words.gettext("Hello,")


def _buttons(brief: Brief) -> dict[str, Any]:
    """Where the reader goes next. Every link only shows a page; acting is a button there."""
    _ = brief.words.gettext
    if brief.kind in _CANCELLED:
        again = f"{brief.settings.public_url}/p/{brief.practice.slug}"
        label = _("Choose another time") if brief.kind in _ENDED_REQUEST else _("Book another time")
        return {"button": {"label": label, "link": again}, "also": None}
    if brief.kind == "requested":
        return {"button": {"label": _("See or withdraw it"), "link": brief.link}, "also": None}
    several = len(brief.appointments) > 1
    label = _("See, move or cancel them") if several else _("See, move or cancel it")
    see = {"label": label, "link": brief.link}
    if brief.kind in _TO_CONFIRM and any(each.confirmed_at is None for each in brief.appointments):
        return {"button": {"label": _("Confirm that you are coming"), "link": brief.link}, "also": see}
    return {"button": see, "also": None}


def _attached(kind: str, n: int, words: Words) -> str:
    _ = words.gettext
    adds = _("The attached file adds it to your calendar.")
    takes_out = _("The attached file takes it out of your calendar.")
    of_several = {
        "booked": _("The attached file adds them to your calendar."),
        **dict.fromkeys(_CANCELLED, _("The attached file marks them as cancelled in your calendar.")),
    }
    of_one = {
        **dict.fromkeys(("booked", "accepted", "accepted_moved"), adds),
        "requested": _("The attached file adds it to your calendar as not agreed yet."),
        "moved": _("The attached file brings your calendar up to date."),
        **dict.fromkeys(_CANCELLED, takes_out),
    }
    return (n > 1 and of_several.get(kind)) or of_one.get(kind, "")


def _calendar(brief: Brief) -> tuple[Attachment, ...]:
    """An invitation that calendars update by themselves (RFC 5546, 3.2.2 and 3.2.5); none with a reminder."""
    if brief.kind in _TO_CONFIRM:
        return ()
    practice, mail_from = brief.practice, brief.settings.mail_from
    entries = [_entry(each, brief) for each in brief.appointments]
    if brief.kind == "requested":
        method, file = "PUBLISH", calendar_file(entries[0])
        name = brief.words.gettext("appointment") + ".ics"
    elif len(entries) > 1:
        method, file = "PUBLISH", series_file(entries, practice.name, mail_from)
        name = brief.words.gettext("appointments") + ".ics"
    else:
        method = "CANCEL" if entries[0].cancelled else "REQUEST"
        client = f"{brief.first.first_name} {brief.first.last_name}".strip()
        invitation = Invitation(method, practice.name, mail_from, client, brief.first.email or "")
        file = calendar_file(entries[0], invitation)
        name = brief.words.gettext("appointment") + ".ics"
    return (Attachment(name, f"text/calendar; method={method}", file.decode()),)


def _entry(appointment: AppointmentFacts, brief: Brief) -> CalendarEntry:
    return appointment_entry(
        ref=appointment.ref,
        sequence=appointment.sequence,
        starts_at=appointment.starts_at,
        ends_at=appointment.ends_at,
        changed_at=appointment.changed_at,
        cancelled=brief.kind in _CANCELLED,
        tentative=brief.kind == "requested",
        practice=brief.practice.name,
        practitioner=appointment.practitioner_name,
        for_name=appointment.for_name,
        place=", ".join(appointment.place_lines),
        words=brief.words,
        public_url=brief.settings.public_url,
    )
