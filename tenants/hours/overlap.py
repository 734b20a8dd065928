"""Nobody receives at two places, or twice, at one time. Pure: the rows come in."""

from collections.abc import Sequence
from datetime import date
from itertools import combinations, pairwise

from tenants.availability.hours import DatedHours, WeeklyHours, hours_on
from tenants.refusals import HoursOverlap


def check_overlaps(weekly: Sequence[WeeklyHours], dated: Sequence[DatedHours]) -> None:
    """One practitioner's hours, wherever they are: by weekday, and on each day that has hours of its own.

    Hours that touch do not overlap. Raises HoursOverlap.
    """
    for one, other in combinations(weekly, 2):
        if one.opens < other.closes and other.opens < one.closes and _same_days(one, other):
            raise HoursOverlap(one.weekday)
    for day in {hours.day for hours in dated}:
        if any(closes > opens for (_, _, closes), (_, opens, _) in pairwise(hours_on(day, weekly, dated))):
            raise HoursOverlap(day.weekday())


def _same_days(one: WeeklyHours, other: WeeklyHours) -> bool:
    first = max(one.from_day or date.min, other.from_day or date.min)
    last = min(one.until_day or date.max, other.until_day or date.max)
    return one.weekday == other.weekday and first <= last
