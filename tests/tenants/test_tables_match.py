"""The tables as Python declares them, as the migrations make them, and as they are unmade."""

from collections.abc import AsyncIterator
from typing import Any

import asyncpg
import pytest
from piccolo.apps.migrations.commands.backwards import BackwardsMigrationManager
from piccolo.table import Table

from portal.database import close_database, engine, open_database
from portal.operations.address import DatabaseAddress
from portal.operations.migrate import APPS, migrate
from portal.piccolo_app import APP_CONFIG as PORTAL
from portal.settings import Settings
from tenants.piccolo_app import APP_CONFIG as TENANTS
from tests import databases

Columns = dict[str, tuple[str, bool]]

_COLUMNS = """
SELECT relname, attname, format_type(atttypid, atttypmod) AS type, NOT attnotnull AS nullable
FROM pg_attribute JOIN pg_class ON pg_class.oid = attrelid
WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' AND attnum > 0 AND NOT attisdropped
      AND relname <> 'migration'
"""

_EVERYTHING = """
SELECT 'column', attrelid::regclass::text, attname,
       concat_ws(' ', format_type(atttypid, atttypmod), attnotnull, attidentity)
FROM pg_attribute JOIN pg_class ON pg_class.oid = attrelid
WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' AND attnum > 0
UNION ALL
SELECT 'default', adrelid::regclass::text, adnum::text, pg_get_expr(adbin, adrelid) FROM pg_attrdef
UNION ALL
SELECT 'rights', relname, relkind::text, concat_ws(' ', relacl, relrowsecurity, relpersistence)
FROM pg_class WHERE relnamespace = 'public'::regnamespace
UNION ALL
SELECT 'constraint', conrelid::regclass::text, conname, pg_get_constraintdef(oid)
FROM pg_constraint WHERE connamespace = 'public'::regnamespace
UNION ALL
SELECT 'index', tablename, indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'
UNION ALL
SELECT 'policy', tablename, policyname, concat_ws(' ', roles, cmd, qual, with_check)
FROM pg_policies
UNION ALL
SELECT 'trigger', tgrelid::regclass::text, tgname, pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal
UNION ALL
SELECT 'function', proname, coalesce(proacl::text, ''), pg_get_functiondef(oid)
FROM pg_proc WHERE pronamespace = 'public'::regnamespace
UNION ALL
SELECT 'type', typname, typtype::text, '' FROM pg_type WHERE typnamespace = 'public'::regnamespace
ORDER BY 1, 2, 3, 4
"""


def table_classes() -> list[type[Table]]:
    return [*PORTAL.table_classes, *TENANTS.table_classes]


async def declared(owner: asyncpg.Connection, table: type[Table]) -> Columns:
    """In the database's own words for types; a serial number is an identity there."""
    found = {}
    for column in table._meta.columns:
        written = column.column_type.replace("SERIAL", "INT")
        kind = await owner.fetchval("SELECT to_regtype($1)::text", written)
        found[column._meta.db_column_name] = (kind, column._meta.null)
    return found


async def test_tables_have_the_columns_that_the_migrations_made(owner: asyncpg.Connection) -> None:
    migrated: dict[str, Columns] = {}
    for row in await owner.fetch(_COLUMNS):
        migrated.setdefault(row["relname"], {})[row["attname"]] = (row["type"], row["nullable"])

    assert {table._meta.tablename: await declared(owner, table) for table in table_classes()} == migrated


async def test_columns_that_may_be_left_out_mean_the_same_in_both(owner: asyncpg.Connection) -> None:
    """A row made through Piccolo carries Piccolo's defaults, one made in SQL the database's."""
    evaluate = "SELECT column_name, column_default FROM information_schema.columns WHERE table_name = $1"
    differing = []
    for table in table_classes():
        defaults = dict(await owner.fetch(evaluate, table._meta.tablename))
        for column in table._meta.columns:
            name, default = column._meta.db_column_name, column.get_default_value()
            default = getattr(default, "timedelta", default)
            written = defaults[name]
            by_lot = name == "plan_version" or "random_signs" in (written or "")
            if written and not by_lot and default != await owner.fetchval(f"SELECT {written}"):
                differing.append((table._meta.tablename, name, default, written))

    assert differing == []


@pytest.fixture
async def database_of_its_own(owner_dsn: str, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[str]:
    """An empty one; the pool that other tests use is put aside meanwhile."""
    monkeypatch.setattr(engine, "pool", None)
    monkeypatch.setattr(engine, "config", engine.config)
    server = await asyncpg.connect(owner_dsn)
    name = await server.fetchval("SELECT current_database() || '_there_and_back'")
    await server.execute(f"CREATE DATABASE {name}")
    yield databases.on_database(owner_dsn, name)
    await server.execute(f"DROP DATABASE {name} WITH (FORCE)")
    await server.close()


async def everything_in(dsn: str) -> list[tuple[Any, ...]]:
    connection = await asyncpg.connect(dsn)
    try:
        return [tuple(row) for row in await connection.fetch(_EVERYTHING)]
    finally:
        await connection.close()


async def backwards(dsn: str) -> None:
    await open_database(dsn, largest=2)
    for app in reversed(APPS):
        await BackwardsMigrationManager(app, migration_id="all", auto_agree=True).run()
    await close_database()


@pytest.mark.usefixtures("capsys")
async def test_migrations_go_back_to_nothing_and_forwards_again(database_of_its_own: str) -> None:
    dsn = database_of_its_own
    address = DatabaseAddress(databases.as_role(dsn, "portal_app"), dsn)
    settings = Settings(secret_key="k" * 32)
    ran = await migrate(address, settings)
    there = await everything_in(dsn)

    await backwards(dsn)
    nothing = await everything_in(dsn)
    again = await migrate(address, settings)

    assert {name.removesuffix("_id_seq") for _, name, *_ in nothing if "migration" not in name} == set()
    assert again == ran
    assert await everything_in(dsn) == there
    assert await migrate(address, settings) == []
