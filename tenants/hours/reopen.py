"""Taking a closure away, and putting it back."""

from datetime import datetime, timedelta
from typing import Any

from tenants.hours.tables import RemovedClosure
from tenants.practices.tenant import Tenant
from tenants.refusals import NotFound
from tenants.scope import fetch

KEPT_FOR = timedelta(days=1)

_REMOVE = """
WITH gone AS (DELETE FROM closure WHERE tenant_id = $1 AND ref = $2 RETURNING *)
INSERT INTO removed_closure (ref, tenant_id, practitioner_id, place_id, starts_at, ends_at, reason, holiday, removed_at)
SELECT ref, tenant_id, practitioner_id, place_id, starts_at, ends_at, reason, holiday, $3::timestamptz FROM gone
"""

# Of a holiday that was taken anew meanwhile, the new closure stays the only one.
_RESTORE = """
WITH back AS (DELETE FROM removed_closure WHERE tenant_id = $1 AND ref = $2 RETURNING *)
INSERT INTO closure (ref, tenant_id, practitioner_id, place_id, starts_at, ends_at, reason, holiday)
SELECT ref, tenant_id, practitioner_id, place_id, starts_at, ends_at, reason, holiday FROM back
ON CONFLICT ON CONSTRAINT closure_holiday_key DO NOTHING
"""


async def remove_closure(tenant: Tenant, ref: str, now: datetime) -> None:
    """What is gone already stays gone."""
    await fetch(_REMOVE, tenant.id, ref, now)


async def restore_closure(tenant: Tenant, ref: str) -> None:
    """As it was. What is back already stays as it is."""
    await fetch(_RESTORE, tenant.id, ref)


async def find_removed(tenant: Tenant, ref: str, now: datetime) -> dict[str, Any]:
    """Raises NotFound, also once it has been kept for long enough."""
    kept = RemovedClosure.of(tenant).where(RemovedClosure.removed_at > now - KEPT_FOR)
    row = await kept.where(RemovedClosure.ref == ref).first()
    if row is None:
        raise NotFound("removed_closure")
    return row


async def prune_removed(now: datetime) -> None:
    """Forgets what nobody has put back within a day. For the worker, over all practices."""
    await fetch("DELETE FROM removed_closure WHERE removed_at < $1", now - KEPT_FOR)
