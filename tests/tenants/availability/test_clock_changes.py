"""The nights when clocks change, told as a practice sees them."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest

from tenants.availability.hours import WeeklyHours
from tenants.availability.starts import Candidate, Length, candidates
from tenants.availability.wall_clock import comings, day_span, edge, moment, offsets, starts

TORONTO, PARIS = ZoneInfo("America/Toronto"), ZoneInfo("Europe/Paris")
LORD_HOWE, BEIRUT = ZoneInfo("Australia/Lord_Howe"), ZoneInfo("Asia/Beirut")


def night(day: date, zone: ZoneInfo, opens: int = 0, closes: int = 4, duration: int = 30) -> list[Candidate]:
    """Starts every half hour of a practice open from hour `opens` to hour `closes`."""
    hours = [WeeklyHours(1, day.weekday(), opens * 60, closes * 60)]
    length = Length(duration * 60)
    return candidates(day, weekly=hours, dated=[], closures=[], length=length, step=30, zone=zone)


def shown(found: list[Candidate], zone: ZoneInfo) -> list[str]:
    return [f"{moment(each[0]).astimezone(zone):%H:%M}" for each in found]


@pytest.mark.parametrize(("day", "zone"), [(date(2027, 3, 14), TORONTO), (date(2027, 3, 28), PARIS)])
def test_spring_offers_nothing_in_the_hour_that_does_not_exist(day: date, zone: ZoneInfo) -> None:
    assert shown(night(day, zone), zone) == ["00:00", "00:30", "01:00", "01:30", "03:00", "03:30"]


@pytest.mark.parametrize(("day", "zone"), [(date(2027, 11, 7), TORONTO), (date(2027, 10, 31), PARIS)])
def test_autumn_offers_the_doubled_hour_once_in_its_first_coming(day: date, zone: ZoneInfo) -> None:
    found = night(day, zone)

    assert shown(found, zone) == ["00:00", "00:30", "01:00", "01:30", "02:00", "02:30", "03:00", "03:30"]
    assert [moment(each[0]).astimezone(zone).fold for each in found] == [0] * 8


def test_lord_howe_skips_half_an_hour_in_spring() -> None:
    found = night(date(2027, 10, 3), LORD_HOWE)

    assert shown(found, LORD_HOWE) == ["00:00", "00:30", "01:00", "01:30", "02:30", "03:00", "03:30"]


def test_lord_howe_doubles_half_an_hour_in_autumn() -> None:
    found = night(date(2027, 4, 4), LORD_HOWE)

    assert shown(found, LORD_HOWE) == ["00:00", "00:30", "01:00", "01:30", "02:00", "02:30", "03:00", "03:30"]
    gaps = [later[0] - each[0] for each, later in pairwise(found)]
    assert [gap // 60 for gap in gaps] == [30, 30, 30, 60, 30, 30, 30]


def test_beirut_has_no_midnight_in_spring() -> None:
    day = date(2027, 3, 28)

    begins, ends = day_span(day, BEIRUT)

    assert (ends - begins, moment(begins).astimezone(BEIRUT).hour) == (23 * 3600, 1)
    assert shown(night(day, BEIRUT, 0, 2), BEIRUT) == ["01:00", "01:30"]
    assert shown(night(day - timedelta(days=1), BEIRUT, 23, 24), BEIRUT) == ["23:00", "23:30"]


def test_beirut_ends_a_day_twice_in_autumn() -> None:
    day = date(2027, 10, 30)

    begins, ends = day_span(day, BEIRUT)

    assert ends - begins == 25 * 3600
    assert shown(night(day, BEIRUT, 22, 24), BEIRUT) == ["22:00", "22:30", "23:00", "23:30"]
    assert shown(night(day + timedelta(days=1), BEIRUT, 0, 1), BEIRUT) == ["00:00", "00:30"]


@pytest.mark.parametrize(
    ("zone", "change"),
    [
        (TORONTO, date(2027, 3, 14)),
        (TORONTO, date(2027, 11, 7)),
        (PARIS, date(2027, 3, 28)),
        (PARIS, date(2027, 10, 31)),
        (LORD_HOWE, date(2027, 4, 4)),
        (LORD_HOWE, date(2027, 10, 3)),
    ],
)
def test_nine_stays_nine(zone: ZoneInfo, change: date) -> None:
    for day in (change - timedelta(days=7), change, change + timedelta(days=7)):
        first = night(day, zone, 9, 12)[0]

        assert moment(first[0]).astimezone(zone) == datetime(day.year, day.month, day.day, 9, tzinfo=zone)
        assert shown([first], zone) == ["09:00"]


def test_an_hour_is_sixty_minutes_that_pass_in_spring() -> None:
    day = date(2027, 3, 14)

    found = night(day, TORONTO, 0, 3, duration=60)

    assert edge(day, 180, TORONTO) - edge(day, 0, TORONTO) == 2 * 3600
    assert shown(found, TORONTO) == ["00:00", "00:30", "01:00"], "01:30 would end at 03:30, after closing"


def test_an_hour_is_sixty_minutes_that_pass_in_autumn() -> None:
    day = date(2027, 11, 7)

    found = night(day, TORONTO, 0, 2, duration=90)

    assert edge(day, 120, TORONTO) - edge(day, 0, TORONTO) == 3 * 3600
    assert shown(found, TORONTO) == ["00:00", "00:30", "01:00", "01:30"], "the last ends at 02:00, after both 01:30"


def test_closing_in_the_skipped_hour_means_the_jump() -> None:
    day = date(2027, 3, 14)

    assert edge(day, 150, TORONTO) == edge(day, 120, TORONTO) == edge(day, 180, TORONTO)
    assert list(starts(day, 90, 210, 30, TORONTO)) == [edge(day, 90, TORONTO), edge(day, 180, TORONTO)]


@pytest.mark.parametrize(
    ("first", "last", "told"),
    [
        (date(2026, 11, 23), date(2026, 11, 29), [(datetime(2026, 11, 23), -5)]),
        (date(2027, 3, 8), date(2027, 3, 14), [(datetime(2027, 3, 8), -5), (datetime(2027, 3, 14, 3), -4)]),
        (date(2026, 10, 26), date(2026, 11, 1), [(datetime(2026, 10, 26), -4), (datetime(2026, 11, 1, 2), -5)]),
    ],
)
def test_offsets_turn_wall_times_into_instants(first: date, last: date, told: list[tuple[datetime, int]]) -> None:
    """In spring from the hour that is there again, in autumn from the first that comes once."""
    assert offsets(first, last, TORONTO) == [(wall, hours * 3600) for wall, hours in told]


@pytest.mark.parametrize("day", [date(2027, 3, 14), date(2026, 11, 1)])
def test_offsets_agree_with_the_starts_of_a_day(day: date) -> None:
    known = offsets(day, day, TORONTO)
    instants = starts(day, 0, 1440, 15, TORONTO)
    walls = [datetime.fromtimestamp(instant, TORONTO).replace(tzinfo=None, fold=0) for instant in instants]

    reckoned = [
        int(wall.replace(tzinfo=UTC).timestamp()) - next(offset for since, offset in reversed(known) if since <= wall)
        for wall in walls
    ]

    assert reckoned == list(instants)


def test_wall_time_comes_never_once_or_twice() -> None:
    """Lord Howe's clocks change by half an hour; the first coming is the one that is offered."""
    for day, minute, zone, count in (
        (date(2027, 3, 14), 150, TORONTO, 0),
        (date(2027, 3, 14), 180, TORONTO, 1),
        (date(2027, 11, 7), 90, TORONTO, 2),
        (date(2027, 11, 7), 120, TORONTO, 1),
        (date(2027, 4, 4), 105, LORD_HOWE, 2),
        (date(2027, 10, 3), 135, LORD_HOWE, 0),
    ):
        found = comings(day, minute, zone)

        assert len(found) == count, (day, minute)
        assert list(starts(day, minute, minute + 1, 1, zone)) == found[:1]
