import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import asyncpg
import pytest

from portal.database import person_lens, practice_lens
from tenants.across import merged_appointments
from tenants.arranging.appoint import book_by_staff
from tenants.arranging.rearrange import Move, move_by_staff
from tenants.booking.book import book_held_slot
from tenants.booking.cancel import cancel_by_client, cancel_by_staff
from tenants.booking.hold import hold_slot, release_hold
from tenants.booking.move import move_by_client
from tenants.booking.open_times import Wanted, open_times
from tenants.booking.slot import Choice
from tenants.clients.record import Contact
from tenants.refusals import (
    BookedTooEarly,
    BookedTooLate,
    DailyLimitReached,
    NotFound,
    SlotTaken,
    TimeIsPast,
    TimeNotOffered,
    TooLateToCancel,
    TooLateToMove,
)
from tests.cast import ANA, BEN, MONDAY, Cast
from tests.factories import PracticeMade

ANA_CONTACT = Contact(ANA, "Ana", "Silva")
BEN_CONTACT = Contact(BEN, "Ben", "Okafor")


def wanted(practice: PracticeMade, service: str = "Follow-up", who: str | None = "Nora Blake") -> Wanted:
    practitioner = practice.practitioners[who]["ref"] if who else None
    return Wanted(practice.services[service]["ref"], practitioner)


async def hold(practice: PracticeMade, starts_at: datetime, browser: str | None = None, **more: Any) -> str:
    async with practice_lens(practice.tenant):
        return await hold_slot(practice.tenant, Choice(wanted(practice, **more), starts_at), MONDAY, browser=browser)


async def book(
    practice: PracticeMade, starts_at: datetime, contact: Contact = ANA_CONTACT, now: datetime = MONDAY, **more: str
) -> str:
    key = await hold(practice, starts_at, **more)
    async with practice_lens(practice.tenant):
        return (await book_held_slot(practice.tenant, key, contact, "", now)).ref


async def starts(practice: PracticeMade, day: datetime, **more: Any) -> list[datetime]:
    async with practice_lens(practice.tenant):
        found = await open_times(practice.tenant, wanted(practice, **more), day.date(), day.date(), MONDAY)
    return [slot.starts_at for slot in found.days[day.date()]]


async def test_booking_takes_the_time_and_owes_one_notice(cast: Cast, owner: asyncpg.Connection) -> None:
    ten = cast.harbour.at(2026, 11, 24, 10)

    ref = await book(cast.harbour, ten)

    assert ten not in await starts(cast.harbour, ten)
    row = await owner.fetchrow("SELECT * FROM appointment")
    assert (row["ref"], row["starts_at"], row["ends_at"]) == (ref, ten, ten + timedelta(minutes=30))
    notices = await owner.fetch("SELECT kind, channel, sequence FROM message WHERE audience = 'client'")
    assert [tuple(notice) for notice in notices] == [("booked", "email", 0)]


async def test_buffers_keep_the_neighbouring_start_closed(cast: Cast) -> None:
    await book(cast.harbour, cast.harbour.at(2026, 11, 24, 9), service="First visit")

    free = await starts(cast.harbour, cast.harbour.at(2026, 11, 24))

    assert free[0] == cast.harbour.at(2026, 11, 24, 10, 15)


async def test_second_click_of_one_form_finds_the_first_ones_appointment(cast: Cast, owner: asyncpg.Connection) -> None:
    key = await hold(cast.harbour, cast.harbour.at(2026, 11, 24, 10))

    async with practice_lens(cast.harbour.tenant):
        first = await book_held_slot(cast.harbour.tenant, key, ANA_CONTACT, "", MONDAY)
    async with practice_lens(cast.harbour.tenant):
        second = await book_held_slot(cast.harbour.tenant, key, ANA_CONTACT, "", MONDAY)

    assert (second.ref, first.again, second.again) == (first.ref, False, True)
    assert await owner.fetchval("SELECT count(*) FROM appointment") == 1


async def test_hold_blocks_others_until_it_expires(cast: Cast) -> None:
    ten = cast.harbour.at(2026, 11, 24, 10)
    await hold(cast.harbour, ten, browser="one")

    with pytest.raises(SlotTaken) as refused:
        await hold(cast.harbour, ten, browser="two")

    assert len(refused.value.next_free) == 3
    later = MONDAY + timedelta(minutes=5)
    async with practice_lens(cast.harbour.tenant):
        await hold_slot(cast.harbour.tenant, Choice(wanted(cast.harbour), ten), later, browser="two")


async def test_new_choice_frees_the_old_one_of_the_same_browser(cast: Cast) -> None:
    ten, eleven = cast.harbour.at(2026, 11, 24, 10), cast.harbour.at(2026, 11, 24, 11)
    await hold(cast.harbour, ten, browser="one")

    await hold(cast.harbour, eleven, browser="one")

    free = await starts(cast.harbour, ten)
    assert (ten in free, eleven in free) == (True, False)


async def test_released_hold_is_free_at_once(cast: Cast) -> None:
    ten = cast.harbour.at(2026, 11, 24, 10)
    key = await hold(cast.harbour, ten)

    async with practice_lens(cast.harbour.tenant):
        await release_hold(cast.harbour.tenant, key, MONDAY)

    assert ten in await starts(cast.harbour, ten)


async def test_expired_hold_still_books_when_nobody_was_quicker(cast: Cast) -> None:
    key = await hold(cast.harbour, cast.harbour.at(2026, 11, 24, 10))

    async with practice_lens(cast.harbour.tenant):
        booked = await book_held_slot(cast.harbour.tenant, key, ANA_CONTACT, "", MONDAY + timedelta(minutes=30))

    assert not booked.again


async def test_expired_hold_is_refused_once_somebody_was_quicker(cast: Cast) -> None:
    ten = cast.harbour.at(2026, 11, 24, 10)
    late_key = await hold(cast.harbour, ten, browser="late")
    later = MONDAY + timedelta(minutes=6)
    async with practice_lens(cast.harbour.tenant):
        quick_key = await hold_slot(cast.harbour.tenant, Choice(wanted(cast.harbour), ten), later)
        await book_held_slot(cast.harbour.tenant, quick_key, BEN_CONTACT, "", later)

    with pytest.raises(SlotTaken):
        async with practice_lens(cast.harbour.tenant):
            await book_held_slot(cast.harbour.tenant, late_key, ANA_CONTACT, "", later)


async def test_hold_taken_over_while_its_form_waits_is_refused(cast: Cast, owner: asyncpg.Connection) -> None:
    """What is taken is looked at after the wait for the hold, not as it stood before."""
    ten = cast.harbour.at(2026, 11, 24, 10)
    late_key = await hold(cast.harbour, ten, browser="late")
    later = MONDAY + timedelta(minutes=6)
    taken_over = asyncio.Event()

    async def book_late() -> None:
        await taken_over.wait()
        async with practice_lens(cast.harbour.tenant):
            await book_held_slot(cast.harbour.tenant, late_key, ANA_CONTACT, "", later)

    slow = asyncio.create_task(book_late())
    async with practice_lens(cast.harbour.tenant):
        await hold_slot(cast.harbour.tenant, Choice(wanted(cast.harbour), ten), later)
        taken_over.set()
        while not await owner.fetchval(_SOMEBODY_WAITS):
            assert not slow.done()

    with pytest.raises(SlotTaken):
        await slow


_SOMEBODY_WAITS = "SELECT count(*) FROM pg_locks WHERE NOT granted"


@pytest.mark.parametrize(
    ("when", "refusal"),
    [
        ((2026, 11, 23, 7), TimeIsPast),
        ((2026, 11, 23, 9, 30), BookedTooLate),
        ((2027, 5, 3, 10), BookedTooEarly),
        ((2026, 11, 24, 10, 7), TimeNotOffered),
        ((2026, 11, 24, 16, 45), TimeNotOffered),
        ((2026, 11, 28, 10), TimeNotOffered),
    ],
)
async def test_time_that_cannot_be_chosen_is_refused_by_name(
    cast: Cast, when: tuple[int, ...], refusal: type[Exception]
) -> None:
    with pytest.raises(refusal):
        await hold(cast.harbour, cast.harbour.at(*when))


async def test_service_of_another_practice_is_unknown_here(cast: Cast) -> None:
    theirs = Wanted(cast.meadow.services["Massage"]["ref"])

    with pytest.raises(NotFound):
        async with practice_lens(cast.harbour.tenant):
            await hold_slot(cast.harbour.tenant, Choice(theirs, cast.harbour.at(2026, 11, 24, 10)), MONDAY)


async def test_no_preference_takes_who_has_the_fewest_appointments_that_day(cast: Cast) -> None:
    await cast.harbour.appointment(ANA, "Follow-up", "Nora Blake", cast.harbour.at(2026, 11, 24, 15))
    tuesday, wednesday = cast.harbour.at(2026, 11, 24, 10), cast.harbour.at(2026, 11, 25, 10)

    async with practice_lens(cast.harbour.tenant):
        anyone = wanted(cast.harbour, who=None)
        found = await open_times(cast.harbour.tenant, anyone, tuesday.date(), wednesday.date(), MONDAY)

    names = {row["id"]: name for name, row in cast.harbour.practitioners.items()}
    on = {when: found.slot(int(when.timestamp())) for when in (tuesday, wednesday)}
    assert {when: slot and names[slot.practitioner_id] for when, slot in on.items()} == {
        tuesday: "Theo Roy",
        wednesday: "Nora Blake",
    }


async def test_daily_limit_is_checked_when_booking(cast: Cast) -> None:
    await cast.harbour.policy(daily_limit=1)
    await book(cast.harbour, cast.harbour.at(2026, 11, 24, 10))

    with pytest.raises(DailyLimitReached):
        await book(cast.harbour, cast.harbour.at(2026, 11, 24, 14))

    await book(cast.harbour, cast.harbour.at(2026, 11, 24, 15), BEN_CONTACT)


async def test_client_cancels_until_the_deadline(cast: Cast, owner: asyncpg.Connection) -> None:
    ten = cast.harbour.at(2026, 11, 25, 10)
    kept = await cast.harbour.appointment(ANA, "Follow-up", "Nora Blake", ten)
    deadline = ten - timedelta(hours=24)

    with pytest.raises(TooLateToCancel) as refused:
        async with practice_lens(cast.harbour.tenant):
            await cancel_by_client(cast.harbour.tenant, kept["ref"], "", deadline + timedelta(seconds=1))
    async with practice_lens(cast.harbour.tenant):
        await cancel_by_client(cast.harbour.tenant, kept["ref"], "ill", deadline)
        await cancel_by_client(cast.harbour.tenant, kept["ref"], "again", deadline)

    assert refused.value.deadline == deadline
    row = await owner.fetchrow("SELECT cancelled_by, cancel_reason, sequence FROM appointment")
    assert tuple(row) == ("client", "ill", 1)
    assert await owner.fetchval("SELECT count(*) FROM message WHERE audience = 'client' AND kind = 'cancelled'") == 1
    assert ten in await starts(cast.harbour, ten)


async def test_mercy_lets_a_client_cancel_right_after_booking_late(cast: Cast) -> None:
    soon = cast.harbour.at(2026, 11, 23, 11)
    ref = await book(cast.harbour, soon)

    async with practice_lens(cast.harbour.tenant):
        await cancel_by_client(cast.harbour.tenant, ref, "", MONDAY + timedelta(minutes=5))

    assert soon in await starts(cast.harbour, soon)


async def test_staff_cancel_after_the_deadline(cast: Cast) -> None:
    soon = cast.harbour.at(2026, 11, 23, 11)
    kept = await cast.harbour.appointment(ANA, "Follow-up", "Nora Blake", soon)

    async with practice_lens(cast.harbour.tenant):
        await cancel_by_staff(cast.harbour.tenant, kept["ref"], "", MONDAY)

    assert soon in await starts(cast.harbour, soon)


async def test_moving_inside_its_own_time_works(cast: Cast, owner: asyncpg.Connection) -> None:
    ten = cast.harbour.at(2026, 11, 25, 10)
    kept = await cast.harbour.appointment(ANA, "First visit", "Nora Blake", ten)
    quarter_past = ten + timedelta(minutes=15)

    async with practice_lens(cast.harbour.tenant):
        await move_by_client(cast.harbour.tenant, kept["ref"], quarter_past, MONDAY)

    row = await owner.fetchrow("SELECT starts_at, blocked_until, sequence, moved_at FROM appointment")
    assert tuple(row) == (quarter_past, quarter_past + timedelta(minutes=75), 1, MONDAY)
    assert await owner.fetchval("SELECT kind FROM message WHERE audience = 'client'") == "moved"


async def test_moving_onto_somebody_is_refused_and_changes_nothing(cast: Cast, owner: asyncpg.Connection) -> None:
    ten, eleven = cast.harbour.at(2026, 11, 25, 10), cast.harbour.at(2026, 11, 25, 11)
    kept = await cast.harbour.appointment(ANA, "Follow-up", "Nora Blake", ten)
    await cast.harbour.appointment(BEN, "Follow-up", "Nora Blake", eleven)

    with pytest.raises(SlotTaken):
        async with practice_lens(cast.harbour.tenant):
            await move_by_client(cast.harbour.tenant, kept["ref"], eleven, MONDAY)

    assert await owner.fetchval("SELECT starts_at FROM appointment WHERE id = $1", kept["id"]) == ten
    assert await owner.fetchval("SELECT count(*) FROM message WHERE audience = 'client'") == 0


async def test_client_moves_until_the_deadline_and_staff_always(cast: Cast) -> None:
    soon = cast.harbour.at(2026, 11, 23, 11)
    kept = await cast.harbour.appointment(ANA, "Follow-up", "Nora Blake", soon)
    later = soon + timedelta(hours=2)

    with pytest.raises(TooLateToMove):
        async with practice_lens(cast.harbour.tenant):
            await move_by_client(cast.harbour.tenant, kept["ref"], later, MONDAY)
    async with practice_lens(cast.harbour.tenant):
        await move_by_staff(cast.harbour.tenant, kept["ref"], Move(later), MONDAY)

    assert soon in await starts(cast.harbour, soon)


async def test_staff_book_without_notice_or_horizon(cast: Cast) -> None:
    soon = cast.harbour.at(2026, 11, 23, 9)

    async with practice_lens(cast.harbour.tenant):
        choice = Choice(wanted(cast.harbour), soon)
        first = await book_by_staff(cast.harbour.tenant, "form", choice, BEN_CONTACT, MONDAY)
        again = await book_by_staff(cast.harbour.tenant, "form", choice, BEN_CONTACT, MONDAY)

    assert (again.ref, again.again) == (first.ref, True)


async def test_merged_list_shows_both_practices_to_ana_and_one_to_ben(cast: Cast) -> None:
    await cast.harbour.appointment(ANA, "Follow-up", "Nora Blake", cast.harbour.at(2026, 11, 25, 10))
    await cast.harbour.appointment(BEN, "Follow-up", "Nora Blake", cast.harbour.at(2026, 11, 25, 11))
    await cast.meadow.appointment("ana.silva@example.com", "Massage", "Lea Martin", cast.meadow.at(2026, 11, 26, 10))

    seen = {}
    for person in (cast.ana, cast.ben, cast.cleo):
        async with person_lens(person["id"]):
            merged = await merged_appointments(person["id"], datetime(2026, 11, 23, tzinfo=UTC))
        seen[person["first_name"]] = [(row["practice_slug"], row["practitioner_name"]) for row in merged.upcoming]

    assert seen == {
        "Ana": [("harbour", "Nora Blake"), ("meadow", "Lea Martin")],
        "Ben": [("harbour", "Nora Blake")],
        "Cleo": [],
    }
