"""An appointment as a file for the client's own calendar (RFC 5545)."""

from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parseaddr
from urllib.parse import urlsplit

from icalendar import Calendar, Event, vCalAddress, vText

from portal.languages.words import Words


@dataclass(frozen=True, slots=True)
class CalendarEntry:
    """One `uid` for the appointment's life; calendars take the entry with the highest `sequence`."""

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

    Instants in UTC: each calendar shows them in its own zone and none can mistake ours.
    """
    event = Event()
    event.add("uid", entry.uid)
    event.add("sequence", entry.sequence)
    event.add("dtstamp", entry.changed_at.astimezone(UTC))
    event.add("dtstart", entry.starts_at.astimezone(UTC))
    event.add("dtend", entry.ends_at.astimezone(UTC))
    event.add("summary", entry.title)
    event.add("location", entry.place)
    event.add("description", entry.notes)
    event.add("url", entry.url)
    event.add("status", "CANCELLED" if entry.cancelled else "CONFIRMED")
    calendar = Calendar()
    calendar.add("prodid", "-//Carnet//Appointments//EN")
    calendar.add("version", "2.0")
    calendar.add("method", invitation.method if invitation else "PUBLISH")
    if invitation:
        _invite(event, invitation)
    calendar.add_component(event)
    return bytes(calendar.to_ical())


def _invite(event: Event, invitation: Invitation) -> None:
    """Nobody reads answers sent to the organizer: the client answers by the message's link."""
    organizer = vCalAddress(f"mailto:{parseaddr(invitation.organizer)[1]}")
    organizer.params["cn"] = vText(invitation.organizer_name)
    event["organizer"] = organizer
    attendee = vCalAddress(f"mailto:{invitation.attendee}")
    attendee.params["cn"] = vText(invitation.attendee_name or invitation.attendee)
    attendee.params["partstat"] = vText("ACCEPTED")
    attendee.params["rsvp"] = vText("FALSE")
    event.add("attendee", attendee, encode=False)


def appointment_entry(
    *,
    ref: str,
    sequence: int,
    starts_at: datetime,
    ends_at: datetime,
    changed_at: datetime,
    cancelled: bool,
    practice: str,
    practitioner: str,
    place: str,
    words: Words,
    public_url: str,
) -> CalendarEntry:
    """The same for the page and the mail. A calendar may be seen by others: it names the practice, not the service."""
    link = f"{public_url}/appointments/{ref}"
    return CalendarEntry(
        uid=calendar_uid(ref, urlsplit(public_url).hostname or "localhost"),
        sequence=sequence,
        starts_at=starts_at,
        ends_at=ends_at,
        changed_at=changed_at,
        title=f"{practice} – {practitioner}",
        place=place,
        notes=f"{words.gettext('See, move or cancel it:')} {link}",
        url=link,
        cancelled=cancelled,
    )


def calendar_uid(ref: str, host: str) -> str:
    return f"{ref}@{host}"
