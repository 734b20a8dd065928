"""Invitations: for seven days, once, for one address."""

from datetime import timedelta

import asyncpg
import pytest

from tenants.refusals import (
    AlreadyInvited,
    AlreadyMember,
    InvitationDeclined,
    InvitationUsed,
    InvitationWithdrawn,
    NotFound,
    PractitionerMissing,
    PractitionerTaken,
    Refusal,
)
from tenants.team.accept import accept_invitation, decline_invitation
from tenants.team.end import end_member
from tenants.team.find import NO_SHOWN, find_invitations
from tenants.team.invite import invite, invite_again, withdraw
from tenants.team.permissions import PROFESSIONAL
from tenants.team.post import Post, free_practitioners
from tests.cast import BEN, CLEO, LEA, MONDAY, NORA, THEO, Cast
from tests.tenants.team.members import RECEPTION, WEEK, id_of, in_practice, invited, ref_of, refused


def facts(refusal: Refusal) -> tuple[type[Refusal], dict[str, object]]:
    return type(refusal), vars(refusal)


async def test_invitation_keeps_what_was_offered_for_seven_days(cast: Cast, owner: asyncpg.Connection) -> None:
    free = await cast.harbour.practitioner("Cleo Laurent")
    post = Post(PROFESSIONAL, free["ref"], sees_all_clients=False, sees_contacts=False)

    made = await invited(cast, CLEO, post)

    row = dict(await owner.fetchrow("SELECT * FROM invitation"))
    told = ("email", "role", "practitioner_id", "sees_all_clients", "sees_contacts", "by_email", "expires_at", "key")
    assert [row[name] for name in told] == [
        CLEO,
        PROFESSIONAL,
        free["id"],
        False,
        False,
        NORA,
        MONDAY + WEEK,
        made.key,
    ]


async def test_only_a_professional_is_kept_from_anything() -> None:
    assert Post("admin", sees_all_clients=False, sees_contacts=False) == Post("admin")
    assert Post(PROFESSIONAL, sees_contacts=False) != Post(PROFESSIONAL)


async def test_who_works_here_is_not_invited(cast: Cast) -> None:
    refusal = await refused(cast.harbour, invite, THEO, RECEPTION, NORA, MONDAY)

    assert facts(refusal) == (AlreadyMember, {"email": THEO})


async def test_who_works_elsewhere_can_be_invited(cast: Cast) -> None:
    assert (await invited(cast, LEA)).email == LEA


async def test_second_invitation_is_refused_until_the_first_is_over(cast: Cast, owner: asyncpg.Connection) -> None:
    await invited(cast)

    early = await refused(cast.harbour, invite, CLEO, RECEPTION, NORA, MONDAY + WEEK - timedelta(seconds=1))
    second = await invited(cast, now=MONDAY + WEEK)

    assert facts(early) == (AlreadyInvited, {"email": CLEO, "until": MONDAY + WEEK})
    assert [row["ref"] for row in await in_practice(cast.harbour, find_invitations, MONDAY + WEEK)] == [second.ref]


@pytest.mark.parametrize("practitioner", ["Nora Blake", "Theo Roy"])
async def test_practitioner_as_whom_somebody_signs_in_is_taken(cast: Cast, practitioner: str) -> None:
    post = Post(PROFESSIONAL, cast.harbour.practitioners[practitioner]["ref"])

    refusal = await refused(cast.harbour, invite, CLEO, post, NORA, MONDAY)

    assert facts(refusal) == (PractitionerTaken, {"name": practitioner})


async def test_practitioner_is_promised_to_one_while_the_invitation_is_open(cast: Cast) -> None:
    free = await cast.harbour.practitioner("Cleo Laurent")
    post = Post(PROFESSIONAL, free["ref"])
    first = await invited(cast, CLEO, post)

    taken = await refused(cast.harbour, invite, BEN, post, NORA, MONDAY)
    offered = await in_practice(cast.harbour, free_practitioners, MONDAY)
    await in_practice(cast.harbour, withdraw, first.ref, MONDAY)

    assert (type(taken), offered) == (PractitionerTaken, [])
    assert await in_practice(cast.harbour, free_practitioners, MONDAY) == [(free["ref"], "Cleo Laurent")]
    assert (await invited(cast, BEN, post)).email == BEN


async def test_practitioner_of_another_practice_is_not_found(cast: Cast) -> None:
    lea = Post(PROFESSIONAL, cast.meadow.practitioners["Lea Martin"]["ref"])

    assert type(await refused(cast.harbour, invite, CLEO, lea, NORA, MONDAY)) is NotFound


async def test_professional_is_a_practitioner(cast: Cast) -> None:
    assert type(await refused(cast.harbour, invite, CLEO, Post(PROFESSIONAL), NORA, MONDAY)) is PractitionerMissing
    assert (await invited(cast, CLEO, Post(PROFESSIONAL, new_practitioner="Cleo Laurent"))).role == PROFESSIONAL


async def test_sending_again_gives_a_new_link_and_a_new_week(cast: Cast, owner: asyncpg.Connection) -> None:
    first = await invited(cast)
    later = MONDAY + 3 * WEEK

    again = await in_practice(cast.harbour, invite_again, first.ref, later)

    assert (again.ref, again.email, again.until) == (first.ref, CLEO, later + WEEK)
    assert [row["key"] for row in await owner.fetch("SELECT key FROM invitation")] == [again.key]
    assert again.key != first.key


async def test_a_no_is_shown_for_a_month_or_until_they_are_asked_again(cast: Cast, owner: asyncpg.Connection) -> None:
    shown = []
    for email in (CLEO, BEN):
        made = await invited(cast, email)
        await in_practice(cast.harbour, decline_invitation, await id_of(owner, made), MONDAY)
    again = await invited(cast, BEN)

    for now in (MONDAY, MONDAY + NO_SHOWN - timedelta(seconds=1), MONDAY + NO_SHOWN):
        rows = await in_practice(cast.harbour, find_invitations, now)
        shown.append([(row["email"], row["declined_at"] is not None) for row in rows])

    assert shown == [[(CLEO, True), (BEN, False)]] * 2 + [[(BEN, False)]]
    assert again.email == BEN


async def test_answered_invitation_is_not_sent_again(cast: Cast, owner: asyncpg.Connection) -> None:
    accepted, declined, withdrawn = [await invited(cast, email) for email in (CLEO, BEN, LEA)]
    await in_practice(cast.harbour, accept_invitation, await id_of(owner, accepted), [CLEO], MONDAY)
    await in_practice(cast.harbour, decline_invitation, await id_of(owner, declined), MONDAY)
    await in_practice(cast.harbour, withdraw, withdrawn.ref, MONDAY)

    told = [
        type(await refused(cast.harbour, invite_again, made.ref, MONDAY)) for made in (accepted, declined, withdrawn)
    ]

    assert told == [InvitationUsed, InvitationDeclined, InvitationWithdrawn]


async def test_withdrawing_twice_is_withdrawing_once(cast: Cast, owner: asyncpg.Connection) -> None:
    made = await invited(cast)
    await in_practice(cast.harbour, withdraw, made.ref, MONDAY)

    await in_practice(cast.harbour, withdraw, made.ref, MONDAY + WEEK)

    assert await owner.fetchval("SELECT withdrawn_at FROM invitation") == MONDAY


async def test_accepted_invitation_is_not_withdrawn(cast: Cast, owner: asyncpg.Connection) -> None:
    made = await invited(cast)
    await in_practice(cast.harbour, accept_invitation, await id_of(owner, made), [CLEO], MONDAY)

    assert type(await refused(cast.harbour, withdraw, made.ref, MONDAY)) is InvitationUsed


async def test_invitation_of_another_practice_is_not_found(cast: Cast) -> None:
    made = await invited(cast)

    assert type(await refused(cast.meadow, withdraw, made.ref, MONDAY)) is NotFound
    assert type(await refused(cast.meadow, invite_again, made.ref, MONDAY)) is NotFound


async def test_who_has_gone_can_be_invited(cast: Cast, owner: asyncpg.Connection) -> None:
    await in_practice(cast.harbour, end_member, await ref_of(owner, THEO), MONDAY)

    assert (await invited(cast, THEO)).email == THEO
