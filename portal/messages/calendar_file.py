"""An appointment as a file for the client's own calendar (RFC 5545)."""

from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import urlsplit

from icalendar import Calendar, Event

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


def calendar_file(entry: CalendarEntry) -> bytes:
    """Instants in UTC: each calendar shows them in its own zone and none can mistake ours."""
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
    calendar.add("method", "PUBLISH")
    calendar.add_component(event)
    return bytes(calendar.to_ical())


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
