"""A reminder rule's form: from a rule to what is typed, and back to a draft."""

from datetime import timedelta
from typing import Any

from portal.languages.words import Words
from portal.staff.reminders.sentences import UNITS, unit_of
from portal.web.forms import Form
from tenants.booking.plan import Plan
from tenants.refusals import NotFound
from tenants.reminders.reminder import Rule
from tenants.reminders.rules import (
    CHANNELS,
    CONDITIONS,
    LONGEST,
    SHORTEST,
    SHORTEST_LEFT,
    RuleDraft,
    rule_fingerprint,
)

_MOST_SIGNS = 20_000

Off = dict[str, set[str]]
"""Refs of what a rule is off for, under services and practitioners."""


def services_of(plan: Plan) -> list[dict[str, Any]]:
    return [service.row for service in plan.services.values()]


def boxes(plan: Plan, off: Off) -> list[tuple[str, Any]]:
    """`shown` tells a box that was not ticked from one that was not there yet."""
    services = [row["ref"] for row in services_of(plan)]
    practitioners = [row["ref"] for row in plan.practitioners.values()]
    return [
        ("shown_services", " ".join(services)),
        ("shown_practitioners", " ".join(practitioners)),
        *(("services", ref) for ref in services if ref not in off.get("services", ())),
        *(("practitioners", ref) for ref in practitioners if ref not in off.get("practitioners", ())),
    ]


def typed(rule: Rule) -> list[tuple[str, Any]]:
    left = rule.late_left or timedelta(hours=4)
    lengths = [("ahead", rule.ahead), ("left", left)]
    return [
        ("channel", rule.channel),
        ("condition", rule.condition),
        ("late", "skip" if rule.late_left is None else "send"),
        *((name, str(length // UNITS[unit_of(length)])) for name, length in lengths),
        *((f"{name}_unit", unit_of(length)) for name, length in lengths),
        ("seen", rule_fingerprint(rule)),
    ]


def read_draft(form: Form, words: Words, off: Off) -> RuleDraft | None:
    channel = form.one_of("channel", set(CHANNELS))
    condition = form.one_of("condition", set(CONDITIONS))
    ahead = _read_length(form, "ahead", SHORTEST)
    if channel == "email" and condition in {"no_email", "unconfirmed_or_no_email"}:
        said = words.gettext("Without an address there is no e-mail. Choose an SMS, or another condition.")
        form.refuse("condition", said)
    left = _read_late(form, words, ahead)
    services, practitioners = (_read_off(form, name, off.get(name, set())) for name in ("services", "practitioners"))
    if not form.ok:
        return None
    return RuleDraft(channel, ahead, _condition(condition), left, services, practitioners)


def _condition(typed: str) -> Any:
    return next(known for known in CONDITIONS if known == typed)


def _read_length(form: Form, name: str, shortest: timedelta) -> timedelta:
    unit = UNITS.get(form.one_of(f"{name}_unit", set(UNITS)), UNITS["hours"])
    return unit * (form.whole(name, max(1, -(-shortest // unit)), LONGEST // unit) or 0)


def _read_late(form: Form, words: Words, ahead: timedelta) -> timedelta | None:
    """How much time must be left; None when nothing is sent late."""
    if form.one_of("late", {"skip", "send"}) != "send":
        return None
    left = _read_length(form, "left", SHORTEST_LEFT)
    if left and ahead and left >= ahead:
        form.refuse("left", words.gettext("This must be less than the time before the start above."))
    return left


def _read_off(form: Form, name: str, off: set[str]) -> frozenset[str]:
    """Shown and not ticked, and what was off before without being shown. Raises NotFound for a box of nobody here."""
    shown = set(form.text(f"shown_{name}", _MOST_SIGNS, required=False).split())
    ticked = set(form.many(name))
    if ticked - shown:
        raise NotFound(name)
    return frozenset((off - shown) | (shown - ticked))
