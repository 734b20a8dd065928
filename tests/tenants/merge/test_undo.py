"""A merge taken back: what was moved goes home, what came after stays, and what can no longer be is refused by name."""

from datetime import timedelta
from typing import Any

import asyncpg
import pytest

from portal.database import practice_lens
from tenants.clients.details import hold_details
from tenants.clients.record import Contact, find_or_make_record, find_record
from tenants.clients.wishes import refuse_sms
from tenants.merge.history import merges_of
from tenants.refusals import AddressTaken, MergedFurther, MergeTooOld, MergeUndone, NotFound, RecordErased, Refusal
from tests.cast import ANA, CLEO, MONDAY, NORA, Cast
from tests.factories import ERASE, insert
from tests.tenants.merge.records import DAY, hangs, made, merge, now_of, seen_by, undo, visit

DETAILS = {"first_name": "Cleo", "own_first_name": "Cleo", "phone": "+14165550101", "tags": ["x"], "language": "fr"}


@pytest.fixture
async def two(cast: Cast) -> list[dict[str, Any]]:
    """Ana's record, and one under Cleo's address."""
    return [cast.harbour.records[ANA], await made(cast.harbour, CLEO, **DETAILS)]


async def test_both_records_are_as_they_were(cast: Cast, owner: asyncpg.Connection, two: list[dict[str, Any]]) -> None:
    before = [await now_of(owner, row) for row in two]
    ref = await merge(cast.harbour.tenant, two[0], two[1], {"reach": "gone", "first_name": "gone"})

    stayed = await undo(cast.harbour.tenant, ref)

    assert [await now_of(owner, row) for row in two] == before
    assert stayed == ()


async def test_people_see_the_right_thing_before_after_and_after_the_undo(
    cast: Cast, owner: asyncpg.Connection, two: list[dict[str, Any]]
) -> None:
    harbour = cast.harbour
    anas, cleos = [(await visit(harbour, row, hour))["ref"] for hour, row in enumerate(two, 10)]
    seen = [[await seen_by(cast.ana), await seen_by(cast.cleo)]]
    ref = await merge(harbour.tenant, two[0], two[1], {"reach": "gone"})
    seen.append([await seen_by(cast.ana), await seen_by(cast.cleo)])
    later = (await visit(harbour, await now_of(owner, two[0]) | {"email": ANA}, 12))["ref"]

    await undo(harbour.tenant, ref)

    seen.append([await seen_by(cast.ana), await seen_by(cast.cleo)])
    assert seen == [[{anas}, {cleos}], [set(), {anas, cleos}], [{anas, later}, {cleos}]]
    assert await seen_by(cast.ben) == set()


async def test_only_what_was_moved_and_still_hangs_there_goes_back(
    cast: Cast, owner: asyncpg.Connection, two: list[dict[str, Any]]
) -> None:
    harbour = cast.harbour
    third = await made(harbour, "c@example.org")
    own, moved, away = [await visit(harbour, row, hour) for hour, row in enumerate((two[0], two[1], two[1]), 10)]
    child = await made(harbour, guardian_id=two[1]["id"])
    ref = await merge(harbour.tenant, two[0], two[1])
    await owner.execute("UPDATE appointment SET client_record_id = $1 WHERE id = $2", third["id"], away["id"])
    late = await visit(harbour, two[0], 14)

    await undo(harbour.tenant, ref)

    assert [await hangs(owner, row) for row in (*two, third)] == [
        {own["ref"], late["ref"]},
        {moved["ref"]},
        {away["ref"]},
    ]
    child = await now_of(owner, child)
    assert (child["guardian_id"], child["reach_email"]) == (two[1]["id"], CLEO)


async def test_what_was_changed_since_stays_and_is_said(
    cast: Cast, owner: asyncpg.Connection, two: list[dict[str, Any]]
) -> None:
    tenant = cast.harbour.tenant
    ref = await merge(tenant, two[0], two[1], {"first_name": "gone"})
    async with practice_lens(tenant):
        await hold_details(tenant, two[0]["ref"], {"phone": "+14165550199"}, NORA, MONDAY)

    stayed = await undo(tenant, ref)

    kept, gone = [await now_of(owner, row) for row in two]
    assert stayed == ("phone",)
    assert (kept["first_name"], kept["phone"], kept["held"]) == ("Ana", "+14165550199", ["phone"])
    assert (gone["first_name"], gone["phone"]) == ("Cleo", "+14165550101")


async def test_sms_refused_since_stay_refused_for_both(
    cast: Cast, owner: asyncpg.Connection, two: list[dict[str, Any]]
) -> None:
    """Whoever of the two it was."""
    tenant = cast.harbour.tenant
    ref = await merge(tenant, two[0], two[1])
    async with practice_lens(tenant):
        await refuse_sms(tenant, two[0]["ref"], MONDAY)

    stayed = await undo(tenant, ref)

    assert stayed == ()
    assert [(await now_of(owner, row))["sms_off_by"] for row in two] == ["client", "client"]


async def test_history_tells_both_what_was_done(cast: Cast, two: list[dict[str, Any]]) -> None:
    tenant = cast.harbour.tenant
    ref = await merge(tenant, two[0], two[1])

    await undo(tenant, ref)

    async with practice_lens(tenant):
        told = [await merges_of(tenant, row["id"]) for row in two]
    lines = [[(line["ref"], line["by_email"], line["undone_by"], line["undone_at"]) for line in each] for each in told]
    assert lines == [[(ref, NORA, NORA, MONDAY + DAY)]] * 2


async def test_can_be_merged_again_after_the_undo(
    cast: Cast, owner: asyncpg.Connection, two: list[dict[str, Any]]
) -> None:
    tenant = cast.harbour.tenant
    await undo(tenant, await merge(tenant, two[0], two[1]))

    await merge(tenant, two[1], two[0], {"reach": "gone"})

    kept, gone = await now_of(owner, two[1]), await now_of(owner, two[0])
    assert (kept["email"], gone["email"], gone["merged_into"]) == (ANA, None, kept["id"])


async def refused(cast: Cast, ref: str, refusal: type[Refusal], now: Any = MONDAY + DAY) -> Any:
    with pytest.raises(refusal) as caught:
        await undo(cast.harbour.tenant, ref, now)
    return caught.value


async def test_address_that_somebody_has_taken_is_named(
    cast: Cast, owner: asyncpg.Connection, two: list[dict[str, Any]]
) -> None:
    tenant = cast.harbour.tenant
    ref = await merge(tenant, two[0], two[1])
    async with practice_lens(tenant):
        await find_or_make_record(tenant, Contact(CLEO, "Cleo", "Laurent"), MONDAY)
    before = await owner.fetch("SELECT * FROM client_record ORDER BY id")

    refusal = await refused(cast, ref, AddressTaken)

    assert (refusal.email, refusal.name) == (CLEO, "Cleo Laurent")
    assert await owner.fetch("SELECT * FROM client_record ORDER BY id") == before


async def test_kept_record_may_have_taken_the_others_address_itself(
    cast: Cast, owner: asyncpg.Connection, two: list[dict[str, Any]]
) -> None:
    ref = await merge(cast.harbour.tenant, two[0], two[1])
    await owner.execute("UPDATE client_record SET email = $2 WHERE id = $1", two[0]["id"], CLEO)

    refusal = await refused(cast, ref, AddressTaken)

    assert (refusal.email, refusal.ref) == (CLEO, two[0]["ref"])


async def test_after_thirty_days_it_stays(cast: Cast, two: list[dict[str, Any]]) -> None:
    until = MONDAY + timedelta(days=30)
    ref = await merge(cast.harbour.tenant, two[0], two[1])

    assert (await refused(cast, ref, MergeTooOld, until + timedelta(seconds=1))).until == until
    assert await undo(cast.harbour.tenant, ref, until) == ()
    assert (await refused(cast, ref, MergeUndone)).undone_at == until


async def test_merged_further_is_undone_in_turn(
    cast: Cast, owner: asyncpg.Connection, two: list[dict[str, Any]]
) -> None:
    tenant = cast.harbour.tenant
    third = await made(cast.harbour, "c@example.org")
    first_visit = await visit(cast.harbour, two[1], 10)
    first = await merge(tenant, two[0], two[1])
    second = await merge(tenant, third, two[0])
    await refused(cast, first, MergedFurther)

    await undo(tenant, second)
    await undo(tenant, first)

    assert [await hangs(owner, row) for row in (*two, third)] == [set(), {first_visit["ref"]}, set()]
    async with practice_lens(tenant):
        assert [(await find_record(tenant, row["ref"]))["email"] for row in two] == [ANA, CLEO]


@pytest.mark.parametrize("erased", ["erased_at", "erase_at"])
async def test_what_is_erased_stays_erased(
    cast: Cast, owner: asyncpg.Connection, two: list[dict[str, Any]], erased: str
) -> None:
    ref = await merge(cast.harbour.tenant, two[0], two[1])
    wished = "UPDATE client_record SET erase_at = now() WHERE id = $1"
    await owner.execute(ERASE if erased == "erased_at" else wished, two[0]["id"])

    await refused(cast, ref, RecordErased)


async def test_merge_of_another_practice_is_not_found(cast: Cast, two: list[dict[str, Any]]) -> None:
    ref = await merge(cast.harbour.tenant, two[0], two[1])

    with pytest.raises(NotFound):
        await undo(cast.meadow.tenant, ref)


async def test_reply_that_came_after_the_merge_stays_with_the_kept_one(
    cast: Cast, owner: asyncpg.Connection, two: list[dict[str, Any]]
) -> None:
    values = {"tenant_id": cast.harbour.tenant.id, "client_record_id": two[1]["id"], "at": MONDAY}
    early = await insert(owner, "client_reply", body="Before.", **values)
    ref = await merge(cast.harbour.tenant, two[0], two[1])
    late = await insert(owner, "client_reply", body="After.", **values)

    await undo(cast.harbour.tenant, ref)

    where = dict(await owner.fetch("SELECT id, client_record_id FROM client_reply"))
    assert where == {early["id"]: two[1]["id"], late["id"]: two[0]["id"]}
