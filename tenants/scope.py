"""The way to one practice's rows."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any, Self

import asyncpg
from piccolo.columns import BigInt
from piccolo.query import Objects, Select
from piccolo.table import Table

from tenants.practices.tables import Practice
from tenants.practices.tenant import Tenant


class OwnedByTenant(Table):
    """A row of one practice. `of` filters by the tenant; the lens that the door opened is the net under the filter."""

    tenant_id = BigInt()

    @classmethod
    def of(cls, tenant: Tenant, *columns: Any) -> Select[Self]:
        return cls.select(*columns).where(cls.tenant_id == tenant.id)

    @classmethod
    def objects_of(cls, tenant: Tenant) -> Objects[Self]:
        return cls.objects().where(cls.tenant_id == tenant.id)


async def fetch(sql: str, *values: Any) -> list[asyncpg.Record]:
    """SQL where SQL says it better, with $1 for the first value. Only inside a lens."""
    return await (await _lens().begun()).fetch(sql, *values)  # type: ignore[no-any-return]


async def fetch_first(sql: str, *values: Any) -> asyncpg.Record | None:
    return await (await _lens().begun()).fetchrow(sql, *values)


async def fetch_each(statements: Mapping[str, str], *values: Any) -> None:
    """One after the other, each with the same values; the names say what each is about."""
    connection = await _lens().begun()
    for statement in statements.values():
        await connection.execute(statement, *values)


@asynccontextmanager
async def attempt() -> AsyncIterator[None]:
    """A part of the lens's transaction: what it has changed when it raises is taken back, and the rest stands."""
    connection = await _lens().begun()
    await connection.execute("SAVEPOINT attempt")
    try:
        yield
    except Exception:
        await connection.execute("ROLLBACK TO SAVEPOINT attempt")
        raise
    finally:
        await connection.execute("RELEASE SAVEPOINT attempt")


async def ask(function: str, *values: Any) -> list[asyncpg.Record]:
    """Rows from a function of the database that opens this very lens itself; its first value is whose it is.

    Alone in its lens it needs no transaction around it, and what a page asks most takes one round trip.
    """
    return await _lens().connection.fetch(function, *values)  # type: ignore[no-any-return]


def _lens() -> Any:
    lens = Practice._meta.db.current_transaction.get()  # noqa: SLF001 - Piccolo has no public way to its engine
    if lens is None:
        raise RuntimeError("a practice's rows are read and written through a lens; none is open")
    return lens
