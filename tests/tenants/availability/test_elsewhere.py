"""Hours of a place in another zone are wall times there; the day that is asked for is the practice's."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from tenants.availability.hours import WeeklyHours
from tenants.availability.starts import Length, candidates

TORONTO, VANCOUVER, PARIS = ZoneInfo("America/Toronto"), ZoneInfo("America/Vancouver"), ZoneInfo("Europe/Paris")
KIRITIMATI, HOME, AWAY = ZoneInfo("Pacific/Kiritimati"), 1, 2
FAR = {"Vancouver": VANCOUVER, "Paris": PARIS, "Kiritimati": KIRITIMATI}
AN_HOUR = Length(3600)


def starts(day: date, hours: list[WeeklyHours], zone: ZoneInfo, step: int = 60) -> list[tuple[str, int]]:
    found = candidates(
        day, weekly=hours, dated=[], closures=[], length=AN_HOUR, step=step, zone=TORONTO, elsewhere={AWAY: zone}
    )
    return [(datetime.fromtimestamp(at, TORONTO).strftime("%d %H:%M"), place) for at, place in found]


def every_day(place: int, opens: int, closes: int) -> list[WeeklyHours]:
    return [WeeklyHours(place, weekday, opens * 60, closes * 60) for weekday in range(7)]


def test_nine_in_vancouver_is_noon_in_toronto() -> None:
    assert starts(date(2026, 11, 24), every_day(AWAY, 9, 11), VANCOUVER) == [("24 12:00", AWAY), ("24 13:00", AWAY)]


def test_evening_there_belongs_to_the_day_on_which_it_is_here() -> None:
    """22:00 on Monday in Vancouver is 01:00 on Tuesday in Toronto."""
    monday_night = [WeeklyHours(AWAY, 0, 22 * 60, 24 * 60)]

    assert starts(date(2026, 11, 23), monday_night, VANCOUVER) == []
    assert starts(date(2026, 11, 24), monday_night, VANCOUVER) == [("24 01:00", AWAY), ("24 02:00", AWAY)]


def test_nine_there_stays_nine_there_when_only_one_of_both_has_changed_its_clocks() -> None:
    """Europe leaves summer time on 25 October 2026, Canada a week later."""
    hours = every_day(AWAY, 15, 17)

    assert starts(date(2026, 10, 24), hours, PARIS)[0] == ("24 09:00", AWAY)
    assert starts(date(2026, 10, 26), hours, PARIS)[0] == ("26 10:00", AWAY)
    assert starts(date(2026, 11, 2), hours, PARIS)[0] == ("02 09:00", AWAY)


def test_both_places_are_offered_side_by_side() -> None:
    hours = every_day(HOME, 12, 13) + every_day(AWAY, 10, 11)

    assert starts(date(2026, 11, 24), hours, VANCOUVER) == [("24 12:00", HOME), ("24 13:00", AWAY)]


@settings(max_examples=150, deadline=None)
@given(
    day=st.dates(date(2026, 1, 3), date(2027, 12, 28)),
    far=st.sampled_from(sorted(FAR)),
    rows=st.lists(st.tuples(st.sampled_from([HOME, AWAY]), st.integers(0, 6), st.integers(0, 23), st.integers(1, 8))),
    step=st.sampled_from([15, 30, 45]),
)
def test_days_hold_each_start_once_and_miss_none(
    day: date, far: str, rows: list[tuple[int, int, int, int]], step: int
) -> None:
    """Against every minute of the day, asked one by one what the clocks on both walls show."""
    hours = [WeeklyHours(place, weekday, o * 60, min(24, o + n) * 60) for place, weekday, o, n in rows]
    zones = {HOME: TORONTO, AWAY: FAR[far]}

    found = candidates(
        day, weekly=hours, dated=[], closures=[], length=AN_HOUR, step=step, zone=TORONTO, elsewhere={AWAY: FAR[far]}
    )

    begins = datetime(day.year, day.month, day.day, tzinfo=TORONTO).astimezone(UTC)
    expected = set()
    for minute in range(25 * 60):
        at = begins + timedelta(minutes=minute)
        if at.astimezone(TORONTO).date() != day:
            continue
        for row in hours:
            if _begins(at, row, zones[row.place_id], step):
                expected.add(int(at.timestamp()))
    assert {at for at, _ in found} == expected
    assert len(found) == len(expected)


def _begins(at: datetime, row: WeeklyHours, zone: ZoneInfo, step: int) -> bool:
    """On the grid of the opening, the first time that a wall shows it, and over before it closes."""
    wall = at.astimezone(zone)
    minute = wall.hour * 60 + wall.minute
    if wall.weekday() != row.weekday or wall.fold or not row.opens <= minute < row.closes:
        return False
    midnight = wall.replace(hour=0, minute=0, tzinfo=None)
    closes = (midnight + timedelta(minutes=row.closes)).replace(tzinfo=zone)
    return (minute - row.opens) % step == 0 and (closes - at).total_seconds() >= 3600
