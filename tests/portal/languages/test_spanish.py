"""What a Spanish reader gets, where Spanish is not written like English or French."""

import re
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

import pytest
from babel import Locale

from portal.languages.catalogues import read_catalogue
from portal.languages.formats import DATE_DISPLAYS, Formats
from portal.languages.words import LOCALES, words_in

MEXICO = ZoneInfo("America/Mexico_City")


def plain(text: str) -> str:
    return text.replace("\u00a0", " ").replace("\u202f", " ")


def formats(locale: str, date_display: str = "language", time_display: str = "language") -> Formats:
    return Formats(Locale.parse(locale), MEXICO, date_display, time_display)  # type: ignore[arg-type]


def sentences() -> list[str]:
    catalogue = read_catalogue(LOCALES / "es" / "LC_MESSAGES" / "messages.po", "es")
    said = [message.string or "" for message in catalogue if message.id]
    return [text for one in said for text in ([one] if isinstance(one, str) else one)]


def test_day_is_spelled_with_its_weekday_in_every_display() -> None:
    day = date(2026, 11, 1)

    shown = {display: formats("es_ES", display).day(day) for display in DATE_DISPLAYS}

    assert shown == {
        "language": "domingo, 1 de noviembre de 2026",
        "iso": "domingo 2026-11-01",
        "day_first": "domingo 01/11/2026",
        "month_first": "domingo 11/01/2026",
        "spelled": "domingo, 1 de noviembre de 2026",
    }


@pytest.mark.parametrize(
    ("locale", "time_display", "said"),
    [
        ("es_MX", "language", ["a la 1:30 p.m.", "a las 2:30 p.m.", "a las 11:30 p.m."]),
        ("es_ES", "language", ["a las 13:30", "a las 14:30", "a las 23:30"]),
        ("es_ES", "12h", ["a la 1:30 PM", "a las 2:30 PM", "a las 11:30 PM"]),
    ],
)
def test_moment_says_one_o_clock_in_the_singular(locale: str, time_display: str, said: list[str]) -> None:
    reader = formats(locale, "iso", time_display)
    moments = [datetime(2026, 11, 22, hour, 30, tzinfo=MEXICO).astimezone(UTC) for hour in (13, 14, 23)]

    assert [plain(reader.moment(moment)) for moment in moments] == [f"domingo 2026-11-22 {when}" for when in said]


def test_end_of_an_appointment_agrees_with_its_hour() -> None:
    words, reader = words_in("es"), formats("es", "language", "h")

    said = [plain(words.gettext("until %(time)s", time=reader.time(time(hour, 30)))) for hour in (1, 10, 13)]

    assert said == ["hasta la 1 h 30", "hasta las 10 h 30", "hasta las 13 h 30"]


def test_plurals_follow_the_number() -> None:
    words = words_in("es")

    said = [plain(words.ngettext("%(n)s day", "%(n)s days", n, n=n)) for n in (0, 1, 2)]

    assert said == ["0 días", "1 día", "2 días"]


def test_questions_and_exclamations_open_as_they_close() -> None:
    lopsided = [text for text in sentences() if any(text.count(a) != text.count(b) for a, b in ("¿?", "¡!"))]

    assert lopsided == []


def test_number_stays_beside_what_it_counts() -> None:
    count_then_space = re.compile(r"%\((?:n|num|minutes|hours|days)\)s ")

    assert [text for text in sentences() if count_then_space.search(text)] == []
