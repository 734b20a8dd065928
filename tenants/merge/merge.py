"""One record taken into another: one transaction, both rows locked in the order of their ids."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from tenants.clients.record import find_record
from tenants.clients.tables import ClientRecord
from tenants.merge.compose import EMPTY, check_may_merge, check_may_stand, compose
from tenants.merge.hanging import DEPENDANTS, Moved, hanging_from, rehang
from tenants.practices.tenant import Tenant
from tenants.refs import fingerprint, new_ref
from tenants.refusals import ChangedMeanwhile
from tenants.scope import fetch

# FOR UPDATE waits for whoever is writing something that hangs from one of them, and keeps others from beginning to.
_LOCKED = "SELECT * FROM client_record WHERE tenant_id = $1 AND ref = ANY ($2::text[]) ORDER BY id FOR UPDATE"

_REMEMBER = """
INSERT INTO client_merge (tenant_id, ref, kept_id, gone_id, at, by_email, before, became, moved)
SELECT $1, $2, kept.id, gone.id, $5, $6,
       jsonb_build_object('kept', to_jsonb(kept), 'gone', to_jsonb(gone)), '{}', $7::jsonb
FROM client_record AS kept, client_record AS gone
WHERE kept.tenant_id = $1 AND kept.id = $3 AND gone.tenant_id = $1 AND gone.id = $4
"""

_BECAME = """
UPDATE client_merge SET became = to_jsonb(kept) FROM client_record AS kept
WHERE client_merge.tenant_id = $1 AND client_merge.ref = $2 AND kept.tenant_id = $1 AND kept.id = kept_id
"""


@dataclass(frozen=True, slots=True)
class Two:
    """Two records side by side, with what hangs from each; `seen` tells this state of the rows from another."""

    kept: dict[str, Any]
    gone: dict[str, Any]
    kept_has: Moved
    gone_has: Moved

    @property
    def seen(self) -> str:
        return fingerprint([sorted(row.items()) for row in (self.kept, self.gone)])


async def look_at_two(tenant: Tenant, kept: str, gone: str) -> Two:
    """Raises NotFound, and what `check_may_merge` raises."""
    rows = [await find_record(tenant, ref) for ref in (kept, gone)]
    check_may_merge(*rows)
    return Two(rows[0], rows[1], *[await hanging_from(tenant, row["id"]) for row in rows])


async def merge_records(
    tenant: Tenant, refs: tuple[str, str], chosen: Mapping[str, str], seen: str, by: str, now: datetime
) -> str:
    """The second of `refs` is taken into the first; gives the merge's ref. `chosen` as `compose` takes it.

    `seen` is the fingerprint of the two as they were shown. What the other record was stays in the merge alone, its
    address too, which anybody may have from now on. Raises what `look_at_two` raises, KinCannotMerge, and
    ChangedMeanwhile, also when somebody is at work on what would move.
    """
    await fetch(_LOCKED, tenant.id, list(refs))
    two = await look_at_two(tenant, *refs)
    if seen != two.seen:
        raise ChangedMeanwhile
    made = compose(two.kept, two.gone, chosen)
    check_may_stand(made, sum(len(has.get(DEPENDANTS, ())) for has in (two.kept_has, two.gone_has)))
    ref, kept, gone = new_ref(), two.kept["id"], two.gone["id"]
    moved = await rehang(tenant, gone, kept)
    await fetch(_REMEMBER, tenant.id, ref, kept, gone, now, by, json.dumps(moved))
    await write_record(tenant, gone, EMPTY | {"merged_into": kept, "merged_at": now})
    await write_record(tenant, kept, made)
    await fetch(_BECAME, tenant.id, ref)
    return ref


async def write_record(tenant: Tenant, record_id: int, values: Mapping[str, Any]) -> None:
    columns: dict[Any, Any] = {getattr(ClientRecord, name): value for name, value in values.items()}
    await ClientRecord.update(columns).where((ClientRecord.tenant_id == tenant.id) & (ClientRecord.id == record_id))
