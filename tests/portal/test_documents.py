"""What practices share with one: found by whom it is for, and by nobody else."""

from datetime import timedelta

import asyncpg
import pytest

from portal.client.documents import A_PAGE
from portal.database import people_transaction, person_lens, practice_lens, worker_lens
from tenants.documents.tables import ClientDocument, DocumentContent
from tenants.scope import fetch
from tests.browser import Browser, TestClock, make_app
from tests.cast import ANA, ANA_AT_MEADOW, BEN, LEA, MONDAY, NORA, Cast
from tests.documents_made import PDF, document_made
from tests.factories import insert

HERE = "/documents"
SHARED = {"shared_at": MONDAY, "shared_by": NORA}


@pytest.fixture
async def ana(browser: Browser, owner: asyncpg.Connection) -> Browser:
    await browser.sign_in(ANA, owner)
    return browser


async def test_documents_of_all_practices_are_one_list(ana: Browser, cast: Cast, owner: asyncpg.Connection) -> None:
    """The latest first; what is not shared or was removed stands nowhere, nor does what is another's."""
    ours, theirs = cast.harbour.records[ANA], cast.meadow.records[ANA_AT_MEADOW]
    day = timedelta(days=1)
    await document_made(owner, ours, name="first.pdf", note="Slowly.", **{**SHARED, "shared_at": MONDAY - day})
    await document_made(owner, theirs, name="second.pdf", **SHARED)
    await document_made(owner, ours, name="secret.pdf")
    await document_made(owner, ours, name="gone.pdf", removed_at=MONDAY, removed_by=NORA, **SHARED)
    await document_made(owner, cast.harbour.records[BEN], name="bens.pdf", **SHARED)

    await ana.get(HERE)

    found = [name for name in ("second.pdf", "first.pdf") if name in ana.text]
    assert ana.text.index("second.pdf") < ana.text.index("first.pdf")
    assert (found, "Slowly." in ana.text, NORA in ana.text) == (["second.pdf", "first.pdf"], True, False)
    assert [name for name in ("secret.pdf", "gone.pdf", "bens.pdf") if name in ana.text] == []
    assert [name in ana.text for name in ("Harbour Physiotherapy", "Meadow Massage")] == [True, True]


async def test_document_is_new_until_it_is_opened(ana: Browser, cast: Cast, owner: asyncpg.Connection) -> None:
    made = await document_made(owner, cast.harbour.records[ANA], **SHARED)
    await ana.get(HERE)
    before = "badge is-good" in ana.page.text

    answer = await ana.http.get(f"{HERE}/{made['ref']}")
    await ana.get(HERE)

    assert (before, answer.content, "badge is-good" in ana.page.text) == (True, PDF, False)
    assert answer.headers["content-disposition"].startswith('attachment; filename="exercises.pdf"')
    assert answer.headers["cache-control"] == "private, no-cache"
    assert await owner.fetchval("SELECT opened_at FROM client_document") == MONDAY


async def test_child_s_document_is_found_by_the_adult_by_its_name(
    ana: Browser, cast: Cast, owner: asyncpg.Connection
) -> None:
    child = await insert(
        owner,
        "client_record",
        tenant_id=cast.harbour.tenant.id,
        ref="achild",
        first_name="Mia",
        guardian_id=cast.harbour.records[ANA]["id"],
        created_at=MONDAY,
    )
    made = await document_made(owner, child, **SHARED)

    await ana.get(HERE)

    assert ("For Mia" in ana.text, (await ana.http.get(f"{HERE}/{made['ref']}")).status_code) == (True, 200)


async def test_appointment_shows_what_its_practice_shares(ana: Browser, cast: Cast, owner: asyncpg.Connection) -> None:
    booked = await cast.harbour.appointment(ANA, "Follow-up", "Nora Blake", cast.harbour.at(2026, 11, 25, 10))
    for number in range(4):
        at = MONDAY + timedelta(minutes=number)
        await document_made(owner, cast.harbour.records[ANA], name=f"plan-{number}.pdf", shared_at=at, shared_by=NORA)
    await document_made(owner, cast.meadow.records[ANA_AT_MEADOW], name="oils.pdf", **SHARED)

    await ana.get(f"/appointments/{booked['ref']}")

    shown = [number for number in range(4) if f"plan-{number}.pdf" in ana.text]
    assert (shown, "All documents" in ana.text, "oils.pdf" in ana.text) == ([1, 2, 3], True, False)


async def test_long_list_goes_on(ana: Browser, cast: Cast, owner: asyncpg.Connection) -> None:
    for number in range(A_PAGE + 1):
        await document_made(owner, cast.harbour.records[ANA], name=f"plan-{number:03}.pdf", **SHARED)

    await ana.get(HERE)
    first = ana.text.count("plan-"), "plan-000.pdf" in ana.text
    last = await owner.fetchval("SELECT ref FROM client_document WHERE name = 'plan-001.pdf'")
    await ana.get(f"{HERE}?before={last}")

    assert (first, "plan-000.pdf" in ana.text, "plan-001.pdf" in ana.text) == ((A_PAGE, False), True, False)
    assert (await ana.get(f"{HERE}?before=nope")).url.path == HERE


async def test_whoever_it_is_not_for_finds_none(
    browser: Browser, cast: Cast, owner: asyncpg.Connection, clock: TestClock
) -> None:
    """Nor does Ana find what is not shared, nor any of it once its practice takes it back or her address is gone."""
    record = cast.harbour.records[ANA]
    shared = await document_made(owner, record, **SHARED)
    secret = await document_made(owner, record)
    removed = await document_made(owner, record, removed_at=MONDAY, **SHARED)
    refs = [row["ref"] for row in (shared, secret, removed)]
    told = {}
    for email in (BEN, LEA, NORA):
        async with Browser(make_app(clock)) as other:
            await other.sign_in(email, owner)
            told[email] = [(await other.http.get(f"{HERE}/{ref}")).status_code for ref in refs]
    await browser.sign_in(ANA_AT_MEADOW, owner)

    mine = [(await browser.http.get(f"{HERE}/{ref}")).status_code for ref in refs]
    tag = {"if-none-match": f'"{shared["sha256"]}"'}
    await owner.execute("UPDATE client_document SET shared_at = NULL WHERE id = $1", shared["id"])
    unshared = (await browser.http.get(f"{HERE}/{refs[0]}", headers=tag)).status_code
    await owner.execute("UPDATE client_document SET shared_at = $2 WHERE id = $1", shared["id"], MONDAY)
    again = (await browser.http.get(f"{HERE}/{refs[0]}", headers=tag)).status_code
    await owner.execute("DELETE FROM address WHERE email = $1", ANA)
    without = (await browser.http.get(f"{HERE}/{refs[0]}", headers=tag)).status_code

    assert told == {BEN: [404] * 3, LEA: [404] * 3, NORA: [404] * 3}
    assert (mine, unshared, again, without) == ([200, 404, 404], 404, 304, 404)


async def test_lenses_show_rows_and_bytes_to_nobody_else(cast: Cast, owner: asyncpg.Connection) -> None:
    """Without any condition in the query."""
    at_harbour, at_meadow = cast.harbour.records[ANA], cast.meadow.records[ANA_AT_MEADOW]
    rows = {
        "shared": await document_made(owner, at_harbour, **SHARED),
        "theirs": await document_made(owner, at_meadow, **SHARED),
        "secret": await document_made(owner, at_harbour),
        "removed": await document_made(owner, at_harbour, removed_at=MONDAY, **SHARED),
        "bens": await document_made(owner, cast.harbour.records[BEN], **SHARED),
    }
    names = {row["id"]: name for name, row in rows.items()}
    seen = {}
    for person in (cast.ana, cast.ben, cast.cleo, cast.nora):
        async with person_lens(person["id"]):
            seen[person["first_name"]] = (
                {names[row["id"]] for row in await fetch("SELECT id FROM client_document")},
                {names[row["id"]] for row in await DocumentContent.select(DocumentContent.id)},
            )
    for practice in (cast.harbour, cast.meadow):
        async with practice_lens(practice.tenant):
            seen[practice.tenant.slug] = (
                {names[row["id"]] for row in await ClientDocument.select(ClientDocument.id)},
                {names[row["id"]] for row in await DocumentContent.select(DocumentContent.id)},
            )

    ours = {"shared", "secret", "removed", "bens"}
    assert seen == {
        "Ana": ({"shared", "theirs"}, {"shared", "theirs"}),
        "Ben": ({"bens"}, {"bens"}),
        "Cleo": (set(), set()),
        "Nora": (set(), set()),
        "harbour": (ours, ours),
        "meadow": ({"theirs"}, {"theirs"}),
    }


@pytest.mark.parametrize("column", ["created_by", "shared_by", "removed_by"])
async def test_person_s_lens_does_not_tell_who_of_the_practice_it_was(cast: Cast, column: str) -> None:
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        async with person_lens(cast.ana["id"]):
            await fetch({"created_by": WHO_MADE, "shared_by": WHO_SHARED, "removed_by": WHO_REMOVED}[column])


WHO_MADE = "SELECT created_by FROM client_document"
WHO_SHARED = "SELECT shared_by FROM client_document"
WHO_REMOVED = "SELECT removed_by FROM client_document"


async def test_worker_reads_no_document(cast: Cast) -> None:
    for lens in (worker_lens, people_transaction):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            async with lens():
                await DocumentContent.select(DocumentContent.id)
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        async with worker_lens():
            await fetch("SELECT name FROM client_document")
