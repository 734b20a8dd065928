"""A practice that is deleted is gone from every table, and takes nothing of a neighbour along."""

from datetime import timedelta

import asyncpg
import pytest

from portal.database import operator_lens, practice_lens, worker_lens
from portal.messages.purges import purge_what_is_due
from tenants.founding.purge import due_purges, purge
from tenants.founding.suspend import KEPT, delete, keep
from tests.cast import ANA_AT_MEADOW, BEN, MONDAY, Cast
from tests.rows_everywhere import TABLES, everything, fill

OPERATOR = "operator@carnet.example"
HOUR = timedelta(hours=1)


@pytest.fixture
async def lived(cast: Cast, owner: asyncpg.Connection) -> Cast:
    """Both practices have a row in every table there is."""
    await cast.harbour.record("third@example.org", "Third")
    await cast.meadow.record("third@example.org", "Third")
    await cast.harbour.appointment(BEN, "Follow-up", "Nora Blake", cast.harbour.at(2026, 11, 26, 14))
    await cast.meadow.appointment(ANA_AT_MEADOW, "Massage", "Lea Martin", cast.meadow.at(2026, 11, 26, 14))
    for practice in (cast.harbour, cast.meadow):
        await fill(owner, practice.tenant.id)
    return cast


async def test_deleted_practice_leaves_no_row_and_its_neighbour_loses_none(
    lived: Cast, owner: asyncpg.Connection
) -> None:
    gone = lived.harbour.tenant.id
    before = await everything(owner)
    async with operator_lens(OPERATOR, MONDAY):
        await delete("harbour", MONDAY)

    await purge_what_is_due(MONDAY + KEPT)

    left = {
        table: [row for row in rows if (row["id"] if table == "practice" else row.get("tenant_id")) != gone]
        for table, rows in before.items()
    }
    assert await everything(owner) == left
    emptied = {table for table, rows in before.items() if len(left[table]) < len(rows)}
    assert emptied == {row["name"] for row in await owner.fetch(TABLES)} | {"practice"}
    assert len(left["person"]) == 6


async def test_nothing_is_deleted_before_its_day(lived: Cast, owner: asyncpg.Connection) -> None:
    async with operator_lens(OPERATOR, MONDAY):
        await delete("harbour", MONDAY)
    before = await everything(owner)

    async with worker_lens():
        due = await due_purges(MONDAY + KEPT - HOUR)
        early = await purge(lived.harbour.tenant.id, MONDAY + KEPT - HOUR)
        neighbour = await purge(lived.meadow.tenant.id, MONDAY + 9 * KEPT)

    assert (due, early, neighbour) == ([], False, False)
    assert await everything(owner) == before


async def test_nothing_is_deleted_that_was_taken_back(lived: Cast, owner: asyncpg.Connection) -> None:
    async with operator_lens(OPERATOR, MONDAY):
        await delete("harbour", MONDAY)
    async with operator_lens(OPERATOR, MONDAY + HOUR):
        await keep("harbour")

    await purge_what_is_due(MONDAY + 9 * KEPT)

    rows = await owner.fetch("SELECT slug, suspended_at, delete_at FROM practice ORDER BY slug")
    assert [tuple(row) for row in rows] == [("harbour", MONDAY, None), ("meadow", None, None)]


async def test_no_practice_and_no_operator_can_purge(lived: Cast) -> None:
    for lens in (practice_lens(lived.harbour.tenant), operator_lens(OPERATOR, MONDAY)):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            async with lens:
                await purge(lived.harbour.tenant.id, MONDAY)
