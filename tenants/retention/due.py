"""Which records are erased when: what staff are warned of, and what the worker does."""

from datetime import datetime
from typing import Any

from tenants.practices.tenant import Tenant, tenant_from
from tenants.refusals import NotFound
from tenants.retention.tables import Erasure
from tenants.scope import fetch, fetch_first

_COUNT = """
SELECT count(*) AS records, min(erase_at) AS first_at FROM client_record
WHERE tenant_id = $1 AND erase_at IS NOT NULL
"""
# What the rule has announced, but holds since because of a later appointment, is not said to go.
_LISTED = """
SELECT client_record.ref, first_name, last_name, email, erase_at, choice, by_email,
       last_visit($1, client_record.id) AS last_visit_at
FROM client_record
LEFT JOIN retention_rule ON retention_rule.tenant_id = client_record.tenant_id
LEFT JOIN retention_choice ON retention_choice.tenant_id = client_record.tenant_id
                           AND retention_choice.client_record_id = client_record.id
WHERE client_record.tenant_id = $1 AND erase_at IS NOT NULL
      AND (choice = 'erase'
           OR coalesce(erasable_from(last_visit($1, client_record.id), keep_months, $2), erase_at) <= erase_at)
ORDER BY erase_at, last_name, first_name, client_record.id LIMIT $3
"""

_DUE = """
SELECT client_record.id AS record_id, client_record.ref AS record_ref, practice.*
FROM client_record JOIN practice ON practice.id = client_record.tenant_id
WHERE erase_at <= $1 AND client_record.id > $2 ORDER BY client_record.id LIMIT $3
"""


async def count_erasures(tenant: Tenant) -> dict[str, Any]:
    """How many `records` are to be erased, and when the first of them is: `first_at`, None when there are none.

    By an index alone, so that any page may say it; what a visit has saved within the hour is still counted.
    """
    row = await fetch_first(_COUNT, tenant.id)
    assert row is not None
    return dict(row)


async def erasures_to_come(tenant: Tenant, most: int) -> list[dict[str, Any]]:
    """The soonest first, at most so many. `choice` is "erase" where staff asked for it, by `by_email`."""
    rows = await fetch(_LISTED, tenant.id, tenant.zone.key, most)
    return [dict(row) for row in rows]


async def find_erasure(tenant: Tenant, ref: str) -> dict[str, Any]:
    """When a record was erased and by whom. Raises NotFound."""
    row = await Erasure.of(tenant).where(Erasure.record_ref == ref).first()
    if row is None:
        raise NotFound("erasure")
    return row


async def due_erasures(now: datetime, after: int, most: int) -> list[tuple[int, str, Tenant]]:
    """Id and ref of records whose time has come, beyond the id `after`. For the worker, over all practices."""
    rows = await fetch(_DUE, now, after, most)
    return [(row["record_id"], row["record_ref"], tenant_from(row)) for row in rows]
