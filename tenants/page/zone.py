"""Another zone for a practice: every agreed instant stays, and what is said in wall times means other instants.

Opening hours, quiet hours and days are wall times. Closures are instants: one that was meant as whole days begins at
some other hour of the new clock, unless it is moved along.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from tenants.availability.wall_clock import day_span, moment
from tenants.hours.close import TURN
from tenants.page.sign import find_sign, locked_sign, write_sign
from tenants.practices.tenant import Tenant
from tenants.refs import fingerprint
from tenants.refusals import ChangedMeanwhile
from tenants.scope import fetch

# Where a place has a zone of its own, it is that one's days which its closures mean.
_TO_COME = """
SELECT closure.ref, closure.starts_at, closure.ends_at, closure.reason, closure.holiday IS NOT NULL AS is_holiday
FROM closure LEFT JOIN place ON place.id = closure.place_id
WHERE closure.tenant_id = $1 AND closure.ends_at > $2 AND place.zone IS NULL
ORDER BY closure.starts_at, closure.id
"""
_SHIFT = """
UPDATE closure SET starts_at = new.starts_at, ends_at = new.ends_at
FROM unnest($2::text[], $3::timestamptz[], $4::timestamptz[]) AS new (ref, starts_at, ends_at)
WHERE closure.tenant_id = $1 AND closure.ref = new.ref
"""


@dataclass(frozen=True, slots=True)
class WholeDays:
    """A closure of whole days by the old clock; from `begins` to `ends` the same days are by the new one."""

    ref: str
    starts_at: datetime
    ends_at: datetime
    begins: datetime
    ends: datetime
    reason: str
    is_holiday: bool


async def find_zone(tenant: Tenant) -> ZoneInfo:
    return ZoneInfo((await find_sign(tenant))["zone"])


async def off_midnight(tenant: Tenant, zone: ZoneInfo, now: datetime) -> list[WholeDays]:
    """The closures still to come, or running, that would no longer be whole days."""
    stands = await find_zone(tenant)
    rows = await fetch(_TO_COME, tenant.id, now)
    return [shifted for row in rows if (shifted := _whole_days(row, stands, zone))]


async def change_zone(tenant: Tenant, zone: ZoneInfo, now: datetime, seen: str, *, whole_days: bool) -> None:
    """`seen` is `zone_seen` of what the reader was told; `whole_days` keeps closures of whole days to the same days.

    Appointments stay at their instants, and places with a zone of their own at their hours. Raises ChangedMeanwhile.
    """
    await fetch(TURN, str(tenant.id))
    stands = ZoneInfo((await locked_sign(tenant))["zone"])
    if stands == zone:
        return
    moved = await off_midnight(tenant, zone, now)
    if zone_seen(stands, moved) != seen:
        raise ChangedMeanwhile
    if whole_days:
        begins, ends = [each.begins for each in moved], [each.ends for each in moved]
        await fetch(_SHIFT, tenant.id, [each.ref for each in moved], begins, ends)
    await write_sign(tenant, {"zone": zone.key})


def zone_seen(zone: ZoneInfo, moved: Sequence[WholeDays]) -> str:
    """Of the zone that stands and the closures told of: appointments may come and go, none of them changes."""
    return fingerprint((zone.key, [(each.ref, each.begins, each.ends) for each in moved]))


def _whole_days(row: Any, stands: ZoneInfo, zone: ZoneInfo) -> WholeDays | None:
    starts_at, ends_at = (row[name].astimezone(UTC) for name in ("starts_at", "ends_at"))
    first = starts_at.astimezone(stands).date()
    last = (ends_at - timedelta(seconds=1)).astimezone(stands).date()
    if (starts_at, ends_at) != (moment(day_span(first, stands)[0]), moment(day_span(last, stands)[1])):
        return None
    begins, ends = moment(day_span(first, zone)[0]), moment(day_span(last, zone)[1])
    if (begins, ends) == (starts_at, ends_at):
        return None
    return WholeDays(row["ref"], starts_at, ends_at, begins, ends, row["reason"], row["is_holiday"])
