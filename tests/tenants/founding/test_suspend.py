"""The operator sees practices and their sizes, decides of them, and sees nothing that they keep."""

from datetime import timedelta

import asyncpg
import pytest

from portal.database import operator_lens
from tenants.founding.suspend import KEPT, delete, find_practice, keep, list_practices, resume, suspend
from tenants.refusals import NotFound
from tenants.scope import fetch
from tests.cast import ANA, BEN, MONDAY, Cast
from tests.rows_everywhere import TABLES, fill

OPERATOR = "operator@carnet.example"
STATE = "SELECT suspended_at, suspended_why, delete_at FROM practice WHERE slug = 'harbour'"


async def test_operator_sees_no_row_of_any_table_of_a_practice(cast: Cast, owner: asyncpg.Connection) -> None:
    await cast.harbour.record("third@example.org", "Third")
    await cast.harbour.appointment(BEN, "Follow-up", "Nora Blake", cast.harbour.at(2026, 11, 26, 14))
    await fill(owner, cast.harbour.tenant.id)
    tables = [row["name"] for row in await owner.fetch(TABLES)] + ["person", "address", "account_message"]

    seen = []
    for table in tables:
        try:
            async with operator_lens(OPERATOR, MONDAY):
                seen.append((table, await fetch(f"SELECT * FROM {table}")))
        except asyncpg.InsufficientPrivilegeError:
            pass

    assert seen == []
    assert len(tables) > 40


async def test_operator_changes_nothing_else_of_a_practice(cast: Cast) -> None:
    for change in ("name = 'Mine'", "slug = 'mine'", "published_at = NULL"):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            async with operator_lens(OPERATOR, MONDAY):
                await fetch(f"UPDATE practice SET {change}")


async def test_list_tells_how_large_practices_are(cast: Cast) -> None:
    at = cast.harbour.at(2026, 11, 26, 14)
    await cast.harbour.appointment(ANA, "Follow-up", "Nora Blake", at, booked_at=MONDAY - timedelta(days=29))
    await cast.harbour.appointment(BEN, "Follow-up", "Theo Roy", at, booked_at=MONDAY - timedelta(days=31))

    async with operator_lens(OPERATOR, MONDAY):
        rows = {row["slug"]: row for row in await list_practices(MONDAY)}
        found = [row["slug"] for row in await list_practices(MONDAY, "MASSAGE")]
        like = await list_practices(MONDAY, "%")

    numbers = ("members", "practitioners", "clients", "booked", "last_booked_at")
    assert tuple(rows["harbour"][name] for name in numbers) == (2, 2, 2, 1, MONDAY - timedelta(days=29))
    assert tuple(rows["meadow"][name] for name in numbers) == (1, 1, 1, 0, None)
    assert (found, like) == (["meadow"], [])


async def test_suspending_once_more_keeps_the_day_and_changes_the_reason(cast: Cast, owner: asyncpg.Connection) -> None:
    for days, why in ((0, "Unpaid"), (2, "Unpaid since May")):
        async with operator_lens(OPERATOR, MONDAY):
            await suspend("harbour", why, MONDAY + timedelta(days=days))

    assert tuple(await owner.fetchrow(STATE)) == (MONDAY, "Unpaid since May", None)


async def test_deletion_is_announced_taken_back_and_ended_by_resuming(cast: Cast, owner: asyncpg.Connection) -> None:
    states = []
    for change in (delete("harbour", MONDAY), keep("harbour"), delete("harbour", MONDAY), resume("harbour")):
        async with operator_lens(OPERATOR, MONDAY):
            await change
        states.append(tuple(await owner.fetchrow(STATE)))

    gone_on = (MONDAY, "", MONDAY + KEPT)
    assert states == [gone_on, (MONDAY, "", None), gone_on, (None, "", None)]


async def test_practice_reads_in_its_audit_log_who_suspended_it(cast: Cast, owner: asyncpg.Connection) -> None:
    async with operator_lens(OPERATOR, MONDAY):
        await suspend("harbour", "Unpaid", MONDAY)

    told = await owner.fetch("SELECT tenant_id, by_email, what, did, fields, at FROM audit_entry")
    fields = ["suspended_at", "suspended_why"]
    assert [tuple(row) for row in told] == [(cast.harbour.tenant.id, OPERATOR, "practice", "changed", fields, MONDAY)]


async def test_practice_that_nobody_has_is_not_found(cast: Cast) -> None:
    for ask in (find_practice("nowhere", MONDAY), suspend("nowhere", "x", MONDAY), resume("nowhere"), keep("nowhere")):
        with pytest.raises(NotFound):
            async with operator_lens(OPERATOR, MONDAY):
                await ask
