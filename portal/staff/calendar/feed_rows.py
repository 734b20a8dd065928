"""One row each of the calendar's data, as it leaves: short, on the practice's wall, no words of any language."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any, Literal
from zoneinfo import ZoneInfo

import msgspec

from portal.staff.calendar.feed_hours import Opening
from tenants.booking.plan import Plan

State = Literal["booked", "requested", "confirmed", "arrived", "completed", "missed", "cancelled"]
# The last of them that is so.
_STATES: list[tuple[str, State]] = [
    ("cancelled_at", "cancelled"),
    ("no_show_at", "missed"),
    ("completed_at", "completed"),
    ("arrived_at", "arrived"),
    ("confirmed_at", "confirmed"),
]


class Booked(msgspec.Struct, omit_defaults=True):
    """`start` and `end` stand on the practice's wall, `at` and `until` are their instants in seconds since 1970.

    `tone` is the stylesheet's, 0 for a service that is not offered any more. Buffers in minutes. `rooms` are refs.
    """

    ref: str
    sequence: int
    start: str
    end: str
    at: int
    until: int
    client: str
    service: str
    tone: int
    practitioner: str
    place: str
    state: State
    series: bool = False
    overbooked: bool = False
    before: int = 0
    after: int = 0
    rooms: list[str] = []


class Held(msgspec.Struct, omit_defaults=True):
    start: str
    end: str
    practitioner: str
    place: str
    before: int = 0
    after: int = 0
    rooms: list[str] = []
    offered_to: str = ""


class Closed(msgspec.Struct, omit_defaults=True):
    """Without practitioner or place it is everybody's, everywhere."""

    start: str
    end: str
    reason: str = ""
    practitioner: str = ""
    place: str = ""


class Feed(msgspec.Struct):
    """`offsets`: seconds from UTC, each from a wall time on (`wall_clock.offsets`)."""

    offsets: list[tuple[str, int]]
    appointments: list[Booked]
    holds: list[Held]
    closures: list[Closed]
    openings: list[Opening]


def booked(row: Any, tone: int, zone: ZoneInfo, rooms: list[str]) -> Booked:
    start, end = _walls(row, zone)
    return Booked(
        ref=row["ref"],
        sequence=row["sequence"],
        start=start,
        end=end,
        at=int(row["starts_at"].timestamp()),
        until=int(row["ends_at"].timestamp()),
        client=row["client"],
        service=row["service"],
        tone=tone,
        practitioner=row["practitioner"],
        place=row["place"],
        state=_state(row),
        series=row["in_series"],
        overbooked=row["overbooked"],
        before=_minutes(row["starts_at"] - row["blocked_from"]),
        after=_minutes(row["blocked_until"] - row["ends_at"]),
        rooms=rooms,
    )


def _state(row: Any) -> State:
    if row["pending"]:
        return "requested"
    return next((state for name, state in _STATES if row[name] is not None), "booked")


def held(row: Any, plan: Plan, rooms: list[str]) -> Held:
    start, end = _walls(row, plan.zone)
    return Held(
        start,
        end,
        practitioner=plan.practitioners[row["practitioner_id"]]["ref"],
        place=plan.places[row["place_id"]]["ref"],
        before=_minutes(row["starts_at"] - row["blocked_from"]),
        after=_minutes(row["blocked_until"] - row["ends_at"]),
        rooms=rooms,
        offered_to=row["offered_to"],
    )


def closed(row: dict[str, Any], plan: Plan) -> Closed:
    start, end = _walls(row, plan.zone)
    who, where = plan.practitioners.get(row["practitioner_id"]), plan.places.get(row["place_id"])
    return Closed(start, end, row["reason"], who["ref"] if who else "", where["ref"] if where else "")


def refs_of(uses: Mapping[int, list[int]], row: Any, rooms: Mapping[int, str]) -> list[str]:
    return [rooms[each] for each in uses.get(row["id"], ())]


def is_known(row: Any, plan: Plan) -> bool:
    """Of whoever works here still, at a place that is still kept."""
    return row["practitioner_id"] in {None, *plan.practitioners} and row["place_id"] in {None, *plan.places}


def _walls(row: Any, zone: ZoneInfo) -> tuple[str, str]:
    """On the night when an hour comes twice, the end may be told earlier than the beginning: then length decides."""
    start, end = (row[name].astimezone(zone).replace(tzinfo=None) for name in ("starts_at", "ends_at"))
    if end <= start:
        end = start + (row["ends_at"] - row["starts_at"])
    return start.isoformat(timespec="minutes"), end.isoformat(timespec="minutes")


def _minutes(length: timedelta) -> int:
    return int(length.total_seconds()) // 60
