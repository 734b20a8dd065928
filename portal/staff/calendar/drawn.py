"""What the drawn calendar (`static/js/calendar.js`) is told: its doors, what stands on its edges, its words."""

from datetime import time, timedelta
from typing import Any

from portal.languages.formats import Formats
from portal.languages.words import Words
from portal.staff.calendar.grid import Window
from portal.staff.calendar.spread import Spread, without_room
from portal.staff.desk import Desk

VIEWS = {"day": "resourceTimeGridDay", "week": "timeGridWeek", "month": "dayGridMonth"}
NO_ROOM = "none"
"""The column of whoever has no room; no ref is as short."""
_AN_HOUR, _MIDNIGHT = 60, 24 * 60
_MINUTE = 37  # of no other number in any way of writing a time


def drawn_facts(desk: Desk, spread: Spread, window: Window) -> dict[str, Any]:
    """An hour is left on either side of what is open or booked."""
    formats, turned, days = desk.viewer.formats, spread.turned, spread.days
    everything = [*spread.people.values(), *spread.places.values(), *spread.rooms.values()]
    columns = [{"id": row["ref"], "title": row["name"]} for row in spread.cut.values()]
    if spread.by == "room":
        columns.append({"id": NO_ROOM, "title": without_room(desk)})
    until = days[-1] + timedelta(days=1)
    return {
        "feed": f"{desk.path}/calendar.json?from={days[0]}&until={until}",
        "desk": desk.path,
        "csrf": desk.viewer.csrf,
        "view": VIEWS[turned.view],
        "day": str(turned.day),
        "by": spread.by,
        "columns": columns,
        "people": [row["ref"] for row in spread.shown.values()],
        "places": [row["ref"] for row in spread.shown_places.values()],
        "rooms": {row["ref"]: spread.places[row["place_id"]]["ref"] for row in spread.rooms.values()},
        "all": {"people": len(spread.people), "places": len(spread.places)},
        "names": {row["ref"]: row["name"] for row in everything},
        "first_weekday": (formats.first_weekday + 1) % 7,
        "offset": desk.viewer.now.astimezone(desk.practice.zone).isoformat()[-6:],
        "opens": _clock(max(window.first - _AN_HOUR, 0)),
        "closes": _clock(min(window.last + _AN_HOUR, _MIDNIGHT)),
        "days": {str(day): [formats.short_day(day), formats.day(day)] for day in days},
        "weekdays": [formats.weekday(day, short=True) for day in days[:7]],
        "hours": _hours(formats),
        "words": _words(desk.viewer.words),
    }


def _hours(formats: Formats) -> list[list[str]]:
    """How the reader's displays write each hour, full and with `{}` for its minutes."""
    return [
        [formats.time(time(hour)), formats.time(time(hour, _MINUTE)).replace(str(_MINUTE), "{}")] for hour in range(24)
    ]


def _clock(minutes: int) -> str:
    return f"{minutes // 60:02}:{minutes % 60:02}:00"


def _words(words: Words) -> dict[str, Any]:
    _ = words.gettext
    return {
        "nobody": _("No name"),
        "booked": _("booked"),
        "requested": _("requested"),
        "confirmed": _("confirmed"),
        "arrived": _("arrived"),
        "completed": _("completed"),
        "missed": _("missed"),
        "series": _("repeats"),
        "overbooked": _("overbooked"),
        "held": _("A client is booking this"),
        "offered": _("Offered to %(name)s", name="{name}"),
        "closed": _("Closed"),
        "more": _("+%(n)s more", n="{n}"),
        "failed": _("This could not be saved. Please load the page again and try once more."),
        "unreachable": _("The portal cannot be reached at the moment. Nothing was changed."),
        "undone": _("Taken back."),
        "keeps": _("An appointment stays in a room of the kind that its service needs."),
    }
