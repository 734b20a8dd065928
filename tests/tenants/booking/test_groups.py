"""Several clients at one start: seats, who keeps the practitioner's time, and who keeps the room."""

from datetime import datetime, time, timedelta
from typing import Any

import asyncpg
import pytest

from portal.database import practice_lens
from tenants.arranging.appoint import ALONE, How, book_by_staff
from tenants.arranging.insist import Insistence
from tenants.arranging.rearrange import Move, move_by_staff, restore
from tenants.booking.book import book_held_slot
from tenants.booking.cancel import cancel_by_staff
from tenants.booking.hold import hold_slot, release_hold
from tenants.booking.move import move_by_client
from tenants.booking.open_times import Wanted, open_times
from tenants.booking.slot import Choice
from tenants.clients.record import Contact
from tenants.refs import new_key
from tenants.refusals import NotFound, PractitionerBusy, SlotTaken
from tests.cast import MONDAY, Cast
from tests.factories import PracticeMade, insert
from tests.tenants.booking.rivals import Attempt, Rivals, tally

NORA, THEO = "Nora Blake", "Theo Roy"


@pytest.fixture
async def harbour(cast: Cast) -> PracticeMade:
    """With a class of five that both give, in one of two rooms."""
    await cast.harbour.service("Back class", 60, capacity=5, buffer_after=timedelta(minutes=15))
    await cast.harbour.resources("gym", "Gym", "Hall", needed_by=["Back class"])
    return cast.harbour


def ten(practice: PracticeMade, day: int = 24) -> datetime:
    return practice.at(2026, 11, day, 10)


def choice(practice: PracticeMade, at: datetime, service: str = "Back class", who: str | None = NORA) -> Choice:
    practitioner = practice.practitioners[who]["ref"] if who else None
    return Choice(Wanted(practice.services[service]["ref"], practitioner), at)


def client(number: int) -> Contact:
    return Contact(f"client{number}@example.org", "Client", str(number))


async def keep(practice: PracticeMade, at: datetime, **more: Any) -> str:
    async with practice_lens(practice.tenant):
        return await hold_slot(practice.tenant, choice(practice, at, **more), MONDAY)


async def take(practice: PracticeMade, key: str, number: int) -> str:
    async with practice_lens(practice.tenant):
        return (await book_held_slot(practice.tenant, key, client(number), "", MONDAY)).ref


async def join(practice: PracticeMade, at: datetime, number: int, **more: Any) -> str:
    return await take(practice, await keep(practice, at, **more), number)


async def staff_books(practice: PracticeMade, at: datetime, number: int, how: How = ALONE, **more: Any) -> str:
    async with practice_lens(practice.tenant):
        wanted = choice(practice, at, **more)
        return (await book_by_staff(practice.tenant, new_key(), wanted, client(number), MONDAY, how)).ref


async def offered(practice: PracticeMade, day: datetime, **more: Any) -> list[datetime]:
    async with practice_lens(practice.tenant):
        wanted = choice(practice, day, **more).wanted
        found = await open_times(practice.tenant, wanted, day.date(), day.date(), MONDAY)
    return [slot.starts_at for slot in found.days[day.date()]]


async def seats(owner: asyncpg.Connection) -> list[tuple[int | None, bool]]:
    """Of each live appointment: its seat, and whether it keeps the practitioner's time itself."""
    rows = await owner.fetch(
        "SELECT seat, shares = '{}' AS keeps FROM appointment WHERE cancelled_at IS NULL ORDER BY seat, id"
    )
    return [tuple(row) for row in rows]


async def rooms(owner: asyncpg.Connection) -> list[tuple[str, str | None]]:
    """Each room in use, and by whose appointment, None for a hold."""
    rows = await owner.fetch(
        """SELECT resource.name, appointment.ref FROM resource_use JOIN resource ON resource.id = resource_id
           LEFT JOIN appointment ON appointment.id = appointment_id ORDER BY resource.name"""
    )
    return [tuple(row) for row in rows]


async def test_five_share_a_start_and_the_sixth_finds_it_taken(
    harbour: PracticeMade, owner: asyncpg.Connection
) -> None:
    for number in range(5):
        assert ten(harbour) in await offered(harbour, ten(harbour))
        await join(harbour, ten(harbour), number)

    assert ten(harbour) not in await offered(harbour, ten(harbour))
    with pytest.raises(SlotTaken):
        await keep(harbour, ten(harbour))
    assert await seats(owner) == [(1, True), (2, False), (3, False), (4, False), (5, False)]
    assert [room for room, _ in await rooms(owner)] == ["Gym"]


async def test_group_keeps_its_practitioner_from_everything_else(harbour: PracticeMade) -> None:
    await join(harbour, ten(harbour), 1)

    free = await offered(harbour, ten(harbour), service="Follow-up")

    assert not [at for at in free if ten(harbour) - timedelta(minutes=30) < at < ten(harbour) + timedelta(minutes=75)]
    with pytest.raises(SlotTaken):
        await keep(harbour, ten(harbour) + timedelta(minutes=30))


async def test_six_at_once_for_five_seats(processes: Rivals, harbour: PracticeMade, owner: asyncpg.Connection) -> None:
    keys = [await given_up(harbour, f"form {number}", ten(harbour)) for number in range(6)]

    outcomes = await processes.race(
        [Attempt(book_held_slot, harbour.tenant, (key, client(number), "", MONDAY)) for number, key in enumerate(keys)]
    )

    assert tally(outcomes) == {"done": 5, "SlotTaken": 1}
    assert await seats(owner) == [(1, True), (2, False), (3, False), (4, False), (5, False)]
    assert [room for room, _ in await rooms(owner)] == ["Gym"]


async def test_forty_browsers_hold_five_seats(
    processes: Rivals, harbour: PracticeMade, owner: asyncpg.Connection
) -> None:
    outcomes = await processes.race([Attempt(hold_slot, harbour.tenant, (choice(harbour, ten(harbour)), MONDAY))] * 40)

    assert tally(outcomes) == {"done": 5, "SlotTaken": 35}
    assert await owner.fetchval("SELECT count(*) FROM hold WHERE released_at IS NULL AND NOT shares") == 1
    assert await rooms(owner) == [("Gym", None)]


async def given_up(practice: PracticeMade, key: str, at: datetime) -> str:
    """A hold that has expired: whoever sends its form now comes without a seat."""
    service = practice.services["Back class"]
    facts = {"practitioner_id": practice.practitioners[NORA]["id"], "service_id": service["id"], "key": key}
    facts |= {"place_id": next(iter(practice.places.values()))["id"], "starts_at": at, "blocked_from": at}
    facts |= dict.fromkeys(("created_at", "expires_at", "released_at"), MONDAY - timedelta(hours=1))
    ends_at = at + service["duration"]
    await insert(practice.owner, "hold", tenant_id=practice.tenant.id, ends_at=ends_at, blocked_until=ends_at, **facts)
    return key


async def test_whoever_stays_keeps_time_and_room(harbour: PracticeMade, owner: asyncpg.Connection) -> None:
    first, second, third = [await join(harbour, ten(harbour), number) for number in range(3)]

    async with practice_lens(harbour.tenant):
        await cancel_by_staff(harbour.tenant, first, "", MONDAY)
    after_one = await seats(owner), await rooms(owner)
    async with practice_lens(harbour.tenant):
        await cancel_by_staff(harbour.tenant, second, "", MONDAY)
    after_two = await seats(owner), await rooms(owner)
    async with practice_lens(harbour.tenant):
        await cancel_by_staff(harbour.tenant, third, "", MONDAY)

    assert after_one == ([(2, True), (3, False)], [("Gym", second)])
    assert after_two == ([(3, True)], [("Gym", third)])
    assert await rooms(owner) == []
    assert ten(harbour) in await offered(harbour, ten(harbour), service="Follow-up")


async def test_time_of_a_group_whose_first_has_left_is_still_nobody_else_s(
    harbour: PracticeMade, owner: asyncpg.Connection
) -> None:
    first, _ = [await join(harbour, ten(harbour), number) for number in range(2)]
    async with practice_lens(harbour.tenant):
        await cancel_by_staff(harbour.tenant, first, "", MONDAY)

    await harbour.record("late@example.org", "Late")

    with pytest.raises(asyncpg.ExclusionViolationError):
        await harbour.appointment("late@example.org", "Follow-up", NORA, ten(harbour))


async def test_freed_seat_is_given_out_again(harbour: PracticeMade, owner: asyncpg.Connection) -> None:
    refs = [await join(harbour, ten(harbour), number) for number in range(5)]
    async with practice_lens(harbour.tenant):
        await cancel_by_staff(harbour.tenant, refs[2], "", MONDAY)

    await join(harbour, ten(harbour), 9)

    assert [seat for seat, _ in await seats(owner)] == [1, 2, 3, 4, 5]


async def test_restored_member_needs_a_seat(harbour: PracticeMade, owner: asyncpg.Connection) -> None:
    refs = [await join(harbour, ten(harbour), number) for number in range(5)]
    async with practice_lens(harbour.tenant):
        await cancel_by_staff(harbour.tenant, refs[0], "", MONDAY)
    async with practice_lens(harbour.tenant):
        await restore(harbour.tenant, refs[0], MONDAY)
    again = await seats(owner)
    async with practice_lens(harbour.tenant):
        await cancel_by_staff(harbour.tenant, refs[0], "", MONDAY)
    await join(harbour, ten(harbour), 9)

    assert again == [(1, False), (2, True), (3, False), (4, False), (5, False)]
    with pytest.raises(PractitionerBusy):
        async with practice_lens(harbour.tenant):
            await restore(harbour.tenant, refs[0], MONDAY)


async def test_staff_join_the_group_and_only_overbook_on_purpose(
    harbour: PracticeMade, owner: asyncpg.Connection
) -> None:
    await harbour.policy(overbooking=True)
    for number in range(5):
        await staff_books(harbour, ten(harbour), number)

    with pytest.raises(PractitionerBusy):
        await staff_books(harbour, ten(harbour), 6)
    await staff_books(harbour, ten(harbour), 6, How(insistence=Insistence(overbook=True, reason="a sixth mat")))

    assert [seat for seat, _ in await seats(owner)] == [1, 2, 3, 4, 5, 6]
    assert sum(keeps for _, keeps in await seats(owner)) == 1


async def test_member_moves_to_another_group_and_out_of_it(harbour: PracticeMade, owner: asyncpg.Connection) -> None:
    mover = await join(harbour, ten(harbour), 1)
    await join(harbour, ten(harbour), 2)
    other = await join(harbour, ten(harbour, 25), 3)

    async with practice_lens(harbour.tenant):
        await move_by_client(harbour.tenant, mover, ten(harbour, 25), MONDAY)
    joined = await owner.fetch("SELECT seat FROM appointment WHERE starts_at = $1 ORDER BY seat", ten(harbour, 25))
    in_use = await rooms(owner)
    async with practice_lens(harbour.tenant):
        await move_by_staff(harbour.tenant, mover, Move(ten(harbour, 26)), MONDAY)

    assert [row["seat"] for row in joined] == [1, 2]
    assert len(in_use) == 2
    assert (await rooms(owner))[0][0] == "Gym"
    assert len(await rooms(owner)) == 3
    assert other in [ref for _, ref in await rooms(owner)]


async def test_two_groups_use_two_rooms_and_a_third_finds_none(
    harbour: PracticeMade, owner: asyncpg.Connection
) -> None:
    await harbour.practitioner("Ana Blake")
    await harbour.hours("Ana Blake", range(5), time(9), time(17))
    await insert(
        owner,
        "service_practitioner",
        tenant_id=harbour.tenant.id,
        service_id=harbour.services["Back class"]["id"],
        practitioner_id=harbour.practitioners["Ana Blake"]["id"],
    )
    await join(harbour, ten(harbour), 1)
    await join(harbour, ten(harbour), 2, who=THEO)

    assert ten(harbour) not in await offered(harbour, ten(harbour), who="Ana Blake")
    assert ten(harbour) in await offered(harbour, ten(harbour), who=THEO)
    assert [room for room, _ in await rooms(owner)] == ["Gym", "Hall"]


async def test_first_who_books_takes_over_the_room_that_another_hold_has(
    harbour: PracticeMade, owner: asyncpg.Connection
) -> None:
    slow, quick = await keep(harbour, ten(harbour)), await keep(harbour, ten(harbour))

    first = await take(harbour, quick, 1)
    async with practice_lens(harbour.tenant):
        await release_hold(harbour.tenant, slow, MONDAY)

    assert await rooms(owner) == [("Gym", first)]


async def test_released_hold_hands_the_room_to_the_next_and_gives_it_back_at_the_end(
    harbour: PracticeMade, owner: asyncpg.Connection
) -> None:
    one, other = await keep(harbour, ten(harbour)), await keep(harbour, ten(harbour))
    async with practice_lens(harbour.tenant):
        await release_hold(harbour.tenant, one, MONDAY)
    held = await rooms(owner)
    async with practice_lens(harbour.tenant):
        await release_hold(harbour.tenant, other, MONDAY)

    assert (held, await rooms(owner)) == ([("Gym", None)], [])


async def test_service_for_staff_alone_is_not_offered(harbour: PracticeMade, owner: asyncpg.Connection) -> None:
    await owner.execute("UPDATE service SET online = false WHERE name = 'Back class'")

    with pytest.raises(NotFound):
        await offered(harbour, ten(harbour))
    with pytest.raises(NotFound):
        await keep(harbour, ten(harbour))
    assert await staff_books(harbour, ten(harbour), 1)
