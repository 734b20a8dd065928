"""Merges beside whatever else happens at that moment, from processes of their own: nothing waits in a circle."""

from collections import Counter
from collections.abc import Iterator
from typing import Any

import asyncpg
import pytest

from portal.database import practice_lens
from tenants.booking.book import book_held_slot
from tenants.booking.move import move_by_client
from tenants.clients.record import Contact
from tenants.merge.merge import look_at_two, merge_records
from tenants.merge.undo import undo_merge
from tenants.practices.tenant import Tenant
from tests.cast import ANA, CLEO, MONDAY, NORA, Cast
from tests.factories import PracticeMade
from tests.tenants.booking.rivals import Attempt, Rivals, tally
from tests.tenants.booking.test_races import given_up_hold
from tests.tenants.merge.records import DAY, made, merge, visit

ROUNDS = 12
REFUSED = {"done", "ChangedMeanwhile", "RecordMerged", "MergeUndone"}


@pytest.fixture(scope="session")
def processes(app_dsn: str) -> Iterator[Rivals]:
    rivals = Rivals(app_dsn, 4)
    yield rivals
    rivals.stop()


async def merge_as_seen(tenant: Tenant, kept: str, gone: str, seen: str, chosen: dict[str, str]) -> str:
    return await merge_records(tenant, (kept, gone), chosen, seen, NORA, MONDAY)


async def undo_now(tenant: Tenant, ref: str) -> tuple[str, ...]:
    return await undo_merge(tenant, ref, NORA, MONDAY + DAY)


async def attempt(practice: PracticeMade, kept: dict[str, Any], gone: dict[str, Any], **chosen: str) -> Attempt:
    """As somebody sees the two now."""
    async with practice_lens(practice.tenant):
        seen = (await look_at_two(practice.tenant, kept["ref"], gone["ref"])).seen
    return Attempt(merge_as_seen, practice.tenant, (kept["ref"], gone["ref"], seen, chosen))


async def astray(owner: asyncpg.Connection) -> int:
    """Appointments that hang from a record that is not there any more."""
    count: int = await owner.fetchval(
        "SELECT count(*) FROM appointment JOIN client_record c ON c.id = client_record_id WHERE merged_at IS NOT NULL"
    )
    return count


@pytest.mark.parametrize("stays", ["kept", "gone"])
async def test_booking_with_the_address_that_goes(
    processes: Rivals, cast: Cast, owner: asyncpg.Connection, stays: str
) -> None:
    """Whoever comes first: booked once, on the record that has the address now, or on a new one."""
    harbour = cast.harbour
    for number in range(ROUNDS):
        email = f"client{number}@example.org"
        kept, gone = await made(harbour, f"kept{number}@example.org"), await made(harbour, email)
        at = harbour.at(2026, 11, 25 + number // 6, 9 + number % 6)
        key = await given_up_hold(harbour, f"race {number}", at)
        booking = Attempt(book_held_slot, harbour.tenant, (key, Contact(email, "Client", "17"), "", MONDAY))

        outcomes = await processes.race([await attempt(harbour, kept, gone, reach=stays), booking])

        assert outcomes[0].name in {"done", "ChangedMeanwhile"}
        assert outcomes[1].name == "done"
        assert await owner.fetchval("SELECT count(*) FROM client_record WHERE email = $1", email) <= 1
    assert await astray(owner) == 0
    assert await owner.fetchval("SELECT count(*) FROM appointment") == ROUNDS


async def test_the_same_merge_twice_happens_once(processes: Rivals, cast: Cast, owner: asyncpg.Connection) -> None:
    harbour = cast.harbour
    for number in range(ROUNDS):
        one, other = [await made(harbour, f"{side}{number}@example.org") for side in "ab"]
        there, back = await attempt(harbour, one, other), await attempt(harbour, other, one)

        outcomes = await processes.race([there, there, back, back])

        assert Counter(outcome.name == "done" for outcome in outcomes) == {True: 1, False: 3}
        assert {outcome.name for outcome in outcomes} <= REFUSED
    assert await owner.fetchval("SELECT count(*) FROM client_merge") == ROUNDS


async def test_a_chain_of_merges_leaves_nothing_behind(
    processes: Rivals, cast: Cast, owner: asyncpg.Connection
) -> None:
    """A into B while B goes into C, and C into A."""
    harbour = cast.harbour
    for number in range(ROUNDS):
        rows = [await made(harbour, f"{side}{number}@example.org") for side in "abc"]
        attempts = [await attempt(harbour, rows[(at + 1) % 3], rows[at]) for at in range(3)]

        outcomes = await processes.race(attempts)

        assert tally(outcomes).get("done", 0) >= 1
        assert {outcome.name for outcome in outcomes} <= REFUSED
        left = await owner.fetchval(
            "SELECT count(*) FROM client_record WHERE id = ANY ($1) AND merged_at IS NULL", [row["id"] for row in rows]
        )
        assert left == 3 - tally(outcomes)["done"]


async def test_a_client_moves_an_appointment_that_is_being_merged(
    processes: Rivals, cast: Cast, owner: asyncpg.Connection
) -> None:
    """Moving locks the appointment and then the record, where merging goes the other way: neither waits for both."""
    harbour = cast.harbour
    await harbour.policy(daily_limit=3)
    kept, gone = harbour.records[ANA], await made(harbour, CLEO)
    booked = await visit(harbour, gone, 9, 27)
    for number in range(ROUNDS):
        to = harbour.at(2026, 12, 1 + number % 3, 10)
        outcomes = await processes.race(
            [await attempt(harbour, kept, gone), Attempt(move_by_client, harbour.tenant, (booked["ref"], to, MONDAY))]
        )
        assert outcomes[0].name in {"done", "ChangedMeanwhile"}
        assert outcomes[1].name == "done"
        if outcomes[0].name == "done":
            again = await processes.race([Attempt(undo_now, harbour.tenant, (outcomes[0].given,))] * 2)
            assert sorted(outcome.name for outcome in again) == ["MergeUndone", "done"]
    assert await owner.fetchval("SELECT client_record_id FROM appointment") == gone["id"]


async def test_undoing_while_the_kept_one_is_merged_further(
    processes: Rivals, cast: Cast, owner: asyncpg.Connection
) -> None:
    harbour = cast.harbour
    for number in range(ROUNDS):
        rows = [await made(harbour, f"{side}{number}@example.org") for side in "abc"]
        ref = await merge(harbour.tenant, rows[0], rows[1])
        further = await attempt(harbour, rows[2], rows[0])

        outcomes = await processes.race([Attempt(undo_now, harbour.tenant, (ref,)), further])

        assert {outcome.name for outcome in outcomes} <= {"done", "MergedFurther", "ChangedMeanwhile"}
        assert tally(outcomes)["done"] >= 1
