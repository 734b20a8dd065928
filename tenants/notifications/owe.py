"""Owing a message: in the transaction of its cause, so that neither is there without the other."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from tenants.notifications.change import SETTLING
from tenants.practices.tenant import Tenant
from tenants.scope import fetch

SOON = timedelta(hours=24)
LEFT_UNSAID = "left_unsaid"
"""Why no notice was sent: whoever made the change said so. The client counts as told."""

# The client's row stands for the change itself, whether or not they are written to. Staff hear of it at both ends of a
# move from one practitioner to another, each as they wish. What was changed at once is told at once: to each reader the
# first message speaks for the others. What is left unsaid speaks for nothing that is to be said.
_OWE = """
WITH changed AS (
    SELECT appointment.*, unsaid, row_number() OVER (PARTITION BY unsaid ORDER BY starts_at, id) AS turn
    FROM appointment CROSS JOIN LATERAL (SELECT CASE WHEN EXISTS (
        SELECT FROM message
        WHERE appointment_id = appointment.id AND audience = 'client'
              AND kind IN ('booked', 'moved', 'cancelled', 'requested', 'declined', 'lapsed')
              AND sent_at IS NULL AND failed_at IS NULL AND skipped_at IS NULL
    ) THEN '' ELSE $9 END AS unsaid) AS wish
    WHERE tenant_id = $1 AND id = ANY ($2::bigint[])
), told AS (
    INSERT INTO message (tenant_id, appointment_id, sequence, kind, channel, starts_at, practitioner_id, place_id,
                         by_email, created_at, next_attempt_at, skipped_at, skip_reason)
    SELECT $1, id, sequence, $3, 'email', starts_at, practitioner_id, place_id, $4, $5, $6,
           CASE WHEN unsaid <> '' THEN $5::timestamptz END, unsaid
    FROM changed WHERE turn = 1 RETURNING id, skip_reason
), told_too AS (
    INSERT INTO message (tenant_id, appointment_id, sequence, kind, channel, starts_at, practitioner_id, place_id,
                         by_email, created_at, next_attempt_at, skipped_at, skip_reason, told_with)
    SELECT $1, changed.id, sequence, $3, 'email', starts_at, practitioner_id, place_id, $4, $5, $6,
           CASE WHEN unsaid <> '' THEN $5::timestamptz END, unsaid, told.id
    FROM changed JOIN told ON skip_reason = unsaid WHERE turn > 1
), reader AS (
    SELECT changed.*, membership.id AS membership_id,
           row_number() OVER (PARTITION BY membership.id ORDER BY changed.starts_at, changed.id) AS place_in_turn
    FROM changed JOIN membership ON membership.tenant_id = $1
         AND membership.practitioner_id IN (changed.practitioner_id, $7) AND ended_at IS NULL
    WHERE tell = 'all' OR (tell IN ('others', 'soon') AND email <> $4 AND (tell = 'others' OR starts_at < $8))
), staff AS (
    INSERT INTO message (tenant_id, appointment_id, sequence, kind, channel, starts_at, practitioner_id, place_id,
                         by_email, created_at, next_attempt_at, audience, membership_id)
    SELECT $1, id, sequence, $3, 'email', starts_at, practitioner_id, place_id, $4, $5, $6, 'practitioner',
           membership_id
    FROM reader WHERE place_in_turn = 1 RETURNING id, membership_id
)
INSERT INTO message (tenant_id, appointment_id, sequence, kind, channel, starts_at, practitioner_id, place_id,
                     by_email, created_at, next_attempt_at, audience, membership_id, told_with)
SELECT $1, reader.id, sequence, $3, 'email', starts_at, practitioner_id, place_id, $4, $5, $6, 'practitioner',
       membership_id, staff.id
FROM reader JOIN staff USING (membership_id) WHERE place_in_turn > 1
"""


async def note_change(
    tenant: Tenant,
    appointment_id: int,
    kind: str,
    by: str,
    now: datetime,
    *,
    left: int | None = None,
    tell: bool = True,
) -> None:
    """Once the row says what is true now. `by` is the staff member's address, empty for the client.

    `left` is the practitioner whose appointment it was before. Without `tell` the client gets no
    message of it, unless one of an earlier change still waits.
    """
    await note_changes(tenant, [appointment_id], kind, by, now, left=left, tell=tell)


async def note_changes(
    tenant: Tenant,
    appointment_ids: Sequence[int],
    kind: str,
    by: str,
    now: datetime,
    *,
    left: int | None = None,
    tell: bool = True,
) -> None:
    """The same change of several appointments of one client, made at once."""
    at = now + SETTLING if by else now
    unsaid = "" if tell else LEFT_UNSAID
    await fetch(_OWE, tenant.id, list(appointment_ids), kind, by, now, at, left, soon(now), unsaid)


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
