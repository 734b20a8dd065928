from collections.abc import AsyncIterator

import asyncpg

from portal.cannot_start import CannotStart
from portal.operations.address import APP_ROLE, DatabaseAddress
from portal.operations.checks.finding import Finding, fine, trouble
from portal.operations.database import connected
from portal.operations.migrate import pending_migrations

# The pages' own role must not be able to look past row-level security, nor use another role's rights unasked.
_UNSAFE_ROLES = """
    SELECT rolname, rolsuper, rolbypassrls, rolinherit FROM pg_roles
    WHERE rolname IN (
        'portal_app', 'portal_practice', 'portal_professional', 'portal_person', 'portal_worker', 'portal_operator'
    )
    AND (rolsuper OR rolbypassrls OR rolcreaterole OR rolcreatedb OR (rolinherit AND rolname <> 'portal_professional'))
    ORDER BY rolname
"""
_MISSING_ROLES = """
    SELECT name FROM unnest(ARRAY[
        'portal_app', 'portal_practice', 'portal_professional', 'portal_person', 'portal_worker', 'portal_operator'
    ]) AS name
    WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = name) ORDER BY name
"""
# Row-level security does not bind a table's owner, so no role that pages use may own one.
_OPEN_TABLES = """
    SELECT c.relname FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
    WHERE a.attname = 'tenant_id' AND c.relkind IN ('r', 'p') AND c.relnamespace = 'public'::regnamespace
    AND (NOT c.relrowsecurity OR pg_get_userbyid(c.relowner) LIKE 'portal\\_%') ORDER BY c.relname
"""
_PRACTICE_TABLES = """
    SELECT count(*) FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
    WHERE a.attname = 'tenant_id' AND c.relkind IN ('r', 'p') AND c.relnamespace = 'public'::regnamespace
"""


async def check_database(address: DatabaseAddress) -> AsyncIterator[Finding]:
    try:
        async with connected(address.owner_dsn or address.app_dsn) as connection:
            yield fine("database", f"PostgreSQL {connection.get_server_version().major} answers.")
            yield await _tables(connection)
            yield await _roles(connection)
            yield await _row_security(connection)
    except CannotStart as reason:
        yield trouble("database", str(reason))
        return
    yield await _sign_in(address)


async def _tables(connection: asyncpg.Connection) -> Finding:
    try:
        pending = await pending_migrations(connection)
    except asyncpg.InsufficientPrivilegeError:
        return trouble("tables", "portal_app may not read the list of migrations; run `python -m portal migrate`.")
    if pending:
        return trouble("tables", f"{len(pending)} migrations are waiting; run `python -m portal migrate`.")
    return fine("tables", "All migrations have been run.")


async def _roles(connection: asyncpg.Connection) -> Finding:
    if missing := await connection.fetch(_MISSING_ROLES):
        return trouble("roles", f"Missing: {_names(missing)}; run `python -m portal migrate`.")
    if unsafe := await connection.fetch(_UNSAFE_ROLES):
        return trouble(
            "roles",
            f"{_names(unsafe)}: more rights than wanted; give back with "
            "ALTER ROLE … NOSUPERUSER NOBYPASSRLS NOINHERIT NOCREATEROLE NOCREATEDB.",
        )
    return fine("roles", "The lenses' roles are there and have no rights of their own.")


async def _row_security(connection: asyncpg.Connection) -> Finding:
    if opened := await connection.fetch(_OPEN_TABLES):
        return trouble("row security", f"Off, or owned by a role that pages use: {_names(opened)}. Stop serving pages.")
    return fine("row security", f"On for all {await connection.fetchval(_PRACTICE_TABLES)} tables of the practices.")


async def _sign_in(address: DatabaseAddress) -> Finding:
    try:
        async with connected(address.app_dsn):
            return fine("sign-in", f"The pages sign in as {APP_ROLE}.")
    except CannotStart as reason:
        return trouble("sign-in", f"{reason} Run `python -m portal migrate` with the same PORTAL_SECRET_KEY.")


def _names(rows: list[asyncpg.Record]) -> str:
    return ", ".join(row[0] for row in rows)
