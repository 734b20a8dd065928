"""Which days the calendar shows, and where its toolbar leads: view, day, and whose or where go along in the address."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Literal, get_args
from urllib.parse import urlencode

from portal.staff.desk import Desk
from portal.web.forms import read_day

View = Literal["day", "week", "month", "list"]
VIEWS: tuple[View, ...] = get_args(View)
Cut = Literal["practitioner", "place", "room"]
CUTS: tuple[Cut, ...] = get_args(Cut)
A_DAY, A_WEEK = timedelta(days=1), timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Turned:
    """What an address asks for. `practitioner` and `place` are refs as they were typed, `by` how a day is cut."""

    view: View
    day: date
    practitioner: str
    place: str
    by: Cut


def turned_to(asked: Any, desk: Desk) -> Turned:
    return Turned(
        view=next((view for view in VIEWS if view == asked.get("view")), "day"),
        day=read_day(asked.get("day"), desk.practice.zone, desk.viewer.now),
        practitioner=asked.get("practitioner", ""),
        place=asked.get("place", ""),
        by=next((cut for cut in CUTS if cut == asked.get("by")), "practitioner"),
    )


def days_shown(turned: Turned, first_weekday: int) -> list[date]:
    match turned.view:
        case "day":
            return [turned.day]
        case "month":
            return _month(turned.day, first_weekday)
        case _:
            return _days_from(_week_begin(turned.day, first_weekday), 7)


def addresses(desk: Desk, turned: Turned, kept: dict[str, str]) -> dict[str, str]:
    """`kept` is what was chosen beside the day."""

    def at(day: date, **more: str) -> str:
        return f"{desk.path}?{urlencode({'day': day, **kept, **more})}"

    before, after = _neighbours(turned)
    views: dict[str, str] = {view: at(turned.day, view=view) for view in VIEWS}
    cut: dict[str, str] = {by: at(turned.day, by=by) for by in CUTS}
    return {"before": at(before), "after": at(after), "today": at(desk.viewer.today), **views, **cut}


def _neighbours(turned: Turned) -> tuple[date, date]:
    if turned.view != "month":
        step = A_DAY if turned.view == "day" else A_WEEK
        return turned.day - step, turned.day + step
    first = turned.day.replace(day=1)
    return (first - A_DAY).replace(day=1), (first + timedelta(days=31)).replace(day=1)


def _month(day: date, first_weekday: int) -> list[date]:
    """In whole weeks."""
    first = day.replace(day=1)
    last = (first + timedelta(days=31)).replace(day=1) - A_DAY
    begins, ends = _week_begin(first, first_weekday), _week_begin(last, first_weekday) + A_WEEK
    return _days_from(begins, (ends - begins).days)


def _week_begin(day: date, first_weekday: int) -> date:
    return day - timedelta(days=(day.weekday() - first_weekday) % 7)


def _days_from(first: date, count: int) -> list[date]:
    return [first + timedelta(days=step) for step in range(count)]
