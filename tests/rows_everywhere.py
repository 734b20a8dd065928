"""A row of a practice in every table that carries one, made from what the database says of its tables."""

from datetime import date, timedelta
from typing import Any

import asyncpg

from tenants.refs import new_ref
from tests.cast import MONDAY
from tests.factories import insert

TABLES = """
SELECT table_name AS name FROM information_schema.columns
WHERE table_schema = 'public' AND column_name = 'tenant_id' ORDER BY table_name
"""
_NEEDED = """
SELECT column_name AS name, data_type AS type FROM information_schema.columns
WHERE table_schema = 'public' AND table_name = $1 AND is_nullable = 'NO' AND column_default IS NULL
      AND is_identity = 'NO' AND is_generated <> 'ALWAYS' AND column_name <> 'tenant_id'
"""
_POINTS = """
SELECT attname AS name, confrelid::regclass::text AS at FROM pg_constraint
JOIN pg_attribute ON attrelid = conrelid AND attnum = ANY (conkey)
WHERE conrelid = $1::text::regclass AND contype = 'f' AND attname <> 'tenant_id'
"""
_BY_TYPE: dict[str, Any] = {
    "timestamp with time zone": MONDAY,
    "date": date(2026, 11, 23),
    "interval": timedelta(hours=1),
    "bytea": b"1",
    "jsonb": "{}",
    "smallint": 1,
    "integer": 1,
    "bigint": 1,
    "boolean": True,
    "ARRAY": [1],
}
# What the tables' checks ask for beyond the type; by table and column, or by column alone.
_ALLOWED: dict[str, Any] = {
    "audit_entry.did": "added",
    "booking_override.what": "outside_hours",
    "channel": "email",
    "client_change.how": "changed",
    "client_document.kind": "pdf",
    "closes": 1000,
    "condition": "always",
    "consent.how": "phone",
    "ends_at": MONDAY + timedelta(hours=1),
    "blocked_until": MONDAY + timedelta(hours=1),
    "message.kind": "budget_low",
    "minutes_ahead": 60,
    "resource_kind.what": "room",
    "retention_choice.choice": "keep",
    "role": "admin",
    "transfer.form": "csv",
    "transfer.kind": "import",
    "transfer_chunk.part": "upload",
    "until_minute": 1000,
}
# What may be empty and yet has to be there.
_MORE: dict[str, list[str]] = {"resource_use": ["appointment_id"]}


async def fill(owner: asyncpg.Connection, tenant_id: int) -> None:
    """Tables that hold a row of it already stay as they are."""
    waiting = [row["name"] for row in await owner.fetch(TABLES)]
    while waiting:
        stuck = [table for table in waiting if not await _filled(owner, table, tenant_id)]
        assert len(stuck) < len(waiting), f"nothing to point at for {stuck}"
        waiting = stuck


async def _filled(owner: asyncpg.Connection, table: str, tenant_id: int) -> bool:
    if await owner.fetchval(f"SELECT EXISTS (SELECT FROM {table} WHERE tenant_id = $1)", tenant_id):
        return True
    points = {row["name"]: row["at"] for row in await owner.fetch(_POINTS, table)}
    needed = {row["name"]: row["type"] for row in await owner.fetch(_NEEDED, table)}
    values: dict[str, Any] = {"tenant_id": tenant_id}
    for name in [*needed, *_MORE.get(table, [])]:
        if name in points:
            ids = await _ids(owner, points[name], tenant_id)
            if not ids:
                return False
            values[name] = next((each for each in ids if each not in values.values()), ids[0])
        else:
            values[name] = _value(table, name, needed[name])
    await insert(owner, table, **values)
    return True


async def _ids(owner: asyncpg.Connection, table: str, tenant_id: int) -> list[int]:
    return [
        row["id"] for row in await owner.fetch(f"SELECT id FROM {table} WHERE tenant_id = $1 ORDER BY id", tenant_id)
    ]


def _value(table: str, name: str, kind: str) -> Any:
    for known in (f"{table}.{name}", name):
        if known in _ALLOWED:
            return _ALLOWED[known]
    return new_ref() if kind == "text" else _BY_TYPE[kind]


async def everything(owner: asyncpg.Connection) -> dict[str, list[dict[str, Any]]]:
    """Every row of every table, in one order."""
    tables = await owner.fetch("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
    return {
        row["tablename"]: [
            dict(each) for each in await owner.fetch(f'SELECT * FROM "{row["tablename"]}" AS line ORDER BY line::text')
        ]
        for row in tables
    }
