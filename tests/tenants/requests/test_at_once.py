"""Several answers at the same instant, each on a connection of its own: one wins, and one thing is told."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

import asyncpg
import pytest

from portal.database import practice_lens
from tenants.booking.cancel import cancel_by_client
from tenants.practices.tenant import Tenant
from tenants.refusals import Refusal
from tenants.requests.answer import accept, decline
from tenants.requests.lapse import lapse_if_due
from tests.cast import NORA, THEO, Cast
from tests.tenants.requests.asked import DEADLINE, request_made, state_of, told_to_client

ROUNDS = 5
BEFORE = DEADLINE - timedelta(seconds=1)
Verb = Callable[[Tenant, str], Awaitable[Any]]

VERBS: dict[str, Verb] = {
    "accepts": lambda tenant, ref: accept(tenant, ref, BEFORE, by=NORA),
    "accepts, too": lambda tenant, ref: accept(tenant, ref, BEFORE, by=THEO),
    "declines": lambda tenant, ref: decline(tenant, ref, "No.", BEFORE, by=THEO),
    "withdraws": lambda tenant, ref: cancel_by_client(tenant, ref, "", BEFORE),
    "lapses": lambda tenant, ref: lapse_if_due(tenant, ref, DEADLINE),
}
ENDS = {
    "accepted": "booked",
    "declined": "declined",
    "ended by client": "cancelled",
    "ended by rule": "lapsed",
}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("accepts", "accepts, too"),
        ("accepts", "declines"),
        ("accepts", "lapses"),
        ("declines", "withdraws"),
        ("declines", "lapses"),
        ("withdraws", "lapses"),
    ],
)
async def test_one_of_two_wins(cast: Cast, owner: asyncpg.Connection, one: str, other: str) -> None:
    """Whoever withdraws what has ended already changes nothing and is refused nothing."""
    for number in range(ROUNDS):
        row = await request_made(cast, starts_at=cast.harbour.at(2026, 11, 25, 9 + number))

        done = await asyncio.gather(*(_try(cast.harbour.tenant, row["ref"], VERBS[each]) for each in (one, other)))

        stands = await state_of(owner, row)
        told = await told_to_client(owner, row)
        assert told == ["requested", ENDS[stands]]
        assert "withdraws" in {one, other} or sorted(done) == [False, True]


async def test_client_who_withdraws_what_is_just_accepted_cancels_it_or_is_refused(
    cast: Cast, owner: asyncpg.Connection
) -> None:
    """The practice is bound in neither case without both having been told."""
    for number in range(ROUNDS):
        row = await request_made(cast, starts_at=cast.harbour.at(2026, 11, 25, 9 + number))
        accepting, withdrawing = VERBS["accepts"], VERBS["withdraws"]

        await asyncio.gather(*(_try(cast.harbour.tenant, row["ref"], verb) for verb in (accepting, withdrawing)))

        ends = (await state_of(owner, row), await told_to_client(owner, row))
        assert ends in [
            ("ended by client", ["requested", "cancelled"]),
            ("ended by client", ["requested", "booked", "cancelled"]),
        ]


async def test_many_clicks_are_one_answer(cast: Cast, owner: asyncpg.Connection) -> None:
    row = await request_made(cast)

    done = await asyncio.gather(*(_try(cast.harbour.tenant, row["ref"], VERBS["accepts"]) for _ in range(12)))

    assert (done.count(True), await told_to_client(owner, row)) == (1, ["requested", "booked"])


async def _try(tenant: Tenant, ref: str, verb: Verb) -> bool:
    try:
        async with practice_lens(tenant):
            return await verb(tenant, ref) is not False
    except Refusal:
        return False
