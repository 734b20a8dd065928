"""The reminder rules of practices: found, added, edited, ended."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from tenants.practices.tenant import Tenant
from tenants.refs import fingerprint
from tenants.refusals import ChangedMeanwhile, NotFound, TooManyRules
from tenants.reminders.reminder import Condition, Rule
from tenants.reminders.tables import ReminderRule
from tenants.scope import fetch

CHANNELS = ("email", "sms")
CONDITIONS: tuple[Condition, ...] = ("always", "unconfirmed", "no_email", "unconfirmed_or_no_email")
SHORTEST, LONGEST = timedelta(minutes=5), timedelta(days=60)
SHORTEST_LEFT = timedelta(minutes=15)
MOST_RULES = 20


@dataclass(frozen=True, slots=True)
class RuleDraft:
    """A rule as somebody wants it; services and practitioners by their refs."""

    channel: str
    ahead: timedelta
    condition: Condition
    late_left: timedelta | None = None
    off_services: frozenset[str] = frozenset()
    off_practitioners: frozenset[str] = frozenset()


async def find_rules(tenant: Tenant) -> list[Rule]:
    """Those that hold, the earliest message first."""
    return [rule for rule in (await read_rules({tenant.id})).get(tenant.id, []) if rule.ended_at is None]


async def find_rule(tenant: Tenant, ref: str) -> Rule:
    """Raises NotFound, also for one that has ended."""
    row = await ReminderRule.of(tenant).where((ReminderRule.ref == ref) & ReminderRule.ended_at.is_null()).first()
    if row is None:
        raise NotFound("reminder_rule")
    return rule_from(row)


_RULES = """
SELECT * FROM reminder_rule WHERE tenant_id = ANY ($1::bigint[])
ORDER BY tenant_id, minutes_ahead DESC, channel, id
"""


async def read_rules(tenant_ids: Iterable[int]) -> dict[int, list[Rule]]:
    """Of each practice all that it ever had, since messages speak of ended ones."""
    found: dict[int, list[Rule]] = {}
    for row in await fetch(_RULES, list(tenant_ids)):
        found.setdefault(row["tenant_id"], []).append(rule_from(row))
    return found


async def add_rule(tenant: Tenant, draft: RuleDraft, now: datetime) -> str:
    """Gives its ref. From now on: who should have been reminded before is not reminded by it.

    Raises TooManyRules, and NotFound for a service or practitioner of nobody here.
    """
    await _check_room(tenant)
    rule = ReminderRule(tenant_id=tenant.id, since=now, **await _columns(tenant, draft))
    await ReminderRule.insert(rule)
    return str(rule.ref)


async def change_rule(tenant: Tenant, ref: str, draft: RuleDraft, seen: str, now: datetime) -> None:
    """Another time before the start begins anew, as a new rule does; the rest holds for what is still to leave.

    `seen` is the `rule_fingerprint` of the rule that the form has shown. Raises NotFound, ChangedMeanwhile.
    """
    query = ReminderRule.of(tenant).where((ReminderRule.ref == ref) & ReminderRule.ended_at.is_null())
    row = await query.lock_rows("NO KEY UPDATE").first()
    if row is None:
        raise NotFound("reminder_rule")
    if seen and seen != rule_fingerprint(rule_from(row)):
        raise ChangedMeanwhile
    columns: dict[Any, Any] = await _columns(tenant, draft)
    if columns["minutes_ahead"] != row["minutes_ahead"]:
        columns["since"] = now
    await ReminderRule.update(columns).where((ReminderRule.tenant_id == tenant.id) & (ReminderRule.id == row["id"]))


async def end_rule(tenant: Tenant, ref: str, now: datetime) -> None:
    """Raises NotFound."""
    rule = await find_rule(tenant, ref)
    await ReminderRule.update({ReminderRule.ended_at: now}).where(
        (ReminderRule.tenant_id == tenant.id) & (ReminderRule.id == rule.id)
    )


async def resume_rule(tenant: Tenant, ref: str) -> None:
    """Takes its end back, as if there had been none. Raises NotFound, TooManyRules."""
    await _check_room(tenant, besides=ref)
    query = ReminderRule.update({ReminderRule.ended_at: None}).where(
        (ReminderRule.tenant_id == tenant.id) & (ReminderRule.ref == ref)
    )
    if not await query.returning(ReminderRule.id):
        raise NotFound("reminder_rule")


def rule_fingerprint(rule: Rule) -> str:
    off = (sorted(rule.off_services), sorted(rule.off_practitioners))
    return fingerprint((rule.channel, rule.ahead, rule.condition, rule.late_left, off, rule.since))


def rule_from(row: Mapping[str, Any]) -> Rule:
    left = row["late_minutes_left"]
    return Rule(
        row["id"],
        row["ref"],
        row["channel"],
        timedelta(minutes=row["minutes_ahead"]),
        row["condition"],
        None if left is None else timedelta(minutes=left),
        frozenset(row["off_services"]),
        frozenset(row["off_practitioners"]),
        row["since"],
        row["ended_at"],
    )


_OFF = """
SELECT 'services' AS what, ref FROM service WHERE tenant_id = $1 AND id = ANY ($2::bigint[])
UNION ALL SELECT 'practitioners', ref FROM practitioner WHERE tenant_id = $1 AND id = ANY ($3::bigint[])
"""


async def refs_of_off(tenant: Tenant, rule: Rule) -> dict[str, set[str]]:
    """What the rule is off for, under services and practitioners; also what is not offered any more."""
    found: dict[str, set[str]] = {"services": set(), "practitioners": set()}
    for row in await fetch(_OFF, tenant.id, list(rule.off_services), list(rule.off_practitioners)):
        found[row["what"]].add(row["ref"])
    return found


async def _check_room(tenant: Tenant, besides: str = "") -> None:
    """One at a time, so that two together do not both find the last place free."""
    await fetch("SELECT pg_advisory_xact_lock(hashtextextended('reminder rules ' || $1, 0))", str(tenant.id))
    if sum(rule.ref != besides for rule in await find_rules(tenant)) >= MOST_RULES:
        raise TooManyRules(MOST_RULES)


async def _columns(tenant: Tenant, draft: RuleDraft) -> dict[str, Any]:
    left = draft.late_left
    return {
        "channel": draft.channel,
        "minutes_ahead": draft.ahead // timedelta(minutes=1),
        "condition": draft.condition,
        "late_minutes_left": None if left is None else left // timedelta(minutes=1),
        "off_services": await _services(tenant, draft.off_services),
        "off_practitioners": await _practitioners(tenant, draft.off_practitioners),
    }


async def _services(tenant: Tenant, refs: frozenset[str]) -> list[int]:
    rows = await fetch("SELECT id FROM service WHERE tenant_id = $1 AND ref = ANY ($2::text[])", tenant.id, list(refs))
    return _all_found(rows, refs)


async def _practitioners(tenant: Tenant, refs: frozenset[str]) -> list[int]:
    rows = await fetch(
        "SELECT id FROM practitioner WHERE tenant_id = $1 AND ref = ANY ($2::text[])", tenant.id, list(refs)
    )
    return _all_found(rows, refs)


def _all_found(rows: Sequence[Mapping[str, Any]], refs: frozenset[str]) -> list[int]:
    """Raises NotFound when one of them is not of this practice."""
    if len(rows) != len(refs):
        raise NotFound("service or practitioner")
    return sorted(row["id"] for row in rows)
