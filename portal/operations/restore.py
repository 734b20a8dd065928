"""Fills an empty database from a file that `backup` wrote, in one transaction, and brings it up to date."""

import asyncio
from argparse import Namespace
from pathlib import Path

import asyncpg

from portal.cannot_start import CannotStart
from portal.operations.backup import server_version
from portal.operations.client_programs import run_client_program
from portal.operations.database import connected, owner_dsn, running_database
from portal.operations.migrate import make_roles, migrate
from portal.settings import Settings

_TABLES = (
    "SELECT count(*) FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p', 'v', 'm')"
)


def run(settings: Settings, arguments: Namespace) -> int:
    file = Path(arguments.file)
    if not file.is_file():
        raise CannotStart(f"There is no file {file}.")
    with running_database(settings) as address:
        dsn = owner_dsn(address)
        asyncio.run(_prepare(dsn))
        how = ["--no-owner", "--exit-on-error", "--single-transaction"]
        run_client_program("pg_restore", asyncio.run(server_version(dsn)), dsn, *how, file)
        done = asyncio.run(migrate(address, settings))
    for line in (f"The data of {file} is restored.", *done):
        print(line)
    return 0


async def _prepare(dsn: str) -> None:
    async with connected(dsn) as connection:
        await _refuse_unless_empty(connection)
    await make_roles(dsn)


async def _refuse_unless_empty(connection: asyncpg.Connection) -> None:
    if await connection.fetchval(_TABLES):
        raise CannotStart("The database is not empty; restore into a new one, or choose another PORTAL_DATA_DIR.")
