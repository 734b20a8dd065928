"""How a practice writes to its clients."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from tenants.practices.tenant import Tenant
from tenants.refs import fingerprint
from tenants.refusals import ChangedMeanwhile
from tenants.scope import fetch
from tenants.writing.quiet import Quiet
from tenants.writing.tables import MessagePolicy

NOTICES = ("booked", "moved", "cancelled", "asked")
"""What a practice may leave unsaid."""

ALWAYS_SAID = {"requested", "accepted", "accepted_moved", "declined", "lapsed"}
"""What becomes of a request its client waits for, so nobody may."""

LARGEST_BUDGET = 1_000_000

# Other quiet hours may put a moment that was to come behind us: the worker looks at the last day once more.
_LOOK_AGAIN = "UPDATE reminder_look SET looked_until = looked_until - '25 hours'::interval"


@dataclass(frozen=True, slots=True)
class MessageRules:
    """What `MessagePolicy` explains; these are what a practice has until it says otherwise."""

    quiet: Quiet = field(default_factory=Quiet)
    sms_on: bool = False
    sms_budget: int = 500
    sms_folds: bool = False
    sms_names_service: bool = False
    notices_off: frozenset[str] = frozenset()


async def find_message_policy(tenant: Tenant) -> MessageRules:
    return (await read_policies({tenant.id})).get(tenant.id, MessageRules())


async def read_policies(tenant_ids: Iterable[int]) -> dict[int, MessageRules]:
    """Of those practices that have said something."""
    rows = await fetch("SELECT * FROM message_policy WHERE tenant_id = ANY ($1::bigint[])", list(tenant_ids))
    return {row["tenant_id"]: _from(row) for row in rows}


def policy_fingerprint(rules: MessageRules) -> str:
    """The same in every process: a set's own order is not."""
    return fingerprint(replace(rules, notices_off=tuple(sorted(rules.notices_off))))  # type: ignore[arg-type]


async def change_message_policy(tenant: Tenant, rules: MessageRules, seen: str) -> None:
    """`seen` is the fingerprint of the rules that the form was filled from. Raises ChangedMeanwhile."""
    await fetch("SELECT pg_advisory_xact_lock(hashtextextended('message policy ' || $1, 0))", str(tenant.id))
    stands = await find_message_policy(tenant)
    if stands == rules:
        return
    if policy_fingerprint(stands) != seen:
        raise ChangedMeanwhile
    await save_message_policy(tenant, rules)


async def save_message_policy(tenant: Tenant, rules: MessageRules) -> None:
    values: dict[Any, Any] = {
        "quiet_from": rules.quiet.since,
        "quiet_until": rules.quiet.until,
        "sms_on": rules.sms_on,
        "sms_budget": rules.sms_budget,
        "sms_folds": rules.sms_folds,
        "sms_names_service": rules.sms_names_service,
        "notices_off": sorted(rules.notices_off),
    }
    await fetch("SELECT id FROM practice WHERE id = $1 FOR UPDATE", tenant.id)  # so that only one makes the row
    if rules.quiet != (await find_message_policy(tenant)).quiet:
        await fetch(_LOOK_AGAIN)
    if await MessagePolicy.of(tenant).first():
        await MessagePolicy.update(values).where(MessagePolicy.tenant_id == tenant.id)
    else:
        await MessagePolicy.insert(MessagePolicy(tenant_id=tenant.id, **values))


def _from(row: Mapping[str, Any]) -> MessageRules:
    return MessageRules(
        Quiet(row["quiet_from"], row["quiet_until"]),
        row["sms_on"],
        row["sms_budget"],
        row["sms_folds"],
        row["sms_names_service"],
        frozenset(row["notices_off"]),
    )
