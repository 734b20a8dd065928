"""The only reads over several practices: a person's appointments, messages, documents and memberships, in their lens.

No condition on the person stands here: row-level security shows the rows that hang from their proved addresses.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from tenants.booking.cancel import cancel_until
from tenants.booking.policy import Policy, policy_from
from tenants.clients.wishes import Wishes
from tenants.practices.tenant import Tenant, tenant_from
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
    "for_name",
    "pending",
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
    """Everything about it, and until when it can be moved and cancelled; `for_name` is a child's, or ""."""
    rows = await ask(_WHOLE, person_id, ref)
    return _with_deadlines(dict(rows[0], zone=ZoneInfo(rows[0]["zone"]))) if rows else None


async def own_memberships() -> list[dict[str, Any]]:
    """Where this person works: the practice's slug and name, by which of their addresses, and their role there."""
    rows = await fetch(
        """SELECT practice.slug, practice.name, membership.email, membership.role, membership.practitioner_id,
                  membership.sees_all_clients, membership.sees_contacts, practice.suspended_at,
                  practice.published_at
           FROM membership JOIN practice ON practice.id = membership.tenant_id ORDER BY practice.name"""
    )
    return [dict(row) for row in rows]


async def own_records() -> list[dict[str, Any]]:
    """The practices that know this person, as `tenant`, and by which of their addresses."""
    rows = await fetch(
        """SELECT practice.*, client_record.email AS known_as
           FROM client_record JOIN practice ON practice.id = client_record.tenant_id
           WHERE guardian_id IS NULL ORDER BY practice.name"""
    )
    return [{"tenant": tenant_from(row), "email": row["known_as"]} for row in rows]


_MESSAGES = """
WITH theirs AS MATERIALIZED (
    SELECT * FROM message
    WHERE told_with IS NULL AND (skipped_at IS NULL OR skip_reason = ANY ($2::text[]))
      AND (sent_at IS NOT NULL OR failed_at IS NOT NULL OR skipped_at IS NOT NULL OR next_attempt_at <= $1)
), listed AS MATERIALIZED (
    SELECT * FROM theirs
    WHERE $3 = '' OR id < (SELECT id FROM theirs WHERE ref = $3)
    ORDER BY id DESC LIMIT $4
), told AS (
    SELECT id, appointment_id FROM listed
    UNION ALL
    SELECT told_with, appointment_id FROM message WHERE told_with = ANY (ARRAY(SELECT id FROM listed))
)
SELECT listed.id, listed.ref, listed.kind, listed.channel, listed.created_at, listed.sent_at, listed.delivered_at,
       listed.failed_at, listed.skipped_at, listed.skip_reason, listed.sent_to, listed.said, offer.key AS offer_key,
       practice.slug AS practice_slug, practice.name AS practice_name, practice.accent, practice.zone, practice.country,
       appointment.ref AS appointment_ref, coalesce(appointment.starts_at, offer.starts_at) AS starts_at,
       service.name AS service_name,
       CASE WHEN visitor.guardian_id IS NOT NULL THEN visitor.first_name ELSE '' END AS for_name
FROM listed
JOIN told ON told.id = listed.id
LEFT JOIN appointment ON appointment.id = told.appointment_id
LEFT JOIN waiting_offer AS offer ON offer.id = listed.offer_id
LEFT JOIN waiting_wish AS wish ON wish.id = offer.wish_id
JOIN practice ON practice.id = listed.tenant_id
JOIN service ON service.id = coalesce(appointment.service_id, wish.service_id)
JOIN client_record AS visitor ON visitor.id = coalesce(appointment.client_record_id, offer.client_record_id)
ORDER BY listed.id DESC, appointment.starts_at
"""


_TOLD_OF = ("appointment_ref", "starts_at", "service_name", "for_name")


async def own_messages(now: datetime, reasons: Sequence[str], *, before: str, most: int) -> list[dict[str, Any]]:
    """What practices have written to this person, the latest first, from the one after `before` on ('' for all).

    Each with the `appointments` that it told of. What has not left for a reason that is none of `reasons` is left out.
    """
    found: dict[int, dict[str, Any]] = {}
    for row in await fetch(_MESSAGES, now, list(reasons), before, most):
        message = found.setdefault(row["id"], dict(row, zone=ZoneInfo(row["zone"]), appointments=[]))
        message["appointments"].append({name.removeprefix("appointment_"): row[name] for name in _TOLD_OF})
    return list(found.values())


_DOCUMENTS = """
SELECT document.id, document.ref, document.name, document.note, document.kind, document.size, document.shared_at,
       document.opened_at, practice.slug AS practice_slug, practice.name AS practice_name, practice.accent,
       practice.zone, CASE WHEN guardian_id IS NULL THEN '' ELSE first_name END AS for_name
FROM client_document AS document
JOIN client_record ON client_record.id = document.client_record_id
JOIN practice ON practice.id = document.tenant_id
WHERE ($1 = '' OR practice.slug = $1)
      AND ($2 = '' OR (document.shared_at, document.id)
                      < (SELECT shared_at, id FROM client_document AS last WHERE last.ref = $2))
ORDER BY document.shared_at DESC, document.id DESC LIMIT $3
"""
_DOCUMENT = """
SELECT document.id AS document_id, document.name AS document_name, document.kind, document.sha256, document.opened_at,
       practice.*
FROM client_document AS document JOIN practice ON practice.id = document.tenant_id WHERE document.ref = $1
"""


async def own_documents(*, practice: str = "", before: str = "", most: int) -> list[dict[str, Any]]:
    """What practices share with this person, the latest first, from the one after `before` on ('' for all).

    `practice` is the slug of the one whose documents are wanted. `for_name` is the child's whose document it is, or "".
    """
    rows = await fetch(_DOCUMENTS, practice, before, most)
    return [dict(row, zone=ZoneInfo(row["zone"])) for row in rows]


async def own_document(ref: str) -> tuple[Tenant, dict[str, Any]] | None:
    """One of them, and the practice that shares it."""
    rows = await fetch(_DOCUMENT, ref)
    if not rows:
        return None
    row = rows[0]
    known = {name: row[name] for name in ("kind", "sha256", "opened_at")}
    return tenant_from(row), known | {"id": row["document_id"], "name": row["document_name"]}


_WISHES = """
SELECT client_record.ref AS record_ref, client_record.email AS known_as, client_record.phone AS known_phone,
       sms_off_at, sms_off_by, reminders_off_at, coalesce(sms_on, false) AS sms_on, practice.*
FROM client_record
JOIN practice ON practice.id = client_record.tenant_id
LEFT JOIN message_policy ON message_policy.tenant_id = client_record.tenant_id
WHERE guardian_id IS NULL
ORDER BY practice.name, client_record.email
"""


async def own_wishes() -> list[Wishes]:
    """Of each record that a practice has of this person: what they want to hear from it."""
    return [
        Wishes(
            tenant=tenant_from(row),
            ref=row["record_ref"],
            email=row["known_as"],
            phone=row["known_phone"],
            sms_on=row["sms_on"],
            sms_off_at=row["sms_off_at"],
            sms_off_by=row["sms_off_by"],
            reminders_off_at=row["reminders_off_at"],
        )
        for row in await fetch(_WISHES)
    ]


_WAITING = """
SELECT wish.*, service.name AS service_name, practitioner.name AS practitioner_name, place.name AS place_name,
       practice.slug AS practice_slug, practice.name AS practice_name, practice.accent, practice.zone,
       CASE WHEN guardian_id IS NULL THEN '' ELSE first_name END AS for_name
FROM waiting_wish AS wish
JOIN client_record ON client_record.id = wish.client_record_id
JOIN practice ON practice.id = wish.tenant_id
JOIN service ON service.id = wish.service_id
LEFT JOIN practitioner ON practitioner.id = wish.practitioner_id
LEFT JOIN place ON place.id = wish.place_id
WHERE ended_at IS NULL OR ended_at > $1
ORDER BY ended_at IS NOT NULL, ended_at DESC, wish.created_at, wish.id
"""
_OFFERED = "SELECT * FROM waiting_offer WHERE wish_id = ANY ($1::bigint[]) ORDER BY id"


async def own_waiting(since: datetime) -> list[dict[str, Any]]:
    """For what this person waits, each with the `offers` made for it; of what has ended only what did after `since`."""
    rows = [dict(row, zone=ZoneInfo(row["zone"])) for row in await fetch(_WAITING, since)]
    offered = [dict(row) for row in await fetch(_OFFERED, [row["id"] for row in rows])]
    return [row | {"offers": [each for each in offered if each["wish_id"] == row["id"]]} for row in rows]


async def own_wish(ref: str) -> Tenant | None:
    """The practice at whose list it stands."""
    rows = await fetch(_PRACTICE_OF_WISH, ref)
    return tenant_from(rows[0]) if rows else None


_PRACTICE_OF_WISH = """
SELECT practice.* FROM waiting_wish JOIN practice ON practice.id = tenant_id WHERE waiting_wish.ref = $1
"""


def _with_deadlines(row: dict[str, Any]) -> dict[str, Any]:
    """The same row, with `can_cancel_until` and `can_move_until` as the practice's policy has them."""
    policy = policy_from(row) if row["horizon"] else Policy()
    live = row["cancelled_at"] is None
    row["can_cancel_until"] = cancel_until(policy, row) if live else None
    row["can_move_until"] = policy.move_until(row) if live else None
    return row
