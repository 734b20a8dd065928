"""From a start that somebody chose to a slot that is theirs to take, or to the refusal that says why not."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from tenants.availability.wall_clock import local_day
from tenants.booking.busy import NOTHING, Besides, Busy
from tenants.booking.open_times import (
    OpenTimes,
    Slot,
    Wanted,
    booking_window,
    chosen_place,
    chosen_practitioners,
    open_times,
)
from tenants.booking.plan import Plan, PlannedService
from tenants.practices.tenant import Tenant
from tenants.refusals import BookedTooEarly, BookedTooLate, Refusal, SlotTaken, TimeIsPast, TimeNotOffered


@dataclass(frozen=True, slots=True)
class Choice:
    """What somebody chose on the page: a service, a start, and who and where if they care."""

    wanted: Wanted
    starts_at: datetime


@dataclass(frozen=True, slots=True)
class Found:
    slot: Slot
    service: PlannedService
    plan: Plan
    among: OpenTimes

    @property
    def practitioner_ref(self) -> str:
        return str(self.plan.practitioners[self.slot.practitioner_id]["ref"])

    @property
    def others(self) -> tuple[datetime, ...]:
        """The starts nearest to it, should somebody be quicker."""
        return tuple(each for each in self.among.nearest(self.slot.start, 4) if each != self.slot.starts_at)[:3]


async def find_slot(
    tenant: Tenant,
    choice: Choice,
    now: datetime,
    *,
    besides: Besides = NOTHING,
    seen: Busy | None = None,
    limited: bool = True,
    length: timedelta | None = None,
) -> Found:
    """`besides`, `seen` and `length` as `open_times` has them.

    Raises NotFound, ServiceNotGiven, TimeIsPast, BookedTooLate, BookedTooEarly, TimeNotOffered or SlotTaken.
    """
    start = int(choice.starts_at.timestamp())
    day = local_day(start, tenant.zone)
    found = await open_times(
        tenant, choice.wanted, day, day, now, besides=besides, seen=seen, limited=limited, length=length
    )
    slot = found.slot(start)
    if slot is None:
        raise _why_not(found, start, now, limited=limited) or await _taken(tenant, choice, found, now)
    return Found(slot, found.service, found.plan, found)


def _why_not(found: OpenTimes, start: int, now: datetime, *, limited: bool) -> Refusal | None:
    policy = found.plan.policy
    starts_at = Slot(start, 0, 0).starts_at
    if limited and starts_at <= now:
        return TimeIsPast(starts_at)
    earliest, latest = booking_window(found.plan, now)
    if limited and start < earliest:
        return BookedTooLate(starts_at, policy.minimum_notice)
    if limited and start > latest:
        return BookedTooEarly(starts_at, policy.horizon)
    return None


async def _taken(tenant: Tenant, choice: Choice, found: OpenTimes, now: datetime) -> Refusal:
    """Taken when hours would have allowed it, else never offered; with the nearest free starts of the days around."""
    start = int(choice.starts_at.timestamp())
    day = local_day(start, tenant.zone)
    nearest = found.nearest(start)
    if len(nearest) < 3:  # noqa: PLR2004 - a refusal names three ways out
        week = await open_times(tenant, choice.wanted, day, day + timedelta(days=7), now)
        nearest = week.nearest(start)
    place_id = chosen_place(found.plan, found.service, choice.wanted)
    possible = any(
        instant == start and place_id in {None, at}
        for who in chosen_practitioners(found.plan, found.service, choice.wanted)
        for instant, at in found.plan.candidates(found.service, who, day)
    )
    starts_at = Slot(start, 0, 0).starts_at
    return SlotTaken(starts_at, nearest) if possible else TimeNotOffered(starts_at, nearest)
