"""A request that is put at another time: by its client it stays one, by the practice it is agreed to."""

from datetime import timedelta

import asyncpg
import pytest

from portal.database import practice_lens
from tenants.arranging.rearrange import Move
from tenants.arranging.requested import move_and_agree, restore_and_agree
from tenants.booking.cancel import cancel_by_client
from tenants.booking.move import move_by_client
from tenants.refusals import MovedMeanwhile, PractitionerBusy, RequestLapsed
from tenants.requests.answer import accept, decline
from tenants.requests.lapse import lapse_if_due
from tests.cast import BEN, MONDAY, NORA, Cast
from tests.tenants.requests.asked import DEADLINE, request_made, state_of, told_to_client


async def test_client_s_move_leaves_it_waiting_and_gives_no_more_time(cast: Cast, owner: asyncpg.Connection) -> None:
    harbour = cast.harbour
    later, earlier = harbour.at(2026, 11, 27, 10), harbour.at(2026, 11, 23, 16)
    row = await request_made(cast)

    deadlines = []
    for starts_at in (later, earlier):
        async with practice_lens(harbour.tenant):
            await move_by_client(harbour.tenant, row["ref"], starts_at, MONDAY)
        deadlines.append(await owner.fetchval("SELECT approve_by FROM appointment WHERE id = $1", row["id"]))

    assert deadlines == [DEADLINE, earlier]
    assert (await state_of(owner, row), await told_to_client(owner, row)) == (
        "pending",
        ["requested", "moved", "moved"],
    )


async def test_practice_s_move_agrees(cast: Cast, owner: asyncpg.Connection) -> None:
    harbour = cast.harbour
    row = await request_made(cast)
    at = harbour.at(2026, 11, 27, 10)

    async with practice_lens(harbour.tenant):
        nowhere = await move_and_agree(harbour.tenant, row["ref"], Move(row["starts_at"], by=NORA), MONDAY)
        waits = await state_of(owner, row)
        agreed = await move_and_agree(harbour.tenant, row["ref"], Move(at, by=NORA), MONDAY)
        moved = await move_and_agree(harbour.tenant, row["ref"], Move(row["starts_at"], by=NORA), MONDAY)

    stands = await owner.fetchrow("SELECT accepted_by, starts_at, sequence FROM appointment WHERE id = $1", row["id"])
    assert (nowhere, waits, agreed, moved) == (False, "pending", True, False)
    assert tuple(stands) == (NORA, row["starts_at"], 2)
    assert await told_to_client(owner, row) == ["requested", "booked", "moved"]


async def test_practice_s_move_is_bound_like_its_answer(cast: Cast, owner: asyncpg.Connection) -> None:
    harbour = cast.harbour
    row = await request_made(cast)
    at = harbour.at(2026, 11, 27, 10)

    for move, now, refusal in (
        (Move(at, by=NORA), DEADLINE, RequestLapsed),
        (Move(at, by=NORA, seen=7), MONDAY, MovedMeanwhile),
    ):
        with pytest.raises(refusal):
            async with practice_lens(harbour.tenant):
                await move_and_agree(harbour.tenant, row["ref"], move, now)

    assert await state_of(owner, row) == "pending"


@pytest.mark.parametrize("end", ["decline", "lapse", "withdraw"])
async def test_what_has_ended_is_had_after_all(cast: Cast, owner: asyncpg.Connection, end: str) -> None:
    harbour = cast.harbour
    row = await request_made(cast)

    async with practice_lens(harbour.tenant):
        if end == "decline":
            await decline(harbour.tenant, row["ref"], "No.", MONDAY, by=NORA)
        elif end == "lapse":
            await lapse_if_due(harbour.tenant, row["ref"], DEADLINE)
        else:
            await cancel_by_client(harbour.tenant, row["ref"], "", MONDAY)
        await restore_and_agree(harbour.tenant, row["ref"], DEADLINE, by=NORA)

    stands = await owner.fetchrow(
        "SELECT accepted_at, accepted_by, declined_at, cancelled_at, cancel_reason, sequence FROM appointment"
    )
    assert tuple(stands) == (DEADLINE, NORA, None, None, "", 2)
    assert (await told_to_client(owner, row))[-1] == "booked"


async def test_time_taken_meanwhile_is_not_had_after_all(cast: Cast, owner: asyncpg.Connection) -> None:
    harbour = cast.harbour
    row = await request_made(cast)
    async with practice_lens(harbour.tenant):
        await decline(harbour.tenant, row["ref"], "No.", MONDAY, by=NORA)
    await harbour.appointment(BEN, "Follow-up", "Nora Blake", row["starts_at"])

    with pytest.raises(PractitionerBusy):
        async with practice_lens(harbour.tenant):
            await restore_and_agree(harbour.tenant, row["ref"], MONDAY, by=NORA)

    assert await state_of(owner, row) == "declined"


async def test_agreed_and_cancelled_is_restored_as_ever(cast: Cast, owner: asyncpg.Connection) -> None:
    harbour = cast.harbour
    row = await request_made(cast)
    async with practice_lens(harbour.tenant):
        await accept(harbour.tenant, row["ref"], MONDAY, by=NORA)
        await cancel_by_client(harbour.tenant, row["ref"], "", MONDAY)

        await restore_and_agree(harbour.tenant, row["ref"], MONDAY + timedelta(hours=1), by="theo@harbour.example")

    assert await owner.fetchval("SELECT accepted_by FROM appointment") == NORA
