"""Giving an appointment another room: of the same kind, at the same place, and free."""

import asyncio
from collections import Counter
from datetime import timedelta
from typing import Any

import asyncpg

from portal.database import practice_lens
from tenants.arranging.rooms import give_resource, given_to, uses_in_book
from tenants.refs import new_key
from tenants.refusals import AppointmentCancelled, ChangedMeanwhile, NotFound, Refusal, ResourceTaken, ResourceUnfit
from tests.cast import ANA, BEN, MONDAY, Cast
from tests.factories import insert
from tests.rooms_made import in_room, rooms_made


async def booked(cast: Cast, email: str = ANA, who: str = "Nora Blake", hour: int = 10, **more: Any) -> dict[str, Any]:
    return await cast.harbour.appointment(email, "Follow-up", who, cast.harbour.at(2026, 11, 24, hour), **more)


async def give(cast: Cast, appointment: dict[str, Any], room: dict[str, Any], **more: Any) -> bool | Refusal:
    try:
        async with practice_lens(cast.harbour.tenant):
            return await give_resource(cast.harbour.tenant, appointment["ref"], room["ref"], MONDAY, **more)
    except Refusal as refusal:
        return refusal


async def has(owner: asyncpg.Connection) -> list[tuple[str, str]]:
    rows = await owner.fetch(
        "SELECT appointment.ref, name FROM resource_use JOIN resource ON resource.id = resource_id"
        " JOIN appointment ON appointment.id = appointment_id ORDER BY resource_use.id"
    )
    return [tuple(row) for row in rows]


async def test_free_room_is_given_and_a_taken_one_is_not(cast: Cast, owner: asyncpg.Connection) -> None:
    one, two, three = await rooms_made(cast.harbour, "Treatment room", "One", "Two", "Three", needed_by="Follow-up")
    anas, bens = await booked(cast), await booked(cast, BEN, "Theo Roy")
    await in_room(cast.harbour, anas, one)
    await in_room(cast.harbour, bens, two)

    refused = await give(cast, anas, two)
    given = await give(cast, anas, three)
    again = await give(cast, anas, three)

    assert (isinstance(refused, ResourceTaken) and refused.name, given, again) == ("Two", True, False)
    assert await has(owner) == [(anas["ref"], "Three"), (bens["ref"], "Two")]


async def test_room_of_another_kind_place_or_practice_is_not_given(cast: Cast) -> None:
    harbour = cast.harbour
    [one] = await rooms_made(harbour, "Treatment room", "One", needed_by="Follow-up")
    [laser] = await rooms_made(harbour, "Laser", "The laser", what="equipment")
    await harbour.place("Studio")
    [away] = await rooms_made(harbour, "Other room", "Away", place="Studio")
    await owner_kind(harbour.owner, away, one)
    [meadows] = await rooms_made(cast.meadow, "Cabin", "Meadow’s")
    appointment = await booked(cast)
    await in_room(harbour, appointment, one)

    told = [type(await give(cast, appointment, room)) for room in (laser, away, meadows)]

    assert told == [ResourceUnfit, ResourceUnfit, NotFound]


async def owner_kind(owner: asyncpg.Connection, room: dict[str, Any], alike: dict[str, Any]) -> None:
    await owner.execute("UPDATE resource SET kind_id = $2 WHERE id = $1", room["id"], alike["kind_id"])


async def test_appointment_that_needs_a_room_and_has_none_is_given_one(cast: Cast, owner: asyncpg.Connection) -> None:
    [one] = await rooms_made(cast.harbour, "Treatment room", "One", needed_by="Follow-up")
    appointment = await booked(cast)

    async with practice_lens(cast.harbour.tenant):
        [before] = await given_to(cast.harbour.tenant, appointment, MONDAY)
    given = await give(cast, appointment, one, seen="")

    assert (before.has, [(row["name"], free) for row, free in before.others], given) == (None, [("One", True)], True)
    assert await has(owner) == [(appointment["ref"], "One")]


async def test_page_that_has_grown_old_is_told_so(cast: Cast) -> None:
    one, two, three = await rooms_made(cast.harbour, "Treatment room", "One", "Two", "Three", needed_by="Follow-up")
    appointment, gone = await booked(cast), await booked(cast, hour=14, cancelled_at=MONDAY, cancelled_by="staff")
    await in_room(cast.harbour, appointment, two)

    told = [
        type(await give(cast, appointment, three, seen=one["ref"])),
        type(await give(cast, gone, three)),
        await give(cast, appointment, three, seen=two["ref"]),
    ]

    assert told == [ChangedMeanwhile, AppointmentCancelled, True]


async def test_hold_keeps_a_room_until_it_is_over(cast: Cast, owner: asyncpg.Connection) -> None:
    one, two = await rooms_made(cast.harbour, "Treatment room", "One", "Two", needed_by="Follow-up")
    appointment = await booked(cast)
    await in_room(cast.harbour, appointment, one)
    hold = await held(cast, two, expires_at=MONDAY + timedelta(minutes=5))

    first = type(await give(cast, appointment, two))
    await owner.execute("UPDATE hold SET expires_at = $2 WHERE id = $1", hold["id"], MONDAY)
    then = await give(cast, appointment, two)

    assert (first, then) == (ResourceTaken, True)


async def held(cast: Cast, room: dict[str, Any], **more: Any) -> dict[str, Any]:
    harbour = cast.harbour
    times = {"starts_at": harbour.at(2026, 11, 24, 10), "ends_at": harbour.at(2026, 11, 24, 10, 30)}
    span = {"blocked_from": times["starts_at"], "blocked_until": times["ends_at"]}
    mine = {"tenant_id": harbour.tenant.id}
    hold = await insert(
        harbour.owner,
        "hold",
        **mine,
        **times,
        **span,
        key=new_key(),
        practitioner_id=harbour.practitioners["Theo Roy"]["id"],
        service_id=harbour.services["Follow-up"]["id"],
        place_id=harbour.places["Harbour House"]["id"],
        created_at=MONDAY,
        **more,
    )
    await insert(harbour.owner, "resource_use", **mine, **span, resource_id=room["id"], hold_id=hold["id"])
    return hold


async def test_group_has_its_room_by_any_of_its_members(cast: Cast, owner: asyncpg.Connection) -> None:
    harbour = cast.harbour
    one, two = await rooms_made(harbour, "Hall", "One", "Two", needed_by="Follow-up")
    first = await booked(cast, seat=1)
    # The others of a group share the whole time with the first one.
    shares = [asyncpg.Range(first["blocked_from"], first["blocked_until"])]
    second = await booked(cast, BEN, seat=2, shares=shares)
    await in_room(harbour, first, one)

    given = await give(cast, second, two, seen=one["ref"])
    async with practice_lens(harbour.tenant):
        uses = await uses_in_book(harbour.tenant, first["starts_at"], first["ends_at"])

    assert given is True
    assert uses.appointments == {first["id"]: [two["id"]], second["id"]: [two["id"]]}
    assert await has(owner) == [(first["ref"], "Two")]


async def test_two_who_want_one_room_at_once_get_one_and_a_refusal(cast: Cast, owner: asyncpg.Connection) -> None:
    one, two, last = await rooms_made(cast.harbour, "Treatment room", "One", "Two", "Last", needed_by="Follow-up")
    for round_ in range(5):
        anas = await booked(cast, hour=9 + round_)
        bens = await booked(cast, BEN, "Theo Roy", hour=9 + round_)
        await in_room(cast.harbour, anas, one)
        await in_room(cast.harbour, bens, two)

        told = await asyncio.gather(give(cast, anas, last), give(cast, bens, last))

        assert Counter(type(each) for each in told) == {bool: 1, ResourceTaken: 1}


async def test_two_who_swap_rooms_at_once_both_hear_no(cast: Cast, owner: asyncpg.Connection) -> None:
    """Each wants what the other one has; nobody waits for ever."""
    one, two = await rooms_made(cast.harbour, "Treatment room", "One", "Two", needed_by="Follow-up")
    anas, bens = await booked(cast), await booked(cast, BEN, "Theo Roy")
    await in_room(cast.harbour, anas, one)
    await in_room(cast.harbour, bens, two)

    told = await asyncio.gather(give(cast, anas, two), give(cast, bens, one))

    assert [type(each) for each in told] == [ResourceTaken, ResourceTaken]
    assert sorted(await has(owner)) == sorted([(anas["ref"], "One"), (bens["ref"], "Two")])
