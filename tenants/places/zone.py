"""By whose clock a place lives. Pure: the rows come in."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from tenants.practices.tenant import Tenant


def zone_of(tenant: Tenant, place: dict[str, Any]) -> ZoneInfo:
    return ZoneInfo(place["zone"]) if place["zone"] else tenant.zone


def reads_differently(at: datetime, before: ZoneInfo, after: ZoneInfo) -> bool:
    """Whether that instant has another wall time, or day, by the other clock."""
    return at.astimezone(before).replace(tzinfo=None) != at.astimezone(after).replace(tzinfo=None)
