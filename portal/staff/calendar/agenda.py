"""The calendar's columns: who is booked, beside what is open and what is closed. Wall-clock minutes, no drawing."""

from collections.abc import Iterable
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from portal.staff.calendar.colours import tones
from portal.staff.calendar.grid import Minutes, Window, lanes, window_around
from tenants.availability.hours import hours_on
from tenants.availability.spans import union
from tenants.booking.plan import Plan
from tenants.practices.tenant import Tenant

WITHOUT = 0
"""The room of whoever has none."""


@dataclass(frozen=True, slots=True)
class Book:
    """What was read of one practice over some days: `appointments` with their names, `closures`, live `holds`."""

    practice: Tenant
    plan: Plan
    appointments: list[dict[str, Any]]
    closures: list[dict[str, Any]]
    holds: list[dict[str, Any]]
    """Appointments and holds with `rooms`: the rows of what each has."""

    def tone(self, appointment: dict[str, Any]) -> int:
        return tones(self.plan).get(appointment["service_ref"], 0)


@dataclass(frozen=True, slots=True)
class Column:
    """One practitioner's day, or one day of all those in `who`. `away` are closures that leave others at work.

    `booked` holds what clients keep at this moment, too.
    """

    day: date
    who: frozenset[int]
    title: str
    open: list[Minutes]
    closed: list[dict[str, Any]]
    away: list[dict[str, Any]]
    booked: list[dict[str, Any]]
    cancelled: list[dict[str, Any]]

    @property
    def has_something(self) -> bool:
        return bool(self.open or self.closed or self.booked or self.cancelled)

    @property
    def entries(self) -> list[dict[str, Any]]:
        """In the order in which they are read."""
        return sorted([*self.closed, *self.booked], key=lambda entry: (entry["begins"], entry["ends"]))


def column(
    book: Book,
    day: date,
    who: Iterable[int],
    title: str,
    where: AbstractSet[int] | None = None,
    room: int | None = None,
) -> Column:
    """Of these people at these places, None for anywhere; in that room, WITHOUT for those who have none."""
    people = frozenset(who)
    own, holds = (_own(rows, day, people, where, book) for rows in (book.appointments, book.holds))
    if room is not None:
        own, holds = ([row for row in rows if _is_in(row, room)] for rows in (own, holds))
    closures = [_closure(row, day, book) for row in book.closures if _touches(row, day, book)]
    closures = [row for row in closures if row["practitioner_id"] is None or row["practitioner_id"] in people]
    closures = [row for row in closures if where is None or row["place_id"] is None or row["place_id"] in where]
    places = frozenset(book.plan.places if where is None else where)
    live = [_entry(row, day, book) for row in own if row["cancelled_at"] is None]
    live += [row | _minutes(row, day, book.practice) | {"kind": "hold"} for row in holds]
    live.sort(key=lambda entry: (entry["begins"], entry["ends"]))
    for entry, lane in zip(live, lanes([(entry["begins"], entry["ends"]) for entry in live]), strict=True):
        entry["lane"] = lane
    return Column(
        day=day,
        who=people,
        title=title,
        open=_open(book.plan, day, people, where),
        closed=[row for row in closures if _closes_all(row, people, places)],
        away=[row for row in closures if not _closes_all(row, people, places)],
        booked=live,
        cancelled=[_entry(row, day, book) for row in own if row["cancelled_at"] is not None],
    )


def legend(plan: Plan) -> list[tuple[str, int]]:
    """Each service's name and colour, in the order of the list of services."""
    toned = tones(plan)
    return [(service.row["name"], toned[ref]) for ref, service in plan.services.items()]


def window(columns: list[Column]) -> Window:
    """Wide enough for every opening and every appointment; a closure alone does not stretch it."""
    spans = [span for each in columns for span in each.open]
    spans += [(entry["begins"], entry["ends"]) for each in columns for entry in each.booked]
    return window_around(spans)


def day_instants(days: list[date], practice: Tenant) -> tuple[datetime, datetime]:
    """From the first day's beginning to the last one's end."""
    midnights = (days[0], days[-1] + timedelta(days=1))
    begins, ends = (datetime(each.year, each.month, each.day, tzinfo=practice.zone) for each in midnights)
    return begins, ends


def minute_of(at: datetime, day: date, practice: Tenant) -> int:
    """Where an instant stands on the wall of that day: 0 for earlier days, 1440 for later ones."""
    local = at.astimezone(practice.zone)
    if local.date() != day:
        return 0 if local.date() < day else 24 * 60
    return local.hour * 60 + local.minute


def _own(
    rows: list[dict[str, Any]], day: date, people: frozenset[int], where: AbstractSet[int] | None, book: Book
) -> list[dict[str, Any]]:
    return [
        row
        for row in rows
        if row["practitioner_id"] in people and (where is None or row["place_id"] in where) and _touches(row, day, book)
    ]


def _is_in(row: dict[str, Any], room: int) -> bool:
    return not row["rooms"] if room == WITHOUT else room in {each["id"] for each in row["rooms"]}


def _open(plan: Plan, day: date, people: frozenset[int], where: AbstractSet[int] | None) -> list[Minutes]:
    hours = [hours_on(day, plan.weekly.get(who, ()), plan.dated.get(who, ())) for who in people]
    known = plan.places if where is None else where
    return union((opens, closes) for rows in hours for place, opens, closes in rows if place in known)


def _touches(row: dict[str, Any], day: date, book: Book) -> bool:
    begins, ends = day_instants([day], book.practice)
    return bool(row["starts_at"] < ends and row["ends_at"] > begins)


def _entry(row: dict[str, Any], day: date, book: Book) -> dict[str, Any]:
    return row | _minutes(row, day, book.practice) | {"kind": "appointment", "tone": book.tone(row)}


def _closure(row: dict[str, Any], day: date, book: Book) -> dict[str, Any]:
    named = {
        "who": book.plan.practitioners.get(row["practitioner_id"], {}).get("name", ""),
        "where": book.plan.places.get(row["place_id"], {}).get("name", ""),
    }
    return row | named | _minutes(row, day, book.practice) | {"kind": "closure"}


def _minutes(row: dict[str, Any], day: date, practice: Tenant) -> dict[str, Any]:
    """On the night when an hour comes twice, the end may be told earlier than the beginning: then length decides."""
    zone = practice.zone
    begins, ends = (minute_of(row[name], day, practice) for name in ("starts_at", "ends_at"))
    if ends <= begins:
        ends = min(begins + int((row["ends_at"] - row["starts_at"]).total_seconds() // 60), 24 * 60)
    local = {name: row[name].astimezone(zone) for name in ("starts_at", "ends_at")}
    return {"begins": begins, "ends": ends, "whole_day": (begins, ends) == (0, 24 * 60), **local}


def _closes_all(closure: dict[str, Any], people: AbstractSet[int], places: AbstractSet[int]) -> bool:
    everybody = closure["practitioner_id"] is None or people == {closure["practitioner_id"]}
    return everybody and (closure["place_id"] is None or places == {closure["place_id"]})
