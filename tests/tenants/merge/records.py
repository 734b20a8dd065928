"""Records, and what hangs from them, as the tests of merging arrange and read them."""

from datetime import datetime, timedelta
from typing import Any

import asyncpg

from portal.database import person_lens, practice_lens
from tenants.merge.merge import look_at_two, merge_records
from tenants.merge.undo import undo_merge
from tenants.practices.tenant import Tenant
from tenants.refs import new_ref
from tenants.scope import fetch
from tests.cast import MONDAY, NORA
from tests.factories import LONG_AGO, PracticeMade, insert

DAY = timedelta(days=1)


async def made(practice: PracticeMade, email: str | None = None, **more: Any) -> dict[str, Any]:
    row = await insert(
        practice.owner,
        "client_record",
        **{"tenant_id": practice.tenant.id, "ref": new_ref(), "email": email, "created_at": LONG_AGO, **more},
    )
    practice.records[row["email"] or row["ref"]] = row
    return row


async def visit(practice: PracticeMade, record: dict[str, Any], hour: int, day: int = 25) -> dict[str, Any]:
    return await practice.appointment(
        record["email"] or record["ref"], "Follow-up", "Nora Blake", practice.at(2026, 11, day, hour)
    )


async def now_of(owner: asyncpg.Connection, record: dict[str, Any]) -> dict[str, Any]:
    return dict(await owner.fetchrow("SELECT * FROM client_record WHERE id = $1", record["id"]))


async def hangs(owner: asyncpg.Connection, record: dict[str, Any]) -> set[str]:
    """The refs of its appointments."""
    rows = await owner.fetch("SELECT ref FROM appointment WHERE client_record_id = $1", record["id"])
    return {row["ref"] for row in rows}


async def merge(
    tenant: Tenant,
    kept: dict[str, Any],
    gone: dict[str, Any],
    chosen: dict[str, str] | None = None,
    now: datetime = MONDAY,
) -> str:
    async with practice_lens(tenant):
        seen = (await look_at_two(tenant, kept["ref"], gone["ref"])).seen
    async with practice_lens(tenant):
        return await merge_records(tenant, (kept["ref"], gone["ref"]), chosen or {}, seen, NORA, now)


async def undo(tenant: Tenant, ref: str, now: datetime = MONDAY + DAY) -> tuple[str, ...]:
    async with practice_lens(tenant):
        return await undo_merge(tenant, ref, NORA, now)


async def seen_by(person: dict[str, Any]) -> set[str]:
    """The refs of the appointments that the portal shows to them."""
    async with person_lens(person["id"]):
        return {row["ref"] for row in await fetch("SELECT ref FROM appointment")}
