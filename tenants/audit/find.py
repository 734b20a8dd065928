"""Lines of the audit log, newest first, and what the ids in them stand for by now."""

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from tenants.practices.tenant import Tenant
from tenants.scope import fetch, fetch_first

PAGE = 50
LONGEST_GROUP = 1000

_LINES = """
SELECT id, at, by_email, ip, browser, what, did, subject_id, subject_ref, subject, record_id, fields, emptied,
       before, after
FROM audit_entry
WHERE tenant_id = $1 AND at >= coalesce($2, '-infinity'::timestamptz) AND at < coalesce($3, 'infinity'::timestamptz)
      AND $4 IN ('', by_email) AND ($5::text[] = '{}' OR what = ANY ($5))
      AND ($6 = '' OR subject_ref = $6 OR record_id = ANY (ARRAY(
          SELECT id FROM client_record WHERE tenant_id = $1 AND $6 IN (ref, (
              SELECT kept.ref FROM client_record AS kept WHERE kept.id = client_record.merged_into)))))
      AND at <= coalesce($7, 'infinity'::timestamptz) AND (at, id) < (coalesce($7, 'infinity'::timestamptz), $8)
ORDER BY at DESC, id DESC LIMIT $9
"""
_REST_OF_GROUP = """
SELECT id, at, by_email, ip, browser, what, did, subject_id, subject_ref, subject, record_id, fields, emptied,
       before, after
FROM audit_entry
WHERE tenant_id = $1 AND at = $2 AND by_email = $3 AND id < $4 AND ($5::text[] = '{}' OR what = ANY ($5))
      AND ($6 = '' OR subject_ref = $6 OR record_id = ANY (ARRAY(
          SELECT id FROM client_record WHERE tenant_id = $1 AND $6 IN (ref, (
              SELECT kept.ref FROM client_record AS kept WHERE kept.id = client_record.merged_into)))))
ORDER BY id DESC LIMIT $7
"""
_MOMENT = "SELECT at FROM audit_entry WHERE tenant_id = $1 AND id = $2"
_LAST = 2**63 - 1

_MEMBERS = """
SELECT DISTINCT ON (email) email, coalesce(practitioner.name, '') AS name
FROM membership LEFT JOIN practitioner ON practitioner.id = practitioner_id
WHERE membership.tenant_id = $1
ORDER BY email, practitioner.name NULLS LAST
"""
_THINGS = """
SELECT 'practitioner_id' AS field, id, ref, name FROM practitioner WHERE tenant_id = $1
UNION ALL SELECT 'service_id', id, ref, name FROM service WHERE tenant_id = $1
UNION ALL SELECT 'place_id', id, ref, name FROM place WHERE tenant_id = $1
UNION ALL SELECT 'kind_id', id, ref, name FROM resource_kind WHERE tenant_id = $1
UNION ALL SELECT 'resource_id', id, ref, name FROM resource WHERE tenant_id = $1
UNION ALL SELECT 'wording_id', id, ref, name FROM consent_wording WHERE tenant_id = $1
"""
# A line that tells of a change names what changed alone, so whose hours they are says the row that stands.
_WHOSE = """
SELECT 'opening_hours' AS what, id, practitioner_id FROM opening_hours WHERE tenant_id = $1 AND id = ANY ($2)
UNION ALL SELECT 'dated_opening', id, practitioner_id FROM dated_opening WHERE tenant_id = $1 AND id = ANY ($2)
UNION ALL SELECT 'closure', id, practitioner_id FROM closure WHERE tenant_id = $1 AND id = ANY ($2)
"""
_APPOINTMENTS = """
SELECT 'appointment' AS what, id, ref FROM appointment WHERE tenant_id = $1 AND id = ANY ($2)
UNION ALL SELECT 'booking_override', booking_override.id, ref
    FROM booking_override JOIN appointment ON appointment.id = appointment_id
    WHERE booking_override.tenant_id = $1 AND booking_override.id = ANY ($2)
UNION ALL SELECT 'resource_use', resource_use.id, ref
    FROM resource_use JOIN appointment ON appointment.id = appointment_id
    WHERE resource_use.tenant_id = $1 AND resource_use.id = ANY ($2)
"""
_RECORDS = """
SELECT id, ref FROM client_record
WHERE tenant_id = $1 AND id = ANY ($2) AND erased_at IS NULL AND merged_into IS NULL
"""


@dataclass(frozen=True, slots=True)
class Wanted:
    """From `since` to before `until`. `what` are tables, `about` is the ref of a thing, or of a client's record.

    Whatever is left out may be anything; `after` is the number of the line below which to go on.
    """

    since: datetime | None = None
    until: datetime | None = None
    by: str = ""
    what: tuple[str, ...] = ()
    about: str = ""
    after: int | None = None


@dataclass(frozen=True, slots=True)
class Known:
    """What stands behind the ids of some lines now; what is gone is left out."""

    members: dict[str, str] = field(default_factory=dict)
    things: dict[tuple[str, int], tuple[str, str]] = field(default_factory=dict)
    """Ref and name, by field and id."""
    whose: dict[tuple[str, int], int] = field(default_factory=dict)
    appointments: dict[tuple[str, int], str] = field(default_factory=dict)
    records: dict[int, str] = field(default_factory=dict)


async def find_lines(tenant: Tenant, wanted: Wanted, most: int = PAGE) -> tuple[list[dict[str, Any]], bool]:
    """`most` lines and those that one save has written with the last of them; and whether there are more."""
    moment = await _moment(tenant, wanted.after)
    rows = await fetch(
        _LINES,
        tenant.id,
        wanted.since,
        wanted.until,
        wanted.by,
        list(wanted.what),
        wanted.about,
        moment,
        wanted.after if moment else _LAST,
        most + 1,
    )
    more, rows = len(rows) > most, rows[:most]
    if more:
        last = rows[-1]
        kept = (tenant.id, last["at"], last["by_email"], last["id"], list(wanted.what), wanted.about, LONGEST_GROUP)
        rows += await fetch(_REST_OF_GROUP, *kept)
        last = rows[-1]
        next_one = (last["at"], last["id"], 1)
        asked = (tenant.id, wanted.since, wanted.until, wanted.by, list(wanted.what), wanted.about)
        more = bool(await fetch(_LINES, *asked, *next_one))
    return [dict(row) | {name: _read(row[name]) for name in ("before", "after")} for row in rows], more


async def find_known(tenant: Tenant, lines: Iterable[dict[str, Any]]) -> Known:
    lines = list(lines)
    subjects = list({line["subject_id"] for line in lines})
    records = list({line["record_id"] for line in lines} - {None})
    return Known(
        await find_members(tenant),
        {(row["field"], row["id"]): (row["ref"], row["name"]) for row in await fetch(_THINGS, tenant.id)},
        {(row["what"], row["id"]): row["practitioner_id"] for row in await fetch(_WHOSE, tenant.id, subjects)},
        {(row["what"], row["id"]): row["ref"] for row in await fetch(_APPOINTMENTS, tenant.id, subjects)},
        {row["id"]: row["ref"] for row in await fetch(_RECORDS, tenant.id, records)},
    )


async def find_members(tenant: Tenant) -> dict[str, str]:
    """Everybody who works or has worked here: the name by the address, empty for whoever gives no services."""
    return {row["email"]: row["name"] for row in await fetch(_MEMBERS, tenant.id)}


async def _moment(tenant: Tenant, line: int | None) -> datetime | None:
    row = await fetch_first(_MOMENT, tenant.id, line) if line is not None else None
    return row["at"] if row else None


def _read(value: str | None) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(value) if value else {}
    return found
