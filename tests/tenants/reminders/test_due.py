"""Which reminders are due: looked for over all practices, written once, and none missed."""

import asyncio
from datetime import datetime, timedelta
from typing import Any

import asyncpg
import pytest

from portal.database import worker_lens
from tenants.due import owe_what_is_due
from tests.cast import ANA, ANA_AT_MEADOW, BEN, MONDAY, Cast
from tests.factories import insert

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


@pytest.fixture(autouse=True)
async def looked_until_monday(cast: Cast, owner: asyncpg.Connection) -> None:
    await looked(owner, MONDAY)


async def looked(owner: asyncpg.Connection, until: datetime) -> None:
    await owner.execute("DELETE FROM reminder_look")
    await owner.execute("INSERT INTO reminder_look VALUES (1, $1)", until)


async def look(now: datetime) -> int:
    async with worker_lens():
        return await owe_what_is_due(now)


async def written(owner: asyncpg.Connection) -> list[tuple[Any, ...]]:
    """Whose, by which channel, why not, and whether another one speaks for it."""
    rows = await owner.fetch(
        """SELECT client_record.email, channel, skip_reason, told_with IS NOT NULL AS with_another
           FROM message JOIN appointment ON appointment.id = appointment_id
           JOIN client_record ON client_record.id = client_record_id ORDER BY message.id"""
    )
    return [tuple(row) for row in rows]


async def test_new_practice_reminds_two_days_before_by_mail_and_one_by_sms(
    cast: Cast, owner: asyncpg.Connection
) -> None:
    starts_at = cast.harbour.at(2026, 11, 26, 14)
    await cast.harbour.appointment(ANA, "Follow-up", "Nora Blake", starts_at)

    counts = [
        await look(starts_at - 48 * HOUR - MINUTE),
        await look(starts_at - 48 * HOUR),
        await look(starts_at - 48 * HOUR + MINUTE),
        await look(starts_at - 24 * HOUR),
        await look(starts_at),
    ]

    assert counts == [0, 1, 0, 1, 0]
    assert await written(owner) == [(ANA, "email", "", False), (ANA, "sms", "", False)]


async def test_each_practice_has_its_own_evening(cast: Cast, owner: asyncpg.Connection) -> None:
    """Reminders of the early hours leave before the quiet ones begin, in each practice's own zone."""
    await cast.harbour.appointment(ANA, "Follow-up", "Nora Blake", cast.harbour.at(2026, 11, 26, 7))
    await cast.meadow.appointment(ANA_AT_MEADOW, "Massage", "Lea Martin", cast.meadow.at(2026, 11, 26, 7))

    counts = [
        await look(cast.meadow.at(2026, 11, 23, 20, 44)),
        await look(cast.meadow.at(2026, 11, 23, 20, 45)),
        await look(cast.harbour.at(2026, 11, 23, 20, 44)),
        await look(cast.harbour.at(2026, 11, 23, 20, 45)),
        await look(cast.harbour.at(2026, 11, 24, 7)),
    ]

    assert counts == [0, 1, 0, 1, 0]
    assert [row[0] for row in await written(owner)] == [ANA_AT_MEADOW, ANA]


async def test_first_instant_of_the_quiet_hours_is_one_of_them(cast: Cast, owner: asyncpg.Connection) -> None:
    await cast.harbour.appointment(ANA, "Follow-up", "Nora Blake", cast.harbour.at(2026, 11, 26, 21))

    counts = [await look(cast.harbour.at(2026, 11, 24, 20, minute)) for minute in (44, 45, 50)]

    assert counts == [0, 1, 0]


async def test_no_moment_is_missed_while_no_worker_runs(cast: Cast, owner: asyncpg.Connection) -> None:
    starts_at = cast.harbour.at(2026, 11, 30, 14)
    await cast.harbour.appointment(ANA, "Follow-up", "Nora Blake", starts_at)
    await cast.harbour.appointment(BEN, "Follow-up", "Nora Blake", cast.harbour.at(2026, 11, 27, 10))

    await look(starts_at - HOUR)

    assert await written(owner) == [(ANA, "email", "", False), (ANA, "sms", "", False)], "Ben's has been already"


async def test_clock_set_back_says_nothing_twice_and_misses_nothing(cast: Cast, owner: asyncpg.Connection) -> None:
    starts_at = cast.harbour.at(2026, 11, 27, 14)
    await cast.harbour.appointment(ANA, "Follow-up", "Nora Blake", starts_at)
    late = await cast.harbour.appointment(BEN, "Follow-up", "Nora Blake", starts_at + HOUR)
    await look(starts_at - 48 * HOUR)

    await looked(owner, starts_at + 300 * DAY)
    counts = [await look(starts_at - 48 * HOUR - 2 * MINUTE), await look(starts_at - 47 * HOUR)]

    assert (counts, [row[0] for row in await written(owner)]) == ([0, 1], [ANA, BEN])
    assert late["starts_at"] == starts_at + HOUR


async def test_one_message_speaks_for_all_of_a_day(cast: Cast, owner: asyncpg.Connection) -> None:
    for hour in (15, 10, 12):
        at = cast.harbour.at(2026, 11, 26, hour)
        await cast.harbour.appointment(ANA, "Follow-up", "Nora Blake", at)
    await cast.harbour.appointment(BEN, "Follow-up", "Theo Roy", cast.harbour.at(2026, 11, 26, 10))
    await cast.harbour.appointment(ANA, "Follow-up", "Nora Blake", cast.harbour.at(2026, 11, 27, 10))

    count = await look(cast.harbour.at(2026, 11, 24, 10))

    assert (count, sorted(await written(owner))) == (
        4,
        [(ANA, "email", "", False), (ANA, "email", "", True), (ANA, "email", "", True), (BEN, "email", "", False)],
    )


async def test_moved_appointment_has_no_ghost_and_is_reminded_of_anew(cast: Cast, owner: asyncpg.Connection) -> None:
    starts_at = cast.harbour.at(2026, 11, 27, 14)
    appointment = await cast.harbour.appointment(ANA, "Follow-up", "Nora Blake", starts_at)
    await owner.execute(
        "UPDATE appointment SET starts_at = starts_at + $2, ends_at = ends_at + $2, blocked_from = blocked_from + $2, "
        "blocked_until = blocked_until + $2, moved_at = $3 WHERE id = $1",
        appointment["id"],
        2 * DAY,
        MONDAY + HOUR,
    )

    counts = [await look(starts_at - 48 * HOUR), await look(starts_at)]

    assert (counts, await owner.fetchval("SELECT starts_at FROM message")) == ([0, 1], starts_at + 2 * DAY)


async def test_cancelled_appointment_is_not_reminded_of(cast: Cast, owner: asyncpg.Connection) -> None:
    starts_at = cast.harbour.at(2026, 11, 26, 14)
    await cast.harbour.appointment(
        ANA, "Follow-up", "Nora Blake", starts_at, cancelled_at=MONDAY, cancelled_by="client"
    )

    assert await look(starts_at - HOUR) == 0


async def test_rule_that_is_newer_than_its_moment_stays_silent(cast: Cast, owner: asyncpg.Connection) -> None:
    starts_at = cast.harbour.at(2026, 11, 26, 14)
    await cast.harbour.appointment(ANA, "Follow-up", "Nora Blake", starts_at)
    await owner.execute("UPDATE reminder_rule SET since = $1", starts_at - 47 * HOUR)

    await look(starts_at - 24 * HOUR)

    assert await written(owner) == [(ANA, "sms", "", False)]


async def test_rule_whose_time_was_changed_reminds_at_its_new_one(cast: Cast, owner: asyncpg.Connection) -> None:
    """Though it had passed over an appointment that was booked too late for the old one."""
    starts_at = cast.harbour.at(2026, 11, 26, 14)
    await cast.harbour.appointment(ANA, "Follow-up", "Nora Blake", starts_at, booked_at=starts_at - 40 * HOUR)
    await owner.execute("DELETE FROM reminder_rule WHERE channel = 'sms'")
    await look(starts_at - 40 * HOUR)
    await owner.execute("UPDATE reminder_rule SET minutes_ahead = 1440, since = $1", starts_at - 30 * HOUR)

    assert [await look(starts_at - 25 * HOUR), await look(starts_at - 24 * HOUR)] == [0, 1]


async def test_what_was_booked_late_is_told_with_its_day(cast: Cast, owner: asyncpg.Connection) -> None:
    starts_at = cast.harbour.at(2026, 11, 26, 14)
    await cast.harbour.appointment(ANA, "Follow-up", "Nora Blake", starts_at)
    late = starts_at - 2 * HOUR
    await cast.harbour.appointment(ANA, "Follow-up", "Theo Roy", late, booked_at=late - 47 * HOUR)

    await look(starts_at - 48 * HOUR)

    assert sorted(await written(owner)) == [(ANA, "email", "", False), (ANA, "email", "", True)]


async def test_custom_rule_of_one_practice_is_nobody_else_s(cast: Cast, owner: asyncpg.Connection) -> None:
    await insert(
        owner,
        "reminder_rule",
        tenant_id=cast.harbour.tenant.id,
        channel="email",
        minutes_ahead=95,
        condition="always",
        since=MONDAY,
    )
    await cast.harbour.appointment(ANA, "Follow-up", "Nora Blake", cast.harbour.at(2026, 11, 26, 14))
    await cast.meadow.appointment(ANA_AT_MEADOW, "Massage", "Lea Martin", cast.harbour.at(2026, 11, 26, 14))
    await looked(owner, cast.harbour.at(2026, 11, 26, 12))

    count = await look(cast.harbour.at(2026, 11, 26, 12, 25))

    assert (count, await written(owner)) == (1, [(ANA, "email", "", False)])


async def test_two_workers_look_at_once_and_write_each_reminder_once(cast: Cast, owner: asyncpg.Connection) -> None:
    for hour in (10, 11, 12):
        await cast.harbour.appointment(ANA, "Follow-up", "Nora Blake", cast.harbour.at(2026, 11, 26, hour))
        await cast.harbour.appointment(BEN, "Follow-up", "Theo Roy", cast.harbour.at(2026, 11, 26, hour))

    counts = await asyncio.gather(*(look(cast.harbour.at(2026, 11, 24, 12)) for _ in range(4)))

    assert sum(counts) == len(await written(owner)) == 6
