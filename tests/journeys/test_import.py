"""Clients brought from another program: a file with faults, its columns, what is refused, and the rows given back."""

from pathlib import Path

import pytest
from playwright.async_api import FilePayload

from tests.cast import NORA
from tests.journeys.conftest import Visit
from tests.journeys.demo import Demo
from tests.journeys.pages import FAULTY_CSV
from tests.journeys.visitor import Look, Visitor

pytestmark = pytest.mark.browser

_IMPORTED = "SELECT last_name, phone, birthday::text, tags FROM client_record WHERE email = 'client-17@example.org'"


async def choose_file(visitor: Visitor) -> None:
    await visitor.go("/desk/harbour/transfers")
    await visitor.follow("Import clients")
    file = FilePayload(name="clients.csv", mimeType="text/csv", buffer=FAULTY_CSV)
    await visitor.page.get_by_label("File", exact=True).set_input_files(file)
    await visitor.press("Read it")
    await visitor.page.wait_for_url("**/columns")


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no-scripts"])
async def test_file_with_faults_is_imported(visit: Visit, portal: Demo, tmp_path: Path, scripts: bool) -> None:
    visitor = await visit(Look(scripts=scripts), NORA)
    await choose_file(visitor)
    await visitor.page.get_by_label("Tags").select_option("Étiquettes")
    await visitor.press("Show what would become of it")
    await visitor.page.get_by_role("table").wait_for()
    told = await visitor.text

    await visitor.press("Try it over the whole file")
    await until_over(visitor)
    await visitor.press("Import 2 rows")
    await until_over(visitor)

    for words in ("(416) 555-0117", "This is not an e-mail address.", "There is no such birthday.", "=cmd|"):
        assert words in told
    await visitor.page.get_by_role("heading", name="What the import did").wait_for()
    record = await portal.owner.fetchrow(_IMPORTED)
    assert tuple(record) == ("Seventeen", "+14165550117", "1980-02-29", ["genou"])
    async with visitor.page.expect_download() as downloading:
        await visitor.follow("Download the refused rows")
    await (await downloading.value).save_as(tmp_path / "refused.csv")
    refused = (tmp_path / "refused.csv").read_text("utf-8-sig").splitlines()
    assert [line.split(";")[-2] for line in refused] == ["Row", "4", "5", "6"]
    assert refused[3].startswith("'=cmd|' /C calc'!A0;Twenty;")


async def test_column_is_dragged_onto_its_field(visit: Visit) -> None:
    visitor = await visit(who=NORA)
    await choose_file(visitor)
    field = visitor.page.get_by_role("combobox", name="Language")

    await visitor.page.locator("[data-column='5']").drag_to(field)

    assert await field.input_value() == "5"


async def test_everything_is_exported_and_downloaded(visit: Visit, tmp_path: Path) -> None:
    visitor = await visit(who=NORA)
    await visitor.go("/desk/harbour/clients/export")
    await visitor.press("Write the file")
    await visitor.page.wait_for_url("**/exports/*")
    await until_over(visitor)

    async with visitor.page.expect_download() as downloading:
        await visitor.follow("Download the file")
    download = await downloading.value
    await download.save_as(tmp_path / "all.zip")

    assert download.suggested_filename.startswith("Harbour Physiotherapy 20")
    assert (tmp_path / "all.zip").read_bytes()[:2] == b"PK"


async def until_over(visitor: Visitor) -> None:
    """By itself, or by looking again where there are no scripts."""
    while not visitor.look.scripts and await visitor.page.locator("#progress").count():
        await visitor.page.wait_for_timeout(200)
        await visitor.page.reload()
    await visitor.page.locator("#progress").wait_for(state="detached")
