"""Reaching the database from a command."""

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager, nullcontext
from urllib.parse import urlsplit

import asyncpg

from portal.cannot_start import CannotStart
from portal.operations.address import DatabaseAddress, database_address
from portal.operations.embedded import embedded_database
from portal.settings import Settings

OLDEST_VERSION = 14
_PATIENCE = 10  # seconds


@contextmanager
def running_database(settings: Settings) -> Iterator[DatabaseAddress]:
    """Brings the embedded server up for the block; a server of its own is expected to run already."""
    with embedded_database(settings.data_dir) if settings.embedded else nullcontext():
        yield database_address(settings)


def owner_dsn(address: DatabaseAddress) -> str:
    if address.owner_dsn is None:
        raise CannotStart(
            "PORTAL_DATABASE_URL signs in as portal_app, which may not change tables; give the owner's address here."
        )
    return address.owner_dsn


@asynccontextmanager
async def connected(dsn: str) -> AsyncIterator[asyncpg.Connection]:
    """One connection. Raises CannotStart when there is no database, or one too old."""
    try:
        connection = await asyncpg.connect(dsn, timeout=_PATIENCE, server_settings={"application_name": "carnet"})
    except (OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError) as trouble:
        said = (getattr(trouble, "strerror", None) or str(trouble)).strip().splitlines() or ["no answer"]
        raise CannotStart(f"The database at {_where(dsn)} cannot be reached: {said[0]}.") from None
    try:
        version = connection.get_server_version().major
        if version < OLDEST_VERSION:
            raise CannotStart(
                f"The database at {_where(dsn)} is PostgreSQL {version}; Carnet needs {OLDEST_VERSION} or newer."
            )
        yield connection
    finally:
        await connection.close(timeout=_PATIENCE)


def _where(dsn: str) -> str:
    """Host and database without the password."""
    parts = urlsplit(dsn)
    return f"{parts.netloc.rpartition('@')[2] or 'its socket'}{parts.path}"
