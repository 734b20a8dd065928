"""Notes about a client: every text kept, nobody but staff in sight of one."""

import re
from collections.abc import AsyncIterator
from typing import Any

import asyncpg
import pytest

from portal.database import person_lens, practice_lens
from tenants.clients.record import find_record
from tenants.notes.note import notes_of, write_note
from tenants.notes.tables import Note, NoteVersion
from tests.browser import Browser, TestClock, make_app
from tests.cast import ANA, BEN, LEA, MONDAY, NORA, THEO, Cast


@pytest.fixture
def page(cast: Cast) -> str:
    return f"/desk/harbour/clients/{cast.harbour.records[ANA]['ref']}"


@pytest.fixture
async def lea(cast: Cast, clock: TestClock, owner: asyncpg.Connection) -> AsyncIterator[Browser]:
    async with Browser(make_app(clock)) as browser:
        await browser.sign_in(LEA, owner)
        yield browser


async def written(browser: Browser, page: str, *notes: str, **more: Any) -> list[str]:
    """The refs of notes that are written one after the other."""
    for note in notes:
        await browser.get(page)
        await browser.post(f"{page}/notes", note=note, **more)
    return re.findall(r'/notes/([a-z2-7]{10})"', browser.text)


async def rewrite(browser: Browser, page: str, ref: str, note: str, seen: str = "") -> None:
    await browser.get(f"{page}/notes/{ref}")
    found = re.search(r'name="seen" value="(\d+)"', browser.text)
    await browser.post(f"{page}/notes/{ref}", note=note, seen=seen or (found[1] if found else ""))


async def bodies(owner: asyncpg.Connection) -> list[tuple[str, str]]:
    return [tuple(row) for row in await owner.fetch("SELECT body, by_email FROM client_note_version ORDER BY id")]


async def test_each_save_keeps_the_former_text(
    nora: Browser, theo: Browser, page: str, owner: asyncpg.Connection
) -> None:
    (ref,) = await written(nora, page, "Left knee.\n<b>Careful</b>")
    await rewrite(theo, page, ref, "Right knee.")
    await rewrite(theo, page, ref, "Right knee.")

    await nora.get(f"{page}/notes/{ref}")

    assert await bodies(owner) == [("Left knee.\n<b>Careful</b>", NORA), ("Right knee.", THEO)]
    assert nora.text.count("knee.") == 3  # in the form, and both versions
    assert "&lt;b&gt;" in nora.page.text


async def test_who_has_not_read_the_latest_text_is_told(
    nora: Browser, theo: Browser, page: str, owner: asyncpg.Connection
) -> None:
    (ref,) = await written(nora, page, "One")
    await nora.get(f"{page}/notes/{ref}")
    seen = re.search(r'name="seen" value="(\d+)"', nora.text)
    await rewrite(theo, page, ref, "Two")
    assert seen is not None

    await nora.post(f"{page}/notes/{ref}", note="Three", seen=seen[1])

    assert nora.page.status_code == 409
    assert ("Three</textarea>" in nora.text, "Two" in nora.text) == (True, True)
    assert [body for body, _ in await bodies(owner)] == ["One", "Two"]


async def test_pinned_note_stands_on_top(nora: Browser, page: str) -> None:
    first, second = reversed(await written(nora, page, "One", "Two"))
    await nora.post(f"{page}/notes/{first}/pin")
    pinned = re.findall(r'/notes/([a-z2-7]{10})"', nora.text)

    await nora.post(f"{page}/notes/{first}/pin", undo="yes")

    assert (pinned, re.findall(r'/notes/([a-z2-7]{10})"', nora.text)) == ([first, second], [second, first])


async def test_removed_note_is_read_by_admins_alone_and_can_be_put_back(
    nora: Browser, theo: Browser, page: str
) -> None:
    (ref,) = await written(theo, page, "A slip of the pen")
    await theo.post(f"{page}/notes/{ref}/removal")

    await theo.get(page)
    assert "slip of the pen" not in theo.text
    assert (await theo.get(f"{page}/notes/{ref}")).status_code == 404
    await nora.get(page)
    assert ("slip of the pen" in nora.text, f"Removed by {THEO}" in nora.text) == (True, True)
    await theo.get(page)
    await theo.post(f"{page}/notes/{ref}/return")
    assert theo.page.status_code == 404

    await nora.get(f"{page}/notes/{ref}")
    await nora.post(f"{page}/notes/{ref}/return")

    assert "slip of the pen" in (await theo.get(page)).text


@pytest.mark.parametrize("typed", ["", "   \n ", "x" * 5001, "a\0b"])
async def test_note_that_cannot_be_kept_is_shown_again(
    nora: Browser, page: str, owner: asyncpg.Connection, typed: str
) -> None:
    await nora.get(page)

    await nora.post(f"{page}/notes", note=typed)

    assert nora.page.status_code == 422
    assert 'id="error-note"' in nora.page.text
    assert await bodies(owner) == []


async def test_note_hangs_on_its_own_record(nora: Browser, lea: Browser, cast: Cast, page: str) -> None:
    (ref,) = await written(nora, page, "Hers alone")
    bens = f"/desk/harbour/clients/{cast.harbour.records[BEN]['ref']}"

    told = [(await nora.get(f"{bens}/notes/{ref}")).status_code]
    for verb in ("", "/pin", "/removal", "/return"):
        await nora.get(page)
        await nora.post(f"{bens}/notes/{ref}{verb}", note="Not hers", seen="1")
        told.append(nora.page.status_code)

    assert told == [404] * 5
    assert (await lea.get(f"{page}/notes/{ref}")).status_code == 404


async def test_no_lens_but_the_practice_s_sees_a_note(cast: Cast, page: str) -> None:
    """Not even the one of whom it tells."""
    harbour, meadow = cast.harbour.tenant, cast.meadow.tenant
    async with practice_lens(harbour):
        record = await find_record(harbour, cast.harbour.records[ANA]["ref"])
        await write_note(harbour, record["id"], "Private", NORA, MONDAY)

    for table in (Note, NoteVersion):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            async with person_lens(cast.ana["id"]):
                await table.select()
        async with practice_lens(meadow):
            assert await table.select() == []
    async with practice_lens(meadow):
        assert await notes_of(harbour, record["id"]) == []


async def test_nobody_changes_what_was_written(cast: Cast) -> None:
    harbour = cast.harbour.tenant
    async with practice_lens(harbour):
        record = await find_record(harbour, cast.harbour.records[ANA]["ref"])
        await write_note(harbour, record["id"], "Private", NORA, MONDAY)

    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        async with practice_lens(harbour):
            await NoteVersion.update({NoteVersion.body: "Other"}, force=True)
