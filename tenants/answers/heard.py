"""What a number's answer can be about: the messages sent to it, over all practices. In the worker's lens."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from tenants.notifications.facts import AppointmentFacts, read_appointments
from tenants.scope import fetch, fetch_first

ANSWERED_WITHIN = timedelta(days=30)
"""Who writes later than that after the last SMS is not answering it."""

# `sent_to <> ''` lets a plan that knows no number use the index of those that there are.
_LATEST = """
SELECT appointment_id, link, sent_at FROM message
WHERE channel = 'sms' AND sent_to = $1 AND sent_to <> '' AND audience = 'client'
      AND told_with IS NULL AND sent_at IS NOT NULL
ORDER BY sent_at DESC, id DESC LIMIT 1
"""

# Of each appointment the last SMS about the very start that it has now: who says yes has read that one.
_TOLD = """
SELECT DISTINCT ON (appointment_id) appointment_id, id, starts_at FROM message
WHERE channel = 'sms' AND sent_to = $1 AND sent_to <> '' AND audience = 'client'
      AND kind NOT IN ('cancelled', 'requested', 'declined', 'lapsed') AND starts_at > $2
      AND (sent_at IS NOT NULL OR provider_state <> '')
ORDER BY appointment_id, id DESC
"""

_WAITING = """
SELECT id, message_id FROM appointment
JOIN unnest($1::bigint[], $2::timestamptz[], $3::bigint[]) AS told (appointment_id, at, message_id)
     ON id = appointment_id AND starts_at = at
WHERE cancelled_at IS NULL AND confirmed_at IS NULL AND NOT pending
ORDER BY starts_at, id FOR NO KEY UPDATE OF appointment
"""

# What was told together had one link for all; each is confirmed by its own.
_LINKED = """
UPDATE message
SET link = coalesce(link, random_signs('ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz23456789', 8))
WHERE id = ANY ($1::bigint[]) RETURNING id, link
"""

_KEEP = """
INSERT INTO client_reply (tenant_id, client_record_id, appointment_id, at, body) VALUES ($1, $2, $3, $4, $5)
"""


@dataclass(frozen=True, slots=True)
class Told:
    """An appointment that a number was told of by SMS, and the link that stood there."""

    appointment: AppointmentFacts
    link: str
    recently: bool = True


async def latest_told(number: str, now: datetime) -> Told | None:
    """By whichever practice wrote to the number last."""
    row = await fetch_first(_LATEST, number)
    appointments = await read_appointments([row["appointment_id"]]) if row else {}
    if row is None or not appointments:
        return None
    return Told(appointments[row["appointment_id"]], row["link"] or "", row["sent_at"] > now - ANSWERED_WITHIN)


async def waiting_for_yes(number: str, now: datetime) -> list[Told]:
    """Live, to come, not confirmed, the earliest first. Kept from others until the transaction ends."""
    told = await fetch(_TOLD, number, now)
    columns = ([row[name] for row in told] for name in ("appointment_id", "starts_at", "id"))
    waiting = {row["id"]: row["message_id"] for row in await fetch(_WAITING, *columns)}
    links = {row["id"]: row["link"] for row in await fetch(_LINKED, list(waiting.values()))} if waiting else {}
    appointments = await read_appointments(list(waiting))
    return [Told(appointments[id_], links[message_id]) for id_, message_id in waiting.items()]


async def keep_reply(about: AppointmentFacts, body: str, now: datetime) -> None:
    """With the practice, for people to read."""
    await fetch(_KEEP, about.practice.id, about.client_record_id, about.id, now, body)
