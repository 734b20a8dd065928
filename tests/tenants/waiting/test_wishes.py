"""Wishes themselves: how many, how far ahead, and never the same twice."""

import asyncio
from datetime import date

import asyncpg
import pytest

from portal.database import practice_lens
from tenants.clients.record import Contact
from tenants.refusals import (
    EndsBeforeItBegins,
    NewClientsNotTaken,
    NotFound,
    TooManyWishes,
    WaitsAlready,
    WaitsTooLong,
    WishEnded,
)
from tenants.waiting.wish import (
    REMOVED,
    WITHDRAWN,
    change_wish,
    find_wish,
    leave_wish,
    remove_wish,
    restore_wish,
    withdraw_wish,
)
from tests.cast import BEN, CLEO, MONDAY, NORA, Cast
from tests.tenants.waiting.conftest import waits, wish_for


async def test_of_many_at_once_five_are_kept(cast: Cast, owner: asyncpg.Connection) -> None:
    ends = await asyncio.gather(
        *(waits(cast.harbour, BEN, from_minute=number) for number in range(9)), return_exceptions=True
    )

    assert [type(each) for each in ends if not isinstance(each, str)] == [TooManyWishes] * 4
    assert await owner.fetchval("SELECT count(*) FROM waiting_wish") == 5


async def test_of_two_equal_ones_at_once_one_is_kept(cast: Cast, owner: asyncpg.Connection) -> None:
    ends = await asyncio.gather(*(waits(cast.harbour, BEN) for _ in range(4)), return_exceptions=True)

    assert [type(each) for each in ends if not isinstance(each, str)] == [WaitsAlready] * 3


async def test_stranger_who_waits_gets_one_record(cast: Cast, owner: asyncpg.Connection) -> None:
    async def leave(number: int) -> str:
        async with practice_lens(cast.harbour.tenant):
            contact = Contact("dora@example.org", "Dora", "Lind")
            return await leave_wish(cast.harbour.tenant, contact, wish_for(cast.harbour, from_minute=number), MONDAY)

    await asyncio.gather(*(leave(number) for number in range(4)))

    assert await owner.fetchval("SELECT count(*) FROM client_record WHERE email = 'dora@example.org'") == 1
    assert await owner.fetchval("SELECT count(*) FROM waiting_wish") == 4


async def test_nobody_waits_beyond_what_can_be_booked(cast: Cast) -> None:
    """Ninety days."""
    await waits(cast.harbour, BEN, last_day=date(2027, 2, 21))

    with pytest.raises(WaitsTooLong) as refused:
        await waits(cast.harbour, BEN, last_day=date(2027, 2, 22))
    with pytest.raises(EndsBeforeItBegins):
        await waits(cast.harbour, BEN, first_day=date(2026, 11, 1), last_day=date(2026, 11, 22))

    assert refused.value.last_day == date(2027, 2, 21)


async def test_changing_keeps_the_place_in_the_line(cast: Cast, owner: asyncpg.Connection) -> None:
    ref = await waits(cast.harbour, BEN)
    async with practice_lens(cast.harbour.tenant):
        await change_wish(cast.harbour.tenant, ref, wish_for(cast.harbour, who="Theo Roy", weekdays=(6, 0)), MONDAY)

    row = await owner.fetchrow("SELECT * FROM waiting_wish")
    assert row is not None
    theo = cast.harbour.practitioners["Theo Roy"]["id"]
    assert (row["created_at"], row["weekdays"], row["practitioner_id"]) == (MONDAY, [0, 6], theo)


async def test_what_staff_took_off_no_client_puts_back(cast: Cast) -> None:
    harbour = cast.harbour.tenant
    ref = await waits(cast.harbour, BEN)
    async with practice_lens(harbour):
        await remove_wish(harbour, ref, MONDAY)
        await withdraw_wish(harbour, ref, MONDAY)
    with pytest.raises(WishEnded):
        async with practice_lens(harbour):
            await restore_wish(harbour, ref, MONDAY, ended=WITHDRAWN)
    async with practice_lens(harbour):
        await restore_wish(harbour, ref, MONDAY, ended=REMOVED)
        await restore_wish(harbour, ref, MONDAY, ended=REMOVED)
        assert (await find_wish(harbour, ref))["ended_at"] is None


async def test_wish_of_another_practice_is_none(cast: Cast) -> None:
    ref = await waits(cast.harbour, BEN)

    for verb in (remove_wish, withdraw_wish):
        with pytest.raises(NotFound):
            async with practice_lens(cast.meadow.tenant):
                await verb(cast.meadow.tenant, ref, MONDAY)


async def test_staff_choose_the_record_itself(cast: Cast, owner: asyncpg.Connection) -> None:
    """Also one without an address: it waits, and nothing is offered by itself."""
    await owner.execute("UPDATE client_record SET email = NULL WHERE email = $1", BEN)
    ben = cast.harbour.records[BEN]
    async with practice_lens(cast.harbour.tenant):
        contact = Contact(None, "Ben", ref=ben["ref"], last_name="Okafor")
        await leave_wish(cast.harbour.tenant, contact, wish_for(cast.harbour), MONDAY, by=NORA)

    rows = await owner.fetch("SELECT client_record_id, created_by FROM waiting_wish")
    assert [tuple(row) for row in rows] == [(ben["id"], NORA)]


async def test_stranger_waits_only_where_new_clients_are_taken(cast: Cast, owner: asyncpg.Connection) -> None:
    await cast.harbour.policy(new_clients=False)
    stranger = Contact(CLEO, "Cleo", "Laurent")

    with pytest.raises(NewClientsNotTaken):
        async with practice_lens(cast.harbour.tenant):
            await leave_wish(cast.harbour.tenant, stranger, wish_for(cast.harbour), MONDAY)

    assert await owner.fetchval("SELECT count(*) FROM waiting_wish") == 0
