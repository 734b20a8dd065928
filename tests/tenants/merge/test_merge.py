"""Two records of one client made one: what is kept, what moves, who sees it, and what is refused."""

from datetime import date
from typing import Any

import asyncpg
import pytest

from portal.database import practice_lens
from tenants.clients.record import Contact, find_or_make_record, find_record
from tenants.merge.compose import COMPOSED, UNTOUCHED
from tenants.merge.hanging import MOVES, STAYS
from tenants.merge.history import merges_of
from tenants.merge.merge import look_at_two, merge_records
from tenants.refusals import ChangedMeanwhile, KinCannotMerge, NotFound, RecordErased, RecordMerged, Refusal, SameRecord
from tenants.scope import fetch
from tests.cast import ANA, ANA_AT_MEADOW, BEN, CLEO, MONDAY, NORA, Cast
from tests.factories import ERASE, insert
from tests.tenants.merge.records import hangs, made, merge, now_of, seen_by, visit

_REFERENCES = """
SELECT conrelid::regclass::text AS hung, attname AS column_name
FROM pg_constraint JOIN pg_attribute ON attrelid = conrelid AND attnum = ANY (conkey) AND attname <> 'tenant_id'
WHERE contype = 'f' AND confrelid = 'client_record'::regclass
UNION
SELECT attrelid::regclass::text, attname FROM pg_attribute JOIN pg_class ON pg_class.oid = attrelid
WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace AND NOT attisdropped AND attname LIKE '%client_record%'
"""

_UNIQUE = """
SELECT conrelid::regclass::text || '.' || attname FROM pg_constraint
JOIN pg_attribute ON attrelid = conrelid AND attnum = ANY (conkey)
WHERE contype = 'u' AND conrelid::regclass::text = ANY ($1) AND attname = ANY ($2)
"""


async def test_all_that_references_a_record_is_known_to_move_or_to_stay(owner: asyncpg.Connection) -> None:
    """When this fails, a table is new: name it in MOVES, with a trigger that follows, or in STAYS with the reason."""
    found = {(row["hung"], row["column_name"]) for row in await owner.fetch(_REFERENCES)}
    follows = await owner.fetch(
        "SELECT tgrelid::regclass::text AS hung FROM pg_trigger WHERE tgname ~ '_(follows|adopts)$'"
    )

    assert found == {*MOVES, *STAYS}
    assert {row["hung"] for row in follows} == {table for table, _ in MOVES}
    assert await owner.fetch(_UNIQUE, *[list(names) for names in zip(*MOVES, strict=True)]) == []


async def test_every_column_of_a_record_is_spoken_for(owner: asyncpg.Connection) -> None:
    columns = await owner.fetch(
        "SELECT attname FROM pg_attribute WHERE attrelid = 'client_record'::regclass AND attnum > 0"
    )

    assert {row["attname"] for row in columns} == {*COMPOSED, *UNTOUCHED}
    assert set(COMPOSED) & set(UNTOUCHED) == set()


async def test_what_hangs_from_the_other_moves_and_nothing_else(cast: Cast, owner: asyncpg.Connection) -> None:
    harbour = cast.harbour
    kept, gone, ben = harbour.records[ANA], await made(harbour, "anna@example.org"), harbour.records[BEN]
    own, moved, bens = [await visit(harbour, each, hour) for hour, each in enumerate((kept, gone, ben), 10)]
    reply = await insert(
        owner, "client_reply", tenant_id=harbour.tenant.id, client_record_id=gone["id"], at=MONDAY, body="Maybe."
    )
    child = await made(harbour, first_name="Client 3", guardian_id=gone["id"])

    await merge(harbour.tenant, kept, gone)

    assert await hangs(owner, kept) == {own["ref"], moved["ref"]}
    assert (await hangs(owner, gone), await hangs(owner, ben)) == (set(), {bens["ref"]})
    assert await owner.fetchval("SELECT client_record_id FROM client_reply WHERE id = $1", reply["id"]) == kept["id"]
    child = await now_of(owner, child)
    assert (child["guardian_id"], child["reach_email"]) == (kept["id"], ANA)


async def test_each_field_is_the_one_that_was_chosen(cast: Cast, owner: asyncpg.Connection) -> None:
    kept = await made(
        cast.harbour, "a@example.org", first_name="Client", last_name="17", phone="+14165550101", tags=["x"]
    )
    gone = await made(
        cast.harbour,
        "b@example.org",
        first_name="Klient",
        last_name="Seventeen",
        phone="+14165550102",
        home_phone="+14165550103",
        birthday=date(1990, 5, 17),
        language="fr",
        tags=["y", "x"],
    )

    await merge(cast.harbour.tenant, kept, gone, {"last_name": "gone", "reach": "gone", "phone": "kept"})

    now, empty = await now_of(owner, kept), await now_of(owner, gone)
    names = ("email", "first_name", "last_name", "phone", "home_phone", "birthday", "language", "tags")
    assert [now[name] for name in names] == [
        "b@example.org",
        "Client",
        "Seventeen",
        "+14165550101",
        "+14165550103",
        date(1990, 5, 17),
        "fr",
        ["x", "y"],
    ]
    assert [empty[name] for name in names] == [None, "", "", "", "", None, "", []]
    assert (empty["merged_into"], empty["merged_at"], empty["search"].strip()) == (kept["id"], MONDAY, "")


async def test_clients_own_word_goes_with_the_address_that_stays(cast: Cast, owner: asyncpg.Connection) -> None:
    """What the practice chose against it is the practice's own from now on."""
    kept = await made(cast.harbour, "a@example.org", first_name="Client", own_first_name="Client", phone="+14165550101")
    gone = await made(
        cast.harbour,
        "b@example.org",
        first_name="Klient",
        own_first_name="Klient",
        own_said_at=MONDAY,
        phone="+14165550102",
        own_phone="+14165550102",
    )

    await merge(cast.harbour.tenant, kept, gone, {"first_name": "kept", "phone": "gone", "reach": "gone"})

    now = await now_of(owner, kept)
    assert (now["first_name"], now["own_first_name"], now["own_said_at"]) == ("Client", "Klient", MONDAY)
    assert (now["phone"], now["own_phone"], now["held"]) == ("+14165550102", "+14165550102", ["first_name"])


@pytest.mark.parametrize(
    ("kept", "gone", "stricter"),
    [
        (None, None, None),
        (None, "staff", "staff"),
        ("client", None, "client"),
        ("staff", "client", "client"),
        ("client", "staff", "client"),
    ],
)
async def test_refused_sms_stay_refused(
    cast: Cast, owner: asyncpg.Connection, kept: str | None, gone: str | None, stricter: str | None
) -> None:
    rows = [
        await made(cast.harbour, f"{name}@example.org", sms_off_by=by, sms_off_at=MONDAY if by else None)
        for name, by in (("a", kept), ("b", gone))
    ]

    await merge(cast.harbour.tenant, rows[0], rows[1])

    now = await now_of(owner, rows[0])
    assert (now["sms_off_by"], now["sms_off_at"]) == (stricter, MONDAY if stricter else None)


@pytest.mark.parametrize(("chosen", "by_ana", "by_cleo"), [("kept", 2, 0), ("gone", 0, 2)])
async def test_whoever_owns_the_address_that_stays_sees_it_all(
    cast: Cast, chosen: str, by_ana: int, by_cleo: int
) -> None:
    harbour = cast.harbour
    kept, gone = harbour.records[ANA], await made(harbour, CLEO)
    both = {(await visit(harbour, each, hour))["ref"] for hour, each in enumerate((kept, gone), 10)}
    before = [len(await seen_by(person)) for person in (cast.ana, cast.cleo, cast.ben)]

    await merge(harbour.tenant, kept, gone, {"reach": chosen})

    assert before == [1, 1, 0]
    assert [len(await seen_by(person) & both) for person in (cast.ana, cast.cleo, cast.ben)] == [by_ana, by_cleo, 0]


async def test_the_other_address_is_free_afterwards(cast: Cast, owner: asyncpg.Connection) -> None:
    harbour = cast.harbour
    kept, gone = harbour.records[ANA], await made(harbour, CLEO)
    ref = await merge(harbour.tenant, kept, gone)

    async with practice_lens(harbour.tenant):
        new = await find_or_make_record(harbour.tenant, Contact(CLEO, "Cleo", "Laurent"), MONDAY)
        told = await merges_of(harbour.tenant, kept["id"])

    assert new not in (kept["id"], gone["id"])
    assert [(line["ref"], line["email"], line["by_email"]) for line in told] == [(ref, CLEO, NORA)]


async def test_a_merged_record_leads_to_the_kept_one(cast: Cast) -> None:
    one, two, three = [await made(cast.harbour, f"{name}@example.org") for name in "abc"]
    await merge(cast.harbour.tenant, two, one)
    await merge(cast.harbour.tenant, three, two)

    for row in (one, two):
        with pytest.raises(RecordMerged) as refused:
            async with practice_lens(cast.harbour.tenant):
                await find_record(cast.harbour.tenant, row["ref"])
        assert refused.value.ref == three["ref"]


async def test_what_is_written_for_a_merged_record_follows(cast: Cast, owner: asyncpg.Connection) -> None:
    """An appointment by a page that has not heard of it, and a child under that adult."""
    one, two, three = [await made(cast.harbour, f"{name}@example.org") for name in "abc"]
    await merge(cast.harbour.tenant, two, one)
    await merge(cast.harbour.tenant, three, two)

    late = await visit(cast.harbour, one, 12)
    child = await made(cast.harbour, guardian_id=one["id"])

    assert late["client_record_id"] == three["id"]
    assert (child["guardian_id"], child["reach_email"]) == (three["id"], "c@example.org")


async def family(cast: Cast) -> dict[str, dict[str, Any]]:
    harbour = cast.harbour
    adult, uncle = harbour.records[ANA], harbour.records[BEN]
    return {
        "adult": adult,
        "child": await made(harbour, guardian_id=adult["id"], first_name="Client 1"),
        "twin": await made(harbour, guardian_id=adult["id"], first_name="Client 2"),
        "uncle": uncle,
        "nephew": await made(harbour, guardian_id=uncle["id"]),
        "erased": await made(harbour, erased_at=MONDAY),
        "doomed": await made(harbour, "d@example.org", erase_at=MONDAY),
        "parent": await made(harbour),
    }


@pytest.mark.parametrize(
    ("kept", "gone", "refusal"),
    [
        ("adult", "adult", SameRecord),
        ("adult", "child", KinCannotMerge),
        ("child", "adult", KinCannotMerge),
        ("parent", "erased", RecordErased),
        ("doomed", "parent", RecordErased),
        ("uncle", "child", KinCannotMerge),
    ],
)
async def test_two_that_cannot_be_one_are_refused(
    cast: Cast, owner: asyncpg.Connection, kept: str, gone: str, refusal: type[Refusal]
) -> None:
    """The last one is who has a nephew to look after, and would stand under Ana's address with the child's side."""
    rows = await family(cast)
    before = await owner.fetch("SELECT * FROM client_record ORDER BY id")

    with pytest.raises(refusal):
        await merge(cast.harbour.tenant, rows[kept], rows[gone], {"reach": "gone"})

    assert await owner.fetch("SELECT * FROM client_record ORDER BY id") == before


async def test_brothers_and_sisters_under_one_address_can_be_one(cast: Cast, owner: asyncpg.Connection) -> None:
    rows = await family(cast)

    await merge(cast.harbour.tenant, rows["child"], rows["twin"], {"first_name": "gone"})

    now = await now_of(owner, rows["child"])
    assert (now["first_name"], now["guardian_id"], now["reach_email"]) == ("Client 2", rows["adult"]["id"], ANA)


async def test_what_has_changed_since_it_was_seen_is_not_overwritten(cast: Cast, owner: asyncpg.Connection) -> None:
    kept, gone = cast.harbour.records[ANA], await made(cast.harbour, CLEO)
    tenant = cast.harbour.tenant
    async with practice_lens(tenant):
        seen = (await look_at_two(tenant, kept["ref"], gone["ref"])).seen
    await owner.execute("UPDATE client_record SET phone = '+14165550100' WHERE id = $1", gone["id"])

    with pytest.raises(ChangedMeanwhile):
        async with practice_lens(tenant):
            await merge_records(tenant, (kept["ref"], gone["ref"]), {}, seen, NORA, MONDAY)

    assert (await now_of(owner, gone))["merged_at"] is None


async def test_record_of_another_practice_is_not_found(cast: Cast) -> None:
    with pytest.raises(NotFound):
        await merge(cast.harbour.tenant, cast.harbour.records[ANA], cast.meadow.records[ANA_AT_MEADOW])


async def test_what_is_erased_is_erased_from_merges_too(cast: Cast, owner: asyncpg.Connection) -> None:
    one, two, three = [await made(cast.harbour, f"{name}@example.org", first_name=name) for name in "abc"]
    others = [await made(cast.harbour, f"{name}@example.org") for name in "xy"]
    for each in (one, two):
        await insert(
            owner,
            "client_change",
            tenant_id=cast.harbour.tenant.id,
            client_record_id=each["id"],
            at=MONDAY,
            how="held",
            field="phone",
            before="a number",
            after="another",
        )
    await merge(cast.harbour.tenant, two, one)
    await merge(cast.harbour.tenant, three, two)
    await merge(cast.harbour.tenant, others[0], others[1])

    async with practice_lens(cast.harbour.tenant):
        await fetch(ERASE, three["id"])

    kept = await owner.fetch("SELECT kept_id FROM client_merge WHERE before <> '{}'")
    assert [row["kept_id"] for row in kept] == [others[0]["id"]]
    assert await owner.fetchval("SELECT count(*) FROM client_change WHERE before <> ''") == 0
