"""Everybody whom the practice knows, as staff look for them and make new records."""

import re
from typing import Any
from urllib.parse import quote

import asyncpg
import pytest

from tests.browser import Browser
from tests.cast import ANA, ANA_AT_MEADOW, BEN, NORA, Cast
from tests.factories import LONG_AGO, insert

HERE = "/desk/harbour/clients"


def names(browser: Browser) -> list[str]:
    return [" ".join(name.split()) for name in re.findall(r"<h2><a [^>]*>([^<]+)</a></h2>", browser.text)]


async def test_list_shows_this_practice_s_clients_by_name(nora: Browser, cast: Cast) -> None:
    await nora.get(HERE)

    assert names(nora) == ["Ben Okafor", "Ana Silva"]
    assert ANA_AT_MEADOW not in nora.text
    assert f'<a href="{HERE}" aria-current="page">' in nora.text


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("q=SILVA", ["Ana Silva"]),
        ("q=ana@example", ["Ana Silva"]),
        ("letter=o", ["Ben Okafor"]),
        ("order=latest", ["Ben Okafor", "Ana Silva"]),
        ("q=nobody", []),
        ("q=" + quote("a\0na"), ["Ana Silva"]),
        ("q=" + "x" * 5000, []),
        ("q=%25&tag=%27&letter=%5C&order=x&page=-1", []),
        ("page=99999", []),
        ("page=zz&letter=", ["Ben Okafor", "Ana Silva"]),
    ],
)
async def test_address_says_what_is_listed(nora: Browser, asked: str, found: list[str]) -> None:
    await nora.get(f"{HERE}?{asked}")

    assert (nora.page.status_code, names(nora)) == (200, found)


async def test_practice_without_clients_is_told_how_they_come(nora: Browser, owner: asyncpg.Connection) -> None:
    await owner.execute("DELETE FROM client_record WHERE tenant_id = (SELECT id FROM practice WHERE slug = 'harbour')")

    await nora.get(HERE)

    assert "Nobody is known here yet" in nora.text


async def test_new_client_is_kept_with_everything(nora: Browser, owner: asyncpg.Connection) -> None:
    await nora.get(f"{HERE}/new?q=Dee+Ray")
    assert ('value="Dee"' in nora.text, 'value="Ray"' in nora.text) == (True, True)

    await nora.post(
        f"{HERE}/new",
        first_name="Dee",
        last_name="Ray",
        email="Dee@Example.org",
        phone="416 555 0199",
        birthday="1950-02-28",
        language="fr",
    )

    row = await owner.fetchrow("SELECT * FROM client_record WHERE first_name = 'Dee'")
    known = (row["email"], row["phone"], str(row["birthday"]), row["language"], row["own_first_name"])
    assert known == ("dee@example.org", "+14165550199", "1950-02-28", "fr", None)
    assert nora.path == f"{HERE}/{row['ref']}?done=made"
    assert f"Made by {NORA}" in nora.text
    assert "76\xa0years" in nora.text


async def test_address_that_another_record_has_is_refused_and_leads_there(
    nora: Browser, cast: Cast, owner: asyncpg.Connection
) -> None:
    await nora.get(f"{HERE}/new")

    await nora.post(f"{HERE}/new", first_name="Anna", last_name="Silva", email="ANA@example.org", phone="")

    assert nora.page.status_code == 409
    assert "The record of Ana Silva has this address already." in nora.text
    assert f'href="{HERE}/{cast.harbour.records[ANA]["ref"]}"' in nora.text
    assert 'value="Anna"' in nora.text
    assert await owner.fetchval("SELECT count(*) FROM client_record") == 3


async def test_address_known_to_another_practice_only_is_free(nora: Browser, owner: asyncpg.Connection) -> None:
    await nora.get(f"{HERE}/new")

    await nora.post(f"{HERE}/new", first_name="Ana", email=ANA_AT_MEADOW)

    assert await owner.fetchval("SELECT count(*) FROM client_record WHERE email = $1", ANA_AT_MEADOW) == 2


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        ("first_name", ""),
        ("last_name", "x" * 101),
        ("email", "nobody"),
        ("phone", "ring twice"),
        ("birthday", "2026-11-24"),
        ("birthday", "1850-01-01"),
        ("birthday", "yesterday"),
        ("language", "tlh"),
    ],
)
async def test_what_cannot_be_is_said_beside_its_field(
    nora: Browser, owner: asyncpg.Connection, field: str, typed: str
) -> None:
    await nora.get(f"{HERE}/new")

    fields: dict[str, Any] = {"first_name": "Dee", "last_name": "Ray", field: typed}
    await nora.post(f"{HERE}/new", **fields)

    assert nora.page.status_code == 422
    assert f'id="error-{field}"' in nora.page.text
    assert await owner.fetchval("SELECT count(*) FROM client_record") == 3


async def test_tags_are_suggested_kept_and_filtered_by(nora: Browser, cast: Cast, owner: asyncpg.Connection) -> None:
    ana, ben = (f"{HERE}/{cast.harbour.records[each]['ref']}" for each in (ANA, BEN))
    await owner.execute("UPDATE client_record SET tags = '{secret}' WHERE email = $1", ANA_AT_MEADOW)
    await nora.get(ana)
    await nora.post(f"{ana}/tags", tag="Knee, runner ,, knee")
    await nora.get(ben)
    suggested = re.findall(r'<option value="([^"]+)"></option>', nora.text)
    await nora.post(f"{ben}/tags", tag="KNEE")

    await nora.get(f"{HERE}?tag=Knee")
    both = names(nora)
    await nora.get(ben)
    await nora.post(f"{ben}/tags", remove="Knee")
    await nora.get(f"{HERE}?tag=Knee")

    assert (suggested, both, names(nora)) == (["Knee", "runner"], ["Ben Okafor", "Ana Silva"], ["Ana Silva"])
    rows = await owner.fetch("SELECT how, field, before, after FROM client_change ORDER BY id")
    assert [tuple(row) for row in rows] == [
        ("changed", "tags", "", "Knee, runner"),
        ("changed", "tags", "", "Knee"),
        ("changed", "tags", "Knee", ""),
    ]


@pytest.mark.parametrize("typed", ["", "x" * 41, ",".join(f"t{number}" for number in range(21)), "a\0b"])
async def test_tags_that_cannot_be_kept_are_refused_and_not_lost(
    nora: Browser, cast: Cast, owner: asyncpg.Connection, typed: str
) -> None:
    ana = f"{HERE}/{cast.harbour.records[ANA]['ref']}"
    await nora.get(ana)

    await nora.post(f"{ana}/tags", tag=typed)

    assert nora.page.status_code == 422
    assert 'id="error-tag"' in nora.page.text
    assert await owner.fetchval("SELECT tags FROM client_record WHERE email = $1", ANA) == []


async def test_birthday_and_language_are_kept_and_told(nora: Browser, cast: Cast, owner: asyncpg.Connection) -> None:
    ana = f"{HERE}/{cast.harbour.records[ANA]['ref']}"
    await nora.get(f"{ana}/about")

    await nora.post(f"{ana}/about", birthday="1990-05-01", language="es")

    assert "36\xa0years" in nora.text
    assert "Language: – → Spanish" in nora.text
    assert "Birthday: – → May 1, 1990" in nora.text.replace("\xa0", " ")
    assert await owner.fetchval("SELECT language FROM client_record WHERE email = $1", ANA) == "es"


async def test_appointments_stand_on_the_record_page_by_page(nora: Browser, cast: Cast) -> None:
    harbour = cast.harbour
    for day in range(1, 13):
        await harbour.appointment(ANA, "Follow-up", "Nora Blake", harbour.at(2026, 10, day, 10))
    coming = await harbour.appointment(ANA, "Follow-up", "Theo Roy", harbour.at(2026, 11, 25, 10))
    bens = await harbour.appointment(BEN, "Follow-up", "Theo Roy", harbour.at(2026, 11, 25, 11))
    page = f"{HERE}/{harbour.records[ANA]['ref']}"

    def listed() -> list[str]:
        part = nora.text.split('id="visits"')[1].split("</section>")[0]
        return re.findall(r"/appointments/([a-z2-7]{10})\"", part)

    await nora.get(page)
    first = listed()
    await nora.get(f"{page}?past=2")

    assert (len(first), first[0], len(listed())) == (11, coming["ref"], 3)
    assert bens["ref"] not in nora.text


async def test_every_change_can_be_read(nora: Browser, cast: Cast, owner: asyncpg.Connection) -> None:
    ana = cast.harbour.records[ANA]
    for number in range(25):
        await insert(
            owner,
            "client_change",
            tenant_id=ana["tenant_id"],
            client_record_id=ana["id"],
            at=LONG_AGO,
            how="changed",
            by_email=NORA,
            field="nothing that we know",
            before="",
            after=f"value {number}.",
        )

    page = f"{HERE}/{ana['ref']}"
    few = (await nora.get(page)).text.count("→")
    every = (await nora.get(f"{page}?changes=all")).text.count("→")

    assert (few, every) == (20, 25)


@pytest.mark.parametrize("part", ["", "/email", "/about", "/tags", "/children/new", "/notes/nope"])
@pytest.mark.parametrize("ref", ["nope", "a%00b", "%27", "x" * 300])
async def test_record_that_does_not_exist_is_not_found(nora: Browser, ref: str, part: str) -> None:
    assert (await nora.get(f"{HERE}/{ref}{part}")).status_code == 404


@pytest.mark.parametrize("part", ["notes/a%00b", "consents/new/a%00b", "consents/a%00b/withdrawal"])
async def test_part_of_a_record_that_does_not_exist_is_not_found(nora: Browser, cast: Cast, part: str) -> None:
    assert (await nora.get(f"{HERE}/{cast.harbour.records[ANA]['ref']}/{part}")).status_code == 404
