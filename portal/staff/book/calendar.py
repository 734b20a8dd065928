"""The practice's day by practitioner, and its week by day."""

from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode
from zlib import crc32

from litestar import Response, get
from litestar.response import Template

from portal.database import practice_lens
from portal.staff.book.agenda import Book, Column, column, day_instants, minute_of, window
from portal.staff.book.grid import stylesheet
from portal.staff.desk import Desk, TheDesk
from portal.web.forms import read_day, wall_words
from portal.web.given import AnyRequest
from tenants.appointments.find import appointments_between
from tenants.booking.plan import current_plan
from tenants.hours.find import closures_between
from tenants.practices.tenant import Tenant

A_DAY = timedelta(days=1)  # the longest appointment: one that began yesterday may still be going on
A_WEEK = timedelta(days=7)
A_YEAR = 365 * 24 * 3600


@get("/desk/{slug:str}")
async def show_calendar(request: AnyRequest, desk: TheDesk) -> Template:
    asked = request.query_params
    day = read_day(asked.get("day"), desk.practice.zone, desk.viewer.now)
    view = "week" if asked.get("view") == "week" else "day"
    days = _week(day, desk.viewer.formats.first_weekday) if view == "week" else [day]
    book = await _read(desk.practice, days)
    people = _people(book)
    chosen = next((who for who, row in people.items() if row["ref"] == asked.get("practitioner")), None)
    shown = people if chosen is None else {chosen: people[chosen]}
    columns = _days(book, days, shown, desk) if view == "week" else _practitioners(book, day, shown)
    kept = {"view": view} | ({"practitioner": people[chosen]["ref"]} if chosen else {})
    return desk.page(
        "desk/calendar.html",
        day=day,
        days=days,
        view=view,
        columns=columns,
        window=window(columns),
        now_minute=minute_of(desk.viewer.now, desk.viewer.today, desk.practice),
        practitioners=list(people.values()),
        chosen=people[chosen]["ref"] if chosen else None,
        several_places=len(book.plan.places) > 1,
        addresses=_addresses(desk, day, A_WEEK if view == "week" else A_DAY, kept),
        wall_time=wall_words,
        grid_address=f"/desk/grid.css?v={crc32(stylesheet().encode()):x}",
        query=kept | {"day": day},
    )


@get("/desk/grid.css")
async def show_grid() -> Response[str]:
    """The same for every day and practice; its address changes with it."""
    keep = {"Cache-Control": f"public, max-age={A_YEAR}, immutable"}
    return Response(stylesheet(), media_type="text/css", headers=keep)


async def _read(practice: Tenant, days: list[date]) -> Book:
    begins, ends = day_instants(days, practice)
    async with practice_lens(practice):
        plan = await current_plan(practice)
        appointments = await appointments_between(practice, begins - A_DAY, ends)
        return Book(practice, plan, appointments, await closures_between(practice, begins, ends))


def _people(book: Book) -> dict[int, dict[str, Any]]:
    """Those who work here by name, then whoever has left but is still in the book."""
    left = {
        row["practitioner_id"]: {"ref": row["practitioner_ref"], "name": row["practitioner_name"]}
        for row in book.appointments
        if row["practitioner_id"] not in book.plan.practitioners
    }
    return book.plan.practitioners | left


def _practitioners(book: Book, day: date, shown: dict[int, dict[str, Any]]) -> list[Column]:
    return [column(book, day, [who], row["name"]) for who, row in shown.items()]


def _days(book: Book, days: list[date], shown: dict[int, dict[str, Any]], desk: Desk) -> list[Column]:
    """A day on which nobody works and nothing happens needs no column, unless it is today."""
    drawn = [column(book, day, shown, desk.viewer.formats.short_day(day)) for day in days]
    needed = [each for each in drawn if each.open or each.entries or each.cancelled or each.day == desk.viewer.today]
    return needed or drawn


def _week(day: date, first_weekday: int) -> list[date]:
    first = day - timedelta(days=(day.weekday() - first_weekday) % 7)
    return [first + timedelta(days=step) for step in range(7)]


def _addresses(desk: Desk, day: date, step: timedelta, kept: dict[str, str]) -> dict[str, str]:
    """Where the toolbar leads; what was chosen goes along."""

    def at(day: date, **more: Any) -> str:
        return f"{desk.path}?{urlencode({'day': day, **kept, **more})}"

    return {
        "before": at(day - step),
        "after": at(day + step),
        "today": at(desk.viewer.today),
        "day": at(day, view="day"),
        "week": at(day, view="week"),
    }
