"""The net under the filter: what each lens shows when a query forgets its condition."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import asyncpg
import pytest

from portal.database import Transaction, people_transaction, person_lens, practice_lens, worker_lens
from tenants.across import merged_appointments, own_appointment, own_messages, own_wishes
from tenants.appointments.tables import Appointment
from tenants.booking.book import book_held_slot
from tenants.booking.busy import load_busy
from tenants.booking.hold import hold_slot
from tenants.booking.open_times import Wanted
from tenants.booking.slot import Choice
from tenants.clients.record import Contact
from tenants.clients.tables import ClientRecord
from tenants.notifications.tables import Message
from tenants.practices.tables import Practice
from tenants.refusals import NotFound
from tenants.scope import fetch
from tests.cast import ANA, ANA_AT_MEADOW, BEN, LEA, NORA, THEO, Cast
from tests.messages_made import message_made

OF_TENANTS = """
SELECT relname, relrowsecurity FROM pg_class JOIN pg_namespace ON pg_namespace.oid = relnamespace
WHERE nspname = 'public' AND relkind = 'r'
"""
PORTALS_OWN = {
    "person",
    "photo",
    "person_event",
    "address",
    "address_undo",
    "known_device",
    "not_me_link",
    "code",
    "connection",
    "account_message",
    "rate_count",
    "outbox_mail",
    "outbox_text",
    "sms_stop",
    "mail_bounce",
    "incoming_text",
    "channel_trouble",
    "reminder_look",
    "migration",
}


@pytest.fixture
async def booked(cast: Cast) -> Cast:
    await cast.harbour.appointment(ANA, "Follow-up", "Nora Blake", cast.harbour.at(2026, 11, 25, 10))
    await cast.harbour.appointment(BEN, "Follow-up", "Nora Blake", cast.harbour.at(2026, 11, 25, 11))
    await cast.meadow.appointment(ANA_AT_MEADOW, "Massage", "Lea Martin", cast.meadow.at(2026, 11, 26, 10))
    return cast


async def test_every_table_of_a_practice_has_row_level_security(database: None, owner: asyncpg.Connection) -> None:
    tables = {row["relname"]: row["relrowsecurity"] for row in await owner.fetch(OF_TENANTS)}

    secured = {name for name, secured in tables.items() if secured}

    assert secured == set(tables) - PORTALS_OWN


async def test_every_table_of_a_practice_carries_the_tenant(database: None, owner: asyncpg.Connection) -> None:
    tables = {row["relname"] for row in await owner.fetch(OF_TENANTS)} - PORTALS_OWN
    carrying = await owner.fetch(
        "SELECT table_name FROM information_schema.columns WHERE table_schema = 'public' AND column_name = 'tenant_id'"
    )

    assert {row["table_name"] for row in carrying} == tables - {"practice"}


async def test_practice_lens_shows_no_neighbour_without_the_filter(booked: Cast) -> None:
    seen = {}
    for practice in (booked.harbour, booked.meadow):
        async with practice_lens(practice.tenant):
            seen[practice.tenant.slug] = (
                {row["tenant_id"] for row in await Appointment.select()},
                {row["email"] for row in await ClientRecord.select()},
                {row["slug"] for row in await Practice.select()},
            )

    assert seen == {
        "harbour": ({booked.harbour.tenant.id}, {ANA, BEN}, {"harbour"}),
        "meadow": ({booked.meadow.tenant.id}, {ANA_AT_MEADOW}, {"meadow"}),
    }


async def test_question_alone_in_its_lens_is_answered_for_this_practice_only(booked: Cast) -> None:
    """`taken_times` opens the lens itself: asked for a neighbour's practitioner it knows of nothing."""
    everybody = [
        row["id"]
        for practice in (booked.harbour, booked.meadow)
        for row in await practice.owner.fetch("SELECT id FROM practitioner")
    ]
    seen = {}
    for practice in (booked.harbour, booked.meadow):
        async with practice_lens(practice.tenant):
            busy = await load_busy(practice.tenant, everybody, (0, 2**32), datetime(2026, 11, 1, tzinfo=UTC))
        seen[practice.tenant.slug] = sum(len(starts) for starts in busy.starts.values())

    assert seen == {"harbour": 2, "meadow": 1}


async def test_question_alone_in_its_lens_leaves_no_lens_behind(booked: Cast) -> None:
    async with practice_lens(booked.harbour.tenant):
        await load_busy(booked.harbour.tenant, [], (0, 1), datetime(2026, 11, 1, tzinfo=UTC))

    for _ in range(20):  # whichever connection comes next
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            async with people_transaction():
                await fetch("SELECT * FROM appointment")


async def test_own_appointments_are_answered_for_this_person_only(booked: Cast) -> None:
    """`own_list` and `own_appointment` open the lens themselves."""
    since = datetime(2026, 11, 1, tzinfo=UTC)
    seen, refs = {}, []
    for person in (booked.ana, booked.ben, booked.cleo):
        async with person_lens(person["id"]):
            listed = (await merged_appointments(person["id"], since)).upcoming
        seen[person["first_name"]] = len(listed)
        refs += [row["ref"] for row in listed]
    found = {}
    for person in (booked.ana, booked.ben, booked.cleo):
        async with person_lens(person["id"]):
            found[person["first_name"]] = [ref for ref in refs if await own_appointment(person["id"], ref)]

    assert seen == {"Ana": 2, "Ben": 1, "Cleo": 0}
    assert found == {"Ana": refs[:2], "Ben": refs[2:], "Cleo": []}
    for _ in range(20):  # whichever connection comes next
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            async with people_transaction():
                await fetch("SELECT * FROM appointment")


async def test_hold_is_found_through_no_other_lens(cast: Cast) -> None:
    meadow, now = cast.meadow.tenant, cast.meadow.at(2026, 11, 23, 9)
    wanted = Wanted(cast.meadow.services["Massage"]["ref"])
    async with practice_lens(meadow):
        key = await hold_slot(meadow, Choice(wanted, cast.meadow.at(2026, 11, 26, 10)), now)

    with pytest.raises(NotFound):
        async with practice_lens(cast.harbour.tenant):
            await book_held_slot(meadow, key, Contact(ANA, "Ana", "Silva"), "", now)


async def test_practice_lens_writes_no_row_of_a_neighbour(booked: Cast) -> None:
    for practice, neighbour in ((booked.harbour, booked.meadow), (booked.meadow, booked.harbour)):
        stolen = ClientRecord(tenant_id=neighbour.tenant.id, email="x@example.org", created_at=datetime.now(UTC))
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            async with practice_lens(practice.tenant):
                await ClientRecord.insert(stolen)


async def test_practice_lens_cannot_move_its_row_to_a_neighbour(booked: Cast) -> None:
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        async with practice_lens(booked.harbour.tenant):
            await ClientRecord.update({ClientRecord.tenant_id: booked.meadow.tenant.id}, force=True)


async def test_row_cannot_point_into_a_neighbour(booked: Cast, owner: asyncpg.Connection) -> None:
    """Not even its owner could, past row-level security: the keys carry the tenant."""
    with pytest.raises(asyncpg.ForeignKeyViolationError):
        await owner.execute(
            """UPDATE appointment SET client_record_id = (SELECT id FROM client_record WHERE email = $1)
               WHERE tenant_id = $2""",
            ANA_AT_MEADOW,
            booked.harbour.tenant.id,
        )


async def test_person_lens_shows_only_what_hangs_from_proved_addresses(booked: Cast) -> None:
    seen = {}
    for person in (booked.ana, booked.ben, booked.cleo):
        async with person_lens(person["id"]):
            seen[person["first_name"]] = (
                len(await Appointment.select()),
                {row["email"] for row in await ClientRecord.select()},
            )

    assert seen == {"Ana": (2, {ANA, ANA_AT_MEADOW}), "Ben": (1, {BEN}), "Cleo": (0, set())}


async def test_person_lens_shows_what_was_written_to_this_person_alone(booked: Cast, owner: asyncpg.Connection) -> None:
    """Neither to others, nor to staff about their own appointments."""
    now = datetime(2026, 11, 23, 13, tzinfo=UTC)
    for appointment in await owner.fetch("SELECT * FROM appointment"):
        await message_made(owner, dict(appointment))
        member = await owner.fetchval("SELECT id FROM membership WHERE tenant_id = $1", appointment["tenant_id"])
        await message_made(owner, dict(appointment), audience="practitioner", membership_id=member)
    seen = {}
    for person in (booked.ana, booked.ben, booked.cleo, booked.nora):
        async with person_lens(person["id"]):
            told = await own_messages(now, [], before="", most=9)
            seen[person["first_name"]] = (
                sorted(message["practice_slug"] for message in told),
                sorted(wishes.email or "" for wishes in await own_wishes()),
                len(await Message.select()),
            )

    assert seen == {
        "Ana": (["harbour", "meadow"], sorted([ANA, ANA_AT_MEADOW]), 2),
        "Ben": (["harbour"], [BEN], 1),
        "Cleo": ([], [], 0),
        "Nora": ([], [], 0),
    }


async def test_removed_address_closes_the_view_at_once(booked: Cast, owner: asyncpg.Connection) -> None:
    await owner.execute("DELETE FROM address WHERE email = $1", ANA_AT_MEADOW)

    async with person_lens(booked.ana["id"]):
        rows = await Appointment.select()

    assert {row["tenant_id"] for row in rows} == {booked.harbour.tenant.id}


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE appointment SET note = 'x'",
        "DELETE FROM client_record",
        "INSERT INTO client_record (tenant_id, ref, created_at) VALUES (1, 'x', now())",
    ],
)
async def test_person_lens_only_reads(booked: Cast, statement: str) -> None:
    with pytest.raises((asyncpg.InsufficientPrivilegeError, asyncpg.ReadOnlySQLTransactionError)):
        async with person_lens(booked.ana["id"]):
            await fetch(statement)


@pytest.mark.parametrize("table", ["closure", "removed_closure", "membership", "hold", "opening_hours"])
async def test_person_lens_cannot_read_what_is_the_practices_own(booked: Cast, table: str) -> None:
    if table == "membership":
        async with person_lens(booked.ana["id"]):
            assert await fetch("SELECT * FROM membership") == []
        return
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        async with person_lens(booked.ana["id"]):
            await fetch("SELECT * FROM " + table)


async def test_memberships_are_seen_by_their_own_address_only(booked: Cast) -> None:
    seen = {}
    for person in (booked.nora, booked.theo, booked.lea):
        async with person_lens(person["id"]):
            seen[person["first_name"]] = {row["email"] for row in await fetch("SELECT email FROM membership")}

    assert seen == {"Nora": {NORA}, "Theo": {THEO}, "Lea": {LEA}}


@pytest.mark.parametrize("table", ["appointment", "client_record", "place", "hold", "message", "membership", "closure"])
async def test_without_a_lens_no_row_of_a_practice_can_be_read(booked: Cast, table: str) -> None:
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        async with people_transaction():
            await fetch("SELECT * FROM " + table)


@pytest.mark.parametrize("lens", ["practice", "person", "worker"])
@pytest.mark.parametrize("table", ["person", "address", "code", "connection", "account_message"])
async def test_no_lens_reads_the_portals_own_tables(booked: Cast, lens: str, table: str) -> None:
    lenses: dict[str, Callable[[], Any]] = {
        "practice": lambda: practice_lens(booked.harbour.tenant),
        "person": lambda: person_lens(booked.ana["id"]),
        "worker": worker_lens,
    }
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        async with lenses[lens]():
            await fetch("SELECT * FROM " + table)


async def test_roles_of_the_lenses_have_no_rights_beyond(database: None, owner: asyncpg.Connection) -> None:
    roles = await owner.fetch(
        """SELECT rolname, rolsuper, rolinherit, rolbypassrls, rolcreatedb, rolcreaterole, rolcanlogin
           FROM pg_roles WHERE rolname LIKE 'portal\\_%' ORDER BY rolname"""
    )

    assert [tuple(role) for role in roles] == [
        ("portal_app", False, False, False, False, False, True),
        ("portal_operator", False, False, False, False, False, False),
        ("portal_person", False, False, False, False, False, False),
        ("portal_practice", False, False, False, False, False, False),
        ("portal_professional", False, True, False, False, False, False),  # inherits the practice's rights
        ("portal_worker", False, False, False, False, False, False),
    ]


async def test_connection_comes_back_when_the_commit_fails(booked: Cast, owner: asyncpg.Connection) -> None:
    """A deferred constraint speaks up at COMMIT; the pool holds 20, so 40 failures would empty a leaking one."""
    await owner.execute("GRANT CREATE ON SCHEMA public TO portal_app")
    try:
        async with people_transaction():
            await fetch("CREATE TABLE late (id integer UNIQUE DEFERRABLE INITIALLY DEFERRED)")
        for _ in range(40):
            with pytest.raises(asyncpg.UniqueViolationError):
                async with people_transaction():
                    await fetch("INSERT INTO late VALUES (1), (1)")
    finally:
        await owner.execute("DROP TABLE IF EXISTS late; REVOKE CREATE ON SCHEMA public FROM portal_app")

    async with practice_lens(booked.harbour.tenant):
        assert len(await Appointment.select()) == 2


async def test_lens_ends_with_its_transaction(booked: Cast) -> None:
    """The next transaction on the same connection starts with nothing."""
    async with practice_lens(booked.harbour.tenant):
        pass

    async with Transaction("BEGIN"):
        row = (await fetch("SELECT current_user::text AS who, current_setting('app.tenant', true) AS tenant"))[0]
    assert (row["who"], row["tenant"] or "") == ("portal_app", "")


async def test_lenses_do_not_nest(booked: Cast) -> None:
    from piccolo.engine.exceptions import TransactionError  # noqa: PLC0415

    with pytest.raises(TransactionError):
        async with practice_lens(booked.harbour.tenant):
            practice_lens(booked.meadow.tenant)
