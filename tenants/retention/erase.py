"""Erasing a record: its fields are emptied and its files deleted; its appointments stay as numbers without a name."""

from datetime import datetime
from typing import Any

from tenants.practices.tenant import Tenant
from tenants.refusals import StillNeeded
from tenants.retention.scrub import SCRUBS
from tenants.retention.standing import Standing, find_standing, locked_record
from tenants.retention.tables import Erasure
from tenants.scope import fetch, fetch_each, fetch_first

_WITH_MERGED = """
WITH RECURSIVE whole AS (
    SELECT $2::bigint AS id
    UNION
    SELECT merged.id FROM client_record AS merged JOIN whole ON merged.merged_into = whole.id
    WHERE merged.tenant_id = $1
)
SELECT array_agg(id) AS ids,
       (SELECT count(*) FROM appointment WHERE tenant_id = $1 AND client_record_id IN (SELECT id FROM whole)) AS visits
FROM whole
"""
RECORD_ERASED = "record_erased"
"""Why a message that was waiting is not sent."""

_SAY_NOTHING_MORE = """
UPDATE message SET skipped_at = $3, skip_reason = $4
WHERE tenant_id = $1 AND sent_at IS NULL AND failed_at IS NULL AND skipped_at IS NULL
      AND appointment_id = ANY (ARRAY(
          SELECT id FROM appointment WHERE tenant_id = $1 AND client_record_id = ANY ($2)))
"""
# Whoever was reached under this record's address stands for themselves from now on.
_LET_GO = "UPDATE client_record SET guardian_id = NULL WHERE tenant_id = $1 AND guardian_id = ANY ($2)"
_ERASE_AT = "UPDATE client_record SET erase_at = $3 WHERE tenant_id = $1 AND id = $2"
_ERASED = "UPDATE client_record SET erased_at = $3 WHERE tenant_id = $1 AND id = ANY ($2)"


async def erase_record(tenant: Tenant, ref: str, now: datetime, *, by: str) -> None:
    """`by` is the address of whoever does it, or "" for the rule. It cannot be undone.

    Raises NotFound, StillNeeded while an appointment is to come, KeptUntil while the practice's rule holds it.
    """
    record = await locked_record(tenant, ref)
    (await find_standing(tenant, record["id"], now)).check_may_erase()
    await _erase(tenant, record, now, by)


async def erase_if_due(tenant: Tenant, ref: str, now: datetime) -> bool:
    """A record whose `erase_at` has come, and whether it was erased: what has changed since it was set counts.

    Raises NotFound when somebody else has erased it.
    """
    record = await locked_record(tenant, ref)
    if record["erase_at"] is None or record["erase_at"] > now:
        return False
    standing = await find_standing(tenant, record["id"], now)
    wish = standing.choice if standing.choice and standing.choice["choice"] == "erase" else None
    by_rule = standing.rule.erases and standing.choice is None
    held = bool(standing.to_come) or standing.kept_until is not None
    if held or not (wish or by_rule):
        await _put_off(tenant, record, standing if wish else None)
        return False
    await _erase(tenant, record, now, wish["by_email"] if wish else "")
    return True


async def _put_off(tenant: Tenant, record: dict[str, Any], wish: Standing | None) -> None:
    """A wish until nothing stands in its way; what the rule has announced is announced anew when it is due again."""
    until = None
    if wish:
        until = wish.kept_until or wish.to_come[-1]["ends_at"]
    await fetch(_ERASE_AT, tenant.id, record["id"], until)


async def _erase(tenant: Tenant, record: dict[str, Any], now: datetime, by: str) -> None:
    whole = await fetch_first(_WITH_MERGED, tenant.id, record["id"])
    assert whole is not None
    await fetch(_SAY_NOTHING_MORE, tenant.id, whole["ids"], now, RECORD_ERASED)
    await fetch(_LET_GO, tenant.id, whole["ids"])
    await fetch_each(SCRUBS, tenant.id, whole["ids"])
    await fetch(_ERASED, tenant.id, whole["ids"], now)
    if to_come := (await find_standing(tenant, record["id"], now)).to_come:
        raise StillNeeded(len(to_come))  # a cancellation was taken back while its row was waited for
    erasure = Erasure(record_ref=record["ref"], at=now, by_email=by, appointments=whole["visits"])
    erasure.tenant_id = tenant.id
    await Erasure.insert(erasure)
