"""Which reminders are due, over all practices. Only in the worker's lens.

Nothing is planned ahead: rules, appointments and the clock say what is due, and only then a row is written. A look
covers every moment since the look before it, so none is missed however long no worker ran.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby
from typing import Any
from zoneinfo import ZoneInfo

from tenants.availability.wall_clock import local_day
from tenants.notifications.facts import AppointmentFacts, of_the_same_clients, read_appointments
from tenants.reminders.reminder import Plan, Rule, plan_reminder
from tenants.reminders.rules import read_rules
from tenants.scope import fetch, fetch_first
from tenants.writing.policy import MessageRules, read_policies
from tenants.writing.quiet import LEAD, Quiet

OVERLAP = timedelta(minutes=2)
"""A look begins so much before the end of the last one: for bookings that were not committed yet, and other clocks."""

_TURN = "SELECT pg_try_advisory_xact_lock(hashtextextended('look for reminders', 0)) AS ours"
_LOOKED = "SELECT looked_until FROM reminder_look WHERE id = 1"
_LOOK = """
INSERT INTO reminder_look VALUES (1, $1) ON CONFLICT (id) DO UPDATE SET looked_until = excluded.looked_until
"""

# How many different times ahead the rules have, and who has which quiet hours: a few of each, however many practices.
_AHEADS = "SELECT DISTINCT minutes_ahead FROM reminder_rule WHERE ended_at IS NULL"
_QUIETS = """
SELECT DISTINCT practice.zone, coalesce(quiet_from, 1260) AS since, coalesce(quiet_until, 480) AS until
FROM practice LEFT JOIN message_policy ON message_policy.tenant_id = practice.id
"""

_COMING = """
SELECT DISTINCT appointment.id
FROM unnest($1::integer[], $2::timestamptz[], $3::timestamptz[], $4::text[])
     AS span (minutes_ahead, since, until, only_zone)
CROSS JOIN LATERAL (
    SELECT id, tenant_id FROM appointment
    WHERE starts_at > span.since AND starts_at <= span.until AND starts_at > $5 AND cancelled_at IS NULL
          AND NOT pending
    OFFSET 0
) AS appointment
JOIN practice ON practice.id = appointment.tenant_id AND only_zone IN ('', practice.zone)
WHERE EXISTS (
    SELECT FROM reminder_rule
    WHERE reminder_rule.minutes_ahead = span.minutes_ahead AND reminder_rule.tenant_id = appointment.tenant_id
          AND ended_at IS NULL
)
"""

_WRITTEN = """
SELECT appointment_id, rule_id, starts_at FROM message WHERE appointment_id = ANY ($1::bigint[]) AND kind = 'reminder'
"""

_OWE = """
INSERT INTO message (tenant_id, appointment_id, sequence, kind, rule_id, channel, starts_at, practitioner_id, place_id,
                     created_at, next_attempt_at, told_with)
SELECT tenant_id, appointment_id, 0, 'reminder', rule_id, channel, starts_at, practitioner_id, place_id,
       $1, due_at, told_with
FROM unnest($2::bigint[], $3::bigint[], $4::bigint[], $5::text[], $6::timestamptz[], $7::timestamptz[],
            $8::bigint[], $9::bigint[], $10::bigint[])
     AS owed (tenant_id, appointment_id, rule_id, channel, starts_at, due_at, practitioner_id, place_id, told_with)
ON CONFLICT DO NOTHING
RETURNING id, appointment_id, rule_id, starts_at
"""

TOO_LATE_ALONE = {"booked_late", "quiet_hours", "rule_is_newer"}
"""What gets no message of its own for these is told when one of its day leaves: nobody should miss it in the list."""

Key = tuple[int, int, datetime]


@dataclass(frozen=True, slots=True)
class Owed:
    """One reminder that is not written down yet, with what rule and agreement say of it."""

    rule: Rule
    appointment: AppointmentFacts
    plan: Plan

    @property
    def key(self) -> Key:
        return (self.appointment.id, self.rule.id, self.appointment.starts_at)


async def owe_what_is_due(now: datetime) -> int:
    """Writes the rows of reminders whose moment has come since the last look, and gives how many there are.

    Nothing when another worker is looking at this moment.
    """
    turn = await fetch_first(_TURN)
    if not turn or not turn["ours"]:
        return 0
    looked = await fetch_first(_LOOKED)
    since = min(looked["looked_until"] if looked else now, now) - OVERLAP
    written = await owe(await find_due(since, now), now)
    await fetch(_LOOK, now)
    return written


async def find_due(since: datetime, now: datetime) -> list[Owed]:
    """Every reminder not written down yet whose moment, quiet hours heeded, lies after `since` and not after `now`.

    Without those of late bookings, which are decided when the booking is told (`owe_late`).
    """
    aheads = [timedelta(minutes=row["minutes_ahead"]) for row in await fetch(_AHEADS)]
    spans = list(_spans(aheads, await fetch(_QUIETS), since, now))
    if not spans:
        return []
    columns = (list(column) for column in zip(*spans, strict=True))
    ids = [row["id"] for row in await fetch(_COMING, *columns, now)]
    return [
        owed
        for owed in await plans_of(ids)
        if owed.plan.reason is None and not owed.plan.late and since < owed.plan.at <= now
    ]


async def plans_of(ids: Sequence[int]) -> list[Owed]:
    """For these appointments each reminder not written down yet, as the rules have it now. Requests have none."""
    if not ids:
        return []
    appointments = await read_appointments(ids)
    tenants = {each.practice.id for each in appointments.values()}
    rules, policies = await read_rules(tenants), await read_policies(tenants)
    written = {tuple(row) for row in await fetch(_WRITTEN, list(ids))}
    planned = (
        Owed(rule, each, plan_reminder(rule, each, _quiet(policies, each), each.practice.zone))
        for each in appointments.values()
        for rule in rules.get(each.practice.id, [])
        if rule.ended_at is None and each.cancelled_at is None and not each.pending
    )
    return [owed for owed in planned if owed.key not in written]


async def owe(due: Sequence[Owed], now: datetime) -> int:
    """One row each. Of several on one day for one client, the first one's message speaks for all."""
    day = await plans_of(await of_the_same_clients([owed.appointment.id for owed in due])) if due else []
    groups = list(by_day([*due, *filter(may_be_told, day)], {owed.key for owed in due}))
    firsts = await _write([group[0] for group in groups], now)
    rest = {owed.key: firsts[group[0].key] for group in groups if group[0].key in firsts for owed in group[1:]}
    others = await _write([owed for group in groups for owed in group[1:] if owed.key in rest], now, rest)
    return len(firsts) + len(others)


def may_be_told(owed: Owed) -> bool:
    """By itself, or in the message of another one of its day."""
    return owed.plan.reason is None or owed.plan.reason in TOO_LATE_ALONE


async def owe_late(appointment_ids: Sequence[int], now: datetime) -> None:
    """What is due at once because it was booked, moved or accepted after a rule's moment."""
    plans = await plans_of(appointment_ids)
    await owe([owed for owed in plans if owed.plan.late and owed.appointment.starts_at > now], now)


def by_day(owed: Iterable[Owed], due: set[Key]) -> Iterator[list[Owed]]:
    """Those of one client, day and rule, by their start; only where one of them is due itself."""
    unique = {each.key: each for each in owed}
    ordered = sorted(unique.values(), key=lambda each: (*_together(each), each.appointment.starts_at))
    for _, group in groupby(ordered, _together):
        together = list(group)
        if any(each.key in due for each in together):
            yield together


def _together(owed: Owed) -> tuple[Any, ...]:
    return owed.appointment.client_record_id, owed.appointment.day, owed.rule.id


async def _write(owed: Sequence[Owed], now: datetime, told_with: Mapping[Key, int] | None = None) -> dict[Key, int]:
    """The ids of the rows that are new."""
    if not owed:
        return {}
    facts = [each.appointment for each in owed]
    rows = await fetch(
        _OWE,
        now,
        [each.practice.id for each in facts],
        [each.id for each in facts],
        [each.rule.id for each in owed],
        [each.rule.channel for each in owed],
        [each.starts_at for each in facts],
        [max(each.plan.at, now) for each in owed],
        [each.practitioner_id for each in facts],
        [each.place_id for each in facts],
        [told_with[each.key] if told_with else None for each in owed],
    )
    return {(row["appointment_id"], row["rule_id"], row["starts_at"]): row["id"] for row in rows}


Span = tuple[int, datetime, datetime, str]
"""Minutes ahead, after when and until when appointments start, and in which zone alone ("" for any)."""


def _spans(aheads: Sequence[timedelta], quiets: Iterable[Any], since: datetime, now: datetime) -> Iterator[Span]:
    """Where the starts lie whose reminders may have come due, for each time ahead."""
    windows = {(since, now, "")}
    for row in quiets:
        zone = ZoneInfo(row["zone"])
        windows.update((*night, zone.key) for night in _nights(Quiet(row["since"], row["until"]), zone, since, now))
    for ahead in aheads:
        for begins, ends, zone_name in windows:
            yield ahead // timedelta(minutes=1), begins + ahead, ends + ahead, zone_name


def _nights(quiet: Quiet, zone: ZoneInfo, since: datetime, now: datetime) -> Iterator[tuple[datetime, datetime]]:
    """Quiet hours for which the last messages have left since then: what falls into them is due, too."""
    day, last = (local_day(int((at + LEAD).timestamp()), zone) for at in (since, now))
    while day <= last:
        hours = quiet.hours_of(day, zone)
        if hours and since < hours[0] - LEAD <= now:
            yield hours[0] - timedelta(seconds=1), hours[1]  # their first instant is quiet, too
        day += timedelta(days=1)


def _quiet(policies: dict[int, MessageRules], appointment: AppointmentFacts) -> Quiet:
    return policies.get(appointment.practice.id, MessageRules()).quiet
