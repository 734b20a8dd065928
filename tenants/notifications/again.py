"""Saying it once more, by hand: a new row beside the old one, decided and written as any other."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from tenants.appointments.find import locked_appointment
from tenants.notifications.change import ENDS
from tenants.notifications.owe import note_question
from tenants.practices.tenant import Tenant
from tenants.refusals import AppointmentCancelled, AppointmentOver, NotFound, NotYetAgreed
from tenants.scope import fetch, fetch_first

_FOUND = """
SELECT message.kind, message.starts_at, message.sequence, appointment.ref AS appointment_ref
FROM message JOIN appointment ON appointment.id = message.appointment_id
WHERE message.tenant_id = $1 AND message.ref = $2 AND audience = 'client'
"""

# The row of `seen` copies is written once only, so the second click of a double click writes none. What a message has
# told of together is told again together.
_AGAIN = """
WITH again AS (
    INSERT INTO message (tenant_id, appointment_id, sequence, kind, rule_id, channel, starts_at, practitioner_id,
                         place_id, by_email, copy, created_at, next_attempt_at)
    SELECT tenant_id, appointment_id, sequence, kind, rule_id,
           coalesce((SELECT channel FROM reminder_rule WHERE reminder_rule.id = rule_id), 'email'),
           starts_at, practitioner_id, place_id, $3, $4 + 1, $5, $5
    FROM message AS old
    WHERE tenant_id = $1 AND ref = $2 AND NOT EXISTS (
        SELECT FROM message AS again
        WHERE again.appointment_id = old.appointment_id AND again.kind = old.kind AND again.sequence = old.sequence
              AND again.rule_id IS NOT DISTINCT FROM old.rule_id AND again.starts_at IS NOT DISTINCT FROM old.starts_at
              AND again.audience = 'client' AND again.copy > $4)
    ON CONFLICT DO NOTHING
    RETURNING id, channel
)
INSERT INTO message (tenant_id, appointment_id, sequence, kind, rule_id, channel, starts_at, practitioner_id, place_id,
                     by_email, copy, created_at, next_attempt_at, told_with)
SELECT tenant_id, appointment_id, sequence, kind, rule_id, again.channel, starts_at, practitioner_id, place_id, $3,
       (SELECT max(copy) + 1 FROM message AS other
        WHERE other.appointment_id = told.appointment_id AND other.kind = told.kind
              AND other.sequence = told.sequence AND other.audience = 'client'
              AND other.rule_id IS NOT DISTINCT FROM told.rule_id
              AND other.starts_at IS NOT DISTINCT FROM told.starts_at),
       $5, $5, again.id
FROM message AS told CROSS JOIN again
WHERE tenant_id = $1 AND told_with = (SELECT id FROM message WHERE tenant_id = $1 AND ref = $2)
ON CONFLICT DO NOTHING
"""

_ASKED = "SELECT count(*) AS count FROM message WHERE tenant_id = $1 AND appointment_id = $2 AND kind = 'asked'"


def may_be_said_again(message: Mapping[str, Any], now: datetime) -> bool:
    """Whether it still says what is true of an appointment to come. `message` is a line of the log."""
    if message["audience"] != "client" or message["state"] == "waiting" or message["starts_at"] <= now:
        return False
    if message["kind"] in {"reminder", "asked"}:
        return message["cancelled_at"] is None and bool(message["told_start"] == message["starts_at"])
    return bool(message["sequence"] == message["appointment_sequence"])


async def say_again(tenant: Tenant, ref: str, seen: int, by: str, now: datetime) -> str:
    """Gives the appointment's ref. `by` is the staff member's address.

    `seen` is the highest copy that the form has shown: once there is a later one, nothing is written.
    Raises NotFound, AppointmentOver, AppointmentCancelled.
    """
    found = await fetch_first(_FOUND, tenant.id, ref)
    if found is None:
        raise NotFound("message")
    appointment = await locked_appointment(tenant, found["appointment_ref"])
    _check_to_come(appointment, now, cancelled_too=found["kind"] in ENDS)
    if found["kind"] == "asked":
        await _ask(tenant, appointment, seen + 1, by, now)
    else:
        await fetch(_AGAIN, tenant.id, ref, by, seen, now)
    return str(found["appointment_ref"])


async def ask_to_confirm(tenant: Tenant, ref: str, seen: int, by: str, now: datetime) -> None:
    """`seen` is how many questions the form has shown: once there is another, nothing is asked.

    Raises NotFound, AppointmentOver, AppointmentCancelled, NotYetAgreed.
    """
    appointment = await locked_appointment(tenant, ref)
    _check_to_come(appointment, now)
    if appointment["pending"]:
        raise NotYetAgreed(appointment["approve_by"])
    await _ask(tenant, appointment, seen, by, now)


async def _ask(tenant: Tenant, appointment: Mapping[str, Any], seen: int, by: str, now: datetime) -> None:
    asked = await fetch_first(_ASKED, tenant.id, appointment["id"])
    if asked and asked["count"] == seen:
        await note_question(tenant, appointment["id"], by, now)


def _check_to_come(appointment: Mapping[str, Any], now: datetime, *, cancelled_too: bool = False) -> None:
    if appointment["cancelled_at"] and not cancelled_too:
        raise AppointmentCancelled(appointment["cancelled_at"])
    if appointment["starts_at"] <= now:
        raise AppointmentOver(appointment["starts_at"])
