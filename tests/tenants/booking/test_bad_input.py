"""What a door would have stopped, or a page did not know yet: refused by name or by the database, nothing half done."""

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Any

import asyncpg
import pytest

from portal.database import practice_lens
from portal.web.practice import Signs
from tenants.arranging.appoint import book_by_staff
from tenants.booking.book import book_held_slot
from tenants.booking.cancel import cancel_by_client
from tenants.booking.hold import Typed, hold_slot, keep_typed
from tenants.booking.move import move_by_client
from tenants.booking.open_times import Wanted
from tenants.booking.slot import Choice
from tenants.clients.record import Contact
from tenants.refusals import BookedTooEarly, NotFound, ServiceNotGiven, TimeIsPast, TimeNotOffered
from tests.cast import ANA, BEN, MONDAY, Cast
from tests.factories import PracticeMade

ANA_CONTACT = Contact(ANA, "Ana", "Silva")
LONG = "x" * 5_000


def wanted(practice: PracticeMade, service: str = "Follow-up", who: str = "Nora Blake") -> Wanted:
    return Wanted(practice.services[service]["ref"], practice.practitioners[who]["ref"])


async def hold(practice: PracticeMade, starts_at: datetime) -> str:
    async with practice_lens(practice.tenant):
        return await hold_slot(practice.tenant, Choice(wanted(practice), starts_at), MONDAY)


async def everything(owner: asyncpg.Connection) -> dict[str, list[Any]]:
    tables = ("hold", "client_record", "appointment", "message", "practice", "service")
    return {table: await owner.fetch(f"SELECT * FROM {table} ORDER BY id") for table in tables}


@pytest.mark.parametrize(
    "contact",
    [
        Contact(f"{LONG}@example.org", "Ana", "Silva"),
        Contact("ana+1@example.org", LONG, "Silva"),
        Contact("ana+1@example.org", "Ana", LONG),
        Contact("ana+1@example.org", "Ana", "Silva", phone=LONG),
        Contact("ana+1@example.org", "Ana\0", "Silva"),
    ],
    ids=["address", "first name", "last name", "phone", "NUL"],
)
async def test_contact_that_the_database_refuses_changes_nothing(
    cast: Cast, owner: asyncpg.Connection, contact: Contact
) -> None:
    key = await hold(cast.harbour, cast.harbour.at(2026, 11, 24, 10))
    before = await everything(owner)

    with pytest.raises((asyncpg.CheckViolationError, asyncpg.CharacterNotInRepertoireError)):
        async with practice_lens(cast.harbour.tenant):
            await book_held_slot(cast.harbour.tenant, key, contact, "", MONDAY)

    assert await everything(owner) == before


@pytest.mark.parametrize("text", [LONG, "a\0b"], ids=["long", "NUL"])
async def test_text_that_the_database_refuses_changes_nothing(cast: Cast, owner: asyncpg.Connection, text: str) -> None:
    tenant, ten = cast.harbour.tenant, cast.harbour.at(2026, 11, 25, 10)
    key = await hold(cast.harbour, ten)
    kept = await cast.harbour.appointment(BEN, "Follow-up", "Nora Blake", ten + timedelta(hours=2))
    before = await everything(owner)
    refused = (asyncpg.CheckViolationError, asyncpg.CharacterNotInRepertoireError)

    with pytest.raises(refused):
        async with practice_lens(tenant):
            await book_held_slot(tenant, key, ANA_CONTACT, text, MONDAY)
    with pytest.raises(refused):
        async with practice_lens(tenant):
            await keep_typed(tenant, key, Typed("", text, "", "", ""), MONDAY)
    with pytest.raises(refused):
        async with practice_lens(tenant):
            await cancel_by_client(tenant, kept["ref"], text, MONDAY)

    assert await everything(owner) == before


async def test_words_of_every_script_come_back_as_they_were_typed(cast: Cast, owner: asyncpg.Connection) -> None:
    names = ["🌊 Ana", "\u202eanA", "آنا", "Ana'; DROP TABLE hold; --"]

    for number, name in enumerate(names):
        key = await hold(cast.harbour, cast.harbour.at(2026, 11, 24, 9 + number))
        async with practice_lens(cast.harbour.tenant):
            contact = Contact(f"ana+{number}@example.org", name, name)
            await book_held_slot(cast.harbour.tenant, key, contact, name, MONDAY)

    rows = await owner.fetch(
        """SELECT first_name, last_name, note FROM appointment JOIN client_record ON client_record.id = client_record_id
           ORDER BY starts_at"""
    )
    assert [tuple(row) for row in rows] == [(name, name, name) for name in names]


@pytest.mark.parametrize("text", ["", "nothing", LONG, "' OR true --", "🌊"])
async def test_unknown_names_are_not_found(cast: Cast, text: str) -> None:
    tenant, ten = cast.harbour.tenant, cast.harbour.at(2026, 11, 25, 10)
    service = cast.harbour.services["Follow-up"]["ref"]
    asked: list[Callable[[], Awaitable[object]]] = [
        lambda: hold_slot(tenant, Choice(Wanted(text), ten), MONDAY),
        lambda: hold_slot(tenant, Choice(Wanted(service, text), ten), MONDAY),
        lambda: hold_slot(tenant, Choice(Wanted(service, None, text), ten), MONDAY),
        lambda: book_held_slot(tenant, text, ANA_CONTACT, "", MONDAY),
        lambda: move_by_client(tenant, text, ten, MONDAY),
        lambda: cancel_by_client(tenant, text, "", MONDAY),
    ]

    for ask in asked:
        with pytest.raises(NotFound):
            async with practice_lens(tenant):
                await ask()


@pytest.mark.parametrize(
    ("when", "refusal"), [((2000, 1, 1), TimeIsPast), ((2026, 11, 23, 8), TimeIsPast), ((2199, 12, 31), BookedTooEarly)]
)
async def test_times_as_far_as_a_door_lets_them_in(cast: Cast, when: tuple[int, ...], refusal: type[Exception]) -> None:
    tenant, starts_at = cast.harbour.tenant, cast.harbour.at(*when)

    with pytest.raises(refusal):
        await hold(cast.harbour, starts_at)
    with pytest.raises(TimeNotOffered):
        async with practice_lens(tenant):
            await book_by_staff(tenant, "form", Choice(wanted(cast.harbour), starts_at), ANA_CONTACT, MONDAY)


async def test_length_that_crosses_closing_is_never_offered(cast: Cast) -> None:
    half_past_four = cast.harbour.at(2026, 11, 24, 16, 30)
    tenant, visit = cast.harbour.tenant, wanted(cast.harbour, "First visit")

    for ask in (
        lambda: hold_slot(tenant, Choice(visit, half_past_four), MONDAY),
        lambda: book_by_staff(tenant, "form", Choice(visit, half_past_four), ANA_CONTACT, MONDAY),
    ):
        with pytest.raises(TimeNotOffered):
            async with practice_lens(tenant):
                await ask()

    assert await hold(cast.harbour, half_past_four)


async def test_moving_across_closing_is_not_offered(cast: Cast) -> None:
    kept = await cast.harbour.appointment(ANA, "First visit", "Nora Blake", cast.harbour.at(2026, 11, 26, 9))

    with pytest.raises(TimeNotOffered):
        async with practice_lens(cast.harbour.tenant):
            await move_by_client(cast.harbour.tenant, kept["ref"], cast.harbour.at(2026, 11, 26, 16, 15), MONDAY)


async def test_what_belongs_to_a_neighbour_is_not_found(cast: Cast, owner: asyncpg.Connection) -> None:
    tenant, ten = cast.harbour.tenant, cast.harbour.at(2026, 11, 25, 10)
    service, lea = cast.harbour.services["Follow-up"]["ref"], cast.meadow.practitioners["Lea Martin"]["ref"]
    theirs = await cast.meadow.appointment(
        "ana.silva@example.com", "Massage", "Lea Martin", cast.meadow.at(2026, 11, 26, 10)
    )
    async with practice_lens(cast.meadow.tenant):
        massage = Choice(Wanted(cast.meadow.services["Massage"]["ref"]), cast.meadow.at(2026, 11, 26, 14))
        key = await hold_slot(cast.meadow.tenant, massage, MONDAY)
    before = await everything(owner)

    for ask in (
        lambda: hold_slot(tenant, Choice(Wanted(service, lea), ten), MONDAY),
        lambda: book_held_slot(tenant, key, ANA_CONTACT, "", MONDAY),
        lambda: move_by_client(tenant, theirs["ref"], ten, MONDAY),
        lambda: cancel_by_client(tenant, theirs["ref"], "", MONDAY),
    ):
        with pytest.raises(NotFound):
            async with practice_lens(tenant):
                await ask()

    assert await everything(owner) == before


async def test_practitioner_who_does_not_give_the_service(cast: Cast) -> None:
    await cast.harbour.service("Dry needling", 30, by=["Nora Blake"])
    choice = Choice(wanted(cast.harbour, "Dry needling", "Theo Roy"), cast.harbour.at(2026, 11, 25, 10))

    with pytest.raises(ServiceNotGiven):
        async with practice_lens(cast.harbour.tenant):
            await hold_slot(cast.harbour.tenant, choice, MONDAY)


@pytest.mark.parametrize("zone", ["Europe/Atlantis", "", "../etc/passwd", LONG])
async def test_zone_that_does_not_exist_never_gets_into_a_practice(
    cast: Cast, owner: asyncpg.Connection, zone: str
) -> None:
    with pytest.raises(asyncpg.InvalidParameterValueError):
        await owner.execute("UPDATE practice SET zone = $1 WHERE slug = 'meadow'", zone)

    assert await Signs().find("meadow") == cast.meadow.tenant
    assert await hold(cast.harbour, cast.harbour.at(2026, 11, 24, 10))
