from datetime import date
from zoneinfo import ZoneInfo

from tenants.availability.hours import DatedHours, WeeklyHours, hours_on
from tenants.availability.starts import Length, candidates, free
from tenants.availability.wall_clock import edge

PARIS = ZoneInfo("Europe/Paris")
TUESDAY = date(2026, 11, 24)
MORNING, AFTERNOON = WeeklyHours(1, 1, 9 * 60, 12 * 60), WeeklyHours(1, 1, 14 * 60, 18 * 60)


def at(hour: int, minute: int = 0) -> int:
    return edge(TUESDAY, hour * 60 + minute, PARIS)


def starts(*weekly: WeeklyHours, duration: int = 60, step: int = 60) -> list[int]:
    length = Length(duration * 60)
    found = candidates(TUESDAY, weekly=weekly, dated=[], closures=[], length=length, step=step, zone=PARIS)
    return [each[0] for each in found]


def test_both_ends_of_a_season_are_in_it() -> None:
    season = WeeklyHours(1, 1, 9 * 60, 12 * 60, from_day=TUESDAY, until_day=TUESDAY)

    days = [TUESDAY.replace(day=number) for number in (17, 24)] + [date(2026, 12, 1)]

    assert [bool(hours_on(day, [season], [])) for day in days] == [False, True, False]


def test_an_exception_stands_instead_of_its_own_place_only() -> None:
    elsewhere = WeeklyHours(2, 1, 10 * 60, 11 * 60)
    closed, late = DatedHours(1, TUESDAY, None, None), DatedHours(1, TUESDAY, 20 * 60, 1440)

    assert hours_on(TUESDAY, [MORNING, elsewhere], [closed]) == [(2, 600, 660)]
    assert hours_on(TUESDAY, [MORNING, elsewhere], [closed, late]) == [(2, 600, 660), (1, 1200, 1440)]


def test_a_length_that_crosses_closing_is_not_offered() -> None:
    assert starts(MORNING, AFTERNOON, duration=61) == [at(9), at(10), at(14), at(15), at(16)]
    assert starts(MORNING, duration=180) == [at(9)]
    assert starts(MORNING, duration=181) == []


def test_the_grid_counts_from_each_opening() -> None:
    late = WeeklyHours(1, 1, 14 * 60 + 10, 16 * 60)

    assert starts(MORNING, late, duration=30, step=45) == [
        at(9), at(9, 45), at(10, 30), at(11, 15), at(14, 10), at(14, 55)
    ]  # fmt: skip


def test_midnight_can_close() -> None:
    assert starts(WeeklyHours(1, 1, 22 * 60, 1440)) == [at(22), at(23)]


def test_two_places_at_one_time_offer_it_once() -> None:
    twice = [MORNING, WeeklyHours(2, 1, 9 * 60, 10 * 60)]

    found = candidates(TUESDAY, weekly=twice, dated=[], closures=[], length=Length(3600), step=60, zone=PARIS)

    assert [each[0] for each in found] == [at(9), at(10), at(11)]


def test_a_closure_of_one_place_leaves_the_other_open() -> None:
    both = [MORNING, WeeklyHours(2, 1, 9 * 60, 12 * 60)]
    closures = [(1, (at(9), at(11)))]

    found = candidates(TUESDAY, weekly=both, dated=[], closures=closures, length=Length(3600), step=60, zone=PARIS)

    assert found == [(at(9), 2), (at(10), 2), (at(11), 1)]


def test_buffers_may_reach_past_closing_but_not_into_somebody() -> None:
    length = Length(3600, before=900, after=900)
    possible = [(at(hour), 1) for hour in (9, 10, 11)]

    assert list(free(possible, [(at(8), at(8, 45))], length, 0, 2**40)) == possible
    assert list(free(possible, [(at(8), at(8, 46))], length, 0, 2**40)) == possible[1:]
    assert list(free(possible, [(at(12, 15), at(13))], length, 0, 2**40)) == possible
    assert list(free(possible, [(at(12, 14), at(13))], length, 0, 2**40)) == possible[:2]


def test_both_ends_of_the_booking_window_are_in_it() -> None:
    possible = [(at(hour), 1) for hour in (9, 10, 11)]

    assert list(free(possible, [], Length(60), at(10), at(10))) == possible[1:2]
