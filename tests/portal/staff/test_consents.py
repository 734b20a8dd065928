"""What clients agree to, word for word, and that it can be taken back."""

import re
from typing import Any

import asyncpg
import pytest

from portal.database import person_lens
from tenants.consents.tables import Consent, ConsentText, ConsentWording
from tests.browser import Browser
from tests.cast import ANA, BEN, NORA, THEO, Cast

WORDINGS = "/desk/harbour/consents"


@pytest.fixture
def page(cast: Cast) -> str:
    return f"/desk/harbour/clients/{cast.harbour.records[ANA]['ref']}"


async def wording(nora: Browser, owner: asyncpg.Connection, body: str = "I agree to photos.") -> str:
    await nora.get(f"{WORDINGS}/new")
    await nora.post(f"{WORDINGS}/new", name="Photos", body=body)
    ref: str = await owner.fetchval("SELECT ref FROM consent_wording")
    return ref


async def new_text(nora: Browser, ref: str, body: str) -> None:
    await nora.get(f"{WORDINGS}/{ref}")
    seen = re.search(r'name="seen" value="(\d+)"', nora.text)
    assert seen is not None
    await nora.post(f"{WORDINGS}/{ref}", name="Photos", body=body, seen=seen[1])


async def agree(browser: Browser, page: str, ref: str, **typed: Any) -> None:
    await browser.get(f"{page}/consents/new/{ref}")
    await browser.post(f"{page}/consents/new/{ref}", **{"seen": "1", "how": "form", **typed})


async def kept(owner: asyncpg.Connection) -> list[tuple[Any, ...]]:
    rows = await owner.fetch(
        """SELECT text.body, text.version, how, consent.by_email, withdrawn_how, withdrawn_by
           FROM consent JOIN consent_text AS text ON text.id = text_id ORDER BY consent.id"""
    )
    return [tuple(row) for row in rows]


async def test_consent_keeps_the_exact_words_of_its_time(
    nora: Browser, theo: Browser, page: str, owner: asyncpg.Connection
) -> None:
    ref = await wording(nora, owner)
    await agree(theo, page, ref)
    await new_text(nora, ref, "I agree to photos of my back.")

    await nora.get(page)

    assert await kept(owner) == [("I agree to photos.", 1, "form", THEO, None, "")]
    assert "I agree to photos." in nora.text
    assert f'href="{page}/consents/new/{ref}"' in nora.text  # to the words as they are now


async def test_withdrawal_is_a_fact_with_a_time(nora: Browser, page: str, owner: asyncpg.Connection) -> None:
    await agree(nora, page, await wording(nora, owner))
    consent = await owner.fetchval("SELECT ref FROM consent")

    await nora.get(f"{page}/consents/{consent}/withdrawal")
    await nora.post(f"{page}/consents/{consent}/withdrawal", how="phone")
    await nora.post(f"{page}/consents/{consent}/withdrawal", how="email")

    assert await kept(owner) == [("I agree to photos.", 1, "form", NORA, "phone", NORA)]
    await nora.get(page)
    assert "taken back" in nora.text


async def test_words_that_changed_meanwhile_are_read_again(
    nora: Browser, theo: Browser, page: str, owner: asyncpg.Connection
) -> None:
    ref = await wording(nora, owner)
    await theo.get(f"{page}/consents/new/{ref}")
    await new_text(nora, ref, "Other words.")

    await theo.post(f"{page}/consents/new/{ref}", seen="1", how="in_person")

    assert theo.page.status_code == 409
    assert ("Other words." in theo.text, 'name="seen" value="2"' in theo.text) == (True, True)
    assert await kept(owner) == []


@pytest.mark.parametrize("how", ["", "telepathy", "form'--"])
async def test_how_is_asked_for(nora: Browser, page: str, owner: asyncpg.Connection, how: str) -> None:
    await agree(nora, page, await wording(nora, owner), how=how)

    assert nora.page.status_code == 422
    assert await kept(owner) == []


async def test_retired_wording_is_asked_for_no_more(nora: Browser, page: str, owner: asyncpg.Connection) -> None:
    ref = await wording(nora, owner)
    await agree(nora, page, ref)
    await nora.get(f"{WORDINGS}/{ref}")
    await nora.post(f"{WORDINGS}/{ref}/retirement")

    assert (await nora.get(f"{page}/consents/new/{ref}")).status_code == 404
    assert "I agree to photos." in (await nora.get(page)).text
    await nora.get(WORDINGS)
    await nora.post(f"{WORDINGS}/{ref}/retirement", undo="yes")
    assert (await nora.get(f"{page}/consents/new/{ref}")).status_code == 200


async def test_two_admins_do_not_overwrite_each_other(nora: Browser, owner: asyncpg.Connection) -> None:
    ref = await wording(nora, owner)
    await new_text(nora, ref, "Second words.")
    await nora.get(f"{WORDINGS}/{ref}")

    await nora.post(f"{WORDINGS}/{ref}", name="Photos", body="Third words.", seen="1")

    assert nora.page.status_code == 409
    assert "Third words.</textarea>" in nora.text
    assert await owner.fetchval("SELECT count(*) FROM consent_text") == 2


@pytest.mark.parametrize(("field", "typed"), [("name", ""), ("name", "x" * 101), ("body", ""), ("body", "x" * 10_001)])
async def test_wording_that_cannot_be_is_shown_again(
    nora: Browser, owner: asyncpg.Connection, field: str, typed: str
) -> None:
    await nora.get(f"{WORDINGS}/new")

    fields: dict[str, Any] = {"name": "Photos", "body": "I agree.", field: typed}
    await nora.post(f"{WORDINGS}/new", **fields)

    assert nora.page.status_code == 422
    assert f'id="error-{field}"' in nora.page.text
    assert await owner.fetchval("SELECT count(*) FROM consent_wording") == 0


async def test_professional_reads_wordings_and_changes_none(
    nora: Browser, theo: Browser, owner: asyncpg.Connection
) -> None:
    ref = await wording(nora, owner)
    read = (await theo.get(f"{WORDINGS}/{ref}")).status_code
    await theo.post(f"{WORDINGS}/{ref}", name="Photos", body="Mine.", seen="1")

    assert (read, theo.page.status_code) == (200, 404)
    assert await owner.fetchval("SELECT count(*) FROM consent_text") == 1


async def test_consent_hangs_on_its_own_record(nora: Browser, cast: Cast, page: str, owner: asyncpg.Connection) -> None:
    await agree(nora, page, await wording(nora, owner))
    consent = await owner.fetchval("SELECT ref FROM consent")
    bens = f"/desk/harbour/clients/{cast.harbour.records[BEN]['ref']}"

    await nora.post(f"{bens}/consents/{consent}/withdrawal", how="phone")

    assert nora.page.status_code == 404
    assert await owner.fetchval("SELECT withdrawn_at FROM consent") is None


@pytest.mark.parametrize("table", [Consent, ConsentText, ConsentWording], ids=lambda table: table.__name__)
async def test_person_s_lens_does_not_reach_here(cast: Cast, table: type[Consent]) -> None:
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        async with person_lens(cast.ana["id"]):
            await table.select()
