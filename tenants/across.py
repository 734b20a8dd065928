"""The only reads over several practices: one person's appointments and memberships. Only in a person's lens.

No condition on the person stands here: row-level security shows the rows that hang from their proved addresses.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from tenants.booking.policy import Policy, policy_from
from tenants.practices.tenant import tenant_from
from tenants.scope import ask, fetch

_LISTED = "SELECT * FROM own_list($1, $2, $3)"
_WHOLE = "SELECT * FROM own_appointment($1, $2)"


@dataclass(frozen=True, slots=True)
class Merged:
    """One person's appointments over all practices, each list in the order in which it is read."""

    upcoming: list[dict[str, Any]]
    past: list[dict[str, Any]]


async def merged_appointments(person_id: int, now: datetime, past: int = 20) -> Merged:
    """Everything to come, cancelled or not, soonest first; then the last `past` ones, latest first.

    What a line of a list says; `own_appointment` has the rest.
    """
    rows = [dict(row, zone=ZoneInfo(row["zone"])) for row in await ask(_LISTED, person_id, now, past)]
    return Merged(
        [row for row in rows if row["ends_at"] > now], [row for row in reversed(rows) if row["ends_at"] <= now]
    )


async def own_appointment(person_id: int, ref: str) -> dict[str, Any] | None:
    """Everything about it, and until when it can be moved and cancelled."""
    rows = await ask(_WHOLE, person_id, ref)
    return _with_deadlines(rows[0]) if rows else None


async def own_memberships() -> list[dict[str, Any]]:
    """Where this person works: the practice's slug and name, by which of their addresses, and their role there."""
    rows = await fetch(
        """SELECT practice.slug, practice.name, membership.email, membership.role, membership.practitioner_id
           FROM membership JOIN practice ON practice.id = membership.tenant_id ORDER BY practice.name"""
    )
    return [dict(row) for row in rows]


async def own_records() -> list[dict[str, Any]]:
    """The practices that know this person, as `tenant`, and by which of their addresses."""
    rows = await fetch(
        """SELECT practice.*, client_record.email AS known_as
           FROM client_record JOIN practice ON practice.id = client_record.tenant_id ORDER BY practice.name"""
    )
    return [{"tenant": tenant_from(row), "email": row["known_as"]} for row in rows]


def _with_deadlines(row: Any) -> dict[str, Any]:
    """`can_cancel_until` and `can_move_until` as the practice's policy has them; the zone as a zone."""
    facts = dict(row)
    policy = policy_from(facts) if facts["horizon"] else Policy()
    live = facts["cancelled_at"] is None
    return facts | {
        "zone": ZoneInfo(facts["zone"]),
        "can_cancel_until": policy.cancel_until(facts) if live else None,
        "can_move_until": policy.move_until(facts) if live else None,
    }
