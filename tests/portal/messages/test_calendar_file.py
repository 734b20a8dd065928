"""The calendar file, read back by a calendar's own parser."""

import re
from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from icalendar import Calendar, Event

from portal.messages.letters.calendar_file import CalendarEntry, Invitation, calendar_file, calendar_uid

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


INVITATION = Invitation(
    "REQUEST", "Harbour Physiotherapy", "Carnet <carnet@portal.example>", "Ana Silva", "ana@example.org"
)
NAMES = st.one_of(
    st.text(max_size=120),
    st.text(st.sampled_from("Ana Silva,;:\\\"'^\n\r\t=—é\u00a0\u2028\x85\x0b\x1f日😀"), max_size=120),
)


@given(title=NAMES, place=NAMES, client=NAMES, practice=NAMES)
def test_whatever_people_are_called_is_read_back_as_it_was_written(
    title: str, place: str, client: str, practice: str
) -> None:
    invitation = replace(INVITATION, attendee_name=client, organizer_name=practice)

    file = calendar_file(replace(ENTRY, title=title, place=place), invitation)

    event = event_of(file)
    assert [str(event["SUMMARY"]), str(event["LOCATION"])] == [sayable(title), sayable(place)]
    assert [event[who].params["CN"] for who in ("ATTENDEE", "ORGANIZER")] == [
        sayable(client).strip().replace("\\", "/") or "ana@example.org",
        sayable(practice).strip().replace("\\", "/") or "carnet@portal.example",
    ]
    assert (str(event["UID"]), len(event), max(map(len, file.split(b"\r\n"))) <= 75) == (ENTRY.uid, 12, True)


def sayable(typed: str) -> str:
    """What can stand in a calendar file: no control but the end of a line."""
    return re.sub("[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]", " ", re.sub("\r\n?", "\n", typed))


@pytest.mark.parametrize(
    ("email", "uri"),
    [
        ("ana@example.org", "mailto:ana@example.org"),
        ("ana+carnet@example.org", "mailto:ana+carnet@example.org"),
        ("ana?b=c&d@example.org", "mailto:ana%3Fb%3Dc%26d@example.org"),
        ("andré@bücher.example", "mailto:andr%C3%A9@xn--bcher-kva.example"),
    ],
)
def test_address_is_a_uri(email: str, uri: str) -> None:
    event = event_of(calendar_file(ENTRY, replace(INVITATION, attendee=email)))

    assert str(event["ATTENDEE"]) == uri


@pytest.mark.parametrize(("method", "cancelled"), [("REQUEST", False), ("CANCEL", True)])
def test_invitation_says_who_invites_whom_and_asks_for_no_answer(method: str, cancelled: bool) -> None:
    file = calendar_file(replace(ENTRY, cancelled=cancelled), replace(INVITATION, method=method))

    calendar, event = Calendar.from_ical(file), event_of(file)
    assert (calendar["METHOD"], event["STATUS"]) == (method, "CANCELLED" if cancelled else "CONFIRMED")
    assert (event["ORGANIZER"], event["ATTENDEE"]) == ("mailto:carnet@portal.example", "mailto:ana@example.org")
    assert dict(event["ATTENDEE"].params) == {
        "CN": "Ana Silva",
        "ROLE": "REQ-PARTICIPANT",
        "PARTSTAT": "ACCEPTED",
        "RSVP": "FALSE",
    }


def test_file_to_be_kept_invites_nobody() -> None:
    file = calendar_file(ENTRY)

    event = event_of(file)
    assert (Calendar.from_ical(file)["METHOD"], "ORGANIZER" in event, "ATTENDEE" in event) == ("PUBLISH", False, False)
