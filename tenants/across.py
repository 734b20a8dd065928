"""The only reads over several practices: one person's appointments and memberships. Only in a person's lens.

No condition on the person stands here: row-level security shows the rows that hang from their proved addresses.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from tenants.booking.policy import Policy, policy_from
from tenants.practices.tenant import tenant_from
from tenants.scope import fetch, fetch_first

_LISTED = """
SELECT appointment.ref, appointment.starts_at, appointment.ends_at, appointment.moved_at, appointment.cancelled_at,
       appointment.no_show_at, practice.slug AS practice_slug, practice.name AS practice_name, practice.zone,
       practice.accent, service.name AS service_name, practitioner.name AS practitioner_name
FROM (
    SELECT * FROM appointment WHERE ends_at > $1
    UNION ALL
    (SELECT * FROM appointment WHERE ends_at <= $1 ORDER BY starts_at DESC LIMIT $2)
) AS appointment
JOIN practice ON practice.id = appointment.tenant_id
JOIN service ON service.id = appointment.service_id
JOIN practitioner ON practitioner.id = appointment.practitioner_id
ORDER BY appointment.starts_at
"""

_WHOLE = """
SELECT appointment.ref, appointment.starts_at, appointment.ends_at, appointment.sequence, appointment.note,
       appointment.booked_at, appointment.booked_by, appointment.moved_at, appointment.cancelled_at,
       appointment.cancelled_by, appointment.cancel_reason, appointment.no_show_at,
       practice.slug AS practice_slug, practice.name AS practice_name, practice.zone, practice.accent,
       practice.email AS practice_email, practice.phone AS practice_phone,
       service.name AS service_name, service.ref AS service_ref,
       practitioner.name AS practitioner_name, practitioner.ref AS practitioner_ref,
       place.name AS place_name, place.street, place.postcode, place.city, place.directions,
       booking_policy.minimum_notice, booking_policy.horizon, booking_policy.cancel_notice,
       booking_policy.move_notice, booking_policy.mercy, booking_policy.daily_limit
FROM appointment
JOIN practice ON practice.id = appointment.tenant_id
JOIN service ON service.id = appointment.service_id
JOIN practitioner ON practitioner.id = appointment.practitioner_id
JOIN place ON place.id = appointment.place_id
LEFT JOIN booking_policy ON booking_policy.tenant_id = appointment.tenant_id
WHERE appointment.ref = $1
"""


@dataclass(frozen=True, slots=True)
class Merged:
    """One person's appointments over all practices, each list in the order in which it is read."""

    upcoming: list[dict[str, Any]]
    past: list[dict[str, Any]]


async def merged_appointments(now: datetime, past: int = 20) -> Merged:
    """Everything to come, cancelled or not, soonest first; then the last `past` ones, latest first.

    What a line of a list says; `own_appointment` has the rest.
    """
    rows = [dict(row, zone=ZoneInfo(row["zone"])) for row in await fetch(_LISTED, now, past)]
    return Merged(
        [row for row in rows if row["ends_at"] > now], [row for row in reversed(rows) if row["ends_at"] <= now]
    )


async def own_appointment(ref: str) -> dict[str, Any] | None:
    """Everything about it, and until when it can be moved and cancelled."""
    row = await fetch_first(_WHOLE, ref)
    return _with_deadlines(row) if row else None


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
