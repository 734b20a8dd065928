"""What a field held, in words: the log keeps JSON, as PostgreSQL writes each type."""

import re
from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from typing import Any

from babel import Locale

from portal.languages.formats import Formats
from portal.languages.words import Words
from portal.staff.desk import Desk
from portal.staff.log.lines import kind_words
from portal.web.forms import wall_words
from tenants.audit.find import Known
from tenants.notifications.log import KINDS

_LONGEST = 300
_INTERVAL = re.compile(r"(?:(\d+) days?)? ?(?:(\d+):(\d+):(\d+))?")
_AN_HOUR = timedelta(hours=1)

_NOTICES = ("minimum_notice", "cancel_notice", "move_notice", "horizon", "mercy", "request_lasts", "offer_lasts")
LENGTHS = frozenset(("duration", "buffer_before", "buffer_after", "step", *_NOTICES))
MINUTES = frozenset(("minutes_ahead", "late_minutes_left"))
WALL_TIMES = frozenset(("opens", "closes", "quiet_from", "quiet_until"))
DAYS = frozenset(("day", "from_day", "until_day"))
THINGS = frozenset(("practitioner_id", "place_id", "kind_id", "resource_id"))
LISTS_OF_THINGS = {"off_services": "service_id", "off_practitioners": "practitioner_id"}


def value_words(name: str, value: Any, desk: Desk, known: Known) -> str:
    """One line, however long the text was. What is empty is said to be."""
    words, formats = desk.viewer.words, desk.viewer.formats
    if value is None or value in ("", []):
        return words.gettext("nothing")
    if isinstance(value, bool):
        return words.gettext("yes") if value else words.gettext("no")
    said = _SAYERS.get(name, _plain)(name, value, desk, known)
    if name.endswith("_at") and isinstance(value, str):
        said = formats.moment(datetime.fromisoformat(value), desk.practice.zone)
    return said if len(said) <= _LONGEST else f"{said[:_LONGEST]}…"


def read_interval(text: str) -> timedelta:
    """As PostgreSQL writes one: "1 day 02:30:00"."""
    found = _INTERVAL.fullmatch(text)
    if found is None:
        raise ValueError(f"{text} is no interval")
    days, hours, minutes, seconds = (int(part or 0) for part in found.groups())
    return timedelta(days=days, hours=hours, minutes=minutes, seconds=seconds)


def _length(_: str, value: Any, desk: Desk, __: Known) -> str:
    return _say_length(read_interval(value), desk.viewer.words, desk.viewer.formats)


def _minutes(_: str, value: Any, desk: Desk, __: Known) -> str:
    return _say_length(timedelta(minutes=value), desk.viewer.words, desk.viewer.formats)


def _say_length(length: timedelta, words: Words, formats: Formats) -> str:
    """In days once it is several whole ones."""
    if length.days > 1 and length == timedelta(days=length.days):
        return words.ngettext("%(n)s day", "%(n)s days", length.days, n=length.days)
    return formats.duration(length)


def _wall_time(_: str, value: Any, desk: Desk, __: Known) -> str:
    return desk.viewer.formats.time(wall_words(value))


def _day(_: str, value: Any, desk: Desk, __: Known) -> str:
    return desk.viewer.formats.date(date.fromisoformat(value))


def _thing(name: str, value: Any, _: Desk, known: Known) -> str:
    return known.things.get((name, value), ("", "…"))[1]


def _list_of_things(name: str, value: Any, _: Desk, known: Known) -> str:
    return ", ".join(known.things.get((LISTS_OF_THINGS[name], each), ("", "…"))[1] for each in value)


def _money(_: str, value: Any, desk: Desk, __: Known) -> str:
    return desk.viewer.formats.money(value, desk.practice.currency)


def _weekday(_: str, value: Any, desk: Desk, __: Known) -> str:
    return desk.viewer.formats.weekday(value)


def _months(_: str, value: Any, desk: Desk, __: Known) -> str:
    return desk.viewer.words.ngettext("%(n)s month", "%(n)s months", value, n=value)


def _languages(_: str, value: Any, desk: Desk, __: Known) -> str:
    codes = value if isinstance(value, list) else [value]
    return ", ".join(Locale.parse(code).get_display_name(desk.viewer.locale) or code for code in codes)


def _zone(_: str, value: Any, desk: Desk, __: Known) -> str:
    return desk.viewer.formats.zone_name(value)


def _kinds(_: str, value: Any, desk: Desk, __: Known) -> str:
    kinds = value if isinstance(value, list) else [value]
    return ", ".join(kind_words(each, desk.viewer.words) if each in KINDS else str(each) for each in kinds)


def _choice(name: str, value: Any, desk: Desk, __: Known) -> str:
    """A name that is not known any more stands as it is."""
    return _choices(desk.viewer.words).get((name, str(value)), str(value))


def _plain(_: str, value: Any, __: Desk, ___: Known) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list) else " ".join(str(value).split())


def _choices(words: Words) -> Mapping[tuple[str, str], str]:
    _ = words.gettext
    return {
        ("role", "admin"): _("Admin"),
        ("role", "receptionist"): _("Receptionist"),
        ("role", "professional"): _("Professional"),
        ("channel", "email"): _("E-mail"),
        ("channel", "sms"): _("SMS"),
        ("what", "room"): _("room"),
        ("what", "equipment"): _("equipment"),
        ("offer_to", "one"): _("one after the other"),
        ("offer_to", "all"): _("all at once"),
        ("tell", "all"): _("every change, your own too"),
        ("tell", "others"): _("what clients and colleagues change"),
        ("tell", "soon"): _("what clients and colleagues change less than 24 hours before the start"),
        ("tell", "none"): _("nothing"),
        ("condition", "always"): _("always"),
        ("condition", "unconfirmed"): _("not confirmed yet"),
        ("condition", "no_email"): _("no e-mail address"),
        ("condition", "unconfirmed_or_no_email"): _("not confirmed yet, or no e-mail address"),
    }


_Sayer = Callable[[str, Any, Desk, Known], str]
_SAYERS: dict[str, _Sayer] = {
    **dict.fromkeys(LENGTHS, _length),
    **dict.fromkeys(MINUTES, _minutes),
    **dict.fromkeys(WALL_TIMES, _wall_time),
    **dict.fromkeys(DAYS, _day),
    **dict.fromkeys(THINGS, _thing),
    **dict.fromkeys(LISTS_OF_THINGS, _list_of_things),
    **dict.fromkeys(("role", "channel", "what", "offer_to", "tell", "condition"), _choice),
    **dict.fromkeys(("language", "languages"), _languages),
    "price": _money,
    "weekday": _weekday,
    "keep_months": _months,
    "zone": _zone,
    "notices_off": _kinds,
    "kind": _kinds,
}
