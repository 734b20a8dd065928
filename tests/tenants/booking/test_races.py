"""Many at once, from processes of their own: whoever comes second is told so, and nothing is half done."""

from collections.abc import AsyncIterator
from datetime import datetime, timedelta

import asyncpg
import pytest

from tenants.arranging.appoint import book_by_staff
from tenants.arranging.rearrange import Move, move_by_staff
from tenants.booking.book import book_held_slot
from tenants.booking.cancel import cancel_by_client
from tenants.booking.hold import hold_slot
from tenants.booking.move import move_by_client
from tenants.booking.open_times import Wanted
from tenants.booking.slot import Choice
from tenants.clients.record import Contact, find_or_make_record
from tests.cast import ANA, BEN, MONDAY, Cast
from tests.factories import PracticeMade, insert
from tests.tenants.booking.rivals import Attempt, Outcome, Rivals, hold_in, move_to, tally

NORA, THEO = "Nora Blake", "Theo Roy"
LONG_EXPIRED = MONDAY - timedelta(hours=1)


@pytest.fixture
async def rivals(processes: Rivals, owner: asyncpg.Connection, cast: Cast) -> AsyncIterator[Rivals]:
    """Whatever was tried: nobody is booked twice, and each change that happened is told once."""
    yield processes
    assert await owner.fetchval(_BOOKED_TWICE) == 0
    assert await owner.fetchval("SELECT count(*) FROM message WHERE audience = 'client'") == await owner.fetchval(
        _CHANGES
    )


_BOOKED_TWICE = """
SELECT count(*) FROM appointment one JOIN appointment other
    ON one.id < other.id AND one.practitioner_id = other.practitioner_id
    AND one.blocked_from < other.blocked_until AND other.blocked_from < one.blocked_until
WHERE one.cancelled_at IS NULL AND other.cancelled_at IS NULL
"""

# What a test arranged was booked long ago, without a word.
_CHANGES = """
SELECT coalesce(sum(sequence + CASE WHEN booking_key LIKE 'form %' THEN 1 ELSE 0 END), 0) FROM appointment
"""


def contact(number: int) -> Contact:
    return Contact(f"ana+{number}@example.org", "Ana", "Silva")


async def given_up_hold(practice: PracticeMade, key: str, starts_at: datetime, who: str = NORA) -> str:
    """A hold as somebody leaves it who was slow: its time is anybody's, and its form can still be sent."""
    service = practice.services["Follow-up"]
    await insert(
        practice.owner,
        "hold",
        tenant_id=practice.tenant.id,
        key=f"form {key}",
        practitioner_id=practice.practitioners[who]["id"],
        service_id=service["id"],
        place_id=next(iter(practice.places.values()))["id"],
        starts_at=starts_at,
        ends_at=starts_at + service["duration"],
        blocked_from=starts_at,
        blocked_until=starts_at + service["duration"],
        created_at=LONG_EXPIRED,
        expires_at=LONG_EXPIRED,
        released_at=LONG_EXPIRED,
    )
    return f"form {key}"


def choice(practice: PracticeMade, starts_at: datetime, who: str = NORA) -> Choice:
    return Choice(Wanted(practice.services["Follow-up"]["ref"], practice.practitioners[who]["ref"]), starts_at)


async def book_at_once(rivals: Rivals, practice: PracticeMade, starts_at: datetime, count: int) -> list[Outcome]:
    keys = [await given_up_hold(practice, f"{starts_at} {number}", starts_at) for number in range(count)]
    return await rivals.race(
        [
            Attempt(book_held_slot, practice.tenant, (key, contact(number), "", MONDAY))
            for number, key in enumerate(keys)
        ]
    )


@pytest.mark.parametrize("hour", [9, 12, 16])
async def test_two_hundred_rivals_for_one_slot(
    rivals: Rivals, cast: Cast, owner: asyncpg.Connection, hour: int
) -> None:
    wanted = cast.harbour.at(2026, 11, 24, hour)

    outcomes = await book_at_once(rivals, cast.harbour, wanted, 200)

    assert tally(outcomes) == {"done": 1, "SlotTaken": 199}
    for refused in (outcome.given for outcome in outcomes if outcome.name == "SlotTaken"):
        assert (refused["starts_at"], len(refused["next_free"])) == (wanted, 3)
        assert wanted not in refused["next_free"]
    assert [row["starts_at"] for row in await owner.fetch("SELECT starts_at FROM appointment")] == [wanted]
    assert await owner.fetchval("SELECT count(*) FROM message WHERE audience = 'client'") == 1


async def test_thirty_rounds_end_without_a_deadlock(rivals: Rivals, cast: Cast) -> None:
    """A deadlock would show as an exception of its own."""
    slots = [
        cast.harbour.at(2026, 11, day, hour, 30) for day in (24, 25, 26, 27, 30) for hour in (9, 10, 11, 13, 14, 15)
    ]

    rounds = [tally(await book_at_once(rivals, cast.harbour, slot, 24)) for slot in slots]

    assert rounds == [{"done": 1, "SlotTaken": 23}] * 30


async def test_a_slot_is_held_by_one_of_many_browsers(rivals: Rivals, cast: Cast) -> None:
    ten = choice(cast.harbour, cast.harbour.at(2026, 11, 24, 10))

    outcomes = await rivals.race([Attempt(hold_slot, cast.harbour.tenant, (ten, MONDAY))] * 40)

    assert tally(outcomes) == {"done": 1, "SlotTaken": 39}


async def test_overlapping_starts_are_rivals_too(rivals: Rivals, cast: Cast) -> None:
    """Every quarter of an hour of one morning at once, each half an hour long."""
    first = cast.harbour.at(2026, 11, 24, 9)
    slots = [first + timedelta(minutes=15 * number) for number in range(16)]
    keys = [await given_up_hold(cast.harbour, f"{number}", slot) for number, slot in enumerate(slots)]

    outcomes = await rivals.race(
        [
            Attempt(book_held_slot, cast.harbour.tenant, (key, contact(number), "", MONDAY))
            for number, key in enumerate(keys)
        ]
    )

    done = tally(outcomes).pop("done")
    assert tally(outcomes) == {"done": done, "SlotTaken": 16 - done}
    assert 6 <= done <= 9, "no free half hour is left that anybody asked for"


async def test_two_moves_onto_one_time(rivals: Rivals, cast: Cast, owner: asyncpg.Connection) -> None:
    for day in (24, 25, 26, 27, 30):
        target = cast.harbour.at(2026, 11, day, 15)
        kept = [
            await cast.harbour.appointment(email, "Follow-up", NORA, cast.harbour.at(2026, 11, day, hour))
            for email, hour in ((ANA, 9), (BEN, 10), (ANA, 11), (BEN, 12))
        ]

        outcomes = await rivals.race(
            [Attempt(move_by_staff, cast.harbour.tenant, (each["ref"], Move(target), MONDAY)) for each in kept]
        )

        assert tally(outcomes) == {"done": 1, "PractitionerBusy": 3}
        now = [await owner.fetchval("SELECT starts_at FROM appointment WHERE id = $1", each["id"]) for each in kept]
        stayed = [each["starts_at"] for each in kept]
        assert now == [
            target if outcome.name == "done" else start for outcome, start in zip(outcomes, stayed, strict=True)
        ]


async def test_move_against_bookings(rivals: Rivals, cast: Cast) -> None:
    for day in (25, 26, 27, 30):
        target = cast.harbour.at(2026, 11, day, 15)
        kept = await cast.harbour.appointment(ANA, "Follow-up", NORA, cast.harbour.at(2026, 11, day, 9))
        keys = [await given_up_hold(cast.harbour, f"{day} {number}", target) for number in range(7)]
        moving = Attempt(move_by_client, cast.harbour.tenant, (kept["ref"], target, MONDAY))
        booking = [
            Attempt(book_held_slot, cast.harbour.tenant, (key, contact(number), "", MONDAY))
            for number, key in enumerate(keys)
        ]

        outcomes = await rivals.race([*booking[:3], moving, *booking[3:]])

        assert tally(outcomes) == {"done": 1, "SlotTaken": 7}


async def test_two_exchange_their_times_and_one_stays(rivals: Rivals, cast: Cast) -> None:
    """Each wants what the other has: neither time is free, so nothing moves and nobody waits for the other."""
    nine, ten = cast.harbour.at(2026, 11, 25, 9), cast.harbour.at(2026, 11, 25, 10)
    first = await cast.harbour.appointment(ANA, "Follow-up", NORA, nine)
    second = await cast.harbour.appointment(BEN, "Follow-up", THEO, ten)
    theo, nora = (cast.harbour.practitioners[who]["ref"] for who in (THEO, NORA))

    outcomes = await rivals.race(
        [
            Attempt(move_to, cast.harbour.tenant, (first["ref"], ten, theo, MONDAY)),
            Attempt(move_to, cast.harbour.tenant, (second["ref"], nine, nora, MONDAY)),
        ]
    )

    assert tally(outcomes) == {"PractitionerBusy": 2}


async def test_daily_limit_counts_true_under_parallel_posts(
    rivals: Rivals, cast: Cast, owner: asyncpg.Connection
) -> None:
    await cast.harbour.policy(daily_limit=2)
    for day, client in ((24, Contact(ANA, "Ana", "Silva")), (25, contact(1))):
        slots = [(cast.harbour.at(2026, 11, day, hour), who) for hour in range(9, 15) for who in (NORA, THEO)]
        keys = [await given_up_hold(cast.harbour, f"{slot} {who}", slot, who) for slot, who in slots]

        outcomes = await rivals.race(
            [Attempt(book_held_slot, cast.harbour.tenant, (key, client, "", MONDAY)) for key in keys]
        )

        assert tally(outcomes) == {"done": 2, "DailyLimitReached": 10}


async def test_one_address_makes_one_record(rivals: Rivals, cast: Cast, owner: asyncpg.Connection) -> None:
    outcomes = await rivals.race([Attempt(find_or_make_record, cast.harbour.tenant, (contact(7), MONDAY))] * 60)

    records = await owner.fetch("SELECT id FROM client_record WHERE email = $1", contact(7).email)
    assert tally(outcomes) == {"done": 60}
    assert {outcome.given for outcome in outcomes} == {records[0]["id"]}
    assert len(records) == 1


async def test_form_sent_many_times_at_once_gives_one_answer(rivals: Rivals, cast: Cast) -> None:
    for day in (24, 25, 26, 27):
        key = await given_up_hold(cast.harbour, f"{day}", cast.harbour.at(2026, 11, day, 10))
        again = Attempt(book_held_slot, cast.harbour.tenant, (key, contact(day), "", MONDAY))

        outcomes = await rivals.race([again] * 12)

        assert tally(outcomes) == {"done": 12}
        assert len({outcome.given.ref for outcome in outcomes}) == 1
        assert sum(not outcome.given.again for outcome in outcomes) == 1


async def test_staff_form_sent_many_times_at_once_gives_one_answer(rivals: Rivals, cast: Cast) -> None:
    for day in (24, 25, 26, 27):
        slot = choice(cast.harbour, cast.harbour.at(2026, 11, day, 10))
        again = Attempt(book_by_staff, cast.harbour.tenant, (f"form {day}", slot, contact(day), MONDAY))

        outcomes = await rivals.race([again] * 12)

        assert tally(outcomes) == {"done": 12}
        assert len({outcome.given.ref for outcome in outcomes}) == 1
        assert sum(not outcome.given.again for outcome in outcomes) == 1


async def test_cancelling_many_times_at_once_is_told_once(
    rivals: Rivals, cast: Cast, owner: asyncpg.Connection
) -> None:
    kept = await cast.harbour.appointment(ANA, "Follow-up", NORA, cast.harbour.at(2026, 11, 26, 9))

    outcomes = await rivals.race([Attempt(cancel_by_client, cast.harbour.tenant, (kept["ref"], "", MONDAY))] * 12)

    assert tally(outcomes) == {"done": 12}
    assert await owner.fetchval("SELECT count(*) FROM message WHERE audience = 'client'") == 1


async def test_two_browsers_that_want_one_anothers_expired_time(rivals: Rivals, cast: Cast) -> None:
    """Each releases its own hold and the other's: in whatever order, nobody waits in a circle."""
    later = MONDAY + timedelta(minutes=10)
    for day in (24, 25, 26, 27, 30):
        nine, ten = cast.harbour.at(2026, 11, day, 9), cast.harbour.at(2026, 11, day, 10)
        held = [(nine, "one", NORA), (ten, "two", THEO)]
        for slot, browser, who in held:
            outcome = await rivals.race(
                [Attempt(hold_in, cast.harbour.tenant, (choice(cast.harbour, slot, who), MONDAY, browser))]
            )
            assert tally(outcome) == {"done": 1}

        outcomes = await rivals.race(
            [
                Attempt(hold_in, cast.harbour.tenant, (choice(cast.harbour, ten, THEO), later, "one")),
                Attempt(hold_in, cast.harbour.tenant, (choice(cast.harbour, nine, NORA), later, "two")),
            ]
        )

        assert tally(outcomes) == {"done": 2}
