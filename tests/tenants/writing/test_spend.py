"""A month's budget of SMS: reserved for a batch at once, in the order of its messages, and never beyond its end."""

import asyncio
from collections.abc import Sequence

import asyncpg
import pytest

from portal.database import worker_lens
from tenants.writing.spend import Wish, reserve_parts
from tests.cast import MONDAY, Cast


async def reserve(*wishes: Wish) -> list[bool]:
    async with worker_lens():
        return await reserve_parts(wishes, [], MONDAY)


async def spent(owner: asyncpg.Connection) -> Sequence[int]:
    return [row["parts"] for row in await owner.fetch("SELECT parts FROM sms_spend ORDER BY tenant_id")]


async def told(owner: asyncpg.Connection) -> Sequence[str]:
    return [row["kind"] for row in await owner.fetch("SELECT kind FROM message ORDER BY id")]


async def test_what_does_not_fit_is_refused_and_what_follows_may_fit(cast: Cast, owner: asyncpg.Connection) -> None:
    harbour, meadow = cast.harbour.tenant, cast.meadow.tenant

    fits = await reserve(Wish(harbour, 6, 10), Wish(meadow, 2, 10), Wish(harbour, 5, 10), Wish(harbour, 1, 10))

    assert (fits, await spent(owner)) == ([True, True, False, True], [7, 2])


@pytest.mark.parametrize(
    ("parts", "news"),
    [([7], []), ([8], ["budget_low"]), ([8, 2], ["budget_low"]), ([8, 3], ["budget_low", "budget_spent"])],
)
async def test_admins_are_told_once_as_it_grows_short_and_is_spent(
    parts: list[int], news: list[str], cast: Cast, owner: asyncpg.Connection
) -> None:
    for _ in range(2):
        await reserve(*(Wish(cast.harbour.tenant, each, 10) for each in parts))
        await owner.execute("UPDATE sms_spend SET parts = 0")

    assert await told(owner) == news


async def test_rivals_who_reserve_in_another_order_do_not_wait_in_a_circle(
    cast: Cast, owner: asyncpg.Connection
) -> None:
    wishes = [Wish(cast.harbour.tenant, 1, 100), Wish(cast.meadow.tenant, 1, 100)]

    await asyncio.gather(*(reserve(*(wishes if turn % 2 else wishes[::-1])) for turn in range(30)))

    assert await spent(owner) == [30, 30]
