"""Which times of a day a practitioner receives at a place, by weekly hours and by exceptions for a date."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class WeeklyHours:
    """Minutes after midnight on the wall; `closes` may be 1440. Both days are included; None leaves that side open."""

    place_id: int
    weekday: int
    opens: int
    closes: int
    from_day: date | None = None
    until_day: date | None = None

    def in_force(self, day: date) -> bool:
        return (self.from_day is None or self.from_day <= day) and (self.until_day is None or day <= self.until_day)


@dataclass(frozen=True, slots=True)
class DatedHours:
    """For its day and place it stands instead of all weekly hours; without times the place is closed that day."""

    place_id: int
    day: date
    opens: int | None
    closes: int | None


def hours_on(day: date, weekly: Sequence[WeeklyHours], dated: Sequence[DatedHours]) -> list[tuple[int, int, int]]:
    """(place_id, opens, closes) of one day, sorted by opening; overlapping rows of one place are left as they are."""
    exceptions = [row for row in dated if row.day == day]
    replaced = {row.place_id for row in exceptions}
    weekday = day.weekday()
    usual = [
        (row.opens, row.closes, row.place_id)
        for row in weekly
        if row.weekday == weekday and row.place_id not in replaced and row.in_force(day)
    ]
    instead = [
        (row.opens, row.closes, row.place_id) for row in exceptions if row.opens is not None and row.closes is not None
    ]
    return [(place, opens, closes) for opens, closes, place in sorted(usual + instead)]
