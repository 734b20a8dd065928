"""Changing what somebody may do, and ending it: never without an admin left."""

from datetime import timedelta

import asyncpg
import pytest

from tenants.refs import fingerprint
from tenants.refusals import (
    ChangedMeanwhile,
    LastAdmin,
    NotFound,
    PractitionerMissing,
    PractitionerTaken,
    RestoredTooLate,
)
from tenants.team.change import change_member
from tenants.team.end import RESTORABLE, end_member, leave_team, restore_member
from tenants.team.find import find_invitations, find_member
from tenants.team.permissions import PROFESSIONAL
from tenants.team.post import Post
from tests.cast import BEN, CLEO, LEA, MONDAY, NORA, THEO, Cast
from tests.tenants.booking.rivals import Attempt, Rivals, tally
from tests.tenants.team.members import RECEPTION, in_practice, invited, member, ref_of, refused, roles


async def seen_of(cast: Cast, ref: str) -> str:
    return fingerprint(Post.from_row(await in_practice(cast.harbour, find_member, ref)))


# Changing


async def test_member_is_given_something_else_to_do(cast: Cast, owner: asyncpg.Connection) -> None:
    ref = await ref_of(owner, THEO)
    theo = cast.harbour.practitioners["Theo Roy"]
    post = Post(PROFESSIONAL, theo["ref"], sees_all_clients=False, sees_contacts=False)

    await in_practice(cast.harbour, change_member, ref, post, await seen_of(cast, ref), MONDAY)

    row = await owner.fetchrow("SELECT * FROM membership WHERE ref = $1", ref)
    told = [row[name] for name in ("role", "practitioner_id", "sees_all_clients", "sees_contacts")]
    assert told == [PROFESSIONAL, theo["id"], False, False]


async def test_what_was_not_seen_is_not_overwritten(cast: Cast, owner: asyncpg.Connection) -> None:
    ref = await ref_of(owner, THEO)
    seen = await seen_of(cast, ref)
    await in_practice(cast.harbour, change_member, ref, RECEPTION, seen, MONDAY)

    late = await refused(cast.harbour, change_member, ref, Post("admin"), seen, MONDAY)
    await in_practice(cast.harbour, change_member, ref, RECEPTION, seen, MONDAY)  # the same again changes nothing

    assert type(late) is ChangedMeanwhile
    assert (await roles(owner, cast.harbour))[THEO] == "receptionist"


async def test_new_practitioner_is_made_with_the_change(cast: Cast, owner: asyncpg.Connection) -> None:
    ref = await member(owner, cast.harbour, CLEO, "receptionist")
    post = Post(PROFESSIONAL, new_practitioner="Cleo Laurent")

    await in_practice(cast.harbour, change_member, ref, post, await seen_of(cast, ref), MONDAY)

    found = await in_practice(cast.harbour, find_member, ref)
    assert (found["role"], found["practitioner_name"]) == (PROFESSIONAL, "Cleo Laurent")


async def test_member_cannot_be_somebody_else(cast: Cast, owner: asyncpg.Connection) -> None:
    ref = await ref_of(owner, THEO)
    seen = await seen_of(cast, ref)
    nora = Post(PROFESSIONAL, cast.harbour.practitioners["Nora Blake"]["ref"])

    assert type(await refused(cast.harbour, change_member, ref, nora, seen, MONDAY)) is PractitionerTaken
    nobody = await refused(cast.harbour, change_member, ref, Post(PROFESSIONAL), seen, MONDAY)
    assert type(nobody) is PractitionerMissing


async def test_member_of_another_practice_is_not_found(cast: Cast, owner: asyncpg.Connection) -> None:
    lea = await ref_of(owner, LEA)

    for rule, more in (
        (change_member, (RECEPTION, "", MONDAY)),
        (end_member, (MONDAY,)),
        (restore_member, (MONDAY,)),
    ):
        assert type(await refused(cast.harbour, rule, lea, *more)) is NotFound
    assert type(await refused(cast.harbour, leave_team, [LEA], MONDAY)) is NotFound


# The last admin


async def test_last_admin_stays_admin(cast: Cast, owner: asyncpg.Connection) -> None:
    nora = await ref_of(owner, NORA)
    seen = await seen_of(cast, nora)
    post = Post(PROFESSIONAL, cast.harbour.practitioners["Nora Blake"]["ref"])
    await member(owner, cast.harbour, BEN, "admin", ended_at=MONDAY)
    await member(owner, cast.meadow, CLEO, "admin")

    told = [
        await refused(cast.harbour, change_member, nora, post, seen, MONDAY),
        await refused(cast.harbour, end_member, nora, MONDAY),
        await refused(cast.harbour, leave_team, [NORA], MONDAY),
    ]

    assert [type(each) for each in told] == [LastAdmin] * 3
    assert await roles(owner, cast.harbour) == {NORA: "admin", THEO: "professional"}


async def test_admin_leaves_where_another_stays(cast: Cast, owner: asyncpg.Connection) -> None:
    await member(owner, cast.harbour, CLEO, "admin")

    await in_practice(cast.harbour, leave_team, [NORA], MONDAY)

    assert await roles(owner, cast.harbour) == {THEO: "professional", CLEO: "admin"}


async def test_both_addresses_of_one_admin_are_one_admin(cast: Cast, owner: asyncpg.Connection) -> None:
    await member(owner, cast.harbour, "nora@home.example", "admin")

    refusal = await refused(cast.harbour, leave_team, [NORA, "nora@home.example"], MONDAY)

    assert type(refusal) is LastAdmin


async def test_leaving_is_leaving_by_every_address(cast: Cast, owner: asyncpg.Connection) -> None:
    await member(owner, cast.harbour, "theo@home.example", "receptionist")

    await in_practice(cast.harbour, leave_team, [THEO, "theo@home.example", LEA], MONDAY)

    assert await roles(owner, cast.harbour) == {NORA: "admin"}
    assert await roles(owner, cast.meadow) == {LEA: "admin"}


@pytest.mark.parametrize("how", ["leave", "end", "change", "end each other"])
async def test_two_admins_do_not_go_at_once(processes: Rivals, cast: Cast, owner: asyncpg.Connection, how: str) -> None:
    tenant = cast.harbour.tenant
    refs = [await ref_of(owner, NORA), await member(owner, cast.harbour, CLEO, "admin")]
    for _ in range(10):
        await owner.execute("UPDATE membership SET ended_at = NULL, role = 'admin' WHERE ref = ANY ($1)", refs)
        seen = [await seen_of(cast, ref) for ref in refs]
        attempts = {
            "leave": [Attempt(leave_team, tenant, ([email], MONDAY)) for email in (NORA, CLEO)],
            "end": [Attempt(end_member, tenant, (ref, MONDAY)) for ref in refs],
            "change": [
                Attempt(change_member, tenant, (ref, RECEPTION, each, MONDAY))
                for ref, each in zip(refs, seen, strict=True)
            ],
            "end each other": [
                Attempt(end_member, tenant, (refs[1], MONDAY)),
                Attempt(leave_team, tenant, ([NORA], MONDAY)),
            ],
        }[how]

        outcomes = await processes.race(attempts)

        assert tally(outcomes) == {"done": 1, "LastAdmin": 1}
        assert [*(await roles(owner, cast.harbour)).values()].count("admin") == 1


# Coming straight back


async def test_ended_member_is_put_back_as_before(cast: Cast, owner: asyncpg.Connection) -> None:
    ref = await ref_of(owner, THEO)
    before = dict(await owner.fetchrow("SELECT * FROM membership WHERE ref = $1", ref))
    await in_practice(cast.harbour, end_member, ref, MONDAY)
    gone = await roles(owner, cast.harbour)

    await in_practice(cast.harbour, restore_member, ref, MONDAY + RESTORABLE - timedelta(seconds=1))

    assert gone == {NORA: "admin"}
    assert dict(await owner.fetchrow("SELECT * FROM membership WHERE ref = $1", ref)) == before


async def test_later_it_takes_an_invitation(cast: Cast, owner: asyncpg.Connection) -> None:
    ref = await ref_of(owner, THEO)
    await in_practice(cast.harbour, end_member, ref, MONDAY)

    refusal = await refused(cast.harbour, restore_member, ref, MONDAY + RESTORABLE)

    assert (type(refusal), vars(refusal)) == (RestoredTooLate, {"until": MONDAY + RESTORABLE})


async def test_who_works_here_is_not_put_back(cast: Cast, owner: asyncpg.Connection) -> None:
    assert type(await refused(cast.harbour, restore_member, await ref_of(owner, THEO), MONDAY)) is NotFound


async def test_who_is_put_back_needs_no_invitation_any_more(cast: Cast, owner: asyncpg.Connection) -> None:
    """An old one could make an admin who is the last one something less."""
    ref = await ref_of(owner, THEO)
    await in_practice(cast.harbour, end_member, ref, MONDAY)
    await invited(cast, THEO)

    await in_practice(cast.harbour, restore_member, ref, MONDAY)

    assert await in_practice(cast.harbour, find_invitations, MONDAY) == []


async def test_practitioner_given_to_somebody_else_meanwhile_is_not_taken_back(
    cast: Cast, owner: asyncpg.Connection
) -> None:
    ref = await ref_of(owner, THEO)
    await in_practice(cast.harbour, end_member, ref, MONDAY)
    await member(owner, cast.harbour, CLEO, PROFESSIONAL, practitioner_id=cast.harbour.practitioners["Theo Roy"]["id"])

    assert type(await refused(cast.harbour, restore_member, ref, MONDAY)) is PractitionerTaken
