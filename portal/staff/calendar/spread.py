"""The book opened at some days: whose columns and which places are shown, and what stands in them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from portal.staff.calendar.agenda import Book, Column, column, day_instants
from portal.staff.calendar.turning import A_DAY, Turned
from portal.staff.desk import Desk
from tenants.appointments.find import appointments_between
from tenants.arranging.diary import holds_in_book, numbers_by_day
from tenants.booking.plan import current_plan
from tenants.hours.find import closures_between

Rows = Mapping[int, dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Spread:
    """`shown` and `shown_places` are those of `people` and `places` that the address asks for, all where it names none.

    `numbers` are filled for a month alone, where the single appointments are not read.
    """

    book: Book
    turned: Turned
    days: list[date]
    people: Rows
    shown: Rows
    shown_places: Rows
    numbers: dict[date, int]

    @property
    def places(self) -> Rows:
        return self.book.plan.places

    @property
    def kept(self) -> dict[str, str]:
        """What was chosen beside the day, as an address carries it."""
        kept: dict[str, str] = {"view": self.turned.view}
        if self.turned.by_place:
            kept["by"] = "place"
        if len(self.shown) < len(self.people):
            kept["practitioner"] = next(iter(self.shown.values()))["ref"]
        if len(self.shown_places) < len(self.places):
            kept["place"] = next(iter(self.shown_places.values()))["ref"]
        return kept

    @property
    def cut(self) -> list[dict[str, Any]]:
        """What the columns of a day stand for."""
        return list((self.shown_places if self.turned.by_place else self.shown).values())

    def columns(self, desk: Desk) -> list[Column]:
        if self.turned.view == "month":
            return []
        if self.turned.view != "day":
            return self._by_day(desk)
        if self.turned.by_place:
            rows = self.shown_places.items()
            return [column(self.book, self.turned.day, self.shown, row["name"], {where}) for where, row in rows]
        return [column(self.book, self.turned.day, [who], row["name"], self._where) for who, row in self.shown.items()]

    def _by_day(self, desk: Desk) -> list[Column]:
        """A day on which nobody works and nothing happens needs no column, unless it is today."""
        name = desk.viewer.formats.short_day
        drawn = [column(self.book, day, self.shown, name(day), self._where) for day in self.days]
        needed = [each for each in drawn if each.has_something or each.day == desk.viewer.today]
        return needed or drawn

    @property
    def _where(self) -> set[int] | None:
        """None for anywhere, at places that are not kept any more, too."""
        return None if len(self.shown_places) == len(self.places) else set(self.shown_places)


async def open_book(desk: Desk, turned: Turned, days: list[date]) -> Spread:
    practice = desk.practice
    begins, ends = day_instants(days, practice)
    async with desk.lens():
        plan = desk.narrowed(await current_plan(practice))
        single = turned.view != "month"
        appointments = await appointments_between(practice, begins - A_DAY, ends, desk.own_column) if single else []
        closures = await closures_between(practice, begins, ends)
        holds = await holds_in_book(practice, begins, ends, desk.viewer.now) if single else []
        people = dict(plan.practitioners) | _left(appointments, plan.practitioners)
        shown, places = _chosen(people, turned.practitioner), _chosen(plan.places, turned.place)
        numbers = {} if single else await numbers_by_day(practice, begins, ends, shown, places)
    book = Book(practice, plan, appointments, closures, [dict(row) for row in holds])
    return Spread(book, turned, days, people, shown, places, numbers)


def _left(appointments: list[dict[str, Any]], staying: Rows) -> dict[int, dict[str, Any]]:
    """Whoever has left but is still in the book."""
    return {
        row["practitioner_id"]: {"ref": row["practitioner_ref"], "name": row["practitioner_name"]}
        for row in appointments
        if row["practitioner_id"] not in staying
    }


def _chosen(rows: Rows, ref: str) -> Rows:
    return {each: row for each, row in rows.items() if row["ref"] == ref} or rows
