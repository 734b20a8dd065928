"""Days on which clocks change, and practices that are open on them."""

from datetime import UTC, date, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

from tenants.availability.hours import DatedHours, WeeklyHours
from tenants.availability.spans import Span
from tenants.availability.starts import Length
from tests.tenants.availability.model import wall

ZONES = [
    ZoneInfo(name)
    for name in (
        "America/Toronto",
        "Europe/Paris",
        "Australia/Lord_Howe",  # by half an hour
        "Asia/Beirut",  # at midnight
        "Africa/Casablanca",  # back for Ramadan
        "UTC",  # never
    )
]
FIRST_DAY = date(2026, 1, 1)
DAYS = 3 * 365
PLACES = (1, 2)

zones = st.sampled_from(ZONES)
minutes = st.integers(0, 288).map(lambda number: number * 5) | st.integers(0, 1440)
steps = st.sampled_from([5, 10, 15, 20, 30, 45, 60, 90]) | st.integers(5, 1440)
buffers = st.sampled_from([0, 0, 5, 15, 30, 240]) | st.integers(0, 240)


@cache
def change_days(zone: ZoneInfo) -> list[date]:
    """The days of 2026 to 2028 in which the zone's offset changes."""
    days = [FIRST_DAY + timedelta(days=number) for number in range(DAYS)]
    offsets = [datetime(day.year, day.month, day.day, 12, tzinfo=UTC).astimezone(zone).utcoffset() for day in days]
    return [days[number] for number in range(1, DAYS) if offsets[number] != offsets[number - 1]]


@st.composite
def days_in(draw: st.DrawFn, zone: ZoneInfo) -> date:
    """Two out of three at a change of clocks, or right beside one."""
    near_a_change = draw(st.sampled_from([True, True, False]))
    if near_a_change and change_days(zone):
        return draw(st.sampled_from(change_days(zone))) + timedelta(days=draw(st.integers(-1, 1)))
    return FIRST_DAY + timedelta(days=draw(st.integers(0, DAYS)))


@st.composite
def openings(draw: st.DrawFn) -> tuple[int, int]:
    first, second = draw(st.lists(minutes, min_size=2, max_size=2, unique=True))
    return min(first, second), max(first, second)


@st.composite
def weekly_hours(draw: st.DrawFn, day: date) -> WeeklyHours:
    opens, closes = draw(openings())
    near = st.none() | st.integers(-1, 1).map(lambda number: day + timedelta(days=number))
    weekday = draw(st.sampled_from([day.weekday()] * 4 + [(day.weekday() + 1) % 7]))
    return WeeklyHours(draw(st.sampled_from(PLACES)), weekday, opens, closes, draw(near), draw(near))


@st.composite
def dated_hours(draw: st.DrawFn, day: date) -> DatedHours:
    opens, closes = draw(st.just((None, None)) | openings())
    which = day + timedelta(days=draw(st.sampled_from([0, 0, 1])))
    return DatedHours(draw(st.sampled_from(PLACES)), which, opens, closes)


@st.composite
def spans_near(draw: st.DrawFn, day: date) -> Span:
    """A span of whole minutes somewhere in the three days around."""
    begins = int(wall(day, 0).replace(tzinfo=UTC).timestamp()) + 60 * draw(st.integers(-1440, 2 * 1440))
    return begins, begins + 60 * draw(st.integers(1, 90) | st.integers(1, 2000))


@st.composite
def lengths(draw: st.DrawFn) -> Length:
    duration = draw(st.sampled_from([5, 15, 30, 50, 60, 90]) | st.integers(1, 1440))
    return Length(60 * duration, 60 * draw(buffers), 60 * draw(buffers))
