"""What the worker erases: what was announced a month before and still is due, and nothing else."""

import asyncio
from datetime import timedelta
from typing import Any

import asyncpg
import pytest

from portal.database import practice_lens
from portal.messages import erasures
from portal.messages.erasures import announce_erasures, erase_what_is_due
from portal.messages.worker import work
from portal.settings import Settings
from tenants.practices.tenant import Tenant
from tenants.refs import fingerprint
from tenants.retention.announce import WARNED_AHEAD
from tenants.retention.choose import keep_record, wish_erasure
from tenants.retention.due import erasures_to_come
from tenants.retention.rule import Retention, change_retention
from tests.browser import TestClock
from tests.cast import ANA, BEN, MONDAY, NORA, Cast
from tests.factories import LONG_AGO

DAY = timedelta(days=1)
NONE = Retention()


@pytest.fixture
async def ruled(cast: Cast, owner: asyncpg.Connection) -> Cast:
    """Harbour erases after half a year, and has just said so; all records of both practices are older than that."""
    await owner.execute("UPDATE client_record SET created_at = $1", LONG_AGO)
    await change(cast.harbour.tenant, Retention(6, erases=True))
    return cast


async def change(tenant: Tenant, rule: Retention, was: Retention = NONE) -> None:
    async with practice_lens(tenant):
        await change_retention(tenant, rule, fingerprint(was), MONDAY)


async def standing(owner: asyncpg.Connection) -> dict[str, Any]:
    """By address, when each record is to be erased."""
    rows = await owner.fetch("SELECT email, erase_at FROM client_record WHERE erased_at IS NULL")
    return {row["email"]: row["erase_at"] for row in rows}


async def test_nothing_goes_before_it_was_announced_a_month(ruled: Cast, owner: asyncpg.Connection) -> None:
    """Not even what had been due for long when the rule was made. Meadow has none."""
    at = MONDAY + WARNED_AHEAD
    announced = await standing(owner)

    await erase_what_is_due(at - timedelta(seconds=1))
    before = await standing(owner)
    await erase_what_is_due(at)

    assert announced == {ANA: at, BEN: at, "ana.silva@example.com": None}
    assert (before, await standing(owner)) == (announced, {"ana.silva@example.com": None})
    assert await owner.fetchval("SELECT array_agg(by_email) FROM erasure") == ["", ""]


async def test_what_has_changed_since_counts(ruled: Cast, owner: asyncpg.Connection) -> None:
    """Ana has come again; Ben's is kept on purpose."""
    harbour = ruled.harbour
    await harbour.appointment(ANA, "Follow-up", "Theo Roy", harbour.at(2026, 12, 1, 10))
    async with practice_lens(harbour.tenant):
        listed = [row["email"] for row in await erasures_to_come(harbour.tenant, 9)]
        await keep_record(harbour.tenant, harbour.records[BEN]["ref"], MONDAY, by=NORA)

    await announce_erasures(MONDAY)
    saved = await standing(owner)
    await owner.execute("UPDATE client_record SET erase_at = $1 WHERE email = $2", MONDAY + WARNED_AHEAD, ANA)
    await erase_what_is_due(MONDAY + WARNED_AHEAD)
    await announce_erasures(MONDAY + WARNED_AHEAD)
    kept = await standing(owner)
    later = harbour.at(2027, 6, 2, 0)
    await announce_erasures(later - WARNED_AHEAD - DAY)
    not_yet = await standing(owner)
    await announce_erasures(later - WARNED_AHEAD)

    assert listed == [BEN]
    assert (saved[ANA], kept[ANA], kept[BEN], not_yet[ANA]) == (None, None, None, None)
    assert (await standing(owner))[ANA] == later


async def test_rule_taken_back_takes_back_what_it_announced(ruled: Cast, owner: asyncpg.Connection) -> None:
    await change(ruled.harbour.tenant, Retention(6), Retention(6, erases=True))

    await announce_erasures(MONDAY)
    await erase_what_is_due(MONDAY + 2 * WARNED_AHEAD)

    assert set((await standing(owner)).values()) == {None}


async def test_wish_is_granted_when_the_rule_lets_it(cast: Cast, owner: asyncpg.Connection) -> None:
    """A longer rule puts it off, a shorter one never brings it forward; so does a visit that comes between."""
    harbour = cast.harbour
    await harbour.appointment(BEN, "Follow-up", "Theo Roy", harbour.at(2026, 11, 20, 10))
    two, three, one = Retention(2), Retention(3), Retention(1)
    await change(harbour.tenant, two)
    async with practice_lens(harbour.tenant):
        await wish_erasure(harbour.tenant, harbour.records[BEN]["ref"], MONDAY, by=NORA)
    days = [(await standing(owner))[BEN]]
    for rule, was in ((three, two), (one, three)):
        await change(harbour.tenant, rule, was)
        days.append((await standing(owner))[BEN])
    await harbour.appointment(BEN, "Follow-up", "Theo Roy", harbour.at(2027, 2, 15, 10))
    for less in (timedelta(), timedelta(seconds=1)):
        await erase_what_is_due(days[-1] - less)
        days.append((await standing(owner))[BEN])
    await erase_what_is_due(days[-1])

    wall = [day.astimezone(harbour.tenant.zone).date().isoformat() for day in days]
    assert wall == ["2027-01-21", "2027-02-21", "2027-02-21", "2027-03-16", "2027-03-16"]
    assert BEN not in await standing(owner)
    assert await owner.fetchval("SELECT by_email FROM erasure") == NORA


async def test_batches_go_on_until_all_are_done(
    ruled: Cast, owner: asyncpg.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One that cannot be erased stands in nobody's way."""
    monkeypatch.setattr(erasures, "BATCH", 2)
    for number in range(5):
        email = f"client.{number}@example.org"
        await ruled.harbour.record(email, f"Client {number}")
    await owner.execute("UPDATE client_record SET erase_at = $1 WHERE tenant_id = $2", MONDAY, ruled.harbour.tenant.id)
    stuck = ruled.harbour.records["client.1@example.org"]["ref"]
    await owner.execute(
        "INSERT INTO erasure (tenant_id, record_ref, at, appointments) VALUES ($1, $2, $3, 0)",
        ruled.harbour.tenant.id,
        stuck,
        MONDAY,
    )

    await erase_what_is_due(MONDAY)

    assert set(await standing(owner)) == {"client.1@example.org", "ana.silva@example.com"}


async def test_two_workers_erase_each_record_once(ruled: Cast, owner: asyncpg.Connection) -> None:
    at = MONDAY + WARNED_AHEAD

    await asyncio.gather(*(erase_what_is_due(at) for _ in range(4)))

    assert await owner.fetchval("SELECT count(*) FROM erasure") == 2


async def test_worker_erases_by_itself(ruled: Cast, owner: asyncpg.Connection, clock: TestClock) -> None:
    clock.now = MONDAY + WARNED_AHEAD
    stop = asyncio.Event()

    working = asyncio.create_task(work(Settings(secret_key="k" * 32), stop, clock=clock))
    for _ in range(100):
        if await owner.fetchval("SELECT count(*) FROM erasure") == 2:
            break
        await asyncio.sleep(0.05)
    stop.set()
    await working

    assert set(await standing(owner)) == {"ana.silva@example.com"}
