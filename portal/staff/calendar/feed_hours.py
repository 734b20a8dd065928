"""Opening hours as the calendar draws them: for each practitioner and day, on the practice's wall."""

from datetime import date, timedelta

import msgspec

from tenants.availability.hours import hours_on
from tenants.availability.wall_clock import edge, moment
from tenants.booking.plan import Plan


class Opening(msgspec.Struct):
    practitioner: str
    place: str
    start: str
    end: str


def openings(plan: Plan, first: date, last: date) -> list[Opening]:
    """Both days included. Nothing is taken off for closures, which are drawn over them."""
    days = [first + timedelta(days=number) for number in range((last - first).days + 1)]
    return [
        Opening(row["ref"], plan.places[place]["ref"], *_span(plan, place, day, opens, closes))
        for who, row in plan.practitioners.items()
        for day in days
        for place, opens, closes in hours_on(day, plan.weekly.get(who, ()), plan.dated.get(who, ()))
        if place in plan.places
    ]


def _span(plan: Plan, place: int, day: date, opens: int, closes: int) -> tuple[str, str]:
    """The hours of a place in another zone are wall times there."""
    zone = plan.zone_at(place)
    if zone == plan.zone:
        return wall(day, opens), wall(day, closes)
    begins, ends = (moment(edge(day, minute, zone)).astimezone(plan.zone) for minute in (opens, closes))
    return f"{begins:%Y-%m-%dT%H:%M}", f"{ends:%Y-%m-%dT%H:%M}"


def wall(day: date, minute: int) -> str:
    """`minute` from 0 to 1440, which is the next day's midnight."""
    if minute == 24 * 60:
        day, minute = day + timedelta(days=1), 0
    return f"{day}T{minute // 60:02}:{minute % 60:02}"
