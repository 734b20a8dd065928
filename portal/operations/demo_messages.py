"""What the demo's practices have said so far: each reminder whose moment has passed, most of them as one would hope."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from tenants.appointments.tables import Appointment
from tenants.clients.tables import ClientRecord
from tenants.notifications.tables import Message
from tenants.reminders.tables import ReminderRule
from tenants.scope import OwnedByTenant
from tenants.writing.quiet import Quiet
from tenants.writing.tables import MessagePolicy, SmsSpend

A_MOMENT, A_WHILE = timedelta(seconds=2), timedelta(seconds=19)
FULL = "552 5.2.2 The mailbox is full"


async def tell_history(tenant_id: int, zone: ZoneInfo, now: datetime, *, sms_on: bool) -> None:
    """Of all appointments that the practice has by now, all booked long ago."""
    if sms_on:
        await _add(tenant_id, MessagePolicy(sms_on=True))
    clients = {row["id"]: row for row in await ClientRecord.select().where(ClientRecord.tenant_id == tenant_id)}
    rules = await ReminderRule.select().where(ReminderRule.tenant_id == tenant_id).order_by(ReminderRule.id)
    rules = [rule for rule in rules if sms_on or rule["channel"] == "email"]
    visits = await Appointment.select().where(Appointment.tenant_id == tenant_id).order_by(Appointment.starts_at)
    spent, month = 0, now.astimezone(zone).date().replace(day=1)
    for number, visit in enumerate(visits):
        for message in _about(visit, clients[visit["client_record_id"]], rules, zone, now, full=number == 1):
            await _add(tenant_id, message)
            spent += message.parts if message.created_at.astimezone(zone).date() >= month else 0
    if spent:
        await _add(tenant_id, SmsSpend(month=month, parts=spent))


def _about(
    visit: dict[str, Any],
    client: dict[str, Any],
    rules: Sequence[dict[str, Any]],
    zone: ZoneInfo,
    now: datetime,
    *,
    full: bool,
) -> Iterator[Message]:
    """`full` is the client's mailbox, when the first reminder comes."""
    yield _mailed(_message(visit, "booked", visit["booked_at"]), client)
    for rule in rules:
        at = Quiet().leave_by(visit["starts_at"] - timedelta(minutes=rule["minutes_ahead"]), zone)
        message = _message(visit, "reminder", at)
        message.rule_id, message.channel = rule["id"], rule["channel"]
        if at > now:
            continue
        if rule["channel"] == "sms":
            yield _texted(message, client, confirmed=visit["confirmed_at"] is not None)
        else:
            yield _mailed(message, client, failure=FULL if full else "")


def _message(visit: dict[str, Any], kind: str, at: datetime) -> Message:
    message = Message(kind=kind, channel="email", sequence=0, created_at=at, next_attempt_at=at, attempts=1)
    for name in ("starts_at", "practitioner_id", "place_id"):
        setattr(message, name, visit[name])
    message.appointment_id = visit["id"]
    return message


def _mailed(message: Message, client: dict[str, Any], *, failure: str = "") -> Message:
    message.sent_to, message.failure = client["email"], failure
    if failure:
        message.failed_at = message.created_at + A_MOMENT
    else:
        message.sent_at = message.created_at + A_MOMENT
    return message


def _texted(message: Message, client: dict[str, Any], *, confirmed: bool) -> Message:
    if confirmed:
        message.skipped_at, message.skip_reason = message.created_at, "confirmed_already"
        return message
    message.sent_to, message.parts = client["phone"], 1
    message.sent_at, message.delivered_at = message.created_at + A_MOMENT, message.created_at + A_WHILE
    return message


async def _add(tenant_id: int, row: OwnedByTenant) -> None:
    row.tenant_id = tenant_id
    await type(row).insert(row)
