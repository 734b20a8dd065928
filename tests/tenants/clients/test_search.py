"""Records are found as people ask for them: in a hurry, without accents, by pieces of a number."""

import asyncpg
import pytest

from portal.database import practice_lens
from tenants.clients.search import PAGE, Sought, first_letters, list_records, search_records, tags_in_use
from tests.cast import ANA, ANA_AT_MEADOW, BEN, Cast
from tests.factories import ERASE, LONG_AGO, insert


async def known(cast: Cast, owner: asyncpg.Connection, *, at: str = "harbour", **columns: object) -> int:
    practice = getattr(cast, at)
    usual = {"ref": f"r{await owner.fetchval('SELECT count(*) FROM client_record')}", "created_at": LONG_AGO}
    row = await insert(owner, "client_record", **{"tenant_id": practice.tenant.id, **usual, **columns})
    id_: int = row["id"]
    return id_


async def found(cast: Cast, words: str, **sought: object) -> list[str]:
    async with practice_lens(cast.harbour.tenant):
        rows = (await list_records(cast.harbour.tenant, Sought(words, **sought))).rows  # type: ignore[arg-type]
    return [f"{row['first_name']} {row['last_name']}".strip() for row in rows]


@pytest.fixture
async def zoe(cast: Cast, owner: asyncpg.Connection) -> int:
    return await known(
        cast,
        owner,
        first_name="Zoé",
        last_name="Œdipe-Müller",
        email="z.muller@example.org",
        phone="+14165550132",
        home_phone="+33612345678",
        tags=["Sports d’hiver"],
    )


@pytest.mark.parametrize(
    "words",
    [
        "zoe",
        "ZOÉ",
        "oedipe",
        "mül",
        "mull zo",
        "muller@ex",
        "416 555 0132",
        "(416) 555-0132",
        "+1 416.555.0132",
        "06 12 34 56 78",
        "+33 (0)6 12 34 56 78",
        "612345678",
        "hiver",
        "zoe 416",
    ],
)
async def test_every_way_of_asking_finds_the_record(cast: Cast, zoe: int, words: str) -> None:
    assert await found(cast, words) == ["Zoé Œdipe-Müller"]


@pytest.mark.parametrize(
    "words", ["zoe ana", "416 555 0199", "%", "_", "\\", "zo%mul", "' OR 1=1 --", "\u0301x\u0301q"]
)
async def test_what_does_not_match_finds_nothing(cast: Cast, zoe: int, words: str) -> None:
    assert await found(cast, words) == []


async def test_nobody_of_another_practice_is_found(cast: Cast, owner: asyncpg.Connection) -> None:
    await known(cast, owner, at="meadow", first_name="Silvana", tags=["secret"])

    async with practice_lens(cast.harbour.tenant):
        rows = await search_records(cast.harbour.tenant, "silva")
        tags, letters = await tags_in_use(cast.harbour.tenant), await first_letters(cast.harbour.tenant)

    assert [row["email"] for row in rows] == [ANA]
    assert ANA_AT_MEADOW not in str(rows)
    assert (tags, letters) == ({}, ["o", "s"])


async def test_names_that_begin_with_the_word_come_first(cast: Cast, owner: asyncpg.Connection) -> None:
    for first, last in (("Cleo", "Ranger"), ("Dan", "Anders"), ("Anouk", "Zed")):
        await known(cast, owner, first_name=first, last_name=last)

    assert await found(cast, "an") == ["Dan Anders", "Ana Silva", "Anouk Zed", "Cleo Ranger"]


async def test_merged_and_erased_records_are_found_by_nobody(cast: Cast, owner: asyncpg.Connection, zoe: int) -> None:
    ana = cast.harbour.records[ANA]["id"]
    await owner.execute(
        "UPDATE client_record SET email = NULL, merged_into = $1, merged_at = now() WHERE id = $2", ana, zoe
    )
    await owner.execute(ERASE, cast.harbour.records[BEN]["id"])

    assert await found(cast, "") == ["Ana Silva"]
    assert (await found(cast, "zoe"), await found(cast, "ben")) == ([], [])


async def test_list_is_in_order_of_names_and_can_begin_anywhere(cast: Cast, zoe: int) -> None:
    assert await found(cast, "") == ["Zoé Œdipe-Müller", "Ben Okafor", "Ana Silva"]
    assert await found(cast, "", letter="o") == ["Zoé Œdipe-Müller", "Ben Okafor"]
    assert await found(cast, "", latest=True) == ["Zoé Œdipe-Müller", "Ben Okafor", "Ana Silva"]
    assert await found(cast, "", tag="Sports d’hiver") == ["Zoé Œdipe-Müller"]
    assert await found(cast, "", tag="sports") == []


async def test_pages_follow_each_other(cast: Cast, owner: asyncpg.Connection) -> None:
    for number in range(PAGE):
        await known(cast, owner, first_name="Client", last_name=f"{number:02}")

    async with practice_lens(cast.harbour.tenant):
        first = await list_records(cast.harbour.tenant, Sought("client"))
        both = [await list_records(cast.harbour.tenant, Sought(page=page)) for page in (1, 2, 3)]

    assert (len(first.rows), first.total, first.more) == (PAGE, PAGE, False)
    assert [(len(each.rows), each.total, each.more) for each in both] == [
        (PAGE, PAGE + 2, True),
        (2, PAGE + 2, False),
        (0, 0, False),
    ]


async def test_child_is_found_with_its_adult(cast: Cast, owner: asyncpg.Connection) -> None:
    await known(cast, owner, first_name="Léo", last_name="Silva", guardian_id=cast.harbour.records[ANA]["id"])

    async with practice_lens(cast.harbour.tenant):
        rows = await search_records(cast.harbour.tenant, "leo")

    assert [(row["first_name"], row["guardian_name"], row["guardian_ref"]) for row in rows] == [
        ("Léo", "Ana Silva", cast.harbour.records[ANA]["ref"])
    ]


async def test_records_without_a_name_hide_no_letter(cast: Cast, owner: asyncpg.Connection) -> None:
    await known(cast, owner, first_name="", last_name="")

    async with practice_lens(cast.harbour.tenant):
        assert await first_letters(cast.harbour.tenant) == ["o", "s"]


async def test_by_name_finds_names_and_tags_alone(cast: Cast, owner: asyncpg.Connection) -> None:
    reached = {"email": "mia@example.org", "phone": "+14165550177"}
    await known(cast, owner, first_name="Mia", last_name="Laurent", tags=["Été"], **reached)
    found = {}

    for words in ("mia lau", "ete", "mia ete", "mia@", "0177", "416 555 0177"):
        async with practice_lens(cast.harbour.tenant):
            found[words] = len(await search_records(cast.harbour.tenant, words, by_name=True))

    assert found == {"mia lau": 1, "ete": 1, "mia ete": 1, "mia@": 0, "0177": 0, "416 555 0177": 0}
