"""Dates, times, lengths and money in words: the one place where pages, e-mails and subjects get theirs."""

import datetime as dt
import re
from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import lru_cache, partial
from typing import Literal, get_args
from zoneinfo import ZoneInfo

from babel import Locale
from babel.core import get_global
from babel.dates import format_date, format_skeleton, format_time, format_timedelta, get_timezone_name
from babel.numbers import format_currency, format_decimal, get_currency_precision
from babel.units import format_unit

from portal.languages.words import Words, words_in

DateDisplay = Literal["language", "iso", "day_first", "month_first", "spelled"]
TimeDisplay = Literal["language", "24h", "h", "12h"]
DATE_DISPLAYS: tuple[DateDisplay, ...] = get_args(DateDisplay)
TIME_DISPLAYS: tuple[TimeDisplay, ...] = get_args(TimeDisplay)

_NUMBERS_ONLY = {"iso": "%Y-%m-%d", "day_first": "%d/%m/%Y", "month_first": "%m/%d/%Y"}
_NBSP = "\u00a0"
_TWO_YEARS = 24  # months
_NOON = dt.time(12)
_FIRST_IN_FRENCH = re.compile(r"(?<!\d)1(?=\s[^\W\d])")
_LETTER_THEN_DIGIT = re.compile(r"(?<=[^\W\d_])(?=\d)")


@dataclass(frozen=True, slots=True)
class Formats:
    """Instants are shown in `zone` unless another is named; wall-clock times and days as they are."""

    locale: Locale
    zone: ZoneInfo
    date_display: DateDisplay = "language"
    time_display: TimeDisplay = "language"
    _own: "_Sayings" = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_own", _sayings(self.locale))

    def at(self, zone: ZoneInfo | str) -> "Formats":
        """The same reader's formats, in the zone of another place."""
        return replace(self, zone=_zone(zone))

    def date(self, when: dt.date, zone: ZoneInfo | str | None = None) -> str:
        day = self._day_of(when, zone)
        if pattern := _NUMBERS_ONLY.get(self.date_display):
            return day.strftime(pattern)
        length: Literal["full", "long"] = "full" if self.date_display == "spelled" else "long"
        return self._spelled(self._own.long_day(day, length))

    def day(self, when: dt.date, zone: ZoneInfo | str | None = None) -> str:
        """Weekday and date."""
        day = self._day_of(when, zone)
        if self.date_display in _NUMBERS_ONLY:
            return f"{self.weekday(day)} {self.date(day)}"
        return self._spelled(self._own.long_day(day, "full"))

    def short_day(self, when: dt.date) -> str:
        """Weekday, day and month without the year, for lists that begin near today."""
        return self._spelled(self._own.short_day(when))

    def weekday(self, when: dt.date | int, *, short: bool = False) -> str:
        """A day's, or the one that a number names (0 is Monday)."""
        number = when if isinstance(when, int) else when.weekday()
        return str(self.locale.days["stand-alone"]["abbreviated" if short else "wide"][number])

    def month(self, when: dt.date) -> str:
        """Month and year."""
        return format_skeleton("yMMMM", when, locale=self.locale)

    def time(self, when: dt.datetime | dt.time, zone: ZoneInfo | str | None = None) -> str:
        clock = when if isinstance(when, dt.time) else _instant(when).astimezone(self._shown_in(zone)).time()
        match self.time_display:
            case "24h":
                return f"{clock:%H:%M}"
            case "h":
                return _with_h(clock)
            case "12h":
                return f"{(clock.hour - 1) % 12 + 1}:{clock:%M}{_NBSP}{'AM' if clock < _NOON else 'PM'}"
            case "language":
                return self._own.time(clock)

    def moment(self, when: dt.datetime, zone: ZoneInfo | str | None = None) -> str:
        """Weekday, date and time."""
        place = self._shown_in(zone)
        return self._words.gettext("%(day)s at %(time)s", day=self.day(when, place), time=self.time(when, place))

    def span(
        self, starts: dt.datetime | dt.time, ends: dt.datetime | dt.time, zone: ZoneInfo | str | None = None
    ) -> str:
        return f"{self.time(starts, zone)} – {self.time(ends, zone)}"

    def relative_day(self, day: dt.date, today: dt.date) -> str:
        """Today, tomorrow or yesterday in words, and nothing for other days."""
        match (day - today).days:
            case 0:
                return self._words.gettext("today")
            case 1:
                return self._words.gettext("tomorrow")
            case -1:
                return self._words.gettext("yesterday")
            case _:
                return ""

    def money(self, cents: int, currency: str) -> str:
        """`cents` counts the currency's smallest unit, which is not always a hundredth.

        CLDR parts a currency's letters from the number ("CAD 95.50", its `currencySpacing`), which Babel leaves out.
        """
        amount = Decimal(cents).scaleb(-get_currency_precision(currency))
        return _LETTER_THEN_DIGIT.sub(_NBSP, format_currency(amount, currency, locale=self.locale))

    def duration(self, length: dt.timedelta) -> str:
        hours, minutes = divmod(round(length.total_seconds() / 60), 60)
        parts = [(hours, "duration-hour"), (minutes, "duration-minute")]
        said = [_unit(n, unit, self.locale) for n, unit in parts if n] or [_unit(0, "duration-minute", self.locale)]
        return " ".join(said)

    def age(self, born: dt.date, today: dt.date) -> str:
        """In years; in months for somebody of under two."""
        months = 12 * (today.year - born.year) + today.month - born.month - (today.day < born.day)
        if months < _TWO_YEARS:
            return _unit(max(months, 0), "duration-month", self.locale)
        return _unit(months // 12, "duration-year", self.locale)

    def number(self, count: float) -> str:
        return format_decimal(count, locale=self.locale)

    def ago(self, length: dt.timedelta) -> str:
        """How long since, in its largest unit alone."""
        return format_timedelta(-length, add_direction=True, locale=self.locale).replace(" ", _NBSP)

    def ahead(self, length: dt.timedelta) -> str:
        """In how long, in its largest unit alone, of which there is at least one."""
        return format_timedelta(length, add_direction=True, threshold=1, locale=self.locale).replace(" ", _NBSP)

    def size(self, length: int) -> str:
        """Of a file, `length` bytes: in whole kilobytes, or in megabytes with one digit after the point."""
        kilobytes = max(1, round(length / 1024))
        amount, unit = (kilobytes, "kilobyte") if kilobytes < 1000 else (length / 1024**2, "megabyte")  # noqa: PLR2004
        said = format_unit(amount, f"digital-{unit}", "short", format="#,##0.#", locale=self.locale)
        return said.replace(" ", _NBSP)

    def zone_name(self, zone: ZoneInfo | str | None = None) -> str:
        return _zone_name(self._shown_in(zone).key, str(self.locale))

    @property
    def first_weekday(self) -> int:
        """0 is Monday."""
        return self.locale.first_week_day

    @property
    def _words(self) -> Words:
        return words_in(self.locale.language)

    def _shown_in(self, zone: ZoneInfo | str | None) -> ZoneInfo:
        return self.zone if zone is None else _zone(zone)

    def _day_of(self, when: dt.date, zone: ZoneInfo | str | None) -> dt.date:
        return _instant(when).astimezone(self._shown_in(zone)).date() if isinstance(when, dt.datetime) else when

    def _spelled(self, day: str) -> str:
        """French writes the first of a month as an ordinal, which CLDR's patterns cannot say."""
        return _FIRST_IN_FRENCH.sub("1er", day) if self.locale.language == "fr" else day


def _instant(when: dt.datetime) -> dt.datetime:
    """Without a zone Python would take the server's, which nobody chose."""
    if when.tzinfo is None:
        raise ValueError(f"{when} has no zone")
    return when


def chosen_formats(locale: Locale, zone: ZoneInfo, date_display: str, time_display: str) -> Formats:
    """From what is stored; a display that this version does not know falls back to the language's own."""
    reader = Formats(locale, zone)
    dates = next((known for known in DATE_DISPLAYS if known == date_display), reader.date_display)
    times = next((known for known in TIME_DISPLAYS if known == time_display), reader.time_display)
    return Formats(locale, zone, dates, times)


def _with_h(clock: dt.time) -> str:
    """Office québécois de la langue française: « 14 h 30 », « 9 h », spaces that do not break."""
    return f"{clock.hour}{_NBSP}h{_NBSP}{clock:%M}" if clock.minute else f"{clock.hour}{_NBSP}h"


class _Sayings:
    """What one locale makes of days and times. Lists ask for the same ones again and again."""

    def __init__(self, locale: Locale) -> None:
        self.time = lru_cache(maxsize=1440)(partial(_own_time, locale))
        self.long_day = lru_cache(maxsize=2 * 366)(partial(_long_day, locale))
        self.short_day = lru_cache(maxsize=366)(partial(_short_day, locale))


_sayings = lru_cache(maxsize=32)(_Sayings)


def _own_time(locale: Locale, clock: dt.time) -> str:
    if locale.language == "fr" and locale.territory == "CA":
        return _with_h(clock)
    return format_time(clock, "short", locale=locale)


def _long_day(locale: Locale, day: dt.date, length: Literal["full", "long"]) -> str:
    return format_date(day, length, locale)


def _short_day(locale: Locale, day: dt.date) -> str:
    return format_skeleton("MMMEd", day, locale=locale)


@lru_cache(maxsize=1024)
def _unit(count: int, unit: str, locale: Locale) -> str:
    return format_unit(count, unit, "long", locale=locale).replace(" ", _NBSP)


def _zone(zone: ZoneInfo | str) -> ZoneInfo:
    return ZoneInfo(zone) if isinstance(zone, str) else zone


@lru_cache(maxsize=256)
def _zone_name(zone: str, locale: str) -> str:
    """Babel reads the region's form of "India Time" from where it keeps the one for summer; the language's is right."""
    if zone in {"UTC", "Etc/UTC"}:
        return "UTC"
    reader = Locale.parse(locale)
    names = reader.meta_zones.get(_meta_zone(zone) or "", {}).get("long", {})
    return str(names.get("generic") or get_timezone_name(ZoneInfo(zone), locale=Locale(reader.language)))


def _meta_zone(zone: str) -> str | None:
    """The zones that share a name, which CLDR keeps under each zone's oldest name: America/Buenos_Aires."""
    known = get_global("meta_zones")
    older = (old for old, new in get_global("zone_aliases").items() if new == zone)
    return next((known[name] for name in (zone, *older) if name in known), None)
