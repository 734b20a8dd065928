"""What will be said of appointments, or will not and why: the worker's own plans, decided as it would at this moment.

Left of `due`, whose plans these are, so that the log and the worker cannot disagree. In a practice's lens.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from tenants.due import OVERLAP, Owed, by_day, may_be_told, plans_of
from tenants.notifications.facts import AppointmentFacts, of_the_same_clients
from tenants.practices.tenant import Tenant
from tenants.reminders.reminder import Decision, Rule, decide_reminder
from tenants.scope import fetch
from tenants.writing.policy import MessageRules, find_message_policy
from tenants.writing.reach import Outside, Reach, reach_of
from tenants.writing.spend import month_of, read_spend

MISSED = "missed"
"""The moment has passed and nothing was written: no worker ran, or the rule was another one then."""

_TO_COME = """
SELECT id FROM appointment
WHERE client_record_id = $2 AND tenant_id = $1 AND starts_at > $3 AND cancelled_at IS NULL AND NOT pending
ORDER BY starts_at LIMIT $4
"""


@dataclass(frozen=True, slots=True)
class Foreseen:
    """One reminder that is not written down: with a `reason` it is not sent, and `at` is when it would have been.

    `told_with` is another appointment of that day whose message speaks for this one, too.
    """

    rule: Rule
    appointment: AppointmentFacts
    at: datetime
    channel: str
    instead_of: str = ""
    reason: str | None = None
    told_with: AppointmentFacts | None = None


@dataclass(frozen=True, slots=True)
class Prospects:
    """What is read of the practice; what is known outside of it comes to `foresee` from whoever may look there."""

    tenant: Tenant
    asked: frozenset[int]
    plans: Sequence[Owed]
    policy: MessageRules
    spend: dict[tuple[int, date], int]

    @property
    def appointments(self) -> list[AppointmentFacts]:
        return [owed.appointment for owed in self.plans]

    def reach(self, appointment: AppointmentFacts, outside: Outside, at: datetime) -> Reach:
        spent = self.spend.get((self.tenant.id, month_of(at, self.tenant)), 0)
        return reach_of(appointment, outside, sms_on=self.policy.sms_on, budget_left=spent < self.policy.sms_budget)


async def prospects_of_appointments(tenant: Tenant, ids: Sequence[int]) -> Prospects:
    """Their clients' other appointments are read with them: one message tells of all of a day."""
    plans = await plans_of([*ids, *await of_the_same_clients(ids)]) if ids else []
    return Prospects(tenant, frozenset(ids), plans, await find_message_policy(tenant), await read_spend({tenant.id}))


async def prospects_of_client(tenant: Tenant, record_id: int, now: datetime, most: int = 20) -> Prospects:
    """Of the appointments to come, the next ones first."""
    rows = await fetch(_TO_COME, tenant.id, record_id, now, most)
    return await prospects_of_appointments(tenant, [row["id"] for row in rows])


def foresee(prospects: Prospects, outside: Callable[[AppointmentFacts], Outside], now: datetime) -> list[Foreseen]:
    """Pure; in the order of their moments."""
    found = [*_silent(prospects), *_spoken(prospects, outside, now)]
    return sorted((each for each in found if each.appointment.id in prospects.asked), key=lambda each: each.at)


def _days(prospects: Prospects) -> Iterator[list[Owed]]:
    """Those of one day, client and rule that one message tells, as the worker's look puts them together."""
    due = {owed.key for owed in prospects.plans if owed.plan.reason is None}
    return by_day((owed for owed in prospects.plans if may_be_told(owed)), due)


def _silent(prospects: Prospects) -> Iterator[Foreseen]:
    """What rule and agreement leave unsaid, and no message of its day tells either."""
    spoken = {owed.key for together in _days(prospects) for owed in together}
    for owed in prospects.plans:
        if owed.key not in spoken:
            yield Foreseen(owed.rule, owed.appointment, owed.plan.at, owed.rule.channel, reason=owed.plan.reason)


def _spoken(prospects: Prospects, outside: Callable[[AppointmentFacts], Outside], now: datetime) -> Iterator[Foreseen]:
    """The first moment of a day that is still to come speaks for all of it."""
    for together in _days(prospects):
        due = [owed.plan.at for owed in together if owed.plan.reason is None]
        at = min((moment for moment in due if moment > now - OVERLAP), default=None)
        for owed in together:
            rule, appointment = owed.rule, owed.appointment
            if at is None:
                reason = owed.plan.reason or MISSED
                yield Foreseen(rule, appointment, owed.plan.at, rule.channel, reason=reason)
                continue
            reach = prospects.reach(appointment, outside(appointment), at)
            decision = decide_reminder(rule, appointment, reach, now)
            yield _decided(owed, at, decision, together[0])


def _decided(owed: Owed, at: datetime, decision: Decision, first: Owed) -> Foreseen:
    return Foreseen(
        owed.rule,
        owed.appointment,
        at,
        decision.channel,
        decision.instead_of,
        decision.reason,
        first.appointment if first is not owed else None,
    )
