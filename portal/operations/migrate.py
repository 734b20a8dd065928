"""Brings the tables to the form that this version of Carnet expects. Many may start at once; one of them works."""

import asyncio
import io
from argparse import Namespace
from base64 import b64encode
from collections.abc import Awaitable, Callable, Mapping
from contextlib import redirect_stdout
from hashlib import pbkdf2_hmac, sha256
from hmac import digest

import asyncpg
from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.apps.migrations.commands.forwards import ForwardsMigrationManager
from piccolo.apps.migrations.tables import Migration
from piccolo.conf.apps import MigrationModule

from portal.cannot_start import CannotStart
from portal.database import close_database, open_database
from portal.operations.address import APP_ROLE, DatabaseAddress, app_password
from portal.operations.database import connected, owner_dsn, running_database
from portal.settings import Settings

APPS = ("portal", "tenants")
_LOCK = 0x_CA_47_E7  # any number, as long as every Carnet asks for the same


def run(settings: Settings, _: Namespace) -> int:
    with running_database(settings) as address:
        done = asyncio.run(migrate(address, settings))
    for line in done or ["Nothing to do: the tables are up to date."]:
        print(line)
    return 0


async def migrate(address: DatabaseAddress, settings: Settings) -> list[str]:
    """A line for each migration that was run. Raises CannotStart."""
    dsn = owner_dsn(address)
    async with connected(dsn) as connection:
        await connection.execute("SELECT pg_advisory_lock($1)", _LOCK)
        await open_database(dsn, largest=2)
        try:
            done = [line for app in APPS for line in await _forwards(app)]
        except asyncpg.InsufficientPrivilegeError as trouble:
            raise CannotStart(f"The database's owner may not do what a migration needs: {trouble}.") from trouble
        finally:
            await close_database()
        await connection.execute(f"GRANT SELECT ON {Migration._meta.tablename} TO {APP_ROLE}")  # noqa: SLF001
        if not settings.embedded:
            await _let_sign_in(connection, settings.secret_key)
    return done


async def pending_migrations(connection: asyncpg.Connection) -> list[str]:
    """Names of the migrations that this database has not seen yet."""
    known = {name for app in APPS for name in _modules(app)}
    if await connection.fetchval("SELECT to_regclass('migration') IS NULL"):
        return sorted(known)
    return sorted(known - {row["name"] for row in await connection.fetch("SELECT name FROM migration")})


async def check_tables(address: DatabaseAddress) -> None:
    """Raises CannotStart unless the pages can sign in to a database that is up to date."""
    async with connected(address.owner_dsn or address.app_dsn) as connection:
        if await pending_migrations(connection):
            raise CannotStart("The database is not up to date; run `python -m portal migrate` first.")
    async with connected(address.app_dsn):
        pass


async def make_roles(dsn: str) -> None:
    """A dump knows which role may do what, but roles belong to the server and are not in it.

    The migrations named after them make them, and their ways back leave them.
    """
    await open_database(dsn, largest=2)
    try:
        modules = [each for _, each in sorted(_modules(APPS[0]).items()) if "_roles_of_" in each.__name__]
        managers = [await each.forwards() for each in modules]
        with redirect_stdout(io.StringIO()):
            for backwards, ordered in ((False, managers), (True, managers[::-1])):
                for manager in ordered:
                    assert isinstance(manager, MigrationManager)
                    await manager.run(backwards=backwards)
    finally:
        await close_database()


async def _forwards(app: str) -> list[str]:
    """Piccolo runs a migration and then notes that it has; here both happen in one transaction, or neither."""
    with redirect_stdout(io.StringIO()):
        await ForwardsMigrationManager(app).create_migration_table()
        modules = _modules(app)
        done = []
        for name in sorted(set(modules) - set(await Migration.get_migrations_which_ran(app))):
            manager = await modules[name].forwards()
            assert isinstance(manager, MigrationManager)
            manager.add_raw(_noting(name, app))
            await manager.run()
            done.append(f"{app}: {manager.description}")
    return done


def _noting(name: str, app: str) -> Callable[[], Awaitable[None]]:
    async def note() -> None:
        await Migration.insert(Migration(name=name, app_name=app))

    return note


def _modules(app: str) -> Mapping[str, MigrationModule]:
    finder = ForwardsMigrationManager(app)
    return finder.get_migration_modules(finder.get_app_config(app).resolved_migrations_folder_path)


async def _let_sign_in(connection: asyncpg.Connection, secret_key: str) -> None:
    """Only a verifier goes over the line, so the password cannot end up in the server's log."""
    await connection.execute(f"ALTER ROLE {APP_ROLE} PASSWORD '{_verifier(app_password(secret_key))}'")


def _verifier(password: str) -> str:
    """RFC 5803. The salt may follow from the password here, since the password is 256 random bits."""
    rounds, salt = 4096, sha256(b"salt" + password.encode()).digest()[:16]
    salted = pbkdf2_hmac("sha256", password.encode(), salt, rounds)
    stored = sha256(digest(salted, b"Client Key", "sha256")).digest()
    server = digest(salted, b"Server Key", "sha256")
    return (
        f"SCRAM-SHA-256${rounds}:{b64encode(salt).decode()}${b64encode(stored).decode()}:{b64encode(server).decode()}"
    )
