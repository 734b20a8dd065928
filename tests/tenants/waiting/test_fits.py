"""Which slot fits, and when offers leave: against a plain reading of the wall's clock, on every kind of day."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tenants.booking.open_times import Slot
from tenants.waiting.fits import (
    SHORTEST,
    When,
    earliest_start,
    first_fit,
    lasts_until,
    may_offer,
    next_morning,
)
from tests.tenants.availability.strategies import change_days, zones

TORONTO, PARIS = ZoneInfo("America/Toronto"), ZoneInfo("Europe/Paris")
WEEK = frozenset(range(7))
LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)

lengths = st.integers(15, 24 * 60).map(lambda minutes: timedelta(minutes=minutes))
notices = st.integers(0, 90 * 24 * 60).map(lambda minutes: timedelta(minutes=minutes))


@st.composite
def instants(draw: st.DrawFn, zone: ZoneInfo) -> datetime:
    """Half of them near a night when clocks change, in whole minutes."""
    near = change_days(zone) or [date(2027, 3, 14)]
    day = draw(st.sampled_from(near) | st.dates(date(2026, 1, 2), date(2028, 12, 1)))
    begins = datetime(day.year, day.month, day.day, tzinfo=UTC) - timedelta(days=1)
    return begins + timedelta(minutes=draw(st.integers(0, 3 * 24 * 60)))


@st.composite
def whens(draw: st.DrawFn) -> When:
    first = draw(st.dates(date(2026, 1, 2), date(2028, 12, 1)))
    from_minute = draw(st.integers(0, 1439))
    return When(
        draw(st.frozensets(st.integers(0, 6), min_size=1)),
        from_minute,
        draw(st.integers(from_minute + 1, 1440)),
        first,
        first + timedelta(days=draw(st.integers(0, 400))),
    )


@given(st.data(), whens(), zones)
def test_start_fits_as_the_place_s_wall_shows_it(data: st.DataObject, when: When, zone: ZoneInfo) -> None:
    at = data.draw(instants(zone))
    shown = f"{at.astimezone(zone):%Y-%m-%d %H:%M %w}"
    day, clock, sunday_is_0 = shown.split()
    hour, minute = clock.split(":")

    fits = when.fits(at, zone)

    assert fits == (
        str(when.first_day) <= day <= str(when.last_day)
        and (int(sunday_is_0) - 1) % 7 in when.weekdays
        and when.from_minute <= 60 * int(hour) + int(minute) < when.until_minute
    )
    if fits:
        first, last = when.days
        assert first <= at.astimezone(UTC).date() <= last


@given(st.data(), whens(), zones, st.lists(st.integers(-200, 200), max_size=12))
def test_first_fit_is_the_earliest_that_is_wanted(
    data: st.DataObject, when: When, zone: ZoneInfo, steps: list[int]
) -> None:
    around = int(data.draw(instants(zone)).timestamp())
    slots = [Slot(around + step * 900, 1, 1) for step in steps]
    besides = set(data.draw(st.lists(st.sampled_from([slot.start for slot in slots]), max_size=3))) if slots else set()
    earliest = datetime.fromtimestamp(around - 50 * 900, UTC)

    found = first_fit(when, slots, lambda _: zone, earliest=earliest, besides=besides)

    wanted = [
        each.start
        for each in slots
        if each.start not in besides and each.starts_at >= earliest and when.fits(each.starts_at, zone)
    ]
    assert (found.start if found else None) == min(wanted, default=None)


@given(st.data(), zones, lengths, notices)
def test_offer_lasts_a_quarter_of_an_hour_and_ends_before_its_time(
    data: st.DataObject, zone: ZoneInfo, lasts: timedelta, notice: timedelta
) -> None:
    now = data.draw(instants(zone))
    starts_at = earliest_start(now, notice) + timedelta(minutes=data.draw(st.integers(0, 10_000)))

    until = lasts_until(starts_at, now, lasts, notice)

    assert now + SHORTEST <= until <= now + lasts
    assert until <= starts_at - max(notice, SHORTEST)


@given(st.data(), zones)
def test_offers_leave_by_day_and_again_in_the_morning(data: st.DataObject, zone: ZoneInfo) -> None:
    now = data.draw(instants(zone))

    morning = next_morning(now, zone)

    assert may_offer(morning, zone)
    assert may_offer(now, zone) == ("08:00" <= f"{now.astimezone(zone):%H:%M}" < "20:00")
    assert (morning == now) == may_offer(now, zone)
    assert now <= morning <= now + timedelta(hours=14)


@pytest.mark.parametrize(
    ("zone", "day"),
    [
        (TORONTO, date(2027, 3, 14)),
        (TORONTO, date(2027, 11, 7)),
        (PARIS, date(2027, 3, 28)),
        (PARIS, date(2027, 10, 31)),
    ],
    ids=str,
)
def test_at_eight_in_the_morning_after_clocks_have_changed(zone: ZoneInfo, day: date) -> None:
    evening = datetime(day.year, day.month, day.day, 20, tzinfo=zone) - timedelta(days=1)
    eight = datetime(day.year, day.month, day.day, 8, tzinfo=zone)

    assert not may_offer(evening, zone)
    assert not may_offer(datetime.fromtimestamp(eight.timestamp() - 60, UTC), zone)
    assert next_morning(evening, zone) == eight


def test_place_of_another_zone_has_its_own_wall() -> None:
    """Nine in Toronto is three in the afternoon in Paris."""
    when = When(WEEK, 15 * 60, 16 * 60, date(2026, 11, 24), date(2026, 11, 24))
    slot = Slot(int(datetime(2026, 11, 24, 9, tzinfo=TORONTO).timestamp()), 1, 2)

    here = first_fit(when, [slot], lambda _: TORONTO, earliest=LONG_AGO, besides=())
    there = first_fit(when, [slot], lambda _: PARIS, earliest=LONG_AGO, besides=())

    assert (here, there) == (None, slot)
