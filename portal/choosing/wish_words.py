"""A wish in one sentence: on which days, at which hours, with whom, where, until when."""

from typing import Any

from babel.lists import format_list

from portal.languages.formats import Formats
from portal.languages.words import Words
from portal.web.forms import wall_words


def wish_sentence(row: dict[str, Any], words: Words, formats: Formats) -> str:
    """`row` has `practitioner_name` and `place_name`, None for any."""
    _ = words.gettext
    parts = [_days(row, words, formats), _hours(row, words, formats)]
    if row["practitioner_name"]:
        parts.append(_("with %(name)s", name=row["practitioner_name"]))
    if row["place_name"]:
        parts.append(row["place_name"])
    said = ", ".join(part for part in parts if part)
    dates = _("from %(first)s until %(last)s", first=formats.date(row["first_day"]), last=formats.date(row["last_day"]))
    return f"{said[:1].upper()}{said[1:]}, {dates}."


def _days(row: dict[str, Any], words: Words, formats: Formats) -> str:
    weekdays = set(row["weekdays"])
    if len(weekdays) == 7:  # noqa: PLR2004 - a week
        return words.gettext("any day")
    if weekdays == {0, 1, 2, 3, 4}:
        return words.gettext("Monday to Friday")
    order = sorted(weekdays, key=lambda number: (number - formats.first_weekday) % 7)
    return format_list([formats.weekday(number) for number in order], locale=formats.locale)


def _hours(row: dict[str, Any], words: Words, formats: Formats) -> str:
    first, end = row["from_minute"], row["until_minute"]
    begins, ends = (formats.time(wall_words(minute)) for minute in (first, end))
    if not first and end == 24 * 60:
        return words.gettext("at any time")
    if not first:
        return words.gettext("before %(time)s", time=ends)
    if end == 24 * 60:
        return words.gettext("from %(time)s on", time=begins)
    return words.gettext("between %(from)s and %(until)s", **{"from": begins, "until": ends})


def ended_words(why: str, words: Words, *, own: bool = False) -> str:
    """Why somebody waits no longer, as a badge says it; `own` to whoever it is about."""
    _ = words.gettext
    return {
        "booked": _("booked"),
        "withdrawn": _("withdrawn") if own else _("withdrawn by the client"),
        "removed": _("taken off by the practice") if own else _("taken off the list"),
        "over": _("its days are over"),
        "offered_enough": _("three offers made"),
    }[why]
