"""Everything that a practice owns of its clients, as a file; and never a neighbour's."""

import io
import json
import zipfile
from datetime import timedelta

import asyncpg

from portal.messages.prune import prune
from tests.browser import Browser, TestClock
from tests.cast import ANA, BEN, MONDAY, NORA, Cast
from tests.messages_made import message_made
from tests.portal.staff.transfers.conftest import Work
from tests.portal.staff.transfers.files import import_file, rows_of

FORM = "/desk/harbour/clients/export"


async def exported(browser: Browser, worker: Work, form: str) -> bytes:
    await browser.get(FORM)
    await browser.post(FORM, form=form)
    await worker()
    await browser.get(browser.path)
    assert "Download the file" in browser.text
    return (await browser.http.get(f"{browser.path}/file")).content


async def test_tables_hold_what_the_practice_owns_and_nothing_of_its_neighbour(
    nora: Browser, worker: Work, cast: Cast, owner: asyncpg.Connection
) -> None:
    await owner.execute("UPDATE client_record SET last_name = '=1+1' WHERE email = $1", BEN)
    visit = await cast.harbour.appointment(ANA, "Follow-up", "Nora Blake", cast.harbour.at(2026, 11, 25, 10))
    await message_made(owner, visit)

    archive = zipfile.ZipFile(io.BytesIO(await exported(nora, worker, "csv")))

    assert archive.testzip() is None
    tables = {name: rows_of(archive.read(name)) for name in archive.namelist()}
    clients = [dict(zip(tables["clients.csv"][0], row, strict=True)) for row in tables["clients.csv"][1:]]
    assert [(row["email"], row["last_name"]) for row in clients] == [(ANA, "Silva"), (BEN, "'=1+1")]
    visits = [dict(zip(tables["appointments.csv"][0], row, strict=True)) for row in tables["appointments.csv"][1:]]
    assert [(row["client"], row["practitioner"], row["service"]) for row in visits] == [
        (clients[0]["ref"], "Nora Blake", "Follow-up")
    ]
    assert len(tables["messages.csv"]) == 2
    assert archive.read("clients.csv")[:3] == b"\xef\xbb\xbf"


async def test_export_comes_back_as_it_left(
    nora: Browser, worker: Work, cast: Cast, owner: asyncpg.Connection, clock: TestClock
) -> None:
    await owner.execute("UPDATE client_record SET last_name = '=1+1', phone = '+14165550101' WHERE email = $1", BEN)
    archive = zipfile.ZipFile(io.BytesIO(await exported(nora, worker, "csv")))

    await import_file(nora, archive.read("clients.csv"), clock, column_number="")

    counts = json.loads(await owner.fetchval("SELECT counts FROM transfer ORDER BY id DESC LIMIT 1"))
    assert counts == {"new": 0, "changed": 0, "unchanged": 2, "refused": 0, "aside": 0}


async def test_json_and_cards_are_whole(nora: Browser, worker: Work) -> None:
    told = json.loads(await exported(nora, worker, "json"))
    cards = (await exported(nora, worker, "vcard")).decode()

    assert (told["practice"], [row["email"] for row in told["clients"]]) == ("Harbour Physiotherapy", [ANA, BEN])
    assert (told["appointments"], cards.count("BEGIN:VCARD")) == ([], 2)


async def test_download_is_noted_named_and_gone_after_a_day(
    nora: Browser, worker: Work, clock: TestClock, owner: asyncpg.Connection
) -> None:
    await exported(nora, worker, "csv")
    here = nora.path

    answer = await nora.http.get(f"{here}/file")
    await nora.get(here)
    told = nora.text
    clock.now = MONDAY + timedelta(hours=24)
    late = await nora.http.get(f"{here}/file")
    await prune(clock.now)

    assert answer.headers["content-type"] == "application/zip"
    assert answer.headers["content-disposition"] == (
        'attachment; filename="harbour-physiotherapy-2026-11-23.zip"; '
        "filename*=UTF-8''Harbour%20Physiotherapy%202026-11-23.zip"
    )
    assert (answer.headers["content-length"], answer.headers["x-content-type-options"]) == (
        str(len(answer.content)),
        "nosniff",
    )
    assert told.count(NORA) == 4  # who is signed in, who asked for it, and both downloads
    assert late.status_code == 404
    assert await owner.fetchval("SELECT count(*) FROM transfer_chunk") == 0
    assert await owner.fetchval("SELECT count(*) FROM transfer_download") == 2
    await nora.sign_in(NORA, owner)
    assert "The file is gone" in (await nora.get(here)).text


async def test_export_that_is_cancelled_leaves_nothing_to_download(
    nora: Browser, worker: Work, owner: asyncpg.Connection
) -> None:
    await nora.get(FORM)
    await nora.post(FORM, form="csv")

    await nora.post(f"{nora.path}/cancellation")
    await worker()

    assert "This export was cancelled" in (await nora.get(nora.path)).text
    assert (await nora.http.get(f"{nora.path}/file")).status_code == 404


async def test_form_that_does_not_exist_is_refused(nora: Browser, owner: asyncpg.Connection) -> None:
    await nora.get(FORM)

    await nora.post(FORM, form="xlsx")

    assert (nora.page.status_code, await owner.fetchval("SELECT count(*) FROM transfer")) == (422, 0)
