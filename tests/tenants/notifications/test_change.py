"""What is news to whom: staff may drag an appointment about, and the client hears of what is true in the end."""

from datetime import UTC, datetime, timedelta

import pytest

from tenants.notifications.change import Change, Told, what_to_say

TEN = datetime(2026, 11, 24, 15, tzinfo=UTC)
NORA, THEO = 1, 2
DESK = "nora@harbour.example"


def changes(*steps: tuple[str, int, int, str]) -> list[Change]:
    """Each step: kind, hours after ten, practitioner, by whom."""
    return [
        Change(number, kind, TEN + timedelta(hours=hour), who, 1, by)
        for number, (kind, hour, who, by) in enumerate(steps)
    ]


def said(steps: list[Change], told: list[int], **reader: object) -> list[str]:
    """What each change's own message would say at the end."""
    heard = [Told(sequence) for sequence in told]
    return [what_to_say(steps, heard, step.sequence, **reader) for step in steps]  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("steps", "told", "expected"),
    [
        ([("booked", 0, NORA, "")], [], ["booked"]),
        ([("booked", 0, NORA, DESK)], [], ["booked"]),
        ([("booked", 0, NORA, ""), ("moved", 1, NORA, "")], [0], ["", "moved"]),
        ([("booked", 0, NORA, ""), ("moved", 1, NORA, DESK)], [0], ["", "moved"]),
        ([("booked", 0, NORA, DESK), ("moved", 1, NORA, DESK)], [], ["", "booked"]),
        ([("booked", 0, NORA, ""), ("moved", 1, NORA, DESK), ("moved", 0, NORA, DESK)], [0], ["", "", ""]),
        ([("booked", 0, NORA, ""), ("moved", 1, NORA, DESK), ("moved", 0, NORA, DESK)], [0, 1], ["", "", "moved"]),
        ([("booked", 0, NORA, DESK), ("cancelled", 0, NORA, DESK)], [], ["", ""]),
        ([("booked", 0, NORA, ""), ("cancelled", 0, NORA, DESK)], [], ["", "cancelled"]),
        ([("booked", 0, NORA, ""), ("cancelled", 0, NORA, "")], [0], ["", "cancelled"]),
        ([("booked", 0, NORA, ""), ("moved", 0, THEO, DESK)], [0], ["", "moved"]),
    ],
)
def test_client_is_told_what_differs_from_what_they_know(
    steps: list[tuple[str, int, int, str]], told: list[int], expected: list[str]
) -> None:
    assert said(changes(*steps), told) == expected


@pytest.mark.parametrize(
    ("steps", "told", "expected"),
    [
        ([("booked", 0, NORA, "")], [], ["booked"]),
        ([("booked", 0, NORA, ""), ("moved", 0, THEO, "theo@harbour.example")], [], ["", ""]),
        ([("booked", 0, NORA, ""), ("moved", 0, THEO, "theo@harbour.example")], [0], ["", "cancelled"]),
        ([("booked", 0, THEO, ""), ("moved", 0, NORA, "theo@harbour.example")], [], ["", "booked"]),
        ([("booked", 0, NORA, DESK), ("moved", 1, NORA, "theo@harbour.example")], [], ["", "moved"]),
    ],
)
def test_practitioner_hears_of_their_own_appointments_alone(
    steps: list[tuple[str, int, int, str]], told: list[int], expected: list[str]
) -> None:
    assert said(changes(*steps), told, reader=DESK, own=NORA) == expected
