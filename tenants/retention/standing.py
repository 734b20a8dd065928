"""What stands in the way of erasing one record, and what has been decided about it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from tenants.practices.tenant import Tenant
from tenants.refusals import KeptUntil, NotFound, StillNeeded
from tenants.retention.rule import Retention, find_retention
from tenants.retention.tables import RetentionChoice
from tenants.scope import fetch, fetch_first


@dataclass(frozen=True, slots=True)
class Standing:
    """`to_come` are appointments, also of children under this address; `kept_until` is None when no rule holds it."""

    rule: Retention
    to_come: list[dict[str, Any]]
    kept_until: datetime | None
    choice: dict[str, Any] | None

    def check_may_erase(self) -> None:
        """Raises StillNeeded, KeptUntil."""
        if self.to_come:
            raise StillNeeded(len(self.to_come))
        if self.kept_until:
            raise KeptUntil(self.kept_until)


_LOCKED = """
SELECT id, ref, erase_at FROM client_record
WHERE tenant_id = $1 AND ref = $2 AND erased_at IS NULL AND merged_at IS NULL FOR UPDATE
"""
_TO_COME = """
SELECT appointment.ref, starts_at, ends_at, service.name AS service_name, client_record.id AS record_id, first_name
FROM appointment
JOIN client_record ON client_record.id = client_record_id
JOIN service ON service.id = service_id
WHERE appointment.tenant_id = $1 AND cancelled_at IS NULL AND ends_at > $3
      AND (client_record.id = $2 OR client_record.guardian_id = $2)
ORDER BY starts_at
"""
_KEPT = "SELECT erasable_from(last_visit($1, $2), $3, $4) AS until"


async def locked_record(tenant: Tenant, ref: str) -> dict[str, Any]:
    """Nobody books for it, sends to it or changes it until the transaction ends. Raises NotFound once it is erased."""
    row = await fetch_first(_LOCKED, tenant.id, ref)
    if row is None:
        raise NotFound("client_record")
    return dict(row)


async def find_standing(tenant: Tenant, record_id: int, now: datetime) -> Standing:
    rule = await find_retention(tenant)
    to_come = [dict(row) for row in await fetch(_TO_COME, tenant.id, record_id, now)]
    kept = await fetch_first(_KEPT, tenant.id, record_id, rule.keep_months, tenant.zone.key)
    until = kept["until"] if kept else None
    choice = await RetentionChoice.of(tenant).where(RetentionChoice.client_record_id == record_id).first()
    return Standing(rule, to_come, until if until and until > now else None, choice)
