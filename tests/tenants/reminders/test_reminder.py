"""When a reminder is due and why one is not sent: every rule against every state of an appointment."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from tenants.reminders.reminder import LATE_PAUSE, Decision, Rule, decide_reminder, plan_reminder
from tenants.writing.quiet import Quiet
from tenants.writing.reach import Outside, Reach, reach_of
from tests.portal.messages.letters import facts

TORONTO = ZoneInfo("America/Toronto")
LONG_AGO = datetime(2026, 1, 5, 12, tzinfo=UTC)
STARTS = datetime(2026, 11, 26, 14, 0, tzinfo=TORONTO)
RULE = Rule(
    1, "rule", "email", timedelta(hours=24), "always", None, frozenset(), frozenset(), since=LONG_AGO, ended_at=None
)
QUIET = Quiet()
OPEN = Reach(email=None, reminder_email=None, sms=None)


def appointment(**changes: Any) -> Any:
    return facts(**{"starts_at": STARTS, "agreed_at": LONG_AGO, **changes})


def planned(rule: Rule = RULE, **changes: Any) -> tuple[datetime, str | None]:
    plan = plan_reminder(rule, appointment(**changes), QUIET, TORONTO)
    return plan.at, plan.reason


def test_reminder_is_due_so_long_before_the_start() -> None:
    assert planned() == (STARTS - timedelta(hours=24), None)


def test_early_appointment_is_reminded_of_before_the_night() -> None:
    early = STARTS.replace(hour=7, minute=30)

    at, reason = planned(starts_at=early)

    assert (at, reason) == (datetime(2026, 11, 24, 20, 45, tzinfo=TORONTO), None)


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"ended_at": LONG_AGO}, "rule_ended"),
        ({"off_services": frozenset({1})}, "off_for_service"),
        ({"off_practitioners": frozenset({1})}, "off_for_practitioner"),
        ({"off_services": frozenset({2}), "off_practitioners": frozenset({2})}, None),
        ({"since": STARTS - timedelta(hours=23)}, "rule_is_newer"),
        ({"since": STARTS - timedelta(hours=24)}, None),
    ],
)
def test_rule_holds_from_its_time_on_and_where_it_is_not_off(changes: dict[str, Any], reason: str | None) -> None:
    assert planned(replace(RULE, **changes))[1] == reason


def test_who_books_late_is_not_reminded_by_default() -> None:
    assert planned(agreed_at=STARTS - timedelta(hours=20)) == (STARTS - timedelta(hours=24), "booked_late")


@pytest.mark.parametrize(
    ("left", "reason"), [(timedelta(hours=3), None), (timedelta(hours=4), None), (timedelta(hours=5), "booked_late")]
)
def test_who_books_late_is_reminded_at_once_when_enough_time_is_left(left: timedelta, reason: str | None) -> None:
    agreed = STARTS - timedelta(hours=4) - LATE_PAUSE

    at, why = planned(replace(RULE, late_left=left), agreed_at=agreed)

    assert why == reason
    assert at == (agreed + LATE_PAUSE if reason is None else STARTS - timedelta(hours=24))


def test_nobody_is_woken_because_they_booked_at_night() -> None:
    late = replace(RULE, late_left=timedelta(hours=2))

    assert planned(late, agreed_at=datetime(2026, 11, 25, 23, 30, tzinfo=TORONTO))[1] == "quiet_hours"


@pytest.mark.parametrize(
    ("condition", "confirmed", "email", "reason"),
    [
        ("always", True, True, None),
        ("unconfirmed", False, True, None),
        ("unconfirmed", True, True, "confirmed_already"),
        ("no_email", False, True, "has_email"),
        ("no_email", True, False, None),
        ("unconfirmed_or_no_email", False, True, None),
        ("unconfirmed_or_no_email", True, False, None),
        ("unconfirmed_or_no_email", True, True, "confirmed_already"),
    ],
)
def test_condition_is_asked_at_the_moment_of_sending(
    condition: Any, confirmed: bool, email: bool, reason: str | None
) -> None:
    rule = replace(RULE, channel="sms", condition=condition)
    reach = replace(OPEN, email=None if email else "bounced")
    subject = appointment(confirmed_at=LONG_AGO if confirmed else None)

    assert decide_reminder(rule, subject, reach, STARTS - timedelta(hours=24)).reason == reason


@pytest.mark.parametrize(
    ("changes", "reason"), [({"cancelled_at": LONG_AGO}, "cancelled"), ({"starts_at": LONG_AGO}, "begun")]
)
def test_nothing_leaves_for_what_will_not_be(changes: dict[str, Any], reason: str) -> None:
    assert decide_reminder(RULE, appointment(**changes), OPEN, STARTS - timedelta(hours=24)).reason == reason


@pytest.mark.parametrize(
    ("email", "decision"),
    [(None, Decision("email", instead_of="sms")), ("no_address", Decision("sms", "budget_spent"))],
)
def test_spent_budget_turns_a_text_into_a_letter_where_there_is_an_address(
    email: str | None, decision: Decision
) -> None:
    reach = Reach(email=email, reminder_email=email, sms="budget_spent")

    assert decide_reminder(replace(RULE, channel="sms"), appointment(), reach, LONG_AGO) == decision


@pytest.mark.parametrize(
    ("record", "outside", "sms_on", "budget_left", "reach"),
    [
        ({}, Outside(), True, True, Reach(None, None, None)),
        ({}, Outside(), False, True, Reach(None, None, "sms_not_on")),
        ({"phone": ""}, Outside(mobile=False), True, True, Reach(None, None, "no_number")),
        ({}, Outside(mobile=False), True, True, Reach(None, None, "not_mobile")),
        ({}, Outside(served=False), True, True, Reach(None, None, "country_not_served")),
        ({}, Outside(stopped=True), True, True, Reach(None, None, "number_opted_out")),
        ({"sms_off_at": LONG_AGO, "sms_off_by": "client"}, Outside(), True, True, Reach(None, None, "sms_refused")),
        ({"sms_off_at": LONG_AGO, "sms_off_by": "staff"}, Outside(), True, True, Reach(None, None, "sms_off_here")),
        ({}, Outside(), True, False, Reach(None, None, "budget_spent")),
        ({"email": None}, Outside(), True, True, Reach("no_address", "no_address", None)),
        ({}, Outside(bounced=True), True, True, Reach("bounced", "bounced", None)),
        ({"reminders_off_at": LONG_AGO}, Outside(), True, True, Reach(None, "reminders_refused", None)),
    ],
)
def test_what_stands_in_the_way_of_a_channel_has_a_name(
    record: dict[str, Any], outside: Outside, sms_on: bool, budget_left: bool, reach: Reach
) -> None:
    assert reach_of(appointment(**record), outside, sms_on=sms_on, budget_left=budget_left) == reach
