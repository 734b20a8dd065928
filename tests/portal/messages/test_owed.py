from datetime import timedelta
from typing import Any

import pytest

from tenants.notifications.owed import reason_not_to_say
from tests.portal.messages.letters import NOW, STARTS, facts

CANCELLED = {"cancelled_at": NOW, "cancelled_by": "client", "sequence": 1}


@pytest.mark.parametrize(
    ("kind", "sequence", "changes", "reason"),
    [
        ("booked", 0, {}, None),
        ("moved", 2, {"sequence": 2}, None),
        ("cancelled", 1, CANCELLED, None),
        ("booked", 0, {"sequence": 1}, "changed_since"),
        ("moved", 1, {"sequence": 2}, "changed_since"),
        ("booked", 0, CANCELLED, "cancelled_since"),
        ("booked", 0, {"email": None}, "no_address"),
    ],
)
def test_only_the_latest_change_is_told(kind: str, sequence: int, changes: dict[str, Any], reason: str | None) -> None:
    assert reason_not_to_say(kind, sequence, facts(**changes), NOW) == reason


def test_nothing_is_said_once_the_appointment_has_begun() -> None:
    said = [reason_not_to_say("booked", 0, facts(), STARTS + timedelta(seconds=late)) for late in (-1, 0, 1)]

    assert said == [None, "begun", "begun"]
