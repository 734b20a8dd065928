from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import asyncpg

from portal.database import practice_lens
from tenants.page.zone import change_zone, off_midnight, zone_seen
from tests.cast import MONDAY, TORONTO, Cast
from tests.factories import insert

VANCOUVER, HALIFAX = ZoneInfo("America/Vancouver"), ZoneInfo("America/Halifax")


async def closed(cast: Cast, owner: asyncpg.Connection, ref: str, *times: datetime, place: str = "") -> None:
    harbour = cast.harbour
    where = {"place_id": harbour.places[place]["id"]} if place else {}
    begins, ends = times
    times_of = {"starts_at": begins, "ends_at": ends}
    await insert(owner, "closure", tenant_id=harbour.tenant.id, ref=ref, **where, **times_of)


async def change(cast: Cast, zone: ZoneInfo, *, whole_days: bool) -> None:
    tenant = cast.harbour.tenant
    async with practice_lens(tenant):
        seen = zone_seen(tenant.zone, await off_midnight(tenant, zone, MONDAY))
        await change_zone(tenant, zone, MONDAY, seen, whole_days=whole_days)


async def test_only_whole_days_of_the_own_clock_are_told(cast: Cast, owner: asyncpg.Connection) -> None:
    await cast.harbour.place("By the lake", zone="America/Vancouver")
    at = cast.harbour.at
    await closed(cast, owner, "wholedaysx", at(2026, 12, 24), at(2026, 12, 26))
    await closed(cast, owner, "lunchxxxxx", at(2026, 12, 24, 12), at(2026, 12, 24, 13))
    await closed(cast, owner, "longpastxx", at(2026, 11, 1), at(2026, 11, 2))
    await closed(cast, owner, "elsewherex", at(2026, 12, 24), at(2026, 12, 25), place="By the lake")

    async with practice_lens(cast.harbour.tenant):
        told = await off_midnight(cast.harbour.tenant, VANCOUVER, MONDAY)

    assert [each.ref for each in told] == ["wholedaysx"]
    assert (told[0].begins, told[0].ends) == (
        datetime(2026, 12, 24, tzinfo=VANCOUVER),
        datetime(2026, 12, 26, tzinfo=VANCOUVER),
    )


async def test_closures_stay_at_their_instants_unless_they_are_moved(cast: Cast, owner: asyncpg.Connection) -> None:
    """Over the night in March on which clocks change, too: 23 hours there and 23 here."""
    at = cast.harbour.at
    begins, ends = at(2027, 3, 14), at(2027, 3, 15)
    await closed(cast, owner, "springxxxx", begins, ends)

    await change(cast, VANCOUVER, whole_days=False)

    row = await owner.fetchrow("SELECT starts_at, ends_at FROM closure")
    assert tuple(row) == (begins, ends)


async def test_same_days_stay_closed_by_the_new_clock(cast: Cast, owner: asyncpg.Connection) -> None:
    at = cast.harbour.at
    await closed(cast, owner, "springxxxx", at(2027, 3, 14), at(2027, 3, 15))

    await change(cast, HALIFAX, whole_days=True)

    row = await owner.fetchrow("SELECT starts_at, ends_at FROM closure")
    assert tuple(row) == (datetime(2027, 3, 14, tzinfo=HALIFAX), datetime(2027, 3, 15, tzinfo=HALIFAX))
    assert row["ends_at"] - row["starts_at"] == timedelta(hours=23)


async def test_reminders_are_looked_at_once_more(cast: Cast, owner: asyncpg.Connection) -> None:
    """Quiet hours lie elsewhere now."""
    await insert(owner, "reminder_look", id=1, looked_until=MONDAY)
    for zone in (TORONTO, VANCOUVER):
        await change(cast, zone, whole_days=False)

    assert await owner.fetchval("SELECT looked_until FROM reminder_look") == MONDAY - timedelta(hours=25)
