"""The free times of a month and of one of its days, as `_strip.html` and `_times.html` draw them."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from portal.database import TROUBLE, practice_lens
from portal.web.viewer import Viewer
from tenants.booking.busy import NOTHING, Besides
from tenants.booking.open_times import FURTHEST, OpenTimes, Slot, Wanted, next_open_day, open_times
from tenants.practices.tenant import Tenant

NOON, EVENING = 12, 17


@dataclass(frozen=True, slots=True)
class Look:
    """What one look at the times found; without `found` it did not get that far."""

    day: date
    found: OpenTimes | None = None
    next_free: date | None = None
    limited: bool = True


async def look(
    tenant: Tenant,
    wanted: Wanted,
    asked: date | None,
    now: datetime,
    besides: Besides = NOTHING,
    *,
    limited: bool = True,
    length: timedelta | None = None,
) -> Look:
    """The month of the day that was asked for, or of the first free day. Raises what `open_times` raises.

    `limited` is for clients; staff are bound by hours and busy times only. `length` is that of an appointment which
    does not last as long as its service.
    """
    asking: dict[str, Any] = {"limited": limited, "length": length}
    today = now.astimezone(tenant.zone).date()
    day = max(asked or today, today)
    try:
        async with practice_lens(tenant):
            if asked is None:
                day = await next_open_day(tenant, wanted, today - timedelta(days=1), now, **asking) or today
            first, last = month_days(day)
            found = await open_times(tenant, wanted, first, last, now, besides=besides, **asking)
            later = None if found.is_open(day) else await next_open_day(tenant, wanted, day, now, **asking)
    except TROUBLE:
        return Look(day, limited=limited)
    return Look(day, found, later, limited)


def times_facts(viewer: Viewer, tenant: Tenant, seen: Look, choice: dict[str, str], *, names: bool) -> dict[str, Any]:
    """`choice` is what the page's address must keep; `names` tells who gives each time, where nobody was preferred."""
    return {
        "day": seen.day,
        "month": seen.day.replace(day=1),
        "parts": _parts(seen, names=names),
        "strip": _strip(viewer, tenant, seen),
        "next_free": seen.next_free,
        "trouble": seen.found is None,
        "refusal": None,
        "zone": _zone(tenant, seen),
        "viewer_zone_differs": _zone_differs(viewer, tenant, seen),
        "choice": choice,
        **_neighbours(viewer, tenant, seen, choice),
    }


def time_facts(slot: Slot, found: OpenTimes, *, names: bool) -> dict[str, Any]:
    """On the wall of the place."""
    starts_at = slot.starts_at.astimezone(found.plan.zone_at(slot.place_id))
    several_places = len(found.service.places) > 1
    return {
        "starts_at": starts_at,
        "value": starts_at.isoformat(),
        "practitioner_name": found.plan.practitioners[slot.practitioner_id]["name"] if names else None,
        "place_name": found.plan.places[slot.place_id]["name"] if several_places else None,
    }


def _parts(seen: Look, *, names: bool) -> list[tuple[str, list[dict[str, Any]]]]:
    if seen.found is None or not seen.found.is_open(seen.day):
        return []
    parts: dict[str, list[dict[str, Any]]] = {"morning": [], "afternoon": [], "evening": []}
    for slot in seen.found.day(seen.day):
        facts = time_facts(slot, seen.found, names=names)
        hour = facts["starts_at"].hour
        parts["morning" if hour < NOON else "afternoon" if hour < EVENING else "evening"].append(facts)
    return list(parts.items())


def _strip(viewer: Viewer, tenant: Tenant, seen: Look) -> list[dict[str, Any]]:
    if seen.found is None:
        return []
    today = viewer.now.astimezone(tenant.zone).date()
    return [
        {"day": day, "open": bool(slots), "chosen": day == seen.day, "past": day < today}
        for day, slots in seen.found.days.items()
    ]


def _neighbours(viewer: Viewer, tenant: Tenant, seen: Look, choice: dict[str, str]) -> dict[str, str | None]:
    first, last = month_days(seen.day)
    today = viewer.now.astimezone(tenant.zone).date()
    ahead = seen.found.plan.policy.horizon if seen.found else timedelta()
    horizon = viewer.now + (ahead if seen.limited else FURTHEST)
    before, after = first - timedelta(days=1), last + timedelta(days=1)
    return {
        "previous_month": urlencode(choice | {"day": max(before.replace(day=1), today)}) if before >= today else None,
        "next_month": urlencode(choice | {"day": after}) if after <= horizon.astimezone(tenant.zone).date() else None,
    }


def _zones(seen: Look) -> set[ZoneInfo]:
    found = seen.found
    if found is None:
        return set()
    places = found.service.places if found.place_id is None else {found.place_id}
    return {found.plan.zone_at(place) for place in places}


def _zone(tenant: Tenant, seen: Look) -> ZoneInfo | None:
    """Of all times on the page; None where each place has its own."""
    zones = _zones(seen) or {tenant.zone}
    return zones.pop() if len(zones) == 1 else None


def _zone_differs(viewer: Viewer, tenant: Tenant, seen: Look) -> bool:
    """From the reader's own where that is known, else from the practice's: then it has to be named."""
    own = viewer.person.zone if viewer.person else None
    return _zone(tenant, seen) != (ZoneInfo(own) if own else tenant.zone)


def zone_differs(viewer: Viewer, tenant: Tenant) -> bool:
    """Whether the reader has said to live by another clock, so that the practice's must be named."""
    return bool(viewer.person and viewer.person.zone and viewer.person.zone != tenant.zone.key)


def month_days(month: date) -> tuple[date, date]:
    first = month.replace(day=1)
    return first, (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)
