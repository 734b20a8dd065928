from datetime import date
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tenants.availability.spans import union
from tenants.availability.starts import candidates, free
from tenants.availability.wall_clock import day_span, edge, local_day, starts
from tests.tenants.availability import model
from tests.tenants.availability.strategies import (
    ZONES,
    change_days,
    dated_hours,
    days_in,
    lengths,
    spans_near,
    steps,
    weekly_hours,
    zones,
)

CHANGES = [pytest.param(day, zone, id=f"{zone.key} {day}") for zone in ZONES for day in change_days(zone)]


def test_there_are_nights_to_be_tried() -> None:
    nights = {zone.key: len(change_days(zone)) for zone in ZONES}

    assert nights.pop("UTC") == 0
    assert set(nights.values()) == {6}, "two a year, in each of three years"


@pytest.mark.parametrize(("day", "zone"), CHANGES)
def test_every_minute_of_a_day_on_which_clocks_change(day: date, zone: ZoneInfo) -> None:
    shown = [model.shown_first(day, minute, zone) for minute in range(1441)]

    assert list(starts(day, 0, 1441, 1, zone)) == [instant for instant in shown if instant is not None]
    assert [list(starts(day, minute, minute + 1, 1, zone)) for minute in range(1441)] == [
        [] if instant is None else [instant] for instant in shown
    ]
    assert [edge(day, minute, zone) for minute in range(1441)] == [
        model.reached(day, minute, zone) for minute in range(1441)
    ]


@given(data=st.data(), zone=zones)
@settings(max_examples=60, deadline=None)
def test_a_day_is_what_the_wall_calls_it(data: st.DataObject, zone: ZoneInfo) -> None:
    day = data.draw(days_in(zone))

    begins, ends = day_span(day, zone)

    of_the_day = [instant for instant, shown in model.walk(day, zone) if shown.date() == day]
    assert list(range(begins, ends, 60)) == of_the_day
    assert {local_day(instant, zone) for instant in (begins, ends - 1)} == {day}


@given(data=st.data(), zone=zones)
@settings(max_examples=300, deadline=None)
def test_starts_are_those_found_by_walking(data: st.DataObject, zone: ZoneInfo) -> None:
    day = data.draw(days_in(zone))
    weekly = data.draw(st.lists(weekly_hours(day), max_size=4), "weekly")
    dated = data.draw(st.lists(dated_hours(day), max_size=2), "dated")
    closures = data.draw(st.lists(st.tuples(st.sampled_from([None, 1, 2]), spans_near(day)), max_size=4), "closures")
    length, step = data.draw(lengths(), "length"), data.draw(steps, "step")

    found = candidates(day, weekly=weekly, dated=dated, closures=closures, length=length, step=step, zone=zone)

    walked = model.offered(day, weekly=weekly, dated=dated, closures=closures, length=length, step=step, zone=zone)
    assert [each[0] for each in found] == sorted(walked)
    assert all(each[1] in walked[each[0]] for each in found)


@given(data=st.data(), zone=zones)
@settings(max_examples=200, deadline=None)
def test_free_starts_are_those_that_meet_nothing(data: st.DataObject, zone: ZoneInfo) -> None:
    day = data.draw(days_in(zone))
    weekly = data.draw(st.lists(weekly_hours(day), min_size=1, max_size=3), "weekly")
    busy = data.draw(st.lists(spans_near(day), max_size=12), "busy")
    length, step = data.draw(lengths(), "length"), data.draw(steps, "step")
    begins, ends = day_span(day, zone)
    earliest, latest = data.draw(st.tuples(st.integers(begins, ends), st.integers(begins, ends)) | st.just((0, 2**40)))
    possible = candidates(day, weekly=weekly, dated=[], closures=[], length=length, step=step, zone=zone)

    found = list(free(possible, union(busy), length, earliest, latest))

    assert found == [
        each for each in possible if earliest <= each[0] <= latest and model.undisturbed(each[0], busy, length)
    ]
