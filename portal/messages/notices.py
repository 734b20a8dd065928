"""Notices: what a practice owes a client to say about a change, claimed and put into words."""

from datetime import datetime

from portal.database import worker_lens
from portal.messages.appointment_facts import read_appointment
from portal.messages.appointment_letter import write_appointment_letter
from portal.messages.letter import Letter
from portal.messages.owed import reason_not_to_say
from portal.messages.queue import NotOwed, Queue, Row
from portal.people.recipients import find_recipient
from portal.settings import Settings
from tenants.notifications.tables import Notice

CLAIM = """
    UPDATE notice SET claimed_until = {}, attempts = attempts + 1
    WHERE id IN (
        SELECT id FROM notice
        WHERE sent_at IS NULL AND failed_at IS NULL AND skipped_at IS NULL
          AND next_attempt_at <= {} AND (claimed_until IS NULL OR claimed_until <= {})
        ORDER BY next_attempt_at LIMIT {} FOR UPDATE SKIP LOCKED
    )
    RETURNING *
"""


async def write_notice(row: Row, settings: Settings, now: datetime) -> Letter:
    """Tells what is true now, not what was true when the notice was caused. Raises NotOwed."""
    async with worker_lens():
        appointment = await read_appointment(row["appointment_id"])
    reason = reason_not_to_say(row["kind"], row["sequence"], appointment, now)
    if reason is not None:
        raise NotOwed(reason)
    recipient = await find_recipient(appointment.email or "")
    return write_appointment_letter(row["kind"], appointment, recipient, settings, now)


NOTICES = Queue(table=Notice, lens=worker_lens, claim_sql=CLAIM, write=write_notice)
