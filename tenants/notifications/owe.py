"""Owing a message: in the transaction of its cause, so that neither is there without the other."""

from datetime import datetime, timedelta

from tenants.notifications.change import SETTLING
from tenants.practices.tenant import Tenant
from tenants.scope import fetch

SOON = timedelta(hours=24)

# The client's row stands for the change itself, whether or not they are written to. Staff hear of it at both ends of a
# move from one practitioner to another, each as they wish.
_OWE = """
WITH changed AS (
    SELECT * FROM appointment WHERE tenant_id = $1 AND id = $2
), client AS (
    INSERT INTO message (tenant_id, appointment_id, sequence, kind, channel, starts_at, practitioner_id, place_id,
                         by_email, created_at, next_attempt_at)
    SELECT $1, id, sequence, $3, 'email', starts_at, practitioner_id, place_id, $4, $5, $6 FROM changed
)
INSERT INTO message (tenant_id, appointment_id, sequence, kind, channel, starts_at, practitioner_id, place_id,
                     by_email, created_at, next_attempt_at, audience, membership_id)
SELECT $1, changed.id, sequence, $3, 'email', starts_at, changed.practitioner_id, place_id, $4, $5, $6,
       'practitioner', membership.id
FROM changed JOIN membership ON membership.tenant_id = $1
     AND membership.practitioner_id IN (changed.practitioner_id, $7) AND ended_at IS NULL
WHERE tell = 'all' OR (tell IN ('others', 'soon') AND email <> $4 AND (tell = 'others' OR starts_at < $8))
"""


async def note_change(
    tenant: Tenant, appointment_id: int, kind: str, by: str, now: datetime, *, left: int | None = None
) -> None:
    """Once the row says what is true now. `by` is the staff member's address, empty for the client.

    `left` is the practitioner whose appointment it was before.
    """
    at = now + SETTLING if by else now
    await fetch(_OWE, tenant.id, appointment_id, kind, by, now, at, left, soon(now))


def soon(now: datetime) -> datetime:
    """Before which an appointment begins that is told to whoever wants to hear of what begins soon."""
    return now + SOON


async def note_question(tenant: Tenant, appointment_id: int, by: str, now: datetime) -> bool:
    """Asks the client to confirm. False when a question about this start is still on its way."""
    return bool(await fetch(_ASK, tenant.id, appointment_id, by, now))


_ASK = """
INSERT INTO message (tenant_id, appointment_id, sequence, kind, channel, starts_at, practitioner_id, place_id, by_email,
                     copy, created_at, next_attempt_at)
SELECT $1, id, sequence, 'asked', 'email', starts_at, practitioner_id, place_id, $3,
       (SELECT count(*) FROM message WHERE appointment_id = $2 AND kind = 'asked'), $4, $4
FROM appointment WHERE tenant_id = $1 AND id = $2 AND NOT EXISTS (
    SELECT FROM message
    WHERE appointment_id = $2 AND kind = 'asked' AND sent_at IS NULL AND failed_at IS NULL AND skipped_at IS NULL)
RETURNING id
"""
