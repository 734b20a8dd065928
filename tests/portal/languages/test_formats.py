"""The same moment, as each reader wants it."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from babel import Locale

from portal.languages.formats import DATE_DISPLAYS, TIME_DISPLAYS, Formats

TORONTO = ZoneInfo("America/Toronto")
AFTERNOON = datetime(2026, 11, 22, 19, 30, tzinfo=UTC)  # Sunday, 14:30 in Toronto


def plain(text: str) -> str:
    return text.replace("\u00a0", " ").replace("\u202f", " ")


def formats(locale: str, date_display: str = "language", time_display: str = "language") -> Formats:
    return Formats(Locale.parse(locale), TORONTO, date_display, time_display)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("locale", "expected_date", "expected_time"),
    [
        ("en_CA", "November 22, 2026", "2:30 p.m."),
        ("en_US", "November 22, 2026", "2:30 PM"),
        ("en_GB", "22 November 2026", "14:30"),
        ("fr_CA", "22 novembre 2026", "14 h 30"),
        ("fr_FR", "22 novembre 2026", "14:30"),
        ("es_ES", "22 de noviembre de 2026", "14:30"),
        ("es_MX", "22 de noviembre de 2026", "2:30 p.m."),
    ],
)
def test_language_display_is_the_region_s_own(locale: str, expected_date: str, expected_time: str) -> None:
    reader = formats(locale)

    shown = (plain(reader.date(AFTERNOON)), plain(reader.time(AFTERNOON)))

    assert shown == (expected_date, expected_time)


def test_each_date_display_is_as_it_was_chosen() -> None:
    shown = {display: formats("en_CA", display).date(AFTERNOON) for display in DATE_DISPLAYS}

    assert shown == {
        "language": "November 22, 2026",
        "iso": "2026-11-22",
        "day_first": "22/11/2026",
        "month_first": "11/22/2026",
        "spelled": "Sunday, November 22, 2026",
    }


def test_each_time_display_is_as_it_was_chosen() -> None:
    shown = {display: formats("fr_FR", "language", display).time(AFTERNOON) for display in TIME_DISPLAYS}

    assert shown == {"language": "14:30", "24h": "14:30", "h": "14\u00a0h\u00a030", "12h": "2:30\u00a0PM"}


@pytest.mark.parametrize(
    ("clock", "canadian", "twelve_hours"),
    [
        (time(0, 0), "0 h", "12:00 AM"),
        (time(9, 5), "9 h 05", "9:05 AM"),
        (time(12, 0), "12 h", "12:00 PM"),
        (time(23, 59), "23 h 59", "11:59 PM"),
    ],
)
def test_hours_at_the_edges_of_the_day(clock: time, canadian: str, twelve_hours: str) -> None:
    shown = (plain(formats("fr_CA").time(clock)), plain(formats("en_CA", "language", "12h").time(clock)))

    assert shown == (canadian, twelve_hours)


def test_day_names_the_weekday_in_every_display() -> None:
    shown = {display: formats("fr_CA", display).day(AFTERNOON) for display in DATE_DISPLAYS}

    assert shown == {
        "language": "dimanche 22 novembre 2026",
        "iso": "dimanche 2026-11-22",
        "day_first": "dimanche 22/11/2026",
        "month_first": "dimanche 11/22/2026",
        "spelled": "dimanche 22 novembre 2026",
    }


def test_french_says_the_first_as_an_ordinal_and_only_the_first() -> None:
    reader = formats("fr_FR")

    shown = [reader.date(date(2026, 11, day)) for day in (1, 11, 21)]

    assert shown == ["1er novembre 2026", "11 novembre 2026", "21 novembre 2026"]


def test_moment_is_told_in_the_place_s_zone() -> None:
    reader = formats("en_CA", "iso", "24h")

    shown = [reader.moment(AFTERNOON), reader.moment(AFTERNOON, "Pacific/Auckland")]

    assert shown == ["Sunday 2026-11-22 at 14:30", "Monday 2026-11-23 at 08:30"]


def test_instant_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="has no zone"):
        formats("en_CA").time(AFTERNOON.replace(tzinfo=None))


def test_neighbouring_days_have_words_in_english() -> None:
    today = date(2026, 12, 31)

    said = [formats("en_CA").relative_day(today + timedelta(days=offset), today) for offset in (-2, -1, 0, 1, 2)]

    assert said == ["", "yesterday", "today", "tomorrow", ""]


@pytest.mark.parametrize(
    ("locale", "cents", "currency", "expected"),
    [
        ("en_CA", 9500, "CAD", "$95.00"),
        ("fr_CA", 9550, "CAD", "95,50 $"),
        ("fr_FR", 123456, "EUR", "1 234,56 €"),
        ("en_CA", 4000, "JPY", "JP¥4,000"),
        ("es_ES", 123456, "EUR", "1.234,56 €"),
        ("es_MX", 9550, "MXN", "$95.50"),
        ("es_MX", 9550, "CAD", "CAD 95.50"),
    ],
)
def test_money_counts_in_the_smallest_unit(locale: str, cents: int, currency: str, expected: str) -> None:
    assert plain(formats(locale).money(cents, currency)) == expected


@pytest.mark.parametrize(
    ("minutes", "english", "french", "spanish"),
    [
        (0, "0 minutes", "0 minute", "0 minutos"),
        (50, "50 minutes", "50 minutes", "50 minutos"),
        (60, "1 hour", "1 heure", "1 hora"),
        (90, "1 hour 30 minutes", "1 heure 30 minutes", "1 hora 30 minutos"),
    ],
)
def test_duration_is_said_in_whole_words(minutes: int, english: str, french: str, spanish: str) -> None:
    length = timedelta(minutes=minutes)

    said = [plain(formats(locale).duration(length)) for locale in ("en_CA", "fr_CA", "es_MX")]

    assert said == [english, french, spanish]


@pytest.mark.parametrize(
    ("length", "english", "french", "spanish"),
    [
        (1, "1 kB", "1 ko", "1 kB"),
        (999 * 1024, "999 kB", "999 ko", "999 kB"),
        (1_234_567, "1.2 MB", "1,2 Mo", "1.2 MB"),
        (10 * 1024**2, "10 MB", "10 Mo", "10 MB"),
    ],
)
def test_size_of_a_file_is_said_in_its_unit(length: int, english: str, french: str, spanish: str) -> None:
    assert [plain(formats(locale).size(length)) for locale in ("en_CA", "fr_CA", "es_MX")] == [english, french, spanish]


def test_zone_has_a_name_people_use() -> None:
    names = [formats("en_CA").zone_name(zone) for zone in (None, "Europe/Paris", "Etc/UTC")]

    assert names == ["Eastern Time", "Central European Time", "UTC"]


@pytest.mark.parametrize(
    ("locale", "zone", "expected"),
    [
        ("en_CA", "Asia/Kolkata", "India Time"),
        ("en_CA", "America/Indiana/Indianapolis", "Eastern Time"),
        ("fr_CA", "America/Toronto", "heure de l’Est"),
        ("fr_CA", "Europe/London", "heure : Royaume-Uni"),
        ("es_ES", "Europe/Madrid", "hora de Europa central"),
        ("es_MX", "America/Mexico_City", "hora central"),
        ("es_US", "America/New_York", "hora oriental"),
        ("es_MX", "America/Argentina/Buenos_Aires", "hora de Argentina"),
        ("es_MX", "Europe/London", "hora de Reino Unido"),
    ],
)
def test_zone_is_named_for_the_whole_year_by_what_neighbours_share(locale: str, zone: str, expected: str) -> None:
    assert formats(locale).zone_name(zone) == expected


def test_week_begins_where_the_region_begins_it() -> None:
    first = {name: formats(name).first_weekday for name in ("en_CA", "fr_CA", "es_MX", "en_GB", "fr_FR", "es_ES")}

    assert first == {"en_CA": 6, "fr_CA": 6, "es_MX": 6, "en_GB": 0, "fr_FR": 0, "es_ES": 0}


def test_span_month_and_weekdays() -> None:
    reader = formats("fr_CA")

    shown = (
        plain(reader.span(AFTERNOON, AFTERNOON + timedelta(minutes=50))),
        reader.month(date(2026, 11, 22)),
        reader.weekday(0),
        reader.weekday(date(2026, 11, 22), short=True),
    )

    assert shown == ("14 h 30 – 15 h 20", "novembre 2026", "lundi", "dim.")
