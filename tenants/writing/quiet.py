"""Quiet hours: what would fall into them leaves before they begin. Pure."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from tenants.availability.wall_clock import edge, local_day, moment

LEAD = timedelta(minutes=15)
"""How long before quiet hours begin the last messages leave, so that none is still on its way then."""

LONGEST = 20 * 60
"""Minutes: a practice keeps four hours of the day for its messages."""


@dataclass(frozen=True, slots=True)
class Quiet:
    """Minutes of the day on the practice's wall clock; over midnight when `until` is not after `since`.

    None at all when both are the same.
    """

    since: int = 21 * 60
    until: int = 8 * 60

    @property
    def minutes(self) -> int:
        return (self.until - self.since) % 1440

    def around(self, instant: datetime, zone: ZoneInfo) -> tuple[datetime, datetime] | None:
        """The quiet hours that hold this instant, their end not included."""
        today = local_day(int(instant.timestamp()), zone)
        for day in (today - timedelta(days=1), today):
            hours = self.hours_of(day, zone)
            if hours and hours[0] <= instant < hours[1]:
                return hours
        return None

    def hours_of(self, day: date, zone: ZoneInfo) -> tuple[datetime, datetime] | None:
        """Those that begin on this day."""
        if self.since == self.until:
            return None
        last = day if self.since < self.until else day + timedelta(days=1)
        return moment(edge(day, self.since, zone)), moment(edge(last, self.until, zone))

    def leave_by(self, instant: datetime, zone: ZoneInfo) -> datetime:
        """The instant itself, or the last one before the quiet hours that hold it."""
        hours = self.around(instant, zone)
        return hours[0] - LEAD if hours else instant
