"""Whom a new or newly set rule comes too late for: said when it is saved, since nothing is made up for."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from tenants.practices.tenant import Tenant
from tenants.reminders.reminder import Rule, plan_reminder
from tenants.scope import fetch
from tenants.writing.quiet import Quiet

# Whoever has had a message by the rule, at its time before, is not among them.
_COMING = """
SELECT starts_at, greatest(booked_at, moved_at, accepted_at) AS agreed_at, cancelled_at, confirmed_at, service_id,
       practitioner_id
FROM appointment
WHERE tenant_id = $1 AND starts_at > $2 AND starts_at <= $3 AND cancelled_at IS NULL AND NOT pending
      AND NOT EXISTS (
    SELECT FROM message
    WHERE message.appointment_id = appointment.id AND message.rule_id = $4
          AND message.starts_at = appointment.starts_at AND skipped_at IS NULL)
"""
_A_NIGHT = timedelta(days=1)
"""More than quiet hours can bring a message forward by."""


@dataclass(frozen=True, slots=True)
class _Coming:
    starts_at: datetime
    agreed_at: datetime
    cancelled_at: datetime | None
    confirmed_at: datetime | None
    service_id: int
    practitioner_id: int


async def count_passed_over(tenant: Tenant, rule: Rule, quiet: Quiet, now: datetime) -> int:
    """Coming appointments that begin too soon for the rule's moment and get nothing from it."""
    rows = await fetch(_COMING, tenant.id, now, now + rule.ahead + _A_NIGHT, rule.id)
    plans = (plan_reminder(rule, _Coming(**row), quiet, tenant.zone) for row in rows)
    return sum(plan.at <= now and plan.reason in {"rule_is_newer", "booked_late", "quiet_hours"} for plan in plans)
