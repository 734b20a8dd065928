"""The calendar file, read back by a calendar's own parser."""

from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from icalendar import Calendar, Event

from portal.messages.calendar_file import CalendarEntry, calendar_file, calendar_uid

STARTS = datetime(2026, 11, 23, 10, 0, tzinfo=ZoneInfo("America/Toronto"))
ENTRY = CalendarEntry(
    uid=calendar_uid("abcde23456", "portal.example"),
    sequence=2,
    starts_at=STARTS,
    ends_at=STARTS + timedelta(minutes=50),
    changed_at=STARTS - timedelta(days=3),
    title="Harbour Physiotherapy – Nora Blake",
    place="Harbour House, 12 Quay Street; Toronto",
    notes="Line one\nline two",
    url="https://portal.example/appointments/abcde23456",
)


def event_of(file: bytes) -> Event:
    (event,) = Calendar.from_ical(file).walk("VEVENT")
    assert isinstance(event, Event)
    return event


def test_entry_survives_the_journey() -> None:
    event = event_of(calendar_file(ENTRY))

    assert {name: str(event[name]) for name in ("UID", "SEQUENCE", "SUMMARY", "LOCATION", "URL", "STATUS")} == {
        "UID": "abcde23456@portal.example",
        "SEQUENCE": "2",
        "SUMMARY": ENTRY.title,
        "LOCATION": ENTRY.place,
        "URL": ENTRY.url,
        "STATUS": "CONFIRMED",
    }
    assert (event.start, event.end, event.DTSTAMP) == (ENTRY.starts_at, ENTRY.ends_at, ENTRY.changed_at)


def test_instants_are_utc_so_that_no_zone_has_to_be_known() -> None:
    assert b"DTSTART:20261123T150000Z\r\n" in calendar_file(ENTRY)


def test_cancelled_entry_keeps_its_uid() -> None:
    event = event_of(calendar_file(replace(ENTRY, sequence=3, cancelled=True)))

    assert (str(event["UID"]), str(event["STATUS"])) == (ENTRY.uid, "CANCELLED")


def test_lines_are_short_and_end_as_the_standard_says() -> None:
    file = calendar_file(replace(ENTRY, notes="é" * 500))

    lines = file.split(b"\r\n")
    assert (max(map(len, lines)) <= 75, b"\n" in b"".join(lines)) == (True, False)


def test_what_people_typed_cannot_add_a_property() -> None:
    event = event_of(calendar_file(replace(ENTRY, title="Nora\r\nATTACH:https://evil.example")))

    assert "ATTACH" not in event
