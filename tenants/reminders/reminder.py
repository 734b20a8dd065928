"""When a reminder is due, and why one is not sent. Pure: the log asks the same functions as the worker.

All that can stand in the way has a name; `portal.phrases` has the words for each.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal, Protocol
from zoneinfo import ZoneInfo

from tenants.writing.quiet import Quiet
from tenants.writing.reach import Reach

LATE_PAUSE = timedelta(minutes=5)
"""Who books late is reminded after so long: time enough to notice a mistake."""

Condition = Literal["always", "unconfirmed", "no_email", "unconfirmed_or_no_email"]


@dataclass(frozen=True, slots=True)
class Rule:
    """What `ReminderRule` explains."""

    id: int
    ref: str
    channel: str
    ahead: timedelta
    condition: Condition
    late_left: timedelta | None
    off_services: frozenset[int]
    off_practitioners: frozenset[int]
    since: datetime
    ended_at: datetime | None = None


class Agreed(Protocol):
    """What a rule asks of an appointment. `agreed_at` is when it was booked, moved to where it is, or accepted."""

    @property
    def starts_at(self) -> datetime: ...
    @property
    def agreed_at(self) -> datetime: ...
    @property
    def cancelled_at(self) -> datetime | None: ...
    @property
    def confirmed_at(self) -> datetime | None: ...
    @property
    def service_id(self) -> int: ...
    @property
    def practitioner_id(self) -> int: ...


@dataclass(frozen=True, slots=True)
class Plan:
    """`at` is the moment of the rule, quiet hours heeded; with a `reason` it is the moment that was missed."""

    at: datetime
    reason: str | None = None
    late: bool = False


def plan_reminder(rule: Rule, appointment: Agreed, quiet: Quiet, zone: ZoneInfo) -> Plan:
    """What the rule and the agreement alone say, whatever the clock shows and however the client can be reached."""
    at = quiet.leave_by(appointment.starts_at - rule.ahead, zone)
    if rule.ended_at is not None:
        return Plan(at, "rule_ended")
    if appointment.service_id in rule.off_services:
        return Plan(at, "off_for_service")
    if appointment.practitioner_id in rule.off_practitioners:
        return Plan(at, "off_for_practitioner")
    if at < appointment.agreed_at:
        return _late(rule, appointment, quiet, zone, at)
    if at < rule.since:
        return Plan(at, "rule_is_newer")
    return Plan(at)


def _late(rule: Rule, appointment: Agreed, quiet: Quiet, zone: ZoneInfo, missed: datetime) -> Plan:
    at = appointment.agreed_at + LATE_PAUSE
    if rule.late_left is None or appointment.starts_at - at < rule.late_left:
        return Plan(missed, "booked_late")
    if at < rule.since:
        return Plan(missed, "rule_is_newer")
    if quiet.around(at, zone):
        return Plan(missed, "quiet_hours")
    return Plan(at, late=True)


@dataclass(frozen=True, slots=True)
class Decision:
    """By which channel it leaves, or why not. `instead_of` is the channel that the rule would have had."""

    channel: str
    reason: str | None = None
    instead_of: str = ""


def decide_reminder(rule: Rule, appointment: Agreed, reach: Reach, now: datetime) -> Decision:
    """At the moment of sending, or as the log foresees it."""
    if reason := _reason(rule, appointment, reach, now):
        return Decision(rule.channel, reason)
    if rule.channel == "email":
        return Decision("email", reach.reminder_email)
    if reach.sms == "budget_spent" and reach.reminder_email is None:
        return Decision("email", instead_of="sms")
    return Decision("sms", reach.sms)


def _reason(rule: Rule, appointment: Agreed, reach: Reach, now: datetime) -> str | None:
    if appointment.cancelled_at is not None:
        return "cancelled"
    if appointment.starts_at <= now:
        return "begun"
    if rule.ended_at is not None:
        return "rule_ended"
    if appointment.service_id in rule.off_services:
        return "off_for_service"
    if appointment.practitioner_id in rule.off_practitioners:
        return "off_for_practitioner"
    return _unmet(rule.condition, confirmed=appointment.confirmed_at is not None, has_email=reach.email is None)


def _unmet(condition: Condition, *, confirmed: bool, has_email: bool) -> str | None:
    """An address that has bounced is none: who cannot be reached by e-mail gets the SMS."""
    match condition:
        case "always":
            return None
        case "unconfirmed":
            return "confirmed_already" if confirmed else None
        case "no_email":
            return "has_email" if has_email else None
        case "unconfirmed_or_no_email":
            return "confirmed_already" if confirmed and has_email else None
