"""The book opened at some days: whose columns and which places are shown, and what stands in them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from portal.staff.calendar.agenda import WITHOUT, Book, Column, column, day_instants
from portal.staff.calendar.turning import A_DAY, Cut, Turned
from portal.staff.desk import Desk
from tenants.appointments.find import appointments_between
from tenants.arranging.diary import holds_in_book, numbers_by_day
from tenants.arranging.rooms import Uses, find_rooms, uses_in_book
from tenants.booking.plan import current_plan
from tenants.hours.find import closures_between

Rows = Mapping[int, dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Spread:
    """`shown` and `shown_places` are those of `people` and `places` that the address asks for, all where it names none.

    `rooms` are those at the places shown, and retired ones that are in use on these days.
    `numbers` are filled for a month alone, where the single appointments are not read.
    """

    book: Book
    turned: Turned
    days: list[date]
    people: Rows
    shown: Rows
    shown_places: Rows
    rooms: Rows
    numbers: dict[date, int]

    @property
    def places(self) -> Rows:
        return self.book.plan.places

    @property
    def kept(self) -> dict[str, str]:
        """What was chosen beside the day, as an address carries it."""
        kept: dict[str, str] = {"view": self.turned.view}
        if self.by != "practitioner":
            kept["by"] = self.by
        if len(self.shown) < len(self.people):
            kept["practitioner"] = next(iter(self.shown.values()))["ref"]
        if len(self.shown_places) < len(self.places):
            kept["place"] = next(iter(self.shown_places.values()))["ref"]
        return kept

    @property
    def by(self) -> Cut:
        """What the columns of a day stand for. Without rooms nothing can be cut by them."""
        return "practitioner" if self.turned.by == "room" and not self.rooms else self.turned.by

    @property
    def cut(self) -> Rows:
        """The columns of a day."""
        return {"practitioner": self.shown, "place": self.shown_places, "room": self.rooms}[self.by]

    def columns(self, desk: Desk) -> list[Column]:
        if self.turned.view == "month":
            return []
        if self.turned.view != "day":
            return self._by_day(desk)
        day, book = self.turned.day, self.book
        if self.by == "place":
            return [column(book, day, self.shown, row["name"], {where}) for where, row in self.cut.items()]
        if self.by == "room":
            without = column(book, day, self.shown, without_room(desk), self._where, WITHOUT)
            return [*(self._in_room(room, row) for room, row in self.cut.items()), without]
        return [column(book, day, [who], row["name"], self._where) for who, row in self.cut.items()]

    def _in_room(self, room: int, row: dict[str, Any]) -> Column:
        """It is open while anybody receives at its place."""
        return column(self.book, self.turned.day, self.shown, row["name"], {row["place_id"]}, room)

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
        holds = [dict(row) for row in await holds_in_book(practice, begins, ends, desk.viewer.now)] if single else []
        rooms = await find_rooms(practice)
        uses = await uses_in_book(practice, begins - A_DAY, ends) if rooms and single else Uses()
        people = dict(plan.practitioners) | _left(appointments, plan.practitioners)
        shown, places = _chosen(people, turned.practitioner), _chosen(plan.places, turned.place)
        numbers = {} if single else await numbers_by_day(practice, begins, ends, shown, places)
    standing = _put_in_rooms(appointments, holds, rooms, uses, places)
    book = Book(practice, plan, appointments, closures, holds)
    return Spread(book, turned, days, people, shown, places, standing, numbers)


def _put_in_rooms(
    appointments: list[dict[str, Any]], holds: list[dict[str, Any]], rooms: Rows, uses: Uses, places: Rows
) -> Rows:
    """Gives each row its rooms, and the rooms that stand: at these places, retired ones as long as they are in use."""
    used = (uses.appointments, uses.holds)
    in_use = {room for each in used for has in each.values() for room in has}
    standing = {
        each: row
        for each, row in rooms.items()
        if row["place_id"] in places and (row["retired_at"] is None or each in in_use)
    }
    for rows, of in zip((appointments, holds), used, strict=True):
        for row in rows:
            row["rooms"] = [standing[each] for each in of.get(row["id"], ()) if each in standing]
    return standing


def without_room(desk: Desk) -> str:
    return desk.viewer.words.gettext("Without a room")


def _left(appointments: list[dict[str, Any]], staying: Rows) -> dict[int, dict[str, Any]]:
    """Whoever has left but is still in the book."""
    return {
        row["practitioner_id"]: {"ref": row["practitioner_ref"], "name": row["practitioner_name"]}
        for row in appointments
        if row["practitioner_id"] not in staying
    }


def _chosen(rows: Rows, ref: str) -> Rows:
    return {each: row for each, row in rows.items() if row["ref"] == ref} or rows
