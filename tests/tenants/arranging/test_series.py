"""The same every week: foreseen with what stands in the way, over the nights when clocks change, all or nothing."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import asyncpg
import pytest

from tenants.arranging.appoint import How
from tenants.arranging.insist import Insistence
from tenants.arranging.rearrange import Move
from tenants.arranging.series import Repeat, book_series, following, foresee_series, foresee_shift, shift_following
from tenants.availability.repeats import repeats
from tenants.booking.cancel import cancel_several
from tenants.clients.record import Contact
from tenants.refusals import SeriesMeets
from tests.cast import ANA, BEN, MONDAY, NORA, TORONTO, Cast
from tests.tenants.arranging.test_on_purpose import choice, does

CONTACT = Contact(BEN, "Ben", "Okafor")
FREED = "UPDATE appointment SET cancelled_at = now(), cancelled_by = 'staff' WHERE ref = $1"
WEEKLY = Repeat(every_weeks=1, times=6)


@pytest.fixture
async def booked(cast: Cast) -> list[str]:
    """Six Tuesdays at ten, from 24 November on."""
    ten = cast.harbour.at(2026, 11, 24, 10)
    refs: list[str] = await does(
        cast.harbour, book_series, "s", choice(cast.harbour, ten), WEEKLY, CONTACT, MONDAY, How(NORA)
    )
    return refs


def test_hour_on_the_wall_stays_when_clocks_change() -> None:
    found = list(repeats(date(2027, 3, 7), 10 * 60, 1, 2, TORONTO))

    walls = [datetime.fromtimestamp(start, TORONTO).time() for _, start in found if start]
    assert walls == [time(10), time(10)]
    assert found[1][1] is not None
    assert found[0][1] is not None
    assert found[1][1] - found[0][1] == 7 * 86_400 - 3600


@pytest.mark.parametrize("zone", ["America/Toronto", "Europe/Paris"])
def test_night_that_skips_an_hour_and_night_that_repeats_one(zone: str) -> None:
    place = ZoneInfo(zone)
    spring, autumn = {
        "America/Toronto": (date(2027, 3, 7), date(2026, 10, 25)),
        "Europe/Paris": (date(2027, 3, 21), date(2026, 10, 18)),
    }[zone]
    skipped, twice = (2 * 60 + 30, 1 * 60 + 30) if zone == "America/Toronto" else (2 * 60 + 30, 2 * 60 + 30)

    in_spring = list(repeats(spring, skipped, 1, 3, place))
    in_autumn = list(repeats(autumn, twice, 1, 3, place))

    assert [start is None for _, start in in_spring] == [False, True, False]
    second = in_autumn[1][1]
    assert second is not None
    assert datetime.fromtimestamp(second, place).fold == 0
    assert all(start is not None for _, start in in_autumn)


async def test_what_stands_in_the_way_is_told_before_anything_is_booked(cast: Cast, owner: asyncpg.Connection) -> None:
    ten = cast.harbour.at(2026, 11, 24, 10)
    await cast.harbour.appointment(ANA, "Follow-up", "Nora Blake", ten + timedelta(days=7))
    await owner.execute(
        "INSERT INTO closure (tenant_id, ref, starts_at, ends_at) VALUES ($1, 'c', $2, $3)",
        cast.harbour.tenant.id,
        cast.harbour.at(2026, 12, 8),
        cast.harbour.at(2026, 12, 9),
    )
    wanted = choice(cast.harbour, ten)

    foreseen = await does(cast.harbour, foresee_series, wanted, WEEKLY, MONDAY)
    with pytest.raises(SeriesMeets) as refused:
        await does(cast.harbour, book_series, "s", wanted, WEEKLY, CONTACT, MONDAY, How(NORA))
    nothing = await owner.fetchval("SELECT count(*) FROM appointment WHERE booked_by = 'staff'")
    skip = frozenset({date(2026, 12, 1), date(2026, 12, 8)})
    refs = await does(cast.harbour, book_series, "s", wanted, WEEKLY, CONTACT, MONDAY, How(NORA), skip)

    assert [[reason.why for reason in each.objections] for each in foreseen] == [[], ["busy"], ["closure"], [], [], []]
    assert refused.value.days == (date(2026, 12, 1), date(2026, 12, 8))
    assert (nothing, len(refs)) == (0, 4)


async def test_series_is_told_in_one_message_and_booked_once(
    cast: Cast, owner: asyncpg.Connection, booked: list[str]
) -> None:
    ten = cast.harbour.at(2026, 11, 24, 10)

    again = await does(cast.harbour, book_series, "s", choice(cast.harbour, ten), WEEKLY, CONTACT, MONDAY, How(NORA))

    rows = await owner.fetch("SELECT starts_at FROM appointment ORDER BY starts_at")
    assert [row["starts_at"].astimezone(TORONTO).time() for row in rows] == [time(10)] * 6
    assert (len(booked), again, len(rows)) == (6, [], 6)
    messages = await owner.fetch("SELECT told_with IS NULL AS speaks FROM message WHERE audience = 'client'")
    assert sorted(row["speaks"] for row in messages) == [False] * 5 + [True]


async def test_following_move_together_over_a_clock_change(cast: Cast, owner: asyncpg.Connection) -> None:
    """The first from Tuesday 10:00 to Wednesday 14:00 in winter, the last in summer time at 14:00, too."""
    ten = cast.harbour.at(2027, 2, 23, 10)
    refs = await does(cast.harbour, book_series, "s", choice(cast.harbour, ten), WEEKLY, CONTACT, MONDAY, How(NORA))

    await does(cast.harbour, shift_following, refs[1], Move(cast.harbour.at(2027, 3, 3, 14), by=NORA), MONDAY)

    rows = await owner.fetch("SELECT starts_at FROM appointment ORDER BY starts_at")
    local = [row["starts_at"].astimezone(TORONTO) for row in rows]
    assert [(each.date(), each.time()) for each in local] == [(date(2027, 2, 23), time(10))] + [
        (date(2027, 3, 3) + timedelta(weeks=week), time(14)) for week in range(5)
    ]
    assert [each.astimezone(UTC).hour for each in local[1:]] == [19, 19, 18, 18, 18]


@pytest.mark.parametrize("days", [7, -7, 0])
async def test_series_makes_room_for_itself(
    cast: Cast, owner: asyncpg.Connection, booked: list[str], days: int
) -> None:
    """A week on, each lands where the next one stood; a quarter on, each overlaps itself."""
    target = cast.harbour.at(2026, 12, 8, 10) + timedelta(days=days, minutes=0 if days else 15)
    at = 2 if days else 0
    move = Move(target if days else cast.harbour.at(2026, 11, 24, 10, 15), by=NORA)

    if days == -7:
        await owner.execute(FREED, booked[1])
    foreseen = await does(cast.harbour, foresee_shift, booked[at], move, MONDAY)
    await does(cast.harbour, shift_following, booked[at], move, MONDAY)

    assert all(each.fits for each in foreseen)
    rows = await owner.fetch("SELECT ref, starts_at FROM appointment WHERE cancelled_at IS NULL")
    now = {row["ref"]: row["starts_at"] for row in rows}
    assert now[booked[at]] == move.starts_at
    assert now[booked[5]] == move.starts_at + timedelta(weeks=5 - at)


async def test_one_that_meets_somebody_holds_all_of_them_back_unless_it_stays(
    cast: Cast, owner: asyncpg.Connection, booked: list[str]
) -> None:
    await cast.harbour.appointment(ANA, "Follow-up", "Nora Blake", cast.harbour.at(2026, 12, 8, 15))
    move = Move(cast.harbour.at(2026, 11, 24, 15), by=NORA)
    before = await owner.fetch("SELECT ref, starts_at FROM appointment ORDER BY id")

    with pytest.raises(SeriesMeets) as refused:
        await does(cast.harbour, shift_following, booked[0], move, MONDAY)
    after = await owner.fetch("SELECT ref, starts_at FROM appointment ORDER BY id")
    await does(cast.harbour, shift_following, booked[0], move, MONDAY, frozenset({booked[2]}))

    assert (refused.value.days, after) == ((date(2026, 12, 8),), before)
    hours = [
        row["starts_at"].astimezone(TORONTO).hour
        for row in await owner.fetch("SELECT starts_at FROM appointment WHERE series_id IS NOT NULL ORDER BY starts_at")
    ]
    assert hours == [15, 15, 10, 15, 15, 15]


async def test_following_are_cancelled_in_one_message(cast: Cast, owner: asyncpg.Connection, booked: list[str]) -> None:
    async def cancel(tenant: Any) -> None:
        await cancel_several(tenant, await following(tenant, booked[3], MONDAY), "away", MONDAY, by=NORA)

    await does(cast.harbour, cancel)

    live = await owner.fetchval("SELECT count(*) FROM appointment WHERE cancelled_at IS NULL")
    speaking = await owner.fetchval(
        "SELECT count(*) FROM message WHERE kind = 'cancelled' AND audience = 'client' AND told_with IS NULL"
    )
    assert (live, speaking) == (3, 1)


async def test_series_may_overbook_where_the_practice_does(cast: Cast, owner: asyncpg.Connection) -> None:
    await cast.harbour.policy(overbooking=True)
    ten = cast.harbour.at(2026, 11, 24, 10)
    await cast.harbour.appointment(ANA, "Follow-up", "Nora Blake", ten + timedelta(days=7))
    how = How(NORA, insistence=Insistence(overbook=True, reason="agreed with both"))

    refs = await does(cast.harbour, book_series, "s", choice(cast.harbour, ten), WEEKLY, CONTACT, MONDAY, how)

    assert len(refs) == 6
    assert await owner.fetchval("SELECT count(*) FROM booking_override") == 1
