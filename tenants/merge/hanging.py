"""What hangs from a record, and goes along when it is merged."""

import json
from typing import Any

from tenants.practices.tenant import Tenant
from tenants.refusals import ChangedMeanwhile
from tenants.scope import fetch_first

MOVES: tuple[tuple[str, str], ...] = (
    ("appointment", "client_record_id"),
    ("client_document", "client_record_id"),
    ("client_note", "client_record_id"),
    ("client_number", "client_record_id"),
    ("client_reply", "client_record_id"),
    ("consent", "client_record_id"),
    ("waiting_wish", "client_record_id"),
    ("waiting_offer", "client_record_id"),
    ("client_record", "guardian_id"),
)
"""Table and column of everything that follows to the record that is kept. A test finds what is missing here.

Each table has a bigint `id`; where the column is `client_record_id` it also has the trigger that leads on from a merged
record (`migrations.statements.hangs_from_record`).
"""

DEPENDANTS = "client_record.guardian_id"

STAYS = {
    ("client_change", "client_record_id"): "each record keeps its own history",
    ("retention_choice", "client_record_id"): "said of that very record; what is to be erased is not merged",
    ("client_record", "merged_into"): "where a merged record went: the way is followed",
    ("client_merge", "kept_id"): "history of the merges themselves",
    ("client_merge", "gone_id"): "history of the merges themselves",
    ("client_distinct", "one_id"): "said of that very pair of records, and true again once they are apart",
    ("client_distinct", "other_id"): "said of that very pair of records, and true again once they are apart",
}

Moved = dict[str, list[int]]
"""Ids of rows by "table.column"."""

_HANGING = "SELECT hanging($1, $2, $3, $4) AS found"
_REHANG = "SELECT rehang($1, $2, $3, $4, $5, $6::jsonb) AS moved"
_PLACES = [list(names) for names in zip(*MOVES, strict=True)]


async def hanging_from(tenant: Tenant, record_id: int) -> Moved:
    row = await fetch_first(_HANGING, tenant.id, *_PLACES, record_id)
    assert row is not None
    return read_moved(row["found"])


async def rehang(tenant: Tenant, old: int, new: int, only: Moved | None = None) -> Moved:
    """Moves what hangs from `old`, or what of `only` still hangs there, to `new`; both are locked already.

    Raises ChangedMeanwhile when somebody is changing one of the rows at this moment.
    """
    named = None if only is None else json.dumps(only)
    row = await fetch_first(_REHANG, tenant.id, *_PLACES, old, new, named)
    assert row is not None
    if row["moved"] is None:
        raise ChangedMeanwhile
    return read_moved(row["moved"])


def read_moved(found: Any) -> Moved:
    return {place: ids for place, ids in json.loads(found).items() if ids}
