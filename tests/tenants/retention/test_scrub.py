"""What is left of an erased record, read off the database: nothing of the client, in no table."""

from datetime import timedelta
from typing import Any

import asyncpg
import pytest

from portal.database import person_lens, practice_lens
from tenants.clients.details import hold_details
from tenants.clients.record import Contact, find_or_make_record
from tenants.documents.tables import ClientDocument
from tenants.refusals import KeptUntil, NotFound, StillNeeded
from tenants.retention.erase import RECORD_ERASED, erase_record
from tenants.retention.scrub import LEFT_ALONE, SCRUBS
from tests.cast import ANA, ANA_AT_MEADOW, BEN, MONDAY, NORA, Cast
from tests.documents_made import document_made
from tests.factories import insert
from tests.messages_made import message_made

# Tables by the keys that lead to them, over as many steps as there are.
_HANGING = """
WITH RECURSIVE hanging AS (
    SELECT 'client_record'::regclass::oid AS named UNION SELECT 'appointment'::regclass::oid
    UNION
    SELECT conrelid FROM pg_constraint JOIN hanging ON confrelid = named WHERE contype = 'f'
)
SELECT named::regclass::text AS name FROM hanging
"""
SAYS_BEN = "Ben Okafor, ben@example.org, +14165550102"


async def test_every_table_that_hangs_from_a_client_is_scrubbed_or_left_alone_with_a_reason(
    database: None, owner: asyncpg.Connection
) -> None:
    """A table that is new here: say in `tenants/retention/scrub.py` what erasing a record does to it."""
    hanging = {row["name"] for row in await owner.fetch(_HANGING)}
    tables = {row["tablename"] for row in await owner.fetch("SELECT tablename FROM pg_tables")}

    assert hanging - SCRUBS.keys() - LEFT_ALONE.keys() == set()
    assert (SCRUBS.keys() | LEFT_ALONE.keys()) - tables == set()
    assert SCRUBS.keys() & LEFT_ALONE.keys() == set()


async def full_life(cast: Cast, owner: asyncpg.Connection) -> dict[str, Any]:
    """Everything that can be said of a client stands somewhere, and everywhere it says that it is Ben."""
    harbour = cast.harbour
    record = harbour.records[BEN]
    await owner.execute(
        """UPDATE client_record SET phone = $2, home_phone = $2, held = '{phone}', own_first_name = $2,
               own_last_name = $2, own_phone = $2, own_home_phone = $2, own_said_at = $3, sms_off_at = $3,
               sms_off_by = 'client', reminders_off_at = $3, birthday = '1980-01-02', language = 'fr', tags = '{knee}'
           WHERE id = $1""",
        record["id"],
        SAYS_BEN[:40],
        MONDAY,
    )
    visit = await harbour.appointment(
        BEN,
        "Follow-up",
        "Theo Roy",
        harbour.at(2026, 11, 20, 10),
        note=SAYS_BEN,
        booked_from=SAYS_BEN,
        cancel_reason=SAYS_BEN,
    )
    tenant, client = harbour.tenant.id, record["id"]
    told = {"sent_to": BEN, "said": SAYS_BEN, "failure": SAYS_BEN, "provider_id": "SM1"}
    await message_made(owner, visit, link="Ab3dEf9h", **told)
    await message_made(owner, visit, kind="moved", sent_at=None)
    member = await owner.fetchval("SELECT id FROM membership WHERE email = $1", NORA)
    staff = {"audience": "practitioner", "membership_id": member, "sent_to": NORA, "said": SAYS_BEN}
    await message_made(owner, visit, **staff)
    await insert(owner, "client_reply", tenant_id=tenant, client_record_id=client, at=MONDAY, body=SAYS_BEN)
    await insert(
        owner,
        "client_change",
        tenant_id=tenant,
        client_record_id=client,
        at=MONDAY,
        how="held",
        by_email=NORA,
        field="last_name",
        before=SAYS_BEN,
        after=SAYS_BEN,
    )
    await insert(
        owner,
        "booking_override",
        tenant_id=tenant,
        appointment_id=visit["id"],
        at=MONDAY,
        by_email=NORA,
        what="outside_hours",
        reason=SAYS_BEN,
    )
    values = {name: visit[name] for name in ("practitioner_id", "service_id", "place_id", "starts_at", "ends_at")}
    blocked = {"blocked_from": visit["starts_at"], "blocked_until": visit["ends_at"], "created_at": MONDAY}
    await insert(
        owner,
        "hold",
        tenant_id=tenant,
        key=visit["booking_key"],
        email=BEN,
        first_name="Ben",
        note=SAYS_BEN,
        expires_at=MONDAY,
        released_at=MONDAY,
        **values,
        **blocked,
    )
    await document_made(owner, record, name=f"{SAYS_BEN}.pdf", note=SAYS_BEN, content=SAYS_BEN.encode())
    return visit


async def everything_said(owner: asyncpg.Connection, tenant: int) -> str:
    """Every row of the practice, in every table, as text."""
    tables = await owner.fetch(
        "SELECT table_name FROM information_schema.columns WHERE column_name = 'tenant_id' AND table_schema = 'public'"
    )
    said = []
    for row in tables:
        every = f"SELECT json_agg(whole) FROM {row['table_name']} AS whole WHERE tenant_id = $1"
        said.append(str(await owner.fetchval(every, tenant)))
    return "\n".join(said)


async def erase(cast: Cast, email: str = BEN) -> None:
    async with practice_lens(cast.harbour.tenant):
        await erase_record(cast.harbour.tenant, cast.harbour.records[email]["ref"], MONDAY, by=NORA)


async def test_nothing_of_the_client_is_left_in_any_table(cast: Cast, owner: asyncpg.Connection) -> None:
    visit = await full_life(cast, owner)
    before = await everything_said(owner, cast.harbour.tenant.id)

    await erase(cast)

    after = await everything_said(owner, cast.harbour.tenant.id)
    signs = ("Okafor", BEN, "4165550102", "knee", "1980", "SM1", "Ab3dEf9h", SAYS_BEN.encode().hex())
    assert [sign for sign in signs if sign not in before] == []
    assert [sign for sign in signs if sign in after] == []
    assert "Silva" in after  # Ana's is as it was
    kept = await owner.fetchrow("SELECT starts_at, service_id, practitioner_id, ref FROM appointment")
    assert tuple(kept) == tuple(visit[name] for name in ("starts_at", "service_id", "practitioner_id", "ref"))


async def test_what_was_waiting_is_not_sent_and_what_staff_were_told_stays_theirs(
    cast: Cast, owner: asyncpg.Connection
) -> None:
    await full_life(cast, owner)

    await erase(cast)

    found = await owner.fetch("SELECT sent_to, skip_reason FROM message ORDER BY id")
    assert [tuple(row) for row in found] == [("", ""), ("", RECORD_ERASED), (NORA, "")]


async def test_person_s_portal_shows_nothing_of_it_any_more(cast: Cast, owner: asyncpg.Connection) -> None:
    await full_life(cast, owner)
    await owner.execute("UPDATE client_document SET shared_at = $1", MONDAY)
    seen = []
    for _ in range(2):
        async with person_lens(cast.ben["id"]):
            seen.append(len(await ClientDocument.select(ClientDocument.id)))
        if len(seen) == 1:
            await erase(cast)

    assert seen == [1, 0]


async def test_address_is_free_for_a_new_record(cast: Cast, owner: asyncpg.Connection) -> None:
    tenant = cast.harbour.tenant
    await erase(cast)

    async with practice_lens(tenant):
        made = await find_or_make_record(tenant, Contact(BEN, "Benjamin", "O"), MONDAY)

    assert made != cast.harbour.records[BEN]["id"]
    for way in (chosen, changed):
        with pytest.raises(NotFound):
            async with practice_lens(tenant):
                await way(cast)


async def chosen(cast: Cast) -> None:
    ref = cast.harbour.records[BEN]["ref"]
    await find_or_make_record(cast.harbour.tenant, Contact(None, "", "", ref=ref), MONDAY)


async def changed(cast: Cast) -> None:
    await hold_details(cast.harbour.tenant, cast.harbour.records[BEN]["ref"], {"first_name": "Ben"}, NORA, MONDAY)


async def test_database_itself_lets_nothing_back_in(cast: Cast, owner: asyncpg.Connection) -> None:
    await erase(cast)

    for value in ("first_name = 'Ben'", "phone = '1'", "tags = '{knee}'", "birthday = '1980-01-02'"):
        with pytest.raises(asyncpg.CheckViolationError):
            await owner.execute(f"UPDATE client_record SET {value} WHERE erased_at IS NOT NULL")


async def test_what_was_merged_into_it_goes_along(cast: Cast, owner: asyncpg.Connection) -> None:
    """And what was merged into that."""
    record, last = cast.harbour.records[BEN], cast.harbour.records[BEN]["id"]
    for name in ("Benny", "Benno"):
        other = await insert(
            owner,
            "client_record",
            tenant_id=record["tenant_id"],
            ref=name,
            first_name=name,
            created_at=MONDAY,
            merged_into=last,
            merged_at=MONDAY,
        )
        last = other["id"]

    await erase(cast)

    erased = await owner.fetch("SELECT first_name FROM client_record WHERE erased_at IS NOT NULL")
    assert [row["first_name"] for row in erased] == ["", "", ""]


async def test_child_stands_for_itself_once_its_adult_is_erased(cast: Cast, owner: asyncpg.Connection) -> None:
    """And holds its adult back as long as an appointment of its own is to come."""
    harbour = cast.harbour
    child = await insert(
        owner,
        "client_record",
        tenant_id=harbour.tenant.id,
        ref="achild",
        first_name="Mia",
        guardian_id=harbour.records[BEN]["id"],
        created_at=MONDAY,
    )
    harbour.records["mia"] = child
    booked = await harbour.appointment("mia", "Follow-up", "Theo Roy", harbour.at(2026, 11, 25, 10))
    with pytest.raises(StillNeeded):
        await erase(cast)
    await owner.execute(
        "UPDATE appointment SET cancelled_at = $2, cancelled_by = 'staff' WHERE id = $1", booked["id"], MONDAY
    )

    await erase(cast)

    row = await owner.fetchrow(
        "SELECT first_name, guardian_id, reach_email, erased_at FROM client_record WHERE ref = 'achild'"
    )
    assert tuple(row) == ("Mia", None, None, None)


async def test_rule_holds_a_record_to_the_day(cast: Cast, owner: asyncpg.Connection) -> None:
    """A visit on the last of November, three months: the last of February is the last day."""
    harbour = cast.harbour
    await insert(owner, "retention_rule", tenant_id=harbour.tenant.id, keep_months=3)
    await harbour.appointment(BEN, "Follow-up", "Theo Roy", harbour.at(2025, 11, 30, 23))
    first = harbour.at(2026, 3, 1, 0)

    with pytest.raises(KeptUntil) as refused:
        async with practice_lens(harbour.tenant):
            await erase_record(harbour.tenant, harbour.records[BEN]["ref"], first - timedelta(seconds=1), by=NORA)
    async with practice_lens(harbour.tenant):
        await erase_record(harbour.tenant, harbour.records[BEN]["ref"], first, by=NORA)

    assert (refused.value.until, await owner.fetchval("SELECT at FROM erasure")) == (first, first)


async def test_neighbour_s_record_is_not_erased(cast: Cast, owner: asyncpg.Connection) -> None:
    with pytest.raises(NotFound):
        async with practice_lens(cast.harbour.tenant):
            await erase_record(cast.harbour.tenant, cast.meadow.records[ANA_AT_MEADOW]["ref"], MONDAY, by=NORA)

    assert await owner.fetchval("SELECT count(*) FROM client_record WHERE email = ANY ($1)", [ANA, ANA_AT_MEADOW]) == 2
