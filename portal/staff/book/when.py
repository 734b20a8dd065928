"""When something shall begin and how long it shall last, as forms and drags say it."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from portal.languages.words import Words
from portal.web.forms import Form, read_moment
from tenants.arranging.rearrange import LONGEST
from tenants.availability.wall_clock import moment, starts

MINUTES_A_DAY = 1440


def read_start(form: Form, zone: ZoneInfo, words: Words) -> datetime | None:
    """`start`, as a button or a drag sends it, counts before `day` and `time`."""
    if typed := form.get("start"):
        found = read_moment(typed)
        if found is None:
            form.refuse("", words.gettext("This time cannot be read. Please choose it again."))
        return found
    day, minute = form.day("day"), form.wall_time("time")
    if day is None or minute is None:
        return None
    instant = next(iter(starts(day, minute, minute + 1, 1, zone)), None)
    if instant is None:
        form.refuse("time", words.gettext("The clocks change that night, so this time does not exist."))
        return None
    return moment(instant)


def read_length(form: Form, start: datetime | None, words: Words) -> timedelta | None:
    """From `end`, else `minutes`; None when neither is given."""
    if not form.get("end"):
        minutes = form.whole("minutes", 1, MINUTES_A_DAY, required=False)
        return None if minutes is None else timedelta(minutes=minutes)
    end = read_moment(form["end"])
    if end is None:
        form.refuse("minutes", words.gettext("This time cannot be read. Please choose it again."))
    elif start is not None and end <= start:
        form.refuse("minutes", words.gettext("The end must come after the beginning."))
    elif start is not None and end - start > LONGEST:
        form.refuse("minutes", words.gettext("An appointment lasts 24 hours at most."))
    elif start is not None:
        return end - start
    return None


def show_when(form: Form, start: datetime | None, length: timedelta | None, zone: ZoneInfo) -> None:
    """Puts both into the form's own fields, where the page shows them."""
    if start is not None:
        local = start.astimezone(zone)
        form["day"], form["time"] = f"{local:%Y-%m-%d}", f"{local:%H:%M}"
    if length is not None:
        form["minutes"] = str(int(length.total_seconds()) // 60)


def is_told(form: Form) -> bool:
    """Whether the client shall get the notice; unless the form says no."""
    return bool(form.get("tell") != "no")
