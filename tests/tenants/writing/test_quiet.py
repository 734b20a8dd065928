"""What would fall into quiet hours leaves before they begin, on every night of the year."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tenants.writing.quiet import LEAD, Quiet

TORONTO, LORD_HOWE = ZoneInfo("America/Toronto"), ZoneInfo("Australia/Lord_Howe")
NIGHT = Quiet(21 * 60, 8 * 60)


def toronto(*when: int) -> datetime:
    return datetime(*when, tzinfo=TORONTO)  # type: ignore[misc,arg-type]


@pytest.mark.parametrize(
    ("wanted", "leaves"),
    [
        (toronto(2026, 11, 24, 20, 59), toronto(2026, 11, 24, 20, 59)),
        (toronto(2026, 11, 24, 21, 0), toronto(2026, 11, 24, 20, 45)),
        (toronto(2026, 11, 25, 3, 0), toronto(2026, 11, 24, 20, 45)),
        (toronto(2026, 11, 25, 7, 59), toronto(2026, 11, 24, 20, 45)),
        (toronto(2026, 11, 25, 8, 0), toronto(2026, 11, 25, 8, 0)),
    ],
)
def test_message_of_the_night_leaves_in_the_evening(wanted: datetime, leaves: datetime) -> None:
    assert NIGHT.leave_by(wanted, TORONTO) == leaves


def test_quiet_hours_of_one_day_and_none_at_all() -> None:
    noon = toronto(2026, 11, 24, 12, 30)

    left = [Quiet(12 * 60, 14 * 60).leave_by(noon, TORONTO), Quiet(0, 0).leave_by(noon, TORONTO)]

    assert left == [toronto(2026, 11, 24, 11, 45), noon]


@pytest.mark.parametrize(("day", "hours"), [(date(2026, 3, 7), 10), (date(2026, 10, 31), 12), (date(2026, 7, 1), 11)])
def test_night_is_as_long_as_the_clocks_make_it(day: date, hours: int) -> None:
    night = NIGHT.hours_of(day, TORONTO)

    assert night is not None
    assert night[1] - night[0] == timedelta(hours=hours)


@given(
    at=st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31), timezones=st.just(UTC)),
    zone=st.sampled_from([TORONTO, LORD_HOWE, ZoneInfo("Europe/Paris"), ZoneInfo("Asia/Kathmandu")]),
    since=st.integers(0, 1439),
    length=st.integers(0, 20 * 60),
)
def test_nothing_leaves_later_or_while_it_is_quiet(at: datetime, zone: ZoneInfo, since: int, length: int) -> None:
    quiet = Quiet(since, (since + length) % 1440)

    leaves = quiet.leave_by(at, zone)

    assert leaves <= at
    assert quiet.around(leaves, zone) is None
    assert at - leaves <= timedelta(hours=21, minutes=1) + LEAD
