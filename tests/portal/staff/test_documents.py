"""A client's documents at the desk: sent, shared, taken away and put back; and what is turned away."""

import asyncio
import re
from datetime import timedelta
from typing import Any

import asyncpg
import httpx
import pytest

from portal.database import practice_lens
from portal.messages.prune import prune
from tenants.documents.add import LARGEST, MOST, Sent, add_document
from tenants.documents.kinds import KINDS
from tenants.refusals import NotFound, RecordFull
from tenants.retention.erase import erase_record
from tests.browser import Browser, TestClock
from tests.cast import ANA, BEN, MONDAY, NORA, Cast
from tests.documents_made import PDF, SAMPLES, document_made
from tests.portal.test_photo import BAD, BROKEN

LINK = re.compile(r'href="(/desk/harbour/documents/\w+)"')


def page_of(cast: Cast, email: str = ANA) -> str:
    return f"/desk/harbour/clients/{cast.harbour.records[email]['ref']}/documents"


async def sends(browser: Browser, page: str, content: bytes, name: str = "plan.pdf", **fields: Any) -> httpx.Response:
    token = fields.pop("token", None)
    if token is None:
        await browser.get(page)
        token = re.findall(r'name="_csrf" value="([^"]+)"', browser.page.text)[0]
    browser.page = await browser.http.post(
        page, data={"_csrf": token, **fields}, files={"document_file": (name, content)}, follow_redirects=True
    )
    return browser.page


async def presses(browser: Browser, what: str, **fields: Any) -> None:
    """A button of the document shown first."""
    await browser.post(f"{LINK.findall(browser.page.text)[0]}/{what}", **fields)


async def rows(owner: asyncpg.Connection, *names: str) -> list[tuple[Any, ...]]:
    found = await owner.fetch("SELECT * FROM client_document ORDER BY id")
    return [tuple(row[name] for name in names) for row in found]


async def test_document_is_kept_for_the_practice_alone_until_shared(
    nora: Browser, cast: Cast, owner: asyncpg.Connection
) -> None:
    await sends(nora, page_of(cast), PDF, "Exercises.pdf", document_note="Twice a day.\nSlowly.")
    alone = (nora.path, "Only the practice sees it." in nora.text, "for the practice alone" in nora.text)
    kept = await rows(owner, "name", "note", "kind", "size", "created_by", "created_at", "shared_at")

    await presses(nora, "sharing", shared="yes")
    shared = await rows(owner, "shared_at", "shared_by")
    await presses(nora, "sharing")

    assert alone == (f"{page_of(cast)}?done=added", True, True)
    assert kept == [("Exercises.pdf", "Twice a day.\nSlowly.", "pdf", len(PDF), NORA, MONDAY, None)]
    assert shared == [(MONDAY, NORA)]
    assert await rows(owner, "shared_at", "shared_by") == [(None, "")]


async def test_document_is_called_as_typed_and_shared_at_once(
    nora: Browser, cast: Cast, owner: asyncpg.Connection
) -> None:
    await sends(nora, page_of(cast), SAMPLES["docx"], "x.docx", document_name="Letter 1/2", document_shared="yes")

    assert await rows(owner, "name", "shared_at") == [("Letter 1-2.docx", MONDAY)]
    assert (await nora.get(page_of(cast).removesuffix("/documents"))).status_code == 200
    assert ("Letter 1-2.docx" in nora.text, f"Shared by {NORA}" in nora.text) == (True, True)


@pytest.mark.parametrize("kind", SAMPLES)
async def test_document_is_given_back_as_it_was_and_runs_nowhere(nora: Browser, cast: Cast, kind: str) -> None:
    await sends(nora, page_of(cast), SAMPLES[kind], "Été “1”")

    address = LINK.findall(nora.page.text)[0]
    answer = await nora.http.get(address)
    again = await nora.http.get(address, headers={"if-none-match": answer.headers["etag"]})

    ending = KINDS[kind].endings[0]
    assert answer.content == SAMPLES[kind]
    assert answer.headers["content-type"].split(";")[0] == KINDS[kind].media_type
    assert answer.headers["content-disposition"] == (
        f"attachment; filename=\"Ete 1{ending}\"; filename*=UTF-8''%C3%89t%C3%A9%20%E2%80%9C1%E2%80%9D{ending}"
    )
    assert answer.headers["content-security-policy"] == "default-src 'none'; frame-ancestors 'none'; sandbox"
    assert (answer.headers["x-content-type-options"], answer.headers["cache-control"]) == (
        "nosniff",
        "private, no-cache",
    )
    assert (again.status_code, again.content) == (304, b"")


async def test_removed_document_can_be_put_back_for_a_day(
    nora: Browser, cast: Cast, owner: asyncpg.Connection, clock: TestClock
) -> None:
    await sends(nora, page_of(cast), PDF, document_shared="yes")
    address = LINK.findall(nora.page.text)[0]

    await presses(nora, "removal")
    removed = (await nora.http.get(address)).status_code, "can be put back for a day" in nora.text
    clock.now += timedelta(hours=23)
    await prune(clock.now)
    await nora.post(f"{address}/restoration")
    back = (await nora.http.get(address)).status_code, await rows(owner, "shared_at", "removed_at")
    await presses(nora, "removal")
    clock.now += timedelta(days=1)
    await nora.post(f"{address}/restoration")
    late = nora.page.status_code
    await prune(clock.now)

    assert removed == (404, True)
    assert back == (200, [(MONDAY, None)])
    assert (late, await rows(owner, "id")) == (404, [])
    assert await owner.fetchval("SELECT count(*) FROM document_content") == 0


@pytest.mark.parametrize("name", sorted(BAD.keys() - {"truncated.jpg", "bomb.png", "text.jpg", "nothing.jpg"}))
async def test_what_is_none_of_the_kinds_is_refused_and_nothing_typed_is_lost(
    nora: Browser, cast: Cast, owner: asyncpg.Connection, name: str
) -> None:
    await sends(nora, page_of(cast), BAD[name](), name, document_name="Plan", document_note="Slowly.")

    assert (nora.page.status_code, 'id="error-document_file"' in nora.page.text) == (422, True)
    assert ('value="Plan"' in nora.page.text, ">Slowly.</textarea>" in nora.page.text) == (True, True)
    assert await rows(owner, "id") == []


async def test_form_without_a_file_asks_for_one(nora: Browser, cast: Cast, owner: asyncpg.Connection) -> None:
    await sends(nora, page_of(cast), b"", "")
    empty = (nora.page.status_code, "Please choose a file first." in nora.text)
    await nora.get(page_of(cast))
    await nora.post(page_of(cast), document_name="Plan")

    assert (empty, nora.page.status_code, await rows(owner, "id")) == ((422, True), 422, [])


@pytest.mark.parametrize("too_many", [1, 100_000, 200_000_000])
async def test_file_over_ten_megabytes_is_refused(
    nora: Browser, cast: Cast, owner: asyncpg.Connection, too_many: int
) -> None:
    await sends(nora, page_of(cast), PDF + b"\0" * (LARGEST - len(PDF) + too_many))
    refused = (nora.page.status_code, "10 MB at most" in nora.text, 'id="error-document_file"' in nora.page.text)
    await sends(nora, page_of(cast), PDF + b"\0" * (LARGEST - len(PDF)))

    assert refused == (413, True, True)
    assert await rows(owner, "size") == [(LARGEST,)]


async def test_record_holds_two_hundred_megabytes(nora: Browser, cast: Cast, owner: asyncpg.Connection) -> None:
    """What is removed takes no room, and does not come back where there is none."""
    record = cast.harbour.records[ANA]
    for number in range(MOST // LARGEST):
        made = await document_made(owner, record, name=f"{number}.pdf")
        await owner.execute("UPDATE client_document SET size = $2 WHERE id = $1", made["id"], LARGEST)

    await sends(nora, page_of(cast), PDF)
    full = (nora.page.status_code, "200 MB in all" in nora.text)
    removed = LINK.findall(nora.page.text)[0]
    await presses(nora, "removal")
    await sends(nora, page_of(cast), PDF)
    room = nora.path
    await nora.post(f"{removed}/restoration")
    other = await sends(nora, page_of(cast, BEN), PDF)

    assert full == (409, True)
    assert room == f"{page_of(cast)}?done=added"
    assert (nora.page.status_code, other.status_code) == (200, 200)
    assert await owner.fetchval("SELECT count(*) FROM client_document WHERE removed_at IS NOT NULL") == 1


@pytest.mark.parametrize("token", ["", "0" * 40])
async def test_document_from_another_site_is_refused(
    nora: Browser, cast: Cast, owner: asyncpg.Connection, token: str
) -> None:
    await sends(nora, page_of(cast), PDF, token=token)

    assert (nora.page.status_code, await rows(owner, "id")) == (403, [])


@pytest.mark.parametrize("body", [b"--b\r\n", BROKEN])
async def test_form_that_is_none_is_no_crash(nora: Browser, cast: Cast, body: bytes) -> None:
    answer = await nora.http.post(
        page_of(cast), content=body, headers={"content-type": "multipart/form-data; boundary=b"}
    )

    assert answer.status_code == 400


def sent(name: str = "plan.pdf") -> Sent:
    return Sent(name, "", PDF, KINDS["pdf"])


async def test_file_that_comes_while_the_record_is_erased_is_not_kept(cast: Cast, owner: asyncpg.Connection) -> None:
    """Whoever is first: either the file goes with the record, or it finds none."""
    harbour = cast.harbour

    async def add() -> None:
        async with practice_lens(harbour.tenant):
            await add_document(harbour.tenant, harbour.records[BEN]["ref"], sent(), MONDAY, by=NORA, shared=True)

    async def erase() -> None:
        async with practice_lens(harbour.tenant):
            await erase_record(harbour.tenant, harbour.records[BEN]["ref"], MONDAY, by=NORA)

    ends = await asyncio.gather(add(), erase(), *(add() for _ in range(5)), return_exceptions=True)

    assert {type(end) for end in ends} <= {type(None), NotFound}
    assert (ends[1], await rows(owner, "id")) == (None, [])
    assert await owner.fetchval("SELECT count(*) FROM document_content") == 0


async def test_files_that_come_at_once_do_not_fill_a_record_twice(cast: Cast, owner: asyncpg.Connection) -> None:
    harbour = cast.harbour
    made = await document_made(owner, harbour.records[BEN])
    for _ in range(MOST // LARGEST - 1):
        made = await document_made(owner, harbour.records[BEN])
        await owner.execute("UPDATE client_document SET size = $2 WHERE id = $1", made["id"], LARGEST)
    await owner.execute("UPDATE client_document SET size = $2 WHERE size = $1", len(PDF), LARGEST - len(PDF))

    async def add() -> None:
        async with practice_lens(harbour.tenant):
            await add_document(harbour.tenant, harbour.records[BEN]["ref"], sent(), MONDAY, by=NORA, shared=False)

    ends = await asyncio.gather(*(add() for _ in range(6)), return_exceptions=True)

    assert sorted(str(type(end).__name__) for end in ends) == ["NoneType", *[RecordFull.__name__] * 5]
