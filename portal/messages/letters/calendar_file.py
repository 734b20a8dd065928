"""An appointment as a file for the client's own calendar (RFC 5545)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parseaddr
from unicodedata import category
from urllib.parse import quote, urlsplit

from icalendar import Calendar, Event, vCalAddress, vText

from portal.languages.words import Words
from tenants.clients.email import deliverable

_IN_MAILBOX = "!$'*+-._~"
_NO_TEXT = {"Cc", "Cs", "Zl", "Zp"}


@dataclass(frozen=True, slots=True)
class CalendarEntry:
    """One `uid` for the appointment's life; calendars take the entry with the highest `sequence`.

    What nobody has agreed to yet is `tentative`.
    """

    uid: str
    sequence: int
    starts_at: datetime
    ends_at: datetime
    changed_at: datetime
    title: str
    place: str
    notes: str
    url: str
    cancelled: bool = False
    tentative: bool = False


@dataclass(frozen=True, slots=True)
class Invitation:
    """Who invites whom (RFC 5546): `method` is REQUEST or CANCEL, `organizer` may carry a name around its address."""

    method: str
    organizer_name: str
    organizer: str
    attendee_name: str
    attendee: str


def calendar_file(entry: CalendarEntry, invitation: Invitation | None = None) -> bytes:
    """To be kept, or with an invitation to be taken over by the calendar of whoever receives it.

    Instants in UTC: each calendar shows them in its own zone and none can mistake ours. A change written out twice has
    the same DTSTAMP, so that no calendar takes the second copy for news (RFC 5546 §2.1.5).
    """
    event = _event(entry)
    if invitation:
        _invite(event, invitation)
    return _file(invitation.method if invitation else "PUBLISH", [event])


def series_file(entries: Sequence[CalendarEntry], organizer_name: str, organizer: str) -> bytes:
    """Several appointments in one file, published: whoever takes it has them all, or all of them off.

    What invites or cancels may hold one UID alone (RFC 5546 §3.2.2 and §3.2.5); what publishes may hold many, names
    its organizer and nobody who attends (§3.2.1). A later invitation of the same UID takes its entry over.
    """
    events = [_event(entry) for entry in entries]
    for event in events:
        event["organizer"] = _somebody(parseaddr(organizer)[1], organizer_name)
    return _file("PUBLISH", events)


def _event(entry: CalendarEntry) -> Event:
    event = Event()
    event.add("uid", entry.uid)
    event.add("sequence", entry.sequence)
    event.add("dtstamp", entry.changed_at.astimezone(UTC))
    event.add("dtstart", entry.starts_at.astimezone(UTC))
    event.add("dtend", entry.ends_at.astimezone(UTC))
    event.add("summary", _text(entry.title))
    event.add("location", _text(entry.place))
    event.add("description", _text(entry.notes))
    event.add("url", entry.url)
    event.add("status", "CANCELLED" if entry.cancelled else "TENTATIVE" if entry.tentative else "CONFIRMED")
    return event


def _file(method: str, events: Sequence[Event]) -> bytes:
    calendar = Calendar()
    calendar.add("prodid", "-//Carnet//Appointments//EN")
    calendar.add("version", "2.0")
    calendar.add("method", method)
    for event in events:
        calendar.add_component(event)
    return bytes(calendar.to_ical())


def _invite(event: Event, invitation: Invitation) -> None:
    """Nobody reads answers sent to the organizer: the client answers by the message's link."""
    organizer = _somebody(parseaddr(invitation.organizer)[1], invitation.organizer_name)
    attendee = _somebody(invitation.attendee, invitation.attendee_name)
    attendee.params.update(
        {
            name: vText(value)
            for name, value in (("role", "REQ-PARTICIPANT"), ("partstat", "ACCEPTED"), ("rsvp", "FALSE"))
        }
    )
    event["organizer"] = organizer
    event.add("attendee", attendee, encode=False)


def _somebody(email: str, name: str) -> vCalAddress:
    who = vCalAddress(f"mailto:{_in_uri(email)}")
    # A parameter knows no backslash (RFC 5545 §3.2), which not every parser knows.
    who.params["cn"] = vText(_text(name).strip().replace("\\", "/") or email)
    return who


def _in_uri(email: str) -> str:
    """RFC 6068 §2: a mailbox may hold what parts a URI; the domain as every mail server knows it."""
    try:
        mailbox, domain = deliverable(email)
    except ValueError:
        mailbox, _, domain = email.rpartition("@")
    return f"{quote(mailbox, safe=_IN_MAILBOX)}@{quote(domain)}"


def _text(typed: str) -> str:
    """Without the signs that RFC 5545 §3.1 forbids, and those that parsers take for the end of a line."""
    unix = typed.replace("\r\n", "\n").replace("\r", "\n")
    return "".join(sign if sign == "\n" or category(sign) not in _NO_TEXT else " " for sign in unix)


def appointment_entry(
    *,
    ref: str,
    sequence: int,
    starts_at: datetime,
    ends_at: datetime,
    changed_at: datetime,
    cancelled: bool,
    tentative: bool,
    practice: str,
    practitioner: str,
    for_name: str,
    place: str,
    words: Words,
    public_url: str,
) -> CalendarEntry:
    """The same for the page and the mail. A calendar may be seen by others: it names the practice, not the service.

    `for_name` is the child's for whom an adult keeps it, or "".
    """
    title = f"{practice} – {practitioner}"
    link = f"{public_url}/appointments/{ref}"
    return CalendarEntry(
        uid=calendar_uid(ref, urlsplit(public_url).hostname or "localhost"),
        sequence=sequence,
        starts_at=starts_at,
        ends_at=ends_at,
        changed_at=changed_at,
        title=words.gettext("%(title)s, for %(name)s", title=title, name=for_name) if for_name else title,
        place=place,
        notes=f"{_notes(words, tentative=tentative)} {link}",
        url=link,
        cancelled=cancelled,
        tentative=tentative,
    )


def _notes(words: Words, *, tentative: bool) -> str:
    if tentative:
        return words.gettext("Not agreed yet. See or withdraw it:")
    return words.gettext("See, move or cancel it:")


def calendar_uid(ref: str, host: str) -> str:
    return f"{ref}@{host}"
