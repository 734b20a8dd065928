"""The one answer to "is this time open?": pages, fragments and the booking itself all ask here."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import NamedTuple

from tenants.availability.starts import Candidate, free
from tenants.availability.wall_clock import day_span, local_day, moment
from tenants.booking.busy import NOTHING, Besides, Busy, load_busy
from tenants.booking.crowd import NOBODY, Crowd, load_crowd
from tenants.booking.plan import Plan, PlannedService, lasting, load_plan, remembered_plan
from tenants.practices.tenant import Tenant
from tenants.refusals import NotFound, ServiceNotGiven

ALWAYS = (0, 2**40)
FURTHEST = timedelta(days=730)
"""The longest horizon that a practice may set, by the table's CHECK."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """Refs as they stand in a URL; no practitioner and no place mean "no preference"."""

    service: str
    practitioner: str | None = None
    place: str | None = None


class Slot(NamedTuple):
    """A start still open, with the practitioner who would give it. `start` is an instant in seconds."""

    start: int
    practitioner_id: int
    place_id: int

    @property
    def starts_at(self) -> datetime:
        return moment(self.start)


@dataclass(frozen=True, slots=True)
class OpenTimes:
    """The answer for the days that were asked for; each is worked out when it is looked at.

    `window` holds the first and the last instant at which one may begin.
    """

    plan: Plan
    service: PlannedService
    practitioners: list[int]
    place_id: int | None
    busy: Busy
    window: tuple[int, int]
    first_day: date
    last_day: date
    crowd: Crowd = NOBODY

    @property
    def days(self) -> dict[date, list[Slot]]:
        """Every day in order; one with nothing free is an empty list."""
        return {day: self.day(day) for day in self._days()}

    @property
    def open_days(self) -> list[date]:
        return [day for day in self._days() if self.is_open(day)]

    def is_open(self, day: date) -> bool:
        """Whether `day(day)` holds anything, found at the first free start."""
        return any(True for who in self.practitioners for _ in self._free(who, day))

    def day(self, day: date) -> list[Slot]:
        """Each start once; where several could give it, the one with the fewest appointments that day does."""
        if len(self.practitioners) == 1:
            who = self.practitioners[0]
            return [Slot(instant, who, place_id) for instant, place_id in self._free(who, day)]
        found: dict[int, Slot] = {}
        for who in self._least_busy_first(day):
            for instant, place_id in self._free(who, day):
                found.setdefault(instant, Slot(instant, who, place_id))
        return [found[start] for start in sorted(found)]

    def slot(self, start: int) -> Slot | None:
        """The one of its `day` that begins then."""
        day = local_day(start, self.plan.zone)
        order = self._least_busy_first(day) if len(self.practitioners) > 1 else self.practitioners
        return next(
            (Slot(start, who, place) for who in order for instant, place in self._free(who, day) if instant == start),
            None,
        )

    def nearest(self, start: int, count: int = 3) -> tuple[datetime, ...]:
        slots = [slot for slots in self.days.values() for slot in slots]
        chosen = sorted(slots, key=lambda slot: (abs(slot.start - start), slot.start))[:count]
        return tuple(slot.starts_at for slot in sorted(chosen))

    def _free(self, who: int, day: date) -> Iterator[Candidate]:
        begins, ends = day_span(day, self.plan.zone)
        if ends <= self.window[0] or begins > self.window[1]:
            return iter(())
        possible = self.plan.candidates(self.service, who, day)
        if self.place_id is not None:
            possible = [candidate for candidate in possible if candidate[1] == self.place_id]
        found = free(possible, self.busy.spans.get(who, ()), self.service.length, *self.window)
        if self.service.needs:
            found = (each for each in found if self.crowd.missing(self.plan, self.service, each) is None)
        return iter(sorted({*found, *self._joinable(who, possible)})) if self.service.is_group else found

    def _joinable(self, who: int, possible: Iterable[Candidate]) -> Iterator[Candidate]:
        """Where a group has begun to gather and has a seat left: the time is the group's, and so is its room."""
        earliest, latest = self.window
        for candidate in possible:
            group = self.crowd.joined(self.service, who, candidate)
            if group and len(group.seats) < self.service.capacity and earliest <= candidate[0] <= latest:
                yield candidate

    def _least_busy_first(self, day: date) -> list[int]:
        begins, ends = day_span(day, self.plan.zone)
        load = {who: sum(begins <= at < ends for at in self.busy.starts.get(who, ())) for who in self.practitioners}
        return sorted(self.practitioners, key=lambda who: load[who])  # stable: ties stay in the order of names

    def _days(self) -> Iterator[date]:
        for number in range((self.last_day - self.first_day).days + 1):
            yield self.first_day + timedelta(days=number)


async def open_times(
    tenant: Tenant,
    wanted: Wanted,
    first_day: date,
    last_day: date,
    now: datetime,
    *,
    besides: Besides = NOTHING,
    seen: Busy | None = None,
    limited: bool = True,
    length: timedelta | None = None,
) -> OpenTimes:
    """Both days included, in the practice's zone. `limited` keeps to the notice and the horizon that clients have.

    `length` is that of an appointment which does not last as long as its service.

    `seen` is what is busy around these days, when it has just been read with something else.

    Raises NotFound for a service, practitioner or place that this practice does not offer, ServiceNotGiven for a
    practitioner or place that does not go with the service, PracticeSuspended.
    """
    plan, busy = await _plan_and_busy(tenant, wanted, (first_day, last_day), now, besides, seen)
    plan.check_open()
    service = lasting(plan.service(wanted.service), length)
    if limited and not service.is_online and not besides.appointment_id:
        raise NotFound("service")
    practitioners = chosen_practitioners(plan, service, wanted)
    place_id = chosen_place(plan, service, wanted)
    window = booking_window(plan, now) if limited else ALWAYS
    span = (day_span(first_day, plan.zone)[0], day_span(last_day, plan.zone)[1])
    crowd = await load_crowd(tenant, plan, service, practitioners, span, now, besides)
    return OpenTimes(plan, service, practitioners, place_id, busy, window, first_day, last_day, crowd)


async def _plan_and_busy(
    tenant: Tenant, wanted: Wanted, days: tuple[date, date], now: datetime, besides: Besides, seen: Busy | None
) -> tuple[Plan, Busy]:
    """Both of one moment: a remembered plan counts only if its number still stands beside the busy times.

    One that does not know what is wanted may just be old, so it cannot refuse either.
    """
    plan = remembered_plan(tenant)
    if plan is None or not _knows(plan, wanted):
        plan = await load_plan(tenant)
    while True:
        practitioners = chosen_practitioners(plan, plan.service(wanted.service), wanted)
        span = (day_span(days[0], plan.zone)[0], day_span(days[1], plan.zone)[1])
        busy = seen or await load_busy(tenant, practitioners, span, now, besides)
        if busy.plan_version == plan.version:
            return plan, busy
        plan, seen = await load_plan(tenant), None


def _knows(plan: Plan, wanted: Wanted) -> bool:
    try:
        service = plan.service(wanted.service)
        chosen_practitioners(plan, service, wanted)
        chosen_place(plan, service, wanted)
    except (NotFound, ServiceNotGiven):
        return False
    return True


def booking_window(plan: Plan, now: datetime) -> tuple[int, int]:
    """The first and the last instant at which a client may begin, both included."""
    earliest = now + plan.policy.minimum_notice
    return -int(-earliest.timestamp() // 1), int((now + plan.policy.horizon).timestamp())


def chosen_practitioners(plan: Plan, service: PlannedService, wanted: Wanted, keeps: int | None = None) -> list[int]:
    """`keeps` is one who may go on though they do not give the service any more."""
    if wanted.practitioner is None:
        return list(service.practitioners)
    chosen = next((row["id"] for row in plan.practitioners.values() if row["ref"] == wanted.practitioner), None)
    if chosen is None:
        raise NotFound("practitioner")
    if chosen not in service.practitioners and chosen != keeps:
        raise ServiceNotGiven
    return [chosen]


def chosen_place(plan: Plan, service: PlannedService, wanted: Wanted) -> int | None:
    if wanted.place is None:
        return None
    chosen = next((row["id"] for row in plan.places.values() if row["ref"] == wanted.place), None)
    if chosen is None:
        raise NotFound("place")
    if chosen not in service.places:
        raise ServiceNotGiven
    return int(chosen)


async def next_open_day(
    tenant: Tenant,
    wanted: Wanted,
    after: date,
    now: datetime,
    *,
    limited: bool = True,
    length: timedelta | None = None,
) -> date | None:
    """The first day after this one with anything free, as far ahead as clients may book or, unlimited, any practice."""
    plan = remembered_plan(tenant) or await load_plan(tenant)
    last = local_day(booking_window(plan, now)[1] if limited else int((now + FURTHEST).timestamp()), plan.zone)
    first = max(after + timedelta(days=1), local_day(int(now.timestamp()), plan.zone))
    while first <= last:
        until = min(first + timedelta(days=30), last)
        found = await open_times(tenant, wanted, first, until, now, limited=limited, length=length)
        if found.open_days:
            return found.open_days[0]
        first += timedelta(days=31)
    return None
