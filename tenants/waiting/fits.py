"""Which of the open slots somebody waits for. Pure: the slots and the zones come in."""

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, Self
from zoneinfo import ZoneInfo

from tenants.availability.wall_clock import edge, local_day, moment
from tenants.booking.open_times import Slot

SHORTEST = timedelta(minutes=15)
"""The least that anybody gets to answer."""
FIRST_MINUTE, LAST_MINUTE = 8 * 60, 20 * 60
"""Offers leave from 08:00 on and before 20:00, on the practice's wall."""


@dataclass(frozen=True, slots=True)
class When:
    """As `WaitingWish` has it."""

    weekdays: frozenset[int]
    from_minute: int
    until_minute: int
    first_day: date
    last_day: date

    @classmethod
    def of(cls, row: Any) -> Self:
        return cls(
            frozenset(row["weekdays"]), row["from_minute"], row["until_minute"], row["first_day"], row["last_day"]
        )

    def fits(self, starts_at: datetime, zone: ZoneInfo) -> bool:
        """`zone` is that of the place: its clock on the wall decides."""
        wall = starts_at.astimezone(zone)
        return (
            self.first_day <= wall.date() <= self.last_day
            and wall.weekday() in self.weekdays
            and self.from_minute <= wall.hour * 60 + wall.minute < self.until_minute
        )

    @property
    def days(self) -> tuple[date, date]:
        """First and last on which a fitting start can lie in the practice's zone, whatever that of the place is."""
        return self.first_day - timedelta(days=1), self.last_day + timedelta(days=1)


def first_fit(
    when: When,
    slots: Iterable[Slot],
    zone_at: Callable[[int], ZoneInfo],
    *,
    earliest: datetime,
    besides: Collection[int],
) -> Slot | None:
    """The earliest of them from `earliest` on; `besides` are starts that are not wanted any more."""
    fitting = (
        slot
        for slot in slots
        if slot.start not in besides
        and slot.starts_at >= earliest
        and when.fits(slot.starts_at, zone_at(slot.place_id))
    )
    return min(fitting, key=lambda slot: slot.start, default=None)


def lasts_until(starts_at: datetime, now: datetime, lasts: timedelta, notice: timedelta) -> datetime:
    """An offer ends while the time can still be booked, and never less than a quarter of an hour before it begins."""
    return min(now + lasts, starts_at - max(notice, SHORTEST))


def earliest_start(now: datetime, notice: timedelta) -> datetime:
    """What begins before it leaves nobody the time to answer."""
    return now + max(notice, SHORTEST) + SHORTEST


def may_offer(now: datetime, zone: ZoneInfo) -> bool:
    return time(FIRST_MINUTE // 60) <= now.astimezone(zone).time() < time(LAST_MINUTE // 60)


def next_morning(now: datetime, zone: ZoneInfo) -> datetime:
    """When offers may leave again; now, where they may."""
    if may_offer(now, zone):
        return now
    day = local_day(int(now.timestamp()), zone)
    if now.astimezone(zone).time() >= time(LAST_MINUTE // 60):
        day += timedelta(days=1)
    return moment(edge(day, FIRST_MINUTE, zone))
