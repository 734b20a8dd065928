"""Notices: what a practice owes a client to say about a change, claimed and put into words."""

from datetime import datetime

from portal.database import worker_lens
from portal.messages.appointment_letter import write_appointment_letter
from portal.messages.letter import Letter
from portal.messages.queue import NotOwed, Queue, Row
from portal.people.recipients import find_recipient
from portal.settings import Settings
from tenants.notifications.facts import read_appointment
from tenants.notifications.owed import reason_not_to_say
from tenants.notifications.tables import Notice
from tenants.scope import fetch

_TAKE = """
    UPDATE notice SET claimed_until = $2, attempts = attempts + 1
    WHERE id IN (
        SELECT id FROM notice
        WHERE sent_at IS NULL AND failed_at IS NULL AND skipped_at IS NULL
          AND next_attempt_at <= $1 AND (claimed_until IS NULL OR claimed_until <= $1)
        ORDER BY next_attempt_at LIMIT $3 FOR UPDATE SKIP LOCKED
    )
    RETURNING *
"""


async def take_notices(now: datetime, until: datetime, most: int) -> list[Row]:
    """A row that another worker is taking at this moment is passed over, not waited for."""
    return [dict(row) for row in await fetch(_TAKE, now, until, most)]


async def write_notice(row: Row, settings: Settings, now: datetime) -> Letter:
    """Tells what is true now, not what was true when the notice was caused. Raises NotOwed."""
    async with worker_lens():
        appointment = await read_appointment(row["appointment_id"])
    reason = reason_not_to_say(row["kind"], row["sequence"], appointment, now)
    if reason is not None:
        raise NotOwed(reason)
    recipient = await find_recipient(appointment.email or "")
    return write_appointment_letter(row["kind"], appointment, recipient, settings, now)


NOTICES = Queue(table=Notice, lens=worker_lens, take=take_notices, write=write_notice)
