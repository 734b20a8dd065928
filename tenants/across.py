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

_LISTED = "SELECT * FROM own_list($1, $2, $3, $4)"
_LINE = (  # what a line says comes first in the rows of the list
    "ref",
    "starts_at",
    "ends_at",
    "booked_at",
    "moved_at",
    "cancelled_at",
    "no_show_at",
    "practice_slug",
    "practice_name",
    "zone",
    "accent",
    "service_name",
    "practitioner_name",
)
_WHOLE = "SELECT * FROM own_appointment($1, $2)"


@dataclass(frozen=True, slots=True)
class Merged:
    """One person's appointments over all practices, each list in the order in which it is read.

    `next` is the first to come that is not cancelled, with its place and until when it can be moved and cancelled; it
    is in `upcoming`, too. The others say what a line of a list says; `own_appointment` has the rest.
    """

    next: dict[str, Any] | None
    upcoming: list[dict[str, Any]]
    past: list[dict[str, Any]]


async def merged_appointments(person_id: int, now: datetime, *, practice: str = "", past: int = 20) -> Merged:
    """Everything to come, cancelled or not, soonest first; then the last `past` ones, latest first.

    `practice` is the slug of the one whose next appointment is wanted.
    """
    found = await ask(_LISTED, person_id, now, past, practice)
    rows = [dict(zip(_LINE, row, strict=False)) for row in found]
    for row in rows:
        row["zone"] = ZoneInfo(row["zone"])
    place = next((place for place, row in enumerate(found) if row["is_next"]), None)
    if place is not None:
        rows[place] = _with_deadlines(dict(found[place], zone=rows[place]["zone"]))
    return Merged(
        None if place is None else rows[place],
        [row for row in rows if row["ends_at"] > now],
        [row for row in reversed(rows) if row["ends_at"] <= now],
    )


async def own_appointment(person_id: int, ref: str) -> dict[str, Any] | None:
    """Everything about it, and until when it can be moved and cancelled."""
    rows = await ask(_WHOLE, person_id, ref)
    return _with_deadlines(dict(rows[0], zone=ZoneInfo(rows[0]["zone"]))) if rows else None


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


def _with_deadlines(row: dict[str, Any]) -> dict[str, Any]:
    """The same row, with `can_cancel_until` and `can_move_until` as the practice's policy has them."""
    policy = policy_from(row) if row["horizon"] else Policy()
    live = row["cancelled_at"] is None
    row["can_cancel_until"] = policy.cancel_until(row) if live else None
    row["can_move_until"] = policy.move_until(row) if live else None
    return row
