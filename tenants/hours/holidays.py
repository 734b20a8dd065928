"""Closing the whole practice on public holidays. Which days these are, the portal finds out."""

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from tenants.availability.wall_clock import day_span, moment
from tenants.hours.close import TURN
from tenants.practices.tenant import Tenant
from tenants.refs import new_ref
from tenants.scope import fetch


class Holiday(NamedTuple):
    """`region` is a country (ISO 3166-1), with its province where one is chosen: `CA-QC`."""

    region: str
    day: date
    name: str

    @property
    def key(self) -> str:
        """Of the region and the day alone: a name may be spelled differently next year."""
        return f"{self.region}:{self.day}"


# A day that one province has taken already is not closed again for its neighbour, nor one that was moved since.
_CLOSE = """
INSERT INTO closure (tenant_id, ref, starts_at, ends_at, reason, holiday)
SELECT $1, ref, starts_at, ends_at, reason, holiday
FROM unnest($2::text[], $3::timestamptz[], $4::timestamptz[], $5::text[], $6::text[])
     AS wanted (ref, starts_at, ends_at, reason, holiday)
WHERE NOT EXISTS (
    SELECT FROM closure
    WHERE tenant_id = $1 AND split_part(closure.holiday, ':', 2) = split_part(wanted.holiday, ':', 2)
)
ON CONFLICT ON CONSTRAINT closure_holiday_key DO NOTHING RETURNING ref
"""
_TAKEN = "SELECT holiday FROM closure WHERE tenant_id = $1 AND holiday IS NOT NULL ORDER BY id"


async def close_for_holidays(tenant: Tenant, holidays: Sequence[Holiday]) -> int:
    """How many days are closed anew, for everybody and everywhere; a day that was taken before is left as it is."""
    await fetch(TURN, str(tenant.id))
    spans = [day_span(each.day, tenant.zone) for each in holidays]
    made = await fetch(
        _CLOSE,
        tenant.id,
        [new_ref() for _ in holidays],
        [moment(begins) for begins, _ in spans],
        [moment(ends) for _, ends in spans],
        [each.name[:500] for each in holidays],
        [each.key for each in holidays],
    )
    return len(made)


async def holidays_taken(tenant: Tenant) -> dict[date, str]:
    """The days that have a closure as a public holiday, with the region that each was taken from; the newest last."""
    keys = [row["holiday"].partition(":") for row in await fetch(_TAKEN, tenant.id)]
    return {date.fromisoformat(day): region for region, _, day in keys}
