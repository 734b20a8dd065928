"""A month in numbers: how many come on each day, and which days are closed."""

from typing import Any

from portal.staff.calendar.agenda import day_instants
from portal.staff.calendar.spread import Spread


def weeks(spread: Spread) -> list[list[dict[str, Any]]]:
    """A line for each week. `outside` are days of the months beside it; `closed` is why nobody comes, perhaps ""."""
    days = [
        {
            "day": day,
            "outside": day.month != spread.turned.day.month,
            "number": spread.numbers.get(day, 0),
            "closed": _closed(spread, day_instants([day], spread.book.practice)),
        }
        for day in spread.days
    ]
    return [days[first : first + 7] for first in range(0, len(days), 7)]


def _closed(spread: Spread, day: tuple[Any, Any]) -> str | None:
    """Of closures that leave nobody at work, the whole day long."""
    whole = (
        row["reason"]
        for row in spread.book.closures
        if row["practitioner_id"] is None
        and row["place_id"] is None
        and row["starts_at"] <= day[0]
        and row["ends_at"] >= day[1]
    )
    return next(whole, None)
