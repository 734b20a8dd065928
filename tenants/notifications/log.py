"""What a practice has said, to whom, and what became of it. What is still to come `tenants.foreseen` knows."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from tenants.practices.tenant import Tenant
from tenants.scope import fetch, fetch_first

STATES = ("waiting", "sent", "delivered", "failed", "skipped")
KINDS = (
    *("booked", "moved", "cancelled", "requested", "declined", "lapsed"),
    *("asked", "reminder", "offered", "budget_low", "budget_spent"),
)
PAGE = 50

# A receipt may come after the sending and say otherwise, so what ends a message stands first.
_STATE = """
CASE WHEN failed_at IS NOT NULL THEN 'failed' WHEN skipped_at IS NOT NULL THEN 'skipped'
     WHEN delivered_at IS NOT NULL THEN 'delivered' WHEN sent_at IS NOT NULL THEN 'sent' ELSE 'waiting' END
"""

# A message that another one spoke for has fared as that one did.
_FACTS = """
SELECT message.id, message.ref, message.kind, message.audience, message.copy, message.sequence,
       message.starts_at AS told_start, message.created_at, message.by_email, message.told_with, message.rule_id,
       outcome.state, outcome.channel, outcome.instead_of, outcome.sent_to, outcome.said, outcome.parts,
       outcome.next_attempt_at, outcome.attempts, outcome.sent_at, outcome.delivered_at, outcome.failed_at,
       outcome.failure, outcome.skipped_at, outcome.skip_reason,
       appointment.ref AS appointment_ref, appointment.starts_at, appointment.cancelled_at,
       appointment.practitioner_id AS appointment_with,
       appointment.sequence AS appointment_sequence,
       client_record.ref AS client_ref, client_record.first_name, client_record.last_name,
       (SELECT 1 + count(*) FROM message AS too WHERE too.told_with = coalesce(message.told_with, message.id)) AS tells,
       reminder_rule.minutes_ahead, coalesce(practitioner.name, membership.email) AS member,
       (SELECT max(copy) FROM message AS again
        WHERE again.appointment_id = message.appointment_id AND again.kind = message.kind
              AND again.audience = message.audience AND (message.kind = 'asked' OR (
                  again.sequence = message.sequence AND again.rule_id IS NOT DISTINCT FROM message.rule_id
                  AND again.starts_at IS NOT DISTINCT FROM message.starts_at))) AS last_copy
FROM listed
JOIN message USING (id)
CROSS JOIN LATERAL (SELECT *, """

_AROUND = """ AS state FROM message AS speaker WHERE speaker.id = listed.speaker_id) AS outcome
LEFT JOIN appointment ON appointment.id = message.appointment_id
LEFT JOIN waiting_offer AS offer ON offer.id = message.offer_id
LEFT JOIN client_record ON client_record.id = coalesce(appointment.client_record_id, offer.client_record_id)
LEFT JOIN reminder_rule ON reminder_rule.id = message.rule_id
LEFT JOIN membership ON membership.id = message.membership_id
LEFT JOIN practitioner ON practitioner.id = membership.practitioner_id
ORDER BY message.created_at DESC, message.id DESC
"""

_LINES = _FACTS + _STATE + _AROUND

_IN_DAYS = """
WITH listed AS (
    SELECT id, coalesce(told_with, id) AS speaker_id FROM message
    WHERE tenant_id = $1 AND created_at >= $2 AND created_at < $3 AND told_with IS NULL
          AND $4 IN ('', channel) AND $5 IN ('', kind) AND $6 IN ('', """

_TURNED_TO = """)
    ORDER BY created_at DESC, id DESC LIMIT $7 OFFSET $8
)
"""

_OF_CLIENTS = """)
          AND (appointment_id = ANY (ARRAY(
              SELECT id FROM appointment WHERE tenant_id = $1 AND client_record_id = ANY ($9::bigint[])))
               OR offer_id = ANY (ARRAY(
              SELECT id FROM waiting_offer WHERE tenant_id = $1 AND client_record_id = ANY ($9::bigint[]))))
    ORDER BY created_at DESC, id DESC LIMIT $7 OFFSET $8
)
"""

_OF_APPOINTMENT = """
WITH listed AS (
    SELECT id, coalesce(told_with, id) AS speaker_id FROM message
    WHERE tenant_id = $1 AND appointment_id = $2 AND audience = 'client'
)
"""

_OF_CLIENT = """
WITH listed AS (
    SELECT id, coalesce(told_with, id) AS speaker_id FROM message
    WHERE tenant_id = $1 AND audience = 'client' AND told_with IS NULL AND (
        appointment_id = ANY (ARRAY(SELECT id FROM appointment WHERE tenant_id = $1 AND client_record_id = $2))
        OR offer_id = ANY (ARRAY(SELECT id FROM waiting_offer WHERE tenant_id = $1 AND client_record_id = $2)))
    ORDER BY created_at DESC, id DESC LIMIT $3
)
"""

_COUNTS = (
    """
SELECT (created_at AT TIME ZONE $4)::date AS day, channel, """
    + _STATE
    + """ AS state, count(*) AS count
FROM message WHERE tenant_id = $1 AND created_at >= $2 AND created_at < $3 AND told_with IS NULL GROUP BY 1, 2, 3
"""
)

_WAITING = """
SELECT count(*) AS count FROM message
WHERE tenant_id = $1 AND channel = $2 AND created_at >= $3 AND told_with IS NULL
      AND sent_at IS NULL AND failed_at IS NULL AND skipped_at IS NULL
"""


@dataclass(frozen=True, slots=True)
class Wanted:
    """Messages that came to be owed from `since` on and before `until`; empty texts are for any.

    `records` are ids of client records, None for everybody's.
    """

    since: datetime
    until: datetime
    state: str = ""
    channel: str = ""
    kind: str = ""
    records: tuple[int, ...] | None = None
    page: int = 1


@dataclass(frozen=True, slots=True)
class Count:
    """`day` is the practice's own."""

    day: date
    channel: str
    state: str
    count: int


async def messages_of_practice(tenant: Tenant, wanted: Wanted) -> tuple[list[dict[str, Any]], bool]:
    """One page, the latest first, and whether there are earlier ones. One message for several counts once."""
    values = (tenant.id, wanted.since, wanted.until, wanted.channel, wanted.kind, wanted.state)
    turn = (PAGE + 1, (wanted.page - 1) * PAGE)
    if wanted.records is None:
        rows = await fetch(_IN_DAYS + _STATE + _TURNED_TO + _LINES, *values, *turn)
    else:
        rows = await fetch(_IN_DAYS + _STATE + _OF_CLIENTS + _LINES, *values, *turn, list(wanted.records))
    return [dict(row) for row in rows[:PAGE]], len(rows) > PAGE


async def messages_of_appointment(tenant: Tenant, appointment_id: int) -> list[dict[str, Any]]:
    """What its client was told, the latest first."""
    return [dict(row) for row in await fetch(_OF_APPOINTMENT + _LINES, tenant.id, appointment_id)]


async def messages_of_client(tenant: Tenant, record_id: int, most: int = 20) -> list[dict[str, Any]]:
    return [dict(row) for row in await fetch(_OF_CLIENT + _LINES, tenant.id, record_id, most)]


async def count_messages(tenant: Tenant, since: datetime, until: datetime) -> Sequence[Count]:
    rows = await fetch(_COUNTS, tenant.id, since, until, tenant.zone.key)
    return [Count(*row) for row in rows]


async def count_waiting(tenant: Tenant, channel: str, since: datetime) -> int:
    """Messages of that channel that have come to be owed since then and have no outcome."""
    row = await fetch_first(_WAITING, tenant.id, channel, since)
    return row["count"] if row else 0
