"""The net for whoever sees their own clients alone, and under what a desk's lens is told: without any filter."""

from typing import Any

import asyncpg
import pytest

from portal.database import Acting, Transaction, desk_lens, practice_lens
from tenants.booking.busy import load_busy
from tenants.clients.change import change_email
from tenants.retention.standing import find_standing
from tenants.scope import fetch
from tests.cast import ANA, BEN, MONDAY, NORA, THEO, Cast
from tests.factories import insert
from tests.portal.things import things_made

ROLES = (
    "portal_app",
    "portal_practice",
    "portal_professional",
    "portal_operator",
    "portal_worker",
    "portal_person",
)
_OF_CLIENTS = """
SELECT table_name FROM information_schema.columns WHERE table_schema = 'public' AND column_name = 'client_record_id'
"""
# What hangs from a record by way of another row, with which rows are somebody else's.
BEHIND = (
    "client_record",
    "message",
    "hold",
    "client_note_version",
    "document_content",
    "booking_override",
    "client_merge",
    "client_distinct",
    "erasure",
    "transfer",
    "transfer_chunk",
    "transfer_download",
    "audit_entry",
)
MALICE = [
    "'; RESET ROLE; --",
    "\\'; SET LOCAL ROLE portal_worker; --",
    "x'; SET LOCAL app.tenant = '2",
    "$$; RESET ROLE; $$",
    "a\0'; RESET ROLE",
    "E'\\x27",
    'quote " and ; semicolon',
    "line\nbreak\r\n'",
    "’ é 漢 \U0001f642",
]


@pytest.fixture
async def full(cast: Cast, owner: asyncpg.Connection) -> Cast:
    """A row in every table that could tell of a client, each of Nora's; and one appointment of Theo's, with Ben."""
    things = await things_made(cast, owner)
    harbour, mine = cast.harbour, {"tenant_id": cast.harbour.tenant.id}
    ana, nora = harbour.records[ANA], harbour.practitioners["Nora Blake"]["id"]
    kept = await owner.fetchval("SELECT id FROM appointment WHERE ref = $1", things.appointment)
    of_ana = mine | {"client_record_id": ana["id"]}
    changed = {"at": MONDAY, "how": "changed", "by_email": NORA, "field": "tags", "before": "", "after": ""}
    await insert(owner, "client_change", **of_ana, **changed)
    await insert(owner, "client_number", **of_ana, number="17")
    await insert(owner, "retention_choice", **of_ana, choice="keep", by_email=NORA, at=MONDAY)
    await insert(
        owner,
        "booking_override",
        **mine,
        appointment_id=kept,
        at=MONDAY,
        by_email=NORA,
        what="outside_hours",
        reason="",
    )
    pair = sorted([ana["id"], harbour.records[BEN]["id"]])
    await insert(owner, "client_distinct", **mine, one_id=pair[0], other_id=pair[1], at=MONDAY, by_email=NORA)
    await insert(owner, "erasure", **mine, record_ref=ana["ref"], at=MONDAY, appointments=1)
    export = await owner.fetchval("SELECT id FROM transfer WHERE kind = 'export'")
    await insert(owner, "transfer_download", **mine, transfer_id=export, at=MONDAY, by_email=NORA)
    wish = await insert(
        owner,
        "waiting_wish",
        **of_ana,
        ref="awish",
        service_id=harbour.services["Follow-up"]["id"],
        weekdays=[0],
        from_minute=540,
        until_minute=1020,
        first_day=MONDAY.date(),
        last_day=MONDAY.date(),
        created_at=MONDAY,
    )
    offer = await insert(
        owner,
        "waiting_offer",
        **of_ana,
        ref="anoffer",
        key="a-key",
        wish_id=wish["id"],
        practitioner_id=nora,
        place_id=harbour.places["Harbour House"]["id"],
        starts_at=harbour.at(2026, 11, 30, 10),
        offered_at=MONDAY,
        expires_at=harbour.at(2026, 11, 23, 10),
    )
    told = {"kind": "offered", "channel": "email", "offer_id": offer["id"], "sequence": 0}
    await insert(owner, "message", **mine, **told, created_at=MONDAY, next_attempt_at=MONDAY)
    entry = {"at": MONDAY, "by_email": NORA, "ip": "", "browser": "", "what": "client_record", "did": "changed"}
    await insert(owner, "audit_entry", **mine, **entry, subject_id=ana["id"], record_id=ana["id"])
    await harbour.appointment(BEN, "Follow-up", "Theo Roy", harbour.at(2026, 11, 26, 14))
    return cast


def own_lens(cast: Cast, who: str = "Theo Roy", **more: Any) -> Transaction:
    said: dict[str, Any] = {"by": THEO, "ip": "", "browser": "", "at": MONDAY} | more
    return desk_lens(cast.harbour.tenant, Acting(**said, own_practitioner=cast.harbour.practitioners[who]["id"]))


async def of_clients(owner: asyncpg.Connection) -> list[str]:
    return sorted(row["table_name"] for row in await owner.fetch(_OF_CLIENTS))


async def test_every_table_that_names_a_client_is_narrowed(database: None, owner: asyncpg.Connection) -> None:
    narrowed = await owner.fetch(
        """SELECT DISTINCT tablename FROM pg_policies
           WHERE permissive = 'RESTRICTIVE' AND 'portal_professional' = ANY (roles) AND cmd = 'ALL'"""
    )

    assert {row["tablename"] for row in narrowed} == {*await of_clients(owner), *BEHIND}


async def test_what_is_of_somebody_else_s_client_is_seen_in_no_table(full: Cast, owner: asyncpg.Connection) -> None:
    """Every table has something, and of it Theo sees what is Ben's: his record and his appointment."""
    tables = [*await of_clients(owner), *BEHIND]
    there = {table: await owner.fetchval(f"SELECT count(*) FROM {table} WHERE tenant_id = 1") for table in tables}
    seen, refs = {}, set()
    async with own_lens(full):
        for table in tables:
            seen[table] = len(await fetch("SELECT * FROM " + table))
        refs = {row["ref"] for row in await fetch("SELECT ref FROM client_record")}

    assert {table for table, count in there.items() if not count} == set()
    assert {table: count for table, count in seen.items() if count} == {"appointment": 1, "client_record": 1}
    assert refs == {full.harbour.records[BEN]["ref"]}


async def test_the_same_is_all_there_for_whose_client_it_is(full: Cast, owner: asyncpg.Connection) -> None:
    """But for the files of transfers, the audit log, and a pair of which one is not hers."""
    tables = [*await of_clients(owner), *BEHIND]
    async with own_lens(full, "Nora Blake"):
        empty = {table for table in tables if not await fetch("SELECT * FROM " + table)}

    assert empty == {"client_distinct", "transfer", "transfer_chunk", "transfer_download", "audit_entry"}


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE appointment SET note = 'x'",
        "UPDATE client_record SET first_name = 'x'",
        "UPDATE client_note SET pinned_at = now()",
        "DELETE FROM client_reply",
        "DELETE FROM client_document",
        "DELETE FROM hold",
    ],
)
async def test_nothing_of_somebody_else_s_is_changed(full: Cast, owner: asyncpg.Connection, statement: str) -> None:
    async with own_lens(full):
        changed = await fetch(statement + " RETURNING id")

    mine = {
        table: [row["id"] for row in await owner.fetch(f"SELECT id FROM {table} WHERE {where}", value)]
        for table, where, value in (
            ("appointment", "practitioner_id = $1", full.harbour.practitioners["Theo Roy"]["id"]),
            ("client_record", "email = $1", BEN),
        )
    }
    assert [row["id"] for row in changed] == mine.get(statement.split()[1], [])


async def test_other_column_of_an_own_client_is_read_and_never_changed(full: Cast, owner: asyncpg.Connection) -> None:
    harbour = full.harbour
    with_nora = await harbour.appointment(BEN, "Follow-up", "Nora Blake", harbour.at(2026, 11, 25, 14))
    async with own_lens(full):
        read = await fetch("SELECT id FROM appointment WHERE id = $1", with_nora["id"])
        locked = await fetch("SELECT id FROM appointment WHERE id = $1 FOR NO KEY UPDATE", with_nora["id"])
        changed = await fetch("UPDATE appointment SET note = 'x' WHERE id = $1 RETURNING id", with_nora["id"])
    assert (len(read), len(locked), len(changed)) == (1, 0, 0)

    nora = harbour.practitioners["Nora Blake"]["id"]
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        async with own_lens(full):
            await fetch("UPDATE appointment SET practitioner_id = $1", nora)


async def test_row_for_somebody_else_s_client_is_not_written(full: Cast) -> None:
    ana, tenant = full.harbour.records[ANA]["id"], full.harbour.tenant.id
    for statement in (
        "INSERT INTO client_note (tenant_id, ref, client_record_id, created_at) VALUES ($1, 'x', $2, now())",
        "INSERT INTO client_number (tenant_id, client_record_id, number) VALUES ($1, $2, '18')",
    ):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            async with own_lens(full):
                await fetch(statement, tenant, ana)


async def test_whoever_made_a_record_sees_the_one_that_it_was_merged_into(
    full: Cast, owner: asyncpg.Connection
) -> None:
    """By way of a third one, too."""
    mine = {"tenant_id": full.harbour.tenant.id, "created_at": MONDAY, "merged_at": MONDAY}
    between = await insert(owner, "client_record", ref="between", merged_into=full.harbour.records[ANA]["id"], **mine)
    await insert(owner, "client_record", ref="first", merged_into=between["id"], created_by=THEO, **mine)

    async with own_lens(full):
        seen = {row["ref"] for row in await fetch("SELECT ref FROM client_record WHERE merged_into IS NULL")}

    assert seen == {full.harbour.records[ANA]["ref"], full.harbour.records[BEN]["ref"]}


async def test_whoever_is_no_practitioner_sees_whom_they_made_alone(full: Cast, owner: asyncpg.Connection) -> None:
    await owner.execute("UPDATE client_record SET created_by = $2 WHERE email = $1", ANA, "paul@harbour.example")
    acting = Acting("paul@harbour.example", "", "", MONDAY, own_practitioner=0)

    async with desk_lens(full.harbour.tenant, acting):
        seen = [row["email"] for row in await fetch("SELECT email FROM client_record WHERE merged_at IS NULL")]

    assert seen == [ANA]


async def test_what_is_taken_is_told_whosever_it_is_and_the_role_stays(full: Cast, owner: asyncpg.Connection) -> None:
    """Busy is busy; the statement after it is narrowed again."""
    everybody = [row["id"] for row in full.harbour.practitioners.values()]
    told: dict[str, Any] = {}
    for name, lens in (("own", own_lens(full)), ("all", practice_lens(full.harbour.tenant))):
        async with lens:
            await fetch("SELECT 1")  # begins it, so that the question is not alone
            busy = await load_busy(full.harbour.tenant, everybody, (0, 2**32), MONDAY)
            role = (await fetch("SELECT current_setting('role') AS role, current_user::text AS who"))[0]
            told[name] = (sum(len(starts) for starts in busy.starts.values()), *role)
            told[f"{name} seen"] = len(await fetch("SELECT id FROM appointment"))

    there = told["all seen"]
    assert told == {
        "own": (there, "portal_professional", "portal_professional"),
        "own seen": 1,
        "all": (there, "portal_practice", "portal_practice"),
        "all seen": await owner.fetchval("SELECT count(*) FROM appointment WHERE tenant_id = 1"),
    }


async def test_question_alone_in_a_narrowed_lens_leaves_no_role_behind(full: Cast, owner: asyncpg.Connection) -> None:
    everybody = [row["id"] for row in full.harbour.practitioners.values()]
    async with own_lens(full):
        busy = await load_busy(full.harbour.tenant, everybody, (0, 2**32), MONDAY)
        after = len(await fetch("SELECT id FROM appointment"))

    there = await owner.fetchval("SELECT count(*) FROM appointment WHERE tenant_id = 1")
    assert (sum(len(starts) for starts in busy.starts.values()), after) == (there, 1)
    for _ in range(20):  # whichever connection comes next
        async with Transaction("BEGIN"):
            assert (await fetch("SELECT current_user::text AS who"))[0]["who"] == "portal_app"


async def test_child_s_address_follows_its_adult_s_whoever_changes_it(full: Cast, owner: asyncpg.Connection) -> None:
    """Ben's daughter comes to Nora alone: Theo does not see her, and what is sent about her goes where Ben is now."""
    ben, mine = full.harbour.records[BEN], {"tenant_id": full.harbour.tenant.id, "created_at": MONDAY}
    await insert(owner, "client_record", ref="mia", first_name="Mia", guardian_id=ben["id"], **mine)

    async with own_lens(full):
        await change_email(full.harbour.tenant, ben["ref"], "ben@example.net", THEO, MONDAY)
        seen = await fetch("SELECT id FROM client_record WHERE ref = 'mia'")

    assert seen == []
    assert await owner.fetchval("SELECT reach_email FROM client_record WHERE ref = 'mia'") == "ben@example.net"


async def test_how_long_a_record_is_kept_counts_visits_that_one_does_not_see(
    full: Cast, owner: asyncpg.Connection
) -> None:
    """The daughter's last visit holds her father's record."""
    harbour, ben = full.harbour, full.harbour.records[BEN]
    mine = {"tenant_id": harbour.tenant.id, "created_at": MONDAY}
    mia = await insert(owner, "client_record", ref="mia", first_name="Mia", guardian_id=ben["id"], **mine)
    harbour.records["mia"] = mia
    await harbour.appointment("mia", "Follow-up", "Nora Blake", harbour.at(2027, 5, 3, 10))
    await owner.execute("DELETE FROM retention_rule")
    await insert(owner, "retention_rule", tenant_id=harbour.tenant.id, keep_months=12)

    told = []
    for lens in (own_lens(full), practice_lens(harbour.tenant)):
        async with lens:
            told.append((await find_standing(harbour.tenant, ben["id"], MONDAY)).kept_until)
            role = (await fetch("SELECT current_user::text AS who"))[0]["who"]
            assert role in {"portal_professional", "portal_practice"}

    assert told[0] == told[1] == harbour.at(2028, 5, 4)


@pytest.mark.parametrize("said", MALICE)
@pytest.mark.parametrize("own", [True, False])
async def test_what_a_browser_says_of_itself_is_text_and_nothing_else(full: Cast, said: str, own: bool) -> None:
    practitioner = full.harbour.practitioners["Theo Roy"]["id"] if own else None
    acting = Acting(by=said, ip=said, browser=said, at=MONDAY, own_practitioner=practitioner)

    async with desk_lens(full.harbour.tenant, acting):
        row = (
            await fetch(
                """SELECT current_user::text AS who, current_setting('app.tenant') AS tenant,
                          current_setting('app.by') AS by, current_setting('app.ip') AS ip,
                          current_setting('app.browser') AS browser, current_by() AS acting"""
            )
        )[0]

    plain = said.replace("\0", "")
    role = "portal_professional" if own else "portal_practice"
    assert tuple(row) == (role, str(full.harbour.tenant.id), plain, plain, plain, plain)


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_entry SET by_email = 'nobody'",
        "DELETE FROM audit_entry",
        "TRUNCATE audit_entry",
        """INSERT INTO audit_entry (tenant_id, at, by_email, ip, browser, what, did, subject_id)
           VALUES (1, now(), 'x', '', '', 'service', 'added', 1)""",
        "ALTER TABLE audit_entry DISABLE TRIGGER ALL",
        "DROP TABLE audit_entry",
    ],
)
async def test_audit_log_is_rewritten_by_no_role(
    full: Cast, owner: asyncpg.Connection, role: str, statement: str
) -> None:
    opening = "BEGIN" if role == "portal_app" else f"BEGIN; SET LOCAL ROLE {role}; SET LOCAL app.tenant = '1'"
    before = await owner.fetch("SELECT * FROM audit_entry")

    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        async with Transaction(opening):
            await fetch(statement)

    assert await owner.fetch("SELECT * FROM audit_entry") == before


async def test_no_role_switches_off_what_tells_the_audit_log(full: Cast, owner: asyncpg.Connection) -> None:
    for role in ROLES:
        opening = "BEGIN" if role == "portal_app" else f"BEGIN; SET LOCAL ROLE {role}; SET LOCAL app.tenant = '1'"
        for statement in (
            "SET LOCAL session_replication_role = replica",
            "ALTER TABLE service DISABLE TRIGGER service_audited",
            "DROP TRIGGER service_audited ON service",
        ):
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                async with Transaction(opening):
                    await fetch(statement)


async def test_change_in_a_narrowed_lens_is_told_in_the_audit_log(full: Cast, owner: asyncpg.Connection) -> None:
    """Which whoever made it does not read."""
    async with own_lens(full, browser="Ink'); DELETE FROM audit_entry; --"):
        await fetch("UPDATE client_record SET first_name = 'Benjamin' WHERE email = $1", BEN)
        assert await fetch("SELECT * FROM audit_entry") == []

    told = await owner.fetch("SELECT by_email, browser, what, did, fields FROM audit_entry ORDER BY id DESC LIMIT 1")
    expected = (THEO, "Ink'); DELETE FROM audit_entry; --", "client_record", "changed", ["filed_as", "first_name"])
    assert tuple(told[0])[:4] == expected[:4]
    assert "first_name" in told[0]["fields"]


async def test_handing_over_shows_all_of_it(full: Cast, owner: asyncpg.Connection) -> None:
    """One appointment with Theo, and the whole record is his to read."""
    harbour = full.harbour
    await harbour.appointment(ANA, "Follow-up", "Theo Roy", harbour.at(2026, 11, 27, 14))

    async with own_lens(full):
        seen = {table: len(await fetch("SELECT * FROM " + table)) for table in ("client_note", "client_document")}

    assert seen == {"client_note": 1, "client_document": 1}
