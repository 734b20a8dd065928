"""All that a batch of messages has to be decided and written by, read at once."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Protocol

from portal.database import read_rows, worker_lens
from portal.languages.phones import takes_sms
from portal.messages.queue import Row
from portal.people.recipients import Recipient, find_recipients
from portal.settings import Settings
from tenants.due import owe_late
from tenants.notifications.change import Change, Told
from tenants.notifications.facts import AppointmentFacts, read_appointments, read_tenants
from tenants.notifications.offered import OfferFacts, read_offers
from tenants.practices.tenant import Tenant
from tenants.reminders.reminder import Rule
from tenants.reminders.rules import read_rules
from tenants.scope import fetch
from tenants.writing.policy import MessageRules, read_policies
from tenants.writing.reach import Outside, Reach, reach_of
from tenants.writing.spend import month_of, read_spend
from tenants.writing.texts import Texts, read_texts

_TOGETHER = """
SELECT id, told_with, appointment_id, starts_at, kind, sequence FROM message WHERE told_with = ANY ($1::bigint[])
"""

_CHANGES = """
SELECT appointment_id, sequence, kind, starts_at, practitioner_id, place_id, by_email, audience, membership_id,
       (sent_at IS NOT NULL AND failed_at IS NULL) OR skip_reason IN ('notice_off', 'left_unsaid') AS told
FROM message
WHERE appointment_id = ANY ($1::bigint[]) AND copy = 0
      AND kind IN ('booked', 'moved', 'cancelled', 'requested', 'declined', 'lapsed')
ORDER BY sequence
"""

_MEMBERS = "SELECT id, email, practitioner_id, ended_at FROM membership WHERE id = ANY ($1::bigint[])"

_STOPPED = "SELECT number FROM sms_stop WHERE number = ANY ($1::text[])"
_BOUNCED = "SELECT email FROM mail_bounce WHERE email = ANY ($1::text[])"


@dataclass(frozen=True, slots=True)
class Reader:
    """A member of the practice; `email` is None once they have left."""

    email: str | None
    practitioner_id: int | None


@dataclass(slots=True)
class Known:
    settings: Settings
    now: datetime
    tenants: dict[int, Tenant] = field(default_factory=dict)
    appointments: dict[int, AppointmentFacts] = field(default_factory=dict)
    offers: dict[int, OfferFacts] = field(default_factory=dict)
    together: dict[int, list[Row]] = field(default_factory=lambda: defaultdict(list))
    rules: dict[int, Rule] = field(default_factory=dict)
    policies: dict[int, MessageRules] = field(default_factory=dict)
    texts: dict[int, Texts] = field(default_factory=dict)
    spend: dict[tuple[int, date], int] = field(default_factory=dict)
    changes: dict[int, list[Change]] = field(default_factory=lambda: defaultdict(list))
    told: dict[tuple[int, int | None], list[Told]] = field(default_factory=lambda: defaultdict(list))
    readers: dict[int, Reader] = field(default_factory=dict)
    recipients: dict[str, Recipient] = field(default_factory=dict)
    bounced: set[str] = field(default_factory=set)
    stopped: set[str] = field(default_factory=set)

    def policy(self, tenant_id: int) -> MessageRules:
        return self.policies.get(tenant_id, MessageRules())

    def reach(self, appointment: AppointmentFacts) -> Reach:
        policy = self.policy(appointment.practice.id)
        spent = self.spend.get((appointment.practice.id, month_of(self.now, appointment.practice)), 0)
        return reach_of(
            appointment,
            outside_of(appointment, self.bounced, self.stopped, self.settings),
            sms_on=policy.sms_on,
            budget_left=spent < policy.sms_budget,
        )


class Reached(Protocol):
    """Who is written to: a client of a practice, by way of an appointment or not."""

    @property
    def email(self) -> str | None: ...
    @property
    def phone(self) -> str: ...
    @property
    def practice(self) -> Tenant: ...


def outside_of(client: Reached, bounced: set[str], stopped: set[str], settings: Settings) -> Outside:
    countries = {client.practice.country, *settings.sms_countries}
    return Outside(
        bounced=client.email in bounced,
        stopped=client.phone in stopped,
        mobile=takes_sms(client.phone) is not None,
        served=takes_sms(client.phone) in countries,
    )


async def read_known(rows: Sequence[Row], settings: Settings, now: datetime) -> Known:
    """Opens its own lens; what is late because it was just booked is owed on the way."""
    known = Known(settings, now)
    async with worker_lens():
        await _read_practices(known, rows)
        await _owe_late(known, rows)
    await _read_outside(known)
    return known


async def _read_practices(known: Known, rows: Sequence[Row]) -> None:
    tenants = {row["tenant_id"] for row in rows}
    for row in await fetch(_TOGETHER, [row["id"] for row in rows]):
        known.together[row["told_with"]].append(dict(row))
    told = [*rows, *(each for together in known.together.values() for each in together)]
    known.appointments = await read_appointments(
        [each["appointment_id"] for each in told if each["appointment_id"] is not None]
    )
    known.offers = await read_offers([row["offer_id"] for row in rows if row["offer_id"] is not None])
    known.tenants = await read_tenants(tenants)
    known.rules = {rule.id: rule for each in (await read_rules(tenants)).values() for rule in each}
    known.policies, known.texts = await read_policies(tenants), await read_texts(tenants)
    known.spend = await read_spend(tenants)
    changed = [each["appointment_id"] for each in told if each["kind"] not in {"reminder", "asked"}]
    for row in await fetch(_CHANGES, changed):
        if row["audience"] == "client":
            known.changes[row["appointment_id"]].append(Change(*(row[name] for name in Change.__slots__)))
        if row["told"]:
            known.told[row["appointment_id"], row["membership_id"]].append(Told(row["sequence"]))
    members = await fetch(_MEMBERS, [row["membership_id"] for row in rows if row["membership_id"] is not None])
    known.readers = {
        row["id"]: Reader(None if row["ended_at"] else row["email"], row["practitioner_id"]) for row in members
    }


async def _owe_late(known: Known, rows: Sequence[Row]) -> None:
    notices = [row for row in rows if row["kind"] in {"booked", "moved"} and row["audience"] == "client"]
    ids = [each["appointment_id"] for row in notices for each in (row, *known.together[row["id"]])]
    if ids and any(rule.late_left is not None for rule in known.rules.values()):
        await owe_late(ids, known.now)


async def _read_outside(known: Known) -> None:
    """What no practice's role can see."""
    emails = {each.email for each in known.appointments.values() if each.email}
    emails |= {each.email for each in known.readers.values() if each.email}
    emails |= {each.email for each in known.offers.values() if each.email}
    numbers = {each.phone for each in known.appointments.values() if each.phone}
    known.recipients = await find_recipients(emails)
    known.bounced = await bounced_among(emails)
    known.stopped = await stopped_among(numbers)


async def bounced_among(emails: set[str]) -> set[str]:
    return {row["email"] for row in await read_rows(_BOUNCED, list(emails))}


async def stopped_among(numbers: set[str]) -> set[str]:
    """E.164."""
    return {row["number"] for row in await read_rows(_STOPPED, list(numbers))} if numbers else set()
