"""Requests, limits, new clients and suspended practices: what decides beside the time."""

from datetime import datetime, time, timedelta

import asyncpg
import pytest

from portal.database import practice_lens
from tenants.booking.book import Booked, book_held_slot
from tenants.booking.hold import hold_slot
from tenants.booking.open_times import Wanted, open_times
from tenants.booking.slot import Choice
from tenants.clients.record import Contact
from tenants.refusals import NewClientsNotTaken, OpenLimitReached, PracticeSuspended
from tests.cast import ANA, CLEO, MONDAY, Cast
from tests.factories import PracticeMade, insert

ANA_CONTACT, CLEO_CONTACT = Contact(ANA, "Ana", "Silva"), Contact(CLEO, "Cleo", "Laurent")


def choice(practice: PracticeMade, starts_at: datetime) -> Choice:
    return Choice(Wanted(practice.services["Follow-up"]["ref"], practice.practitioners["Nora Blake"]["ref"]), starts_at)


async def keep(practice: PracticeMade, starts_at: datetime, lasting: timedelta = timedelta(minutes=5)) -> str:
    async with practice_lens(practice.tenant):
        return await hold_slot(practice.tenant, choice(practice, starts_at), MONDAY, lasting=lasting)


async def book(
    practice: PracticeMade, starts_at: datetime, contact: Contact = ANA_CONTACT, now: datetime = MONDAY
) -> Booked:
    key = await keep(practice, starts_at)
    async with practice_lens(practice.tenant):
        return await book_held_slot(practice.tenant, key, contact, "", now)


async def test_request_keeps_its_time_and_says_until_when_it_waits(cast: Cast, owner: asyncpg.Connection) -> None:
    await owner.execute("UPDATE service SET needs_approval = true")
    ten = cast.harbour.at(2026, 11, 26, 10)

    booked = await book(cast.harbour, ten)

    row = await owner.fetchrow("SELECT * FROM appointment")
    assert (booked.pending, row["pending"], row["approve_by"]) == (True, True, MONDAY + timedelta(hours=24))
    kinds = await owner.fetch("SELECT kind, audience FROM message ORDER BY audience")
    assert [tuple(kind) for kind in kinds] == [("requested", "client"), ("requested", "practitioner")]
    with pytest.raises(asyncpg.ExclusionViolationError):
        await cast.harbour.appointment(ANA, "Follow-up", "Nora Blake", ten)


async def test_request_waits_no_longer_than_until_it_would_begin(cast: Cast, owner: asyncpg.Connection) -> None:
    await owner.execute("UPDATE service SET needs_approval = true")
    ten = cast.harbour.at(2026, 11, 23, 14)

    await book(cast.harbour, ten)

    assert await owner.fetchval("SELECT approve_by FROM appointment") == ten


async def test_agreed_appointment_is_not_pending(cast: Cast, owner: asyncpg.Connection) -> None:
    booked = await book(cast.harbour, cast.harbour.at(2026, 11, 26, 10))

    assert (booked.pending, await owner.fetchval("SELECT pending FROM appointment")) == (False, False)


async def test_client_has_no_more_to_come_than_the_practice_lets_them(cast: Cast) -> None:
    await cast.harbour.policy(open_limit=1)
    await book(cast.harbour, cast.harbour.at(2026, 11, 26, 10))

    with pytest.raises(OpenLimitReached):
        await book(cast.harbour, cast.harbour.at(2026, 11, 27, 10))

    await book(cast.harbour, cast.harbour.at(2026, 11, 27, 14), now=cast.harbour.at(2026, 11, 26, 12))


async def test_unknown_address_books_only_where_new_clients_are_taken(cast: Cast, owner: asyncpg.Connection) -> None:
    await cast.harbour.policy(new_clients=False)

    with pytest.raises(NewClientsNotTaken):
        await book(cast.harbour, cast.harbour.at(2026, 11, 26, 10), CLEO_CONTACT)
    await book(cast.harbour, cast.harbour.at(2026, 11, 26, 14))

    assert await owner.fetchval("SELECT count(*) FROM client_record WHERE email = $1", CLEO) == 0


async def test_practice_suspended_in_the_middle_of_a_booking_books_nothing(
    cast: Cast, owner: asyncpg.Connection
) -> None:
    key = await keep(cast.harbour, cast.harbour.at(2026, 11, 26, 10))
    await owner.execute("UPDATE practice SET suspended_at = $1 WHERE slug = 'harbour'", MONDAY)

    with pytest.raises(PracticeSuspended):
        async with practice_lens(cast.harbour.tenant):
            await book_held_slot(cast.harbour.tenant, key, ANA_CONTACT, "", MONDAY)

    assert await owner.fetchval("SELECT count(*) FROM appointment") == 0
    assert await owner.fetchval("SELECT count(*) FROM message") == 0
    await owner.execute("UPDATE practice SET suspended_at = NULL WHERE slug = 'harbour'")
    async with practice_lens(cast.harbour.tenant):
        assert (await book_held_slot(cast.harbour.tenant, key, ANA_CONTACT, "", MONDAY)).ref


async def test_hold_may_last_as_long_as_an_offer(cast: Cast, owner: asyncpg.Connection) -> None:
    await keep(cast.harbour, cast.harbour.at(2026, 11, 26, 10), timedelta(hours=2))

    assert await owner.fetchval("SELECT expires_at FROM hold") == MONDAY + timedelta(hours=2)


async def test_hours_at_a_place_in_another_zone_are_booked_as_they_are_there(
    cast: Cast, owner: asyncpg.Connection
) -> None:
    harbour = cast.harbour
    west = await harbour.place("West", zone="America/Vancouver")
    await harbour.hours("Nora Blake", range(5, 6), time(9), time(11), place="West")
    service = harbour.services["Follow-up"]["id"]
    await insert(owner, "service_place", tenant_id=harbour.tenant.id, service_id=service, place_id=west["id"])
    saturday = harbour.at(2026, 11, 28, 12)

    async with practice_lens(harbour.tenant):
        found = await open_times(
            harbour.tenant, choice(harbour, saturday).wanted, saturday.date(), saturday.date(), MONDAY
        )
    await book(harbour, saturday)

    starts = [slot.starts_at for slot in found.day(saturday.date())]
    assert (starts[0], starts[-1]) == (saturday, saturday + timedelta(minutes=90))
    assert await owner.fetchval("SELECT place_id FROM appointment") == west["id"]
