"""Which records of a practice may be of one person: over all of them, and beside one."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from tenants.clients.record import find_record
from tenants.clients.tables import ClientRecord
from tenants.merge.addresses import halves_of
from tenants.merge.alike import Known, Pair, find_pairs
from tenants.practices.tenant import Tenant
from tenants.scope import fetch

_KNOWN = """
SELECT id, first_name || ' ' || last_name, birthday, ARRAY[phone, home_phone], email, guardian_id
FROM client_record WHERE tenant_id = $1 AND merged_at IS NULL AND erased_at IS NULL AND erase_at IS NULL ORDER BY id
"""

# A net with wide meshes, drawn through one practice's rows: what is in it is looked at by `find_pairs`.
_NEAR = """
SELECT id, first_name || ' ' || last_name, birthday, ARRAY[phone, home_phone], email, guardian_id
FROM client_record
WHERE tenant_id = $1 AND merged_at IS NULL AND erased_at IS NULL AND erase_at IS NULL
      AND (id = $2 OR birthday = $3 OR right(phone, 7) = ANY ($4::text[]) OR right(home_phone, 7) = ANY ($4::text[])
           OR left(replace(email, '.', ''), length($5)) = $5 OR right(email, length($6)) = $6)
"""

_APART = "SELECT one_id, other_id FROM client_distinct WHERE tenant_id = $1"

_SET_APART = """
INSERT INTO client_distinct (tenant_id, one_id, other_id, at, by_email)
VALUES ($1, least($2::bigint, $3::bigint), greatest($2::bigint, $3::bigint), $4, $5)
ON CONFLICT DO NOTHING
"""


@dataclass(frozen=True, slots=True)
class Hint:
    """Two records that may be of one person; `why` as in `Pair`."""

    one: dict[str, Any]
    other: dict[str, Any]
    why: tuple[str, ...]


async def list_hints(tenant: Tenant, most: int) -> tuple[list[Hint], int]:
    """The first `most` pairs of the practice, and how many there are. What was set apart is left out."""
    rows = await fetch(_KNOWN, tenant.id)
    apart = await _apart(tenant)
    # In a thread: with 20,000 records it takes a third of a second, in which others want their pages.
    pairs = await asyncio.to_thread(lambda: find_pairs([Known(*row) for row in rows]))
    pairs = [pair for pair in pairs if (pair.one, pair.other) not in apart]
    return await _with_rows(tenant, pairs[:most]), len(pairs)


async def hints_of(tenant: Tenant, record: dict[str, Any]) -> list[Hint]:
    """The records that may be of the same person as this one, which is `one` of each."""
    ends = [phone[-7:] for phone in (record["phone"], record["home_phone"]) if phone]
    halves = halves_of(record["email"]) if record["email"] else (None, None)
    rows = await fetch(_NEAR, tenant.id, record["id"], record["birthday"], ends, *halves)
    apart = await _apart(tenant)
    pairs = [
        pair
        for pair in find_pairs([Known(*row) for row in rows])
        if record["id"] in (pair.one, pair.other) and (pair.one, pair.other) not in apart
    ]
    hints = await _with_rows(tenant, pairs)
    return [hint if hint.one["id"] == record["id"] else Hint(hint.other, hint.one, hint.why) for hint in hints]


async def set_apart(tenant: Tenant, ref: str, other: str, by: str, now: datetime) -> None:
    """They are two people, for good. Saying so again changes nothing. Raises NotFound, RecordMerged."""
    one_id, other_id = [(await find_record(tenant, each))["id"] for each in (ref, other)]
    if one_id != other_id:
        await fetch(_SET_APART, tenant.id, one_id, other_id, now, by)


async def _apart(tenant: Tenant) -> set[tuple[int, int]]:
    return {(row["one_id"], row["other_id"]) for row in await fetch(_APART, tenant.id)}


async def _with_rows(tenant: Tenant, pairs: Sequence[Pair]) -> list[Hint]:
    ids = [each for pair in pairs for each in (pair.one, pair.other)]
    rows = await ClientRecord.of(tenant).where(ClientRecord.id.is_in(ids)) if ids else []
    by_id = {row["id"]: row for row in rows}
    return [Hint(by_id[pair.one], by_id[pair.other], pair.why) for pair in pairs]
