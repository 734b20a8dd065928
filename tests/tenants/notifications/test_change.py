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


THEO_S = "theo@harbour.example"


@pytest.mark.parametrize(
    ("steps", "told", "expected"),
    [
        ([("requested", 0, NORA, "")], [], "requested"),
        ([("requested", 0, NORA, ""), ("moved", 1, NORA, "")], [0], "requested"),
        ([("requested", 0, NORA, ""), ("booked", 0, NORA, DESK)], [0], "accepted"),
        ([("requested", 0, NORA, ""), ("booked", 0, NORA, DESK)], [], "accepted"),
        ([("requested", 0, NORA, ""), ("booked", 1, NORA, DESK)], [0], "accepted_moved"),
        ([("requested", 0, NORA, ""), ("moved", 1, NORA, ""), ("booked", 1, NORA, DESK)], [0, 1], "accepted"),
        ([("requested", 0, NORA, ""), ("booked", 0, NORA, DESK), ("moved", 1, NORA, DESK)], [0, 1], "moved"),
        ([("requested", 0, NORA, ""), ("booked", 0, NORA, DESK), ("moved", 1, NORA, DESK)], [0], "accepted_moved"),
        ([("requested", 0, NORA, ""), ("declined", 0, NORA, DESK)], [0], "declined"),
        ([("requested", 0, NORA, ""), ("cancelled", 0, NORA, DESK)], [0], "declined"),
        ([("requested", 0, NORA, ""), ("lapsed", 0, NORA, "")], [0], "lapsed"),
        ([("requested", 0, NORA, ""), ("cancelled", 0, NORA, "")], [0], "withdrawn"),
        ([("requested", 0, NORA, ""), ("booked", 0, NORA, DESK), ("cancelled", 0, NORA, DESK)], [0, 1], "cancelled"),
        ([("requested", 0, NORA, ""), ("booked", 0, NORA, DESK), ("cancelled", 0, NORA, "")], [0, 1], "cancelled"),
        ([("requested", 0, NORA, ""), ("declined", 0, NORA, DESK), ("booked", 0, NORA, DESK)], [0, 1], "booked"),
        ([("requested", 0, NORA, ""), ("declined", 0, NORA, DESK), ("booked", 0, NORA, DESK)], [0], "accepted"),
    ],
)
def test_client_hears_what_became_of_a_request(
    steps: list[tuple[str, int, int, str]], told: list[int], expected: str
) -> None:
    assert said(changes(*steps), told) == [""] * (len(steps) - 1) + [expected]


@pytest.mark.parametrize(
    ("steps", "told", "expected"),
    [
        ([("requested", 0, NORA, "")], [], "requested"),
        ([("requested", 0, NORA, ""), ("booked", 0, NORA, THEO_S)], [0], "accepted"),
        ([("requested", 0, NORA, ""), ("booked", 0, NORA, THEO_S)], [], "booked"),
        ([("requested", 0, NORA, ""), ("booked", 0, NORA, DESK)], [0], "accepted"),
        ([("requested", 0, NORA, ""), ("declined", 0, NORA, THEO_S)], [], ""),
        ([("requested", 0, NORA, ""), ("cancelled", 0, NORA, "")], [0], "withdrawn"),
        ([("requested", 0, NORA, ""), ("lapsed", 0, NORA, "")], [0], "lapsed"),
        ([("requested", 0, NORA, ""), ("booked", 0, THEO, THEO_S)], [0], "accepted_moved"),
        ([("requested", 0, THEO, ""), ("booked", 0, NORA, THEO_S)], [], "booked"),
    ],
)
def test_practitioner_hears_what_became_of_a_request(
    steps: list[tuple[str, int, int, str]], told: list[int], expected: str
) -> None:
    assert said(changes(*steps), told, reader=DESK, own=NORA)[-1] == expected
