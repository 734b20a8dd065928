from datetime import date, datetime
from typing import Any

from tenants.hours.tables import Closure, DatedOpening, OpeningHours
from tenants.practices.tenant import Tenant


async def weekly_hours(tenant: Tenant, practitioner_id: int) -> list[dict[str, Any]]:
    query = OpeningHours.of(tenant).where(OpeningHours.practitioner_id == practitioner_id)
    return await query.order_by(OpeningHours.weekday).order_by(OpeningHours.opens)


async def dated_hours(tenant: Tenant, practitioner_id: int, since: date) -> list[dict[str, Any]]:
    """From that day on, in order."""
    mine = DatedOpening.of(tenant).where(DatedOpening.practitioner_id == practitioner_id)
    return await mine.where(DatedOpening.day >= since).order_by(DatedOpening.day).order_by(DatedOpening.opens)


async def closures_between(tenant: Tenant, since: datetime, until: datetime) -> list[dict[str, Any]]:
    """All that last any time from `since` on and before `until`, in the order of their beginning."""
    query = Closure.of(tenant).where((Closure.ends_at > since) & (Closure.starts_at < until))
    return await query.order_by(Closure.starts_at)
