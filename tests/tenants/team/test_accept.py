"""Accepting and declining: once, and by the address that was asked."""

from datetime import timedelta

import asyncpg
import pytest

from tenants.refusals import (
    AlreadyMember,
    InvitationDeclined,
    InvitationExpired,
    InvitationUsed,
    InvitationWithdrawn,
    InvitedElsewhere,
    NotFound,
)
from tenants.team.accept import accept_invitation, decline_invitation
from tenants.team.end import end_member
from tenants.team.invite import invite, withdraw
from tenants.team.permissions import PROFESSIONAL
from tenants.team.post import Post
from tests.cast import ANA, BEN, CLEO, MONDAY, NORA, THEO, Cast
from tests.tenants.booking.rivals import Attempt, Rivals, tally
from tests.tenants.team.members import RECEPTION, WEEK, id_of, in_practice, invited, member, ref_of, refused, roles

LAST_SECOND = MONDAY + WEEK - timedelta(seconds=1)


async def test_accepting_makes_a_member_as_offered(cast: Cast, owner: asyncpg.Connection) -> None:
    free = await cast.harbour.practitioner("Cleo Laurent")
    made = await invited(cast, CLEO, Post(PROFESSIONAL, free["ref"], sees_contacts=False))

    await in_practice(cast.harbour, accept_invitation, await id_of(owner, made), [ANA, CLEO], LAST_SECOND)

    row = await owner.fetchrow("SELECT * FROM membership WHERE email = $1", CLEO)
    told = ("tenant_id", "role", "practitioner_id", "sees_all_clients", "sees_contacts", "joined_at", "ended_at")
    assert [row[name] for name in told] == [
        cast.harbour.tenant.id,
        PROFESSIONAL,
        free["id"],
        True,
        False,
        LAST_SECOND,
        None,
    ]


async def test_new_practitioner_is_made_with_the_acceptance_and_comes_last(
    cast: Cast, owner: asyncpg.Connection
) -> None:
    made = await invited(cast, CLEO, Post(PROFESSIONAL, new_practitioner="Cleo Laurent"))
    before = await owner.fetchval("SELECT count(*) FROM practitioner WHERE name = 'Cleo Laurent'")

    await in_practice(cast.harbour, accept_invitation, await id_of(owner, made), [CLEO], MONDAY)

    row = await owner.fetchrow("SELECT * FROM practitioner WHERE name = 'Cleo Laurent'")
    others = "SELECT max(position) FROM practitioner WHERE tenant_id = $1 AND id <> $2"
    assert (before, row["tenant_id"]) == (0, cast.harbour.tenant.id)
    assert row["position"] > await owner.fetchval(others, cast.harbour.tenant.id, row["id"])
    assert await owner.fetchval("SELECT practitioner_id FROM membership WHERE email = $1", CLEO) == row["id"]


async def test_invitation_is_one_address_s(cast: Cast, owner: asyncpg.Connection) -> None:
    made = await invited(cast)

    refusal = await refused(cast.harbour, accept_invitation, await id_of(owner, made), [BEN, ANA], MONDAY)

    assert (type(refusal), vars(refusal)) == (InvitedElsewhere, {"email": CLEO})
    assert CLEO not in await roles(owner, cast.harbour)


async def test_invitation_ends_at_its_very_moment(cast: Cast, owner: asyncpg.Connection) -> None:
    made = await invited(cast)

    refusal = await refused(cast.harbour, accept_invitation, await id_of(owner, made), [CLEO], MONDAY + WEEK)

    assert (type(refusal), vars(refusal)) == (InvitationExpired, {"at": MONDAY + WEEK})


@pytest.mark.parametrize(
    ("answer", "refusal"),
    [("accept", InvitationUsed), ("decline", InvitationDeclined), ("withdraw", InvitationWithdrawn)],
)
@pytest.mark.parametrize("now", [MONDAY + timedelta(hours=1), MONDAY + 2 * WEEK])
async def test_what_became_of_it_is_told_apart(
    cast: Cast, owner: asyncpg.Connection, answer: str, refusal: type, now: object
) -> None:
    made = await invited(cast)
    number = await id_of(owner, made)
    if answer == "accept":
        await in_practice(cast.harbour, accept_invitation, number, [CLEO], MONDAY)
    elif answer == "decline":
        await in_practice(cast.harbour, decline_invitation, number, MONDAY)
    else:
        await in_practice(cast.harbour, withdraw, made.ref, MONDAY)

    again = await refused(cast.harbour, accept_invitation, number, [CLEO], now)
    no = await refused(cast.harbour, decline_invitation, number, now)

    assert [(type(each), vars(each)) for each in (again, no)] == [(refusal, {"at": MONDAY})] * 2


async def test_who_has_gone_comes_back_as_they_are_wanted_now(cast: Cast, owner: asyncpg.Connection) -> None:
    ref = await ref_of(owner, THEO)
    await in_practice(cast.harbour, end_member, ref, MONDAY)
    made = await invited(cast, THEO)

    await in_practice(cast.harbour, accept_invitation, await id_of(owner, made), [THEO], MONDAY + WEEK / 2)

    row = await owner.fetchrow("SELECT * FROM membership WHERE email = $1", THEO)
    told = [row[name] for name in ("ref", "role", "practitioner_id", "joined_at", "ended_at")]
    assert told == [ref, "receptionist", None, MONDAY + WEEK / 2, None]


async def test_who_works_here_by_now_keeps_what_they_may(cast: Cast, owner: asyncpg.Connection) -> None:
    made = await invited(cast)
    await member(owner, cast.harbour, CLEO, "admin")

    refusal = await refused(cast.harbour, accept_invitation, await id_of(owner, made), [CLEO], MONDAY)

    assert type(refusal) is AlreadyMember
    assert await roles(owner, cast.harbour) == {NORA: "admin", THEO: "professional", CLEO: "admin"}


async def test_invitation_of_another_practice_is_not_found(cast: Cast, owner: asyncpg.Connection) -> None:
    made = await invited(cast)

    assert type(await refused(cast.meadow, accept_invitation, await id_of(owner, made), [CLEO], MONDAY)) is NotFound
    assert type(await refused(cast.meadow, decline_invitation, await id_of(owner, made), MONDAY)) is NotFound


async def test_accepted_in_two_tabs_one_wins(processes: Rivals, cast: Cast, owner: asyncpg.Connection) -> None:
    for number in range(10):
        email = f"client{number}@example.org"
        made = await invited(cast, email, Post(PROFESSIONAL, new_practitioner=f"Newcomer {number}"))
        attempt = Attempt(accept_invitation, cast.harbour.tenant, (await id_of(owner, made), [email], MONDAY))

        outcomes = await processes.race([attempt] * 4)

        assert tally(outcomes) == {"done": 1, "InvitationUsed": 3}
    assert await owner.fetchval("SELECT count(*) FROM practitioner WHERE name LIKE 'Newcomer %'") == 10


async def test_invited_by_two_at_once_is_invited_once(processes: Rivals, cast: Cast, owner: asyncpg.Connection) -> None:
    for number in range(10):
        asking = Attempt(invite, cast.harbour.tenant, (f"client{number}@example.org", RECEPTION, NORA, MONDAY))

        assert tally(await processes.race([asking] * 4)) == {"done": 1, "AlreadyInvited": 3}


async def test_accepted_while_it_is_withdrawn(processes: Rivals, cast: Cast, owner: asyncpg.Connection) -> None:
    """Either has the last word, and the other is told."""
    for number in range(10):
        email = f"client{number}@example.org"
        made = await invited(cast, email)
        accepting = Attempt(accept_invitation, cast.harbour.tenant, (await id_of(owner, made), [email], MONDAY))
        withdrawing = Attempt(withdraw, cast.harbour.tenant, (made.ref, MONDAY))

        outcomes = await processes.race([accepting, withdrawing])

        joined = email in await roles(owner, cast.harbour)
        names = tuple(outcome.name for outcome in outcomes)
        assert (names, joined) in {(("done", "InvitationUsed"), True), (("InvitationWithdrawn", "done"), False)}
