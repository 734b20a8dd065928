"""What clients do not want to hear from a practice: a time from which on it writes no more, or none."""

from dataclasses import dataclass
from datetime import datetime

from tenants.clients.record import find_record
from tenants.clients.tables import ClientRecord
from tenants.practices.tenant import Tenant
from tenants.refusals import NotFound, SmsOffByPractice
from tenants.scope import fetch_first


@dataclass(frozen=True, slots=True)
class Wishes:
    """One record's. `sms_on` is whether the practice writes SMS at all; `sms_off_by` is "client" or "staff"."""

    tenant: Tenant
    ref: str
    email: str | None
    phone: str
    sms_on: bool
    sms_off_at: datetime | None
    sms_off_by: str | None
    reminders_off_at: datetime | None


_NAMED = """
SELECT id, sms_off_by FROM client_record
WHERE tenant_id = $1 AND ref = $2 AND merged_at IS NULL FOR NO KEY UPDATE
"""
_REMINDERS_OFF = """
UPDATE client_record SET reminders_off_at = coalesce(reminders_off_at, $3)
WHERE tenant_id = $1 AND ref = $2 AND merged_at IS NULL RETURNING id
"""
_REMINDERS_ON = """
UPDATE client_record SET reminders_off_at = NULL
WHERE tenant_id = $1 AND ref = $2 AND merged_at IS NULL RETURNING id
"""


async def find_wishes(tenant: Tenant, ref: str, *, sms_on: bool) -> Wishes:
    """Raises NotFound."""
    row = await find_record(tenant, ref)
    known = {name: row[name] for name in ("ref", "email", "phone", "sms_off_at", "sms_off_by", "reminders_off_at")}
    return Wishes(tenant=tenant, sms_on=sms_on, **known)


async def refuse_reminders(tenant: Tenant, ref: str, now: datetime) -> None:
    """By e-mail, from now on. Refusing again changes nothing. Raises NotFound."""
    if await fetch_first(_REMINDERS_OFF, tenant.id, ref, now) is None:
        raise NotFound("client_record")


async def welcome_reminders(tenant: Tenant, ref: str) -> None:
    """Raises NotFound."""
    if await fetch_first(_REMINDERS_ON, tenant.id, ref) is None:
        raise NotFound("client_record")


async def refuse_sms(tenant: Tenant, ref: str, now: datetime) -> None:
    """The practice's own refusal stays the practice's. Raises NotFound."""
    if not await _locked(tenant, ref):
        await _set_sms(tenant, ref, now, "client")


async def welcome_sms(tenant: Tenant, ref: str) -> None:
    """Takes back what the client has refused, no more. Raises NotFound, SmsOffByPractice."""
    if await _locked(tenant, ref) == "staff":
        raise SmsOffByPractice
    await _set_sms(tenant, ref, None, None)


async def _set_sms(tenant: Tenant, ref: str, at: datetime | None, by: str | None) -> None:
    await ClientRecord.update({ClientRecord.sms_off_at: at, ClientRecord.sms_off_by: by}).where(
        (ClientRecord.tenant_id == tenant.id) & (ClientRecord.ref == ref)
    )


async def _locked(tenant: Tenant, ref: str) -> str | None:
    """Who has turned SMS off, if anybody; nobody else changes the record until the transaction ends."""
    row = await fetch_first(_NAMED, tenant.id, ref)
    if row is None:
        raise NotFound("client_record")
    by: str | None = row["sms_off_by"]
    return by
