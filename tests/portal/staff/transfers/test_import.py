"""From a file to records: what is shown before, what becomes of it, and what is refused."""

from typing import Any

import asyncpg
import pytest

from tests.browser import Browser, TestClock
from tests.cast import ANA, BEN, MONDAY, Cast
from tests.portal.staff.transfers.conftest import Work
from tests.portal.staff.transfers.files import CLIENTS, columns_shown, import_file, rows_of, send

COUNTS = {"new": 2, "changed": 1, "unchanged": 0, "refused": 1, "aside": 0}


async def records(owner: asyncpg.Connection, cast: Cast) -> list[tuple[Any, ...]]:
    sql = """SELECT first_name, last_name, email, phone, birthday::text FROM client_record
             WHERE tenant_id = $1 ORDER BY id"""
    return [tuple(row) for row in await owner.fetch(sql, cast.harbour.tenant.id)]


async def test_file_with_faults_is_imported_but_for_its_faulty_row(
    nora: Browser, cast: Cast, owner: asyncpg.Connection, clock: TestClock
) -> None:
    await import_file(nora, CLIENTS.encode(), clock)

    assert "What the import did" in nora.text
    assert await records(owner, cast) == [
        ("Ana", "Silva", ANA, "", None),
        ("Ben", "Okafor", BEN, "+14165550118", "1975-04-03"),
        ("Client", "Seventeen", "client-17@example.org", "+14165550117", "1980-02-29"),
        ("=cmd|' /C calc'!A0", "Twenty", None, "", None),
    ]
    assert await owner.fetch("SELECT * FROM client_record WHERE tenant_id = $1", cast.meadow.tenant.id) != []
    refused = rows_of((await nora.get(f"{nora.path}/refused")).content)
    assert refused[0][-2:] == ["Row", "Why it was refused"]
    assert [row[:2] + row[-2:-1] for row in refused[1:]] == [["Client", "Eighteen", "4"]]
    assert refused[1][-1] == (
        "E-mail: This is not an e-mail address. Mobile phone: This is not a phone number here. From another country it "
        "begins with +. Birthday: There is no such birthday."
    )


async def test_file_imported_again_doubles_nobody(
    nora: Browser, cast: Cast, owner: asyncpg.Connection, clock: TestClock
) -> None:
    await import_file(nora, CLIENTS.encode(), clock)
    before = await records(owner, cast)

    await import_file(nora, CLIENTS.encode(), clock)

    assert await records(owner, cast) == before
    counts = await owner.fetchval("SELECT counts::text FROM transfer ORDER BY id DESC LIMIT 1")
    assert counts == '{"new": 0, "aside": 0, "changed": 0, "refused": 1, "unchanged": 3}'


async def test_preview_says_what_each_row_would_become_and_nothing_changes(
    nora: Browser, cast: Cast, owner: asyncpg.Connection, worker: Work
) -> None:
    before = await records(owner, cast)
    await send(nora, CLIENTS.encode())
    await nora.post(nora.path, **columns_shown(nora))

    for shown in ("client-17@example.org", "(416) 555-0117", "April 3, 1975", "There is no such birthday.", "=cmd|"):
        assert shown in nora.text
    await nora.post(f"{nora.path}/check")
    assert "It begins in a moment." in nora.text
    await worker()
    await nora.get(nora.path)

    assert "What importing it would do" in nora.text
    assert "Import 3 rows" in nora.text
    assert await records(owner, cast) == before


async def test_client_s_own_word_stands_unless_the_practice_says_otherwise(
    nora: Browser, cast: Cast, owner: asyncpg.Connection, clock: TestClock
) -> None:
    await owner.execute(
        "UPDATE client_record SET phone = '+14165550101', own_phone = '+14165550101' WHERE email = $1", BEN
    )

    await import_file(nora, CLIENTS.encode(), clock)
    told, kept = nora.text, await owner.fetchval("SELECT phone FROM client_record WHERE email = $1", BEN)
    await import_file(nora, CLIENTS.encode(), clock, insist="yes")

    assert "In one row the client’s own word stands" in told
    assert kept == "+14165550101"
    record = await owner.fetchrow("SELECT phone, own_phone, held FROM client_record WHERE email = $1", BEN)
    assert tuple(record) == ("+14165550118", "+14165550101", ["phone"])
    change = await owner.fetchrow("SELECT how, by_email, field, before, after FROM client_change WHERE how = 'held'")
    assert tuple(change) == ("held", "nora@harbour.example", "phone", "+14165550101", "+14165550118")


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "There is nothing in this file below its headings."),
        (b"First name,E-mail\r\n", "There is nothing in this file below its headings."),
        (("é" * 9 + "\n\n").encode() + b"\xff\xe9", "Line 3 of this file holds letters that cannot be read."),
        (b",,\r\nClient,,\r\n", "There is nothing in this file below its headings."),
        (b"PK\x03\x04", "This is neither a CSV file nor a vCard."),
        (b'A,B\n1,"2\n3,4\n', "In row 2 a quotation mark is opened and never closed"),
        (b",".join([b"x"] * 1000) + b"\n1", "This file has more than 200 columns."),
        (b"A\n" + b"1\n" * 50_001, "This file has more than 50000 rows."),
    ],
)
async def test_file_that_cannot_be_read_is_answered_clearly(
    nora: Browser, owner: asyncpg.Connection, data: bytes, words: str
) -> None:
    answer = await send(nora, data)

    assert (answer.status_code, words in nora.text) == (422, True)
    assert await owner.fetchval("SELECT count(*) FROM transfer") == 0


async def test_file_that_is_too_large_is_answered_clearly(nora: Browser, owner: asyncpg.Connection) -> None:
    answer = await send(nora, b"First name\n" + b"x" * (20 * 1024 * 1024))

    assert (answer.status_code, "This file is larger than 20 MB." in nora.text) == (413, True)
    assert await owner.fetchval("SELECT count(*) FROM transfer") == 0


async def test_form_without_a_file_asks_for_one(nora: Browser) -> None:
    await nora.get("/desk/harbour/clients/import")

    await nora.post("/desk/harbour/clients/import")

    assert (nora.page.status_code, "Please choose a file first." in nora.text) == (422, True)


async def test_missing_column_is_said_beside_its_field(nora: Browser) -> None:
    await send(nora, b"Courriel\nclient-17@example.org\n")

    await nora.post(nora.path, **columns_shown(nora))

    assert nora.page.status_code == 422
    assert "Choose the column of the first name" in nora.text


@pytest.mark.parametrize("typed", ["99", "-1", "x", "\x00", "1" * 400])
async def test_column_that_does_not_exist_is_refused(nora: Browser, typed: str) -> None:
    await send(nora, CLIENTS.encode())

    await nora.post(nora.path, **(columns_shown(nora) | {"column_first_name": typed}))

    assert nora.page.status_code == 422


HOSTILE = {
    "duplicate headings": b"First name,First name,First name\na,b,c\n",
    "mixed lengths": b"First name,E-mail\na\na,b,c,d\n,\n",
    "a cell of a megabyte": b"First name,E-mail\n" + b"x" * 1_000_000 + b",y\nClient,\n",
    "NUL": b"First name,E-mail\nCli\0ent,\n",
    "marks of direction": "First name,E-mail\n\u202eClient\u202c,\u200fclient-17@example.org\n".encode(),
    "tags of HTML": b"First name,E-mail\n<script>alert(1)</script>,\n",
    "one column": b"First name\nClient\n",
    "a heading of a megabyte": b"First name," + b"y" * 1_000_000 + b"\na,b\n",
}


@pytest.mark.parametrize("data", HOSTILE.values(), ids=HOSTILE)
async def test_hostile_file_breaks_nothing(
    nora: Browser, cast: Cast, owner: asyncpg.Connection, clock: TestClock, data: bytes
) -> None:
    await import_file(nora, data, clock, column_first_name="0")

    assert (nora.page.status_code, "What the import did" in nora.text) == (200, True)
    assert "<script>alert" not in nora.page.text
    assert await owner.fetchval("SELECT count(*) FROM transfer WHERE finished_at = $1", MONDAY) == 1


async def test_cards_are_imported_without_being_asked_for_columns(
    nora: Browser, cast: Cast, owner: asyncpg.Connection, clock: TestClock
) -> None:
    card = "BEGIN:VCARD\r\nVERSION:4.0\r\nFN:Client Seventeen\r\nEMAIL:client-17@example.org\r\nEND:VCARD\r\n"
    broken = "BEGIN:VCARD\r\nEMAIL:client-18@nowhere\r\nFN:Client\r\nEND:VCARD\r\n"

    await import_file(nora, (card + broken).encode(), clock)

    assert (await records(owner, cast))[2:] == [("Client", "Seventeen", "client-17@example.org", "", None)]
    refused = rows_of((await nora.get(f"{nora.path}/refused")).content)
    assert (refused[0][0], refused[1][-1]) == ("First name", "E-mail: This is not an e-mail address.")


async def test_cancelled_import_changes_nothing_and_cannot_be_begun_again(
    nora: Browser, cast: Cast, owner: asyncpg.Connection, worker: Work
) -> None:
    before = await records(owner, cast)
    await send(nora, CLIENTS.encode())
    await nora.post(nora.path, **columns_shown(nora))
    await nora.post(f"{nora.path}/check")

    await nora.post(f"{nora.path}/cancellation")
    await worker()
    await nora.get(nora.path)
    told = nora.text
    token = await owner.fetchval("SELECT ref FROM transfer")
    await nora.get("/desk/harbour/clients/import")
    await nora.post(f"/desk/harbour/transfers/imports/{token}/start")

    assert "was cancelled on" in told
    assert (await records(owner, cast), await owner.fetchval("SELECT asked_for FROM transfer")) == (before, "")


async def test_nothing_is_applied_that_was_not_tried(
    nora: Browser, cast: Cast, owner: asyncpg.Connection, worker: Work
) -> None:
    await send(nora, CLIENTS.encode())
    await nora.post(nora.path, **columns_shown(nora))

    await nora.post(f"{nora.path}/start")
    await worker()

    assert len(await records(owner, cast)) == 2


async def test_fragment_asks_again_until_it_is_over_and_then_loads_the_page(
    nora: Browser, worker: Work, owner: asyncpg.Connection
) -> None:
    await send(nora, CLIENTS.encode())
    await nora.post(nora.path, **columns_shown(nora))
    await nora.post(f"{nora.path}/check")
    here = nora.path

    waiting = await nora.get(f"{here}/progress", headers={"hx-request": "true"})
    await worker()
    over = await nora.http.get(f"{here}/progress", headers={"hx-request": "true"})

    assert 'hx-trigger="every 1s"' in waiting.text
    assert (over.status_code, over.headers["hx-refresh"]) == (204, "true")


async def test_transfers_do_not_exist_for_who_is_no_admin_or_works_elsewhere(
    nora: Browser, theo: Browser, lea: Browser
) -> None:
    await send(nora, CLIENTS.encode())
    here = nora.path.removesuffix("/columns")

    told = [
        (await browser.get(path)).status_code
        for browser, path in (
            (theo, here),
            (theo, "/desk/harbour/transfers"),
            (theo, "/desk/harbour/clients/import"),
            (lea, here),
            (lea, here.replace("harbour", "meadow")),
        )
    ]

    assert told == [404] * 5
