"""Rooms and things: one of each kind that a service needs, and nobody else's meanwhile."""

from datetime import datetime, timedelta
from typing import Any

import asyncpg
import pytest

from portal.database import practice_lens
from tenants.arranging.appoint import book_by_staff
from tenants.arranging.ask_why import ask_why
from tenants.arranging.rearrange import Move, move_by_staff, restore
from tenants.booking.book import book_held_slot
from tenants.booking.cancel import cancel_by_client
from tenants.booking.hold import hold_slot, release_hold
from tenants.booking.move import move_by_client
from tenants.booking.open_times import Wanted, open_times
from tenants.booking.slot import Choice
from tenants.clients.record import Contact
from tenants.refs import new_key
from tenants.refusals import NoResourceFree, SlotTaken
from tests.cast import ANA, BEN, MONDAY, Cast
from tests.factories import PracticeMade, insert
from tests.tenants.booking.rivals import Attempt, Rivals, tally

NORA, THEO = "Nora Blake", "Theo Roy"
ANA_CONTACT, BEN_CONTACT = Contact(ANA, "Ana", "Silva"), Contact(BEN, "Ben", "Okafor")


@pytest.fixture
async def harbour(cast: Cast) -> PracticeMade:
    """Both services need the one laser; Follow-up needs one of two rooms as well."""
    await cast.harbour.resources("laser", "Laser", what="equipment", needed_by=["First visit", "Follow-up"])
    await cast.harbour.resources("room", "Room 1", "Room 2", needed_by=["Follow-up"])
    return cast.harbour


def at(practice: PracticeMade, hour: int, minute: int = 0) -> datetime:
    return practice.at(2026, 11, 24, hour, minute)


def choice(practice: PracticeMade, starts_at: datetime, service: str = "Follow-up", who: str = NORA) -> Choice:
    return Choice(Wanted(practice.services[service]["ref"], practice.practitioners[who]["ref"]), starts_at)


async def keep(practice: PracticeMade, starts_at: datetime, **more: Any) -> str:
    async with practice_lens(practice.tenant):
        return await hold_slot(practice.tenant, choice(practice, starts_at, **more), MONDAY)


async def book(practice: PracticeMade, starts_at: datetime, contact: Contact = ANA_CONTACT, **more: Any) -> str:
    key = await keep(practice, starts_at, **more)
    async with practice_lens(practice.tenant):
        return (await book_held_slot(practice.tenant, key, contact, "", MONDAY)).ref


async def offered(practice: PracticeMade, **more: Any) -> list[datetime]:
    day = at(practice, 9)
    async with practice_lens(practice.tenant):
        wanted = choice(practice, day, **more).wanted
        found = await open_times(practice.tenant, wanted, day.date(), day.date(), MONDAY)
    return [slot.starts_at for slot in found.days[day.date()]]


async def in_use(owner: asyncpg.Connection) -> list[tuple[str, str | None, timedelta]]:
    rows = await owner.fetch(
        """SELECT resource.name, appointment.ref, resource_use.blocked_until - resource_use.blocked_from
           FROM resource_use JOIN resource ON resource.id = resource_id
           LEFT JOIN appointment ON appointment.id = appointment_id ORDER BY 1, 2"""
    )
    return [tuple(row) for row in rows]


async def test_booking_gets_one_of_each_kind_for_as_long_as_it_blocks(
    harbour: PracticeMade, owner: asyncpg.Connection
) -> None:
    ref = await book(harbour, at(harbour, 10))

    half_an_hour = timedelta(minutes=30)
    assert await in_use(owner) == [("Laser", ref, half_an_hour), ("Room 1", ref, half_an_hour)]


async def test_what_one_practitioner_has_is_not_offered_by_another(harbour: PracticeMade) -> None:
    await book(harbour, at(harbour, 10))

    theos = await offered(harbour, service="First visit", who=THEO)

    blocked = [each for each in theos if at(harbour, 8, 45) < each < at(harbour, 10, 30)]
    assert blocked == []
    assert (at(harbour, 10, 30) in theos, at(harbour, 8, 45) in theos) == (True, False)  # before opening
    with pytest.raises(SlotTaken):
        await keep(harbour, at(harbour, 10), service="First visit", who=THEO)


async def test_buffer_needs_the_room_too(harbour: PracticeMade) -> None:
    await book(harbour, at(harbour, 10), service="First visit")

    theos = await offered(harbour, who=THEO)

    assert (at(harbour, 11) in theos, at(harbour, 11, 15) in theos) == (False, True)


async def test_hold_keeps_it_and_gives_it_back(harbour: PracticeMade, owner: asyncpg.Connection) -> None:
    key = await keep(harbour, at(harbour, 10))
    held = at(harbour, 10) in await offered(harbour, who=THEO)

    async with practice_lens(harbour.tenant):
        await release_hold(harbour.tenant, key, MONDAY)

    assert (held, await in_use(owner)) == (False, [])
    assert at(harbour, 10) in await offered(harbour, who=THEO)


async def test_expired_hold_keeps_it_from_nobody(harbour: PracticeMade, owner: asyncpg.Connection) -> None:
    await keep(harbour, at(harbour, 10))
    await owner.execute("UPDATE hold SET expires_at = $1", MONDAY - timedelta(seconds=1))

    ref = await staff(harbour, at(harbour, 10), who=THEO)

    assert [use[:2] for use in await in_use(owner)] == [("Laser", ref), ("Room 1", ref)]


async def staff(practice: PracticeMade, starts_at: datetime, contact: Contact = ANA_CONTACT, **more: Any) -> str:
    async with practice_lens(practice.tenant):
        wanted = choice(practice, starts_at, **more)
        return (await book_by_staff(practice.tenant, new_key(), wanted, contact, MONDAY)).ref


async def test_staff_are_told_what_is_missing(harbour: PracticeMade) -> None:
    await staff(harbour, at(harbour, 10))

    with pytest.raises(NoResourceFree) as refused:
        await staff(harbour, at(harbour, 10), service="First visit", who=THEO)

    assert refused.value.kind == "laser"
    assert refused.value.next_free[0] == at(harbour, 10, 30)


async def test_cancelling_and_moving_give_it_back(harbour: PracticeMade, owner: asyncpg.Connection) -> None:
    one, other = await book(harbour, at(harbour, 10)), await book(harbour, at(harbour, 12), BEN_CONTACT)
    async with practice_lens(harbour.tenant):
        await cancel_by_client(harbour.tenant, one, "", MONDAY)
    async with practice_lens(harbour.tenant):
        await move_by_client(harbour.tenant, other, at(harbour, 14), MONDAY)

    assert [use[:2] for use in await in_use(owner)] == [("Laser", other), ("Room 1", other)]
    theos = await offered(harbour, who=THEO)
    assert [hour for hour in range(9, 17) if at(harbour, hour) not in theos] == [14]


async def test_moving_by_a_quarter_keeps_what_it_has(harbour: PracticeMade, owner: asyncpg.Connection) -> None:
    ref = await book(harbour, at(harbour, 10))

    async with practice_lens(harbour.tenant):
        await move_by_client(harbour.tenant, ref, at(harbour, 10, 15), MONDAY)
    async with practice_lens(harbour.tenant):
        await move_by_staff(harbour.tenant, ref, Move(at(harbour, 10, 15), length=timedelta(minutes=45)), MONDAY)

    assert await in_use(owner) == [
        ("Laser", ref, timedelta(minutes=45)),
        ("Room 1", ref, timedelta(minutes=45)),
    ]


async def test_restoring_asks_for_it_again(harbour: PracticeMade, owner: asyncpg.Connection) -> None:
    ref = await book(harbour, at(harbour, 10))
    async with practice_lens(harbour.tenant):
        await cancel_by_client(harbour.tenant, ref, "", MONDAY)
    await staff(harbour, at(harbour, 10), BEN_CONTACT, who=THEO)

    with pytest.raises(NoResourceFree):
        async with practice_lens(harbour.tenant):
            await restore(harbour.tenant, ref, MONDAY)

    assert await owner.fetchval("SELECT cancelled_at IS NOT NULL FROM appointment WHERE ref = $1", ref)


async def test_two_services_want_the_last_one_at_once(
    processes: Rivals, harbour: PracticeMade, owner: asyncpg.Connection
) -> None:
    for turn, hour in enumerate((9, 11, 13, 15), 1):
        outcomes = await processes.race(
            [
                Attempt(hold_slot, harbour.tenant, (choice(harbour, at(harbour, hour), service, who), MONDAY))
                for service, who in (("Follow-up", NORA), ("First visit", THEO)) * 6
            ]
        )

        assert tally(outcomes)["done"] == 1, tally(outcomes)
        assert set(tally(outcomes)) <= {"done", "SlotTaken", "NoResourceFree"}
        assert len([name for name, _, _ in await in_use(owner) if name == "Laser"]) == turn


async def test_staff_race_for_the_last_one_without_a_deadlock(
    processes: Rivals, harbour: PracticeMade, owner: asyncpg.Connection
) -> None:
    outcomes = await processes.race(
        [
            Attempt(book_by_staff, harbour.tenant, (new_key(), choice(harbour, at(harbour, 10), service, who), *rest))
            for service, who in (("Follow-up", NORA), ("First visit", THEO)) * 8
            for rest in [(ANA_CONTACT, MONDAY)]
        ]
    )

    assert tally(outcomes)["done"] == 1
    assert set(tally(outcomes)) <= {"done", "PractitionerBusy", "NoResourceFree"}
    assert await owner.fetchval("SELECT count(*) FROM appointment") == 1


async def test_why_names_what_is_missing_and_agrees_with_what_is_offered(harbour: PracticeMade) -> None:
    await book(harbour, at(harbour, 10))
    open_to_theo = set(await offered(harbour, who=THEO))

    for quarter in range(9 * 4, 17 * 4):
        start = at(harbour, 0) + timedelta(minutes=15 * quarter)
        async with practice_lens(harbour.tenant):
            wanted = choice(harbour, start, who=THEO).wanted
            answer = (await ask_why(harbour.tenant, wanted, int(start.timestamp()), MONDAY)).answers[0]
        assert (answer.closed is None) == (start in open_to_theo), start
        if start in {at(harbour, 10), at(harbour, 10, 15), at(harbour, 9, 45)}:
            assert answer.closed is not None
            assert answer.closed.why == "resource"


async def test_place_without_a_kind_offers_nothing(harbour: PracticeMade, owner: asyncpg.Connection) -> None:
    annex = await harbour.place("Annex")
    for service in harbour.services.values():
        facts = {"service_id": service["id"], "place_id": annex["id"]}
        await insert(owner, "service_place", tenant_id=harbour.tenant.id, **facts)
    await owner.execute("UPDATE opening_hours SET place_id = $1 WHERE tenant_id = $2", annex["id"], harbour.tenant.id)

    assert await offered(harbour) == []


async def test_resource_is_never_used_twice_whatever_writes_it(
    harbour: PracticeMade, owner: asyncpg.Connection
) -> None:
    await book(harbour, at(harbour, 10))
    use = dict(await owner.fetchrow("SELECT * FROM resource_use ORDER BY id LIMIT 1"))
    use.pop("id")

    with pytest.raises(asyncpg.ExclusionViolationError):
        await insert(owner, "resource_use", **use)
