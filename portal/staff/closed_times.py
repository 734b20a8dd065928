"""From when until when something is closed, as the practice's wall has it."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Self

from portal.languages.formats import Formats
from tenants.availability.wall_clock import day_span
from tenants.practices.tenant import Tenant


@dataclass(frozen=True, slots=True)
class ClosedTimes:
    """`begins_a_day` and `ends_a_day` where no time needs to be said; `last_day` is the last one with any of it."""

    starts_at: datetime
    ends_at: datetime
    first_day: date
    last_day: date
    begins_a_day: bool
    ends_a_day: bool

    @classmethod
    def of(cls, row: dict[str, Any], practice: Tenant) -> Self:
        zone = practice.zone
        begins, ends = (row[name].astimezone(zone) for name in ("starts_at", "ends_at"))
        first_day, last_day = begins.date(), (row["ends_at"] - timedelta(seconds=1)).astimezone(zone).date()
        return cls(
            begins,
            ends,
            first_day,
            last_day,
            begins_a_day=begins.timestamp() == day_span(first_day, zone)[0],
            ends_a_day=ends.timestamp() == day_span(last_day, zone)[1],
        )

    @property
    def whole_days(self) -> bool:
        return self.begins_a_day and self.ends_a_day

    @property
    def one_day(self) -> bool:
        return self.first_day == self.last_day

    def words(self, formats: Formats) -> str:
        first, last = formats.day(self.first_day), formats.day(self.last_day)
        if self.whole_days:
            return first if self.one_day else f"{first} – {last}"
        if self.one_day:
            return f"{first}, {formats.span(self.starts_at.time(), self.ends_at.time())}"
        zone = str(self.starts_at.tzinfo)
        return f"{formats.moment(self.starts_at, zone)} – {formats.moment(self.ends_at, zone)}"

    @property
    def typed(self) -> dict[str, str]:
        """As the fields of a form take them."""
        ends = self.last_day if self.ends_a_day else self.ends_at.date()
        return {
            "from_day": str(self.first_day),
            "from_time": "" if self.begins_a_day else f"{self.starts_at:%H:%M}",
            "until_day": str(ends),
            "until_time": "" if self.ends_a_day else f"{self.ends_at:%H:%M}",
        }
