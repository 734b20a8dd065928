"""What staff do on purpose: the constraint knows of it, the log names it, and not a minute more is given away."""

import random
from datetime import datetime, timedelta
from typing import Any

import asyncpg
import pytest

from portal.database import practice_lens
from tenants.arranging.appoint import How, book_by_staff, book_in_a_row
from tenants.arranging.attendance import note_attendance
from tenants.arranging.insist import Insistence
from tenants.arranging.rearrange import Move, move_by_staff, restore
from tenants.arranging.taken import taken_between
from tenants.arranging.why import Asked, why_closed
from tenants.booking.book import book_held_slot
from tenants.booking.cancel import cancel_by_staff
from tenants.booking.open_times import Wanted, open_times
from tenants.booking.plan import load_plan
from tenants.booking.slot import Choice
from tenants.clients.record import Contact
from tenants.refusals import MovedMeanwhile, NotOpenThen, NotYetBegun, PractitionerBusy, Refusal
from tests.cast import ANA, BEN, MONDAY, NORA, Cast
from tests.factories import PracticeMade
from tests.tenants.booking.test_booking import hold

BEN_CONTACT, ANA_CONTACT = Contact(BEN, "Ben", "Okafor"), Contact(ANA, "Ana", "Silva")
ON_PURPOSE = Insistence(overbook=True, outside_hours=True, reason="an emergency")
QUARTER = timedelta(minutes=15)


def choice(practice: PracticeMade, starts_at: datetime, service: str = "Follow-up", who: str = "Nora Blake") -> Choice:
    return Choice(Wanted(practice.services[service]["ref"], practice.practitioners[who]["ref"]), starts_at)


async def does(practice: PracticeMade, verb: Any, *what: Any, **how: Any) -> Any:
    async with practice_lens(practice.tenant):
        return await verb(practice.tenant, *what, **how)


async def test_overbooking_is_a_matter_of_the_practices_policy(cast: Cast, owner: asyncpg.Connection) -> None:
    ten = cast.harbour.at(2026, 11, 24, 10)
    kept = await cast.harbour.appointment(ANA, "Follow-up", "Nora Blake", ten)
    how = How(NORA, insistence=ON_PURPOSE)

    with pytest.raises(PractitionerBusy) as refused:
        await does(cast.harbour, book_by_staff, "1", choice(cast.harbour, ten), BEN_CONTACT, MONDAY, how)
    await cast.harbour.policy(overbooking=True)
    with pytest.raises(PractitionerBusy) as asked:
        await does(cast.harbour, book_by_staff, "1", choice(cast.harbour, ten), BEN_CONTACT, MONDAY)
    booked = await does(cast.harbour, book_by_staff, "1", choice(cast.harbour, ten), BEN_CONTACT, MONDAY, how)

    assert (refused.value.may_overbook, asked.value.may_overbook) == (False, True)
    assert asked.value.others == (("Ana Silva", ten, ten + 2 * QUARTER),)
    log = await owner.fetchrow(
        "SELECT what, over_id, by_email, reason, ref FROM booking_override "
        "JOIN appointment ON appointment.id = appointment_id"
    )
    assert tuple(log) == ("overbooked", kept["id"], NORA, "an emergency", booked.ref)


async def test_what_is_shared_is_shared_with_those_that_were_named_alone(cast: Cast, owner: asyncpg.Connection) -> None:
    """Beyond the appointment that it was laid over, an overbooked one keeps its time as any other does."""
    await cast.harbour.policy(overbooking=True)
    ten = cast.harbour.at(2026, 11, 24, 10)
    key = await hold(cast.harbour, ten + 2 * QUARTER)
    await owner.execute("UPDATE hold SET expires_at = $1", MONDAY)
    await cast.harbour.appointment(ANA, "Follow-up", "Nora Blake", ten)
    over = choice(cast.harbour, ten + QUARTER)
    await does(cast.harbour, book_by_staff, "1", over, BEN_CONTACT, MONDAY, How(NORA, insistence=ON_PURPOSE))

    with pytest.raises(Refusal):
        await does(cast.harbour, book_held_slot, key, ANA_CONTACT, "", MONDAY)
    with pytest.raises(asyncpg.ExclusionViolationError):
        await cast.harbour.appointment(ANA, "Follow-up", "Nora Blake", ten + 2 * QUARTER)


async def test_outside_opening_hours_is_asked_and_logged(cast: Cast, owner: asyncpg.Connection) -> None:
    seven = cast.harbour.at(2026, 11, 24, 7)

    with pytest.raises(NotOpenThen) as refused:
        await does(cast.harbour, book_by_staff, "1", choice(cast.harbour, seven), BEN_CONTACT, MONDAY)
    how = How(NORA, insistence=Insistence(outside_hours=True))
    await does(cast.harbour, book_by_staff, "1", choice(cast.harbour, seven), BEN_CONTACT, MONDAY, how)

    assert refused.value.why == "outside_hours"
    assert await owner.fetchval("SELECT what FROM booking_override") == "outside_hours"


async def test_no_minute_is_kept_twice_or_by_nobody(cast: Cast, owner: asyncpg.Connection) -> None:
    """Whatever is laid over what, moved and cancelled: what live appointments block is kept by one of them each."""
    await cast.harbour.policy(overbooking=True)
    lot, how = random.Random(7), How(NORA, insistence=ON_PURPOSE)
    refs: list[str] = []
    for turn in range(120):
        at = cast.harbour.at(2026, 11, 24, 9) + QUARTER * lot.randrange(12)
        length = QUARTER * lot.randrange(1, 6)
        doing = lot.choice(["book", "book", "move", "cancel", "restore"])
        try:
            if doing == "book" or not refs:
                service = lot.choice(["Follow-up", "First visit"])
                more = How(NORA, length=length, insistence=ON_PURPOSE)
                wanted = choice(cast.harbour, at, service)
                refs.append((await does(cast.harbour, book_by_staff, f"{turn}", wanted, BEN_CONTACT, MONDAY, more)).ref)
            elif doing == "move":
                move = Move(at, length=length, insistence=ON_PURPOSE, by=NORA)
                await does(cast.harbour, move_by_staff, lot.choice(refs), move, MONDAY)
            elif doing == "cancel":
                await does(cast.harbour, cancel_by_staff, lot.choice(refs), "", MONDAY, by=how.by)
            else:
                await does(cast.harbour, restore, lot.choice(refs), MONDAY, by=NORA)
        except Refusal:
            assert doing in {"restore", "move"}  # taken meanwhile, or cancelled

        row = await owner.fetchrow(_KEPT)
        assert row["kept"] == row["blocked"], turn


_KEPT = """
WITH live AS (
    SELECT tstzmultirange(tstzrange(blocked_from, blocked_until)) AS blocked, shares FROM appointment
    WHERE cancelled_at IS NULL
)
SELECT range_agg(blocked) AS blocked, range_agg(blocked - shares) AS kept FROM live
"""


async def test_several_services_are_booked_in_a_row_or_not_at_all(cast: Cast, owner: asyncpg.Connection) -> None:
    nine, ten = cast.harbour.at(2026, 11, 24, 9), cast.harbour.at(2026, 11, 24, 10)
    first, then = choice(cast.harbour, nine), choice(cast.harbour, nine, "First visit")

    booked = await does(cast.harbour, book_in_a_row, "a", [first, then], BEN_CONTACT, MONDAY, How(NORA))
    again = await does(cast.harbour, book_in_a_row, "a", [first, then], BEN_CONTACT, MONDAY, How(NORA))
    eleven = choice(cast.harbour, ten + timedelta(hours=5))
    await cast.harbour.appointment(ANA, "Follow-up", "Nora Blake", ten + timedelta(hours=5, minutes=30))
    with pytest.raises(PractitionerBusy):
        await does(cast.harbour, book_in_a_row, "b", [eleven, eleven], BEN_CONTACT, MONDAY, How(NORA))

    rows = await owner.fetch("SELECT ref, starts_at FROM appointment WHERE booked_by = 'staff' ORDER BY starts_at")
    assert [tuple(row) for row in rows] == [(booked[0].ref, nine), (booked[1].ref, nine + timedelta(minutes=30))]
    assert [(each.ref, each.again) for each in again] == [(booked[0].ref, True)]
    told = await owner.fetch("SELECT told_with IS NULL AS speaks FROM message WHERE audience = 'client'")
    assert sorted(row["speaks"] for row in told) == [False, True]


async def test_resized_appointment_stays_as_long_when_it_moves(cast: Cast, owner: asyncpg.Connection) -> None:
    ten = cast.harbour.at(2026, 11, 24, 10)
    kept = await cast.harbour.appointment(ANA, "Follow-up", "Nora Blake", ten)

    await does(cast.harbour, move_by_staff, kept["ref"], Move(ten, length=timedelta(hours=2)), MONDAY)
    await does(cast.harbour, move_by_staff, kept["ref"], Move(ten + timedelta(hours=3)), MONDAY)

    row = await owner.fetchrow("SELECT starts_at, ends_at, sequence FROM appointment")
    assert tuple(row) == (ten + timedelta(hours=3), ten + timedelta(hours=5), 2)


async def test_page_that_saw_an_older_state_moves_nothing(cast: Cast) -> None:
    ten = cast.harbour.at(2026, 11, 24, 10)
    kept = await cast.harbour.appointment(ANA, "Follow-up", "Nora Blake", ten)
    await does(cast.harbour, move_by_staff, kept["ref"], Move(ten + timedelta(hours=1), seen=0), MONDAY)

    with pytest.raises(MovedMeanwhile):
        await does(cast.harbour, move_by_staff, kept["ref"], Move(ten, seen=0), MONDAY)


async def test_restored_appointment_needs_its_time_free(cast: Cast, owner: asyncpg.Connection) -> None:
    ten = cast.harbour.at(2026, 11, 24, 10)
    kept = await cast.harbour.appointment(ANA, "Follow-up", "Nora Blake", ten)

    await does(cast.harbour, cancel_by_staff, kept["ref"], "ill", MONDAY, by=NORA)
    await does(cast.harbour, restore, kept["ref"], MONDAY, by=NORA)
    live = await owner.fetchval("SELECT cancelled_at IS NULL FROM appointment")
    await does(cast.harbour, cancel_by_staff, kept["ref"], "ill", MONDAY, by=NORA)
    await cast.harbour.appointment(BEN, "Follow-up", "Nora Blake", ten)

    assert live
    with pytest.raises(PractitionerBusy):
        await does(cast.harbour, restore, kept["ref"], MONDAY, by=NORA)


@pytest.mark.parametrize(
    ("done", "columns"),
    [
        (["arrived"], (True, False, False)),
        (["completed"], (True, True, False)),
        (["arrived", "missed"], (False, False, True)),
        (["missed", "completed"], (True, True, False)),
    ],
)
async def test_who_came_has_not_missed_it(
    cast: Cast, owner: asyncpg.Connection, done: list[str], columns: tuple[bool, bool, bool]
) -> None:
    kept = await cast.harbour.appointment(ANA, "Follow-up", "Nora Blake", cast.harbour.at(2026, 11, 23, 9))
    later = cast.harbour.at(2026, 11, 23, 9, 40)

    for what in done:
        await does(cast.harbour, note_attendance, kept["ref"], what, later)

    row = await owner.fetchrow("SELECT arrived_at, completed_at, no_show_at FROM appointment")
    assert tuple(each is not None for each in row) == columns


async def test_nobody_has_missed_what_is_to_come(cast: Cast) -> None:
    kept = await cast.harbour.appointment(ANA, "Follow-up", "Nora Blake", cast.harbour.at(2026, 11, 24, 9))

    await does(cast.harbour, note_attendance, kept["ref"], "arrived", MONDAY)
    for what in ("missed", "completed"):
        with pytest.raises(NotYetBegun):
            await does(cast.harbour, note_attendance, kept["ref"], what, MONDAY)


async def test_unsaid_is_unsaid_unless_something_still_waits(cast: Cast, owner: asyncpg.Connection) -> None:
    ten = cast.harbour.at(2026, 11, 24, 10)
    quiet = Move(ten + timedelta(hours=1), tell=False)
    old = await cast.harbour.appointment(ANA, "Follow-up", "Nora Blake", ten)
    new = await does(
        cast.harbour, book_by_staff, "1", choice(cast.harbour, ten, who="Theo Roy"), BEN_CONTACT, MONDAY, How(NORA)
    )

    await does(cast.harbour, move_by_staff, old["ref"], quiet, MONDAY)
    await does(cast.harbour, move_by_staff, new.ref, quiet, MONDAY)

    rows = await owner.fetch(
        "SELECT appointment.ref, skip_reason FROM message JOIN appointment ON appointment.id = appointment_id "
        "WHERE kind = 'moved' AND audience = 'client'"
    )
    assert dict(tuple(row) for row in rows) == {old["ref"]: "left_unsaid", new.ref: ""}


async def test_why_and_open_times_never_disagree(cast: Cast, owner: asyncpg.Connection) -> None:
    """Each quarter of a fortnight, for each service and practitioner, with closures, holds, buffers and limits."""
    harbour, lot, noon = cast.harbour, random.Random(11), MONDAY + timedelta(hours=4)
    await harbour.policy(minimum_notice=timedelta(hours=20), horizon=timedelta(days=9))
    for day, begins, ends in ((24, 12, 13), (26, 9, 17), (27, 16, 20)):
        await owner.execute(
            "INSERT INTO closure (tenant_id, ref, starts_at, ends_at) VALUES ($1, $2, $3, $4)",
            harbour.tenant.id,
            f"c{day}",
            harbour.at(2026, 11, day, begins),
            harbour.at(2026, 11, day, ends),
        )
    for day in (24, 25, 27, 30):
        for who in ("Nora Blake", "Theo Roy"):
            begins_at = harbour.at(2026, 11, day, lot.choice([9, 11, 14]), lot.choice([0, 5, 30]))
            await harbour.appointment(BEN, lot.choice(["Follow-up", "First visit"]), who, begins_at)
    await hold(harbour, harbour.at(2026, 11, 25, 16))
    await owner.execute("UPDATE hold SET expires_at = $1", noon + QUARTER)
    counted: dict[str, int] = {}
    async with practice_lens(harbour.tenant):
        plan = await load_plan(harbour.tenant)
        for service in plan.services.values():
            for number, row in plan.practitioners.items():
                wanted = Wanted(service.row["ref"], row["ref"])
                first, last = harbour.at(2026, 11, 23).date(), harbour.at(2026, 12, 4).date()
                offered = await open_times(harbour.tenant, wanted, first, last, noon)
                begins, ends = (int(harbour.at(2026, *when).timestamp()) for when in ((11, 23), (12, 5)))
                taken = await taken_between(harbour.tenant, [number], (begins, ends), noon)
                for start in range(begins, ends, 300):
                    closed = why_closed(Asked(service, number, None, start), plan, taken, noon)
                    assert (closed is None) == (offered.slot(start) is not None), (service.row["name"], start, closed)
                    counted[closed.why if closed else ""] = counted.get(closed.why if closed else "", 0) + 1

    assert set(counted) == {"", "outside_hours", "too_long", "closure", "off_grid", "past", "notice", "horizon"} | {
        "held",
        "busy",
        "buffer",
    }
