"""The engine and the lenses: the only ways to a row.

A lens is one transaction in one role. What the role may see is decided by row-level security in the migrations, so a
query that forgets its filter shows nothing of another practice. Lenses do not nest: a verb is one transaction.
"""

import asyncio
import logging
from contextlib import suppress
from contextvars import ContextVar, Token
from dataclasses import dataclass
from datetime import datetime
from types import TracebackType
from typing import Any, Literal, Self

import asyncpg
from piccolo.engine.postgres import PostgresEngine, PostgresTransaction
from piccolo.querystring import QueryString

from tenants.practices.tenant import Tenant

log = logging.getLogger(__name__)


# The server is out of reach, or too slow to answer. It passes by itself, so pages say "try again" and mean it.
TROUBLE = (
    asyncpg.PostgresConnectionError,
    asyncpg.InterfaceError,
    asyncpg.QueryCanceledError,
    asyncpg.LockNotAvailableError,
    asyncpg.CannotConnectNowError,
    asyncpg.AdminShutdownError,
    asyncpg.CrashShutdownError,
    asyncpg.TooManyConnectionsError,
    asyncpg.InternalClientError,  # a connection used between the server's last words and their end
    OSError,
    TimeoutError,
)


class _Connection(asyncpg.Connection):  # type: ignore[misc]
    """Nothing outlives a lens on its connection, so nothing has to be reset when the pool takes it back.

    An open transaction is still rolled back: asyncpg does that before it asks for this query.
    """

    def get_reset_query(self) -> str:
        return ""


class Engine(PostgresEngine):
    """Piccolo's engine, told where the database is when the process starts instead of when it is imported."""

    def __init__(self) -> None:
        super().__init__(config={})

    async def check_version(self) -> None:
        """`doctor` and `migrate` check the version; importing a module must not open a connection."""

    async def prep_database(self) -> None:
        """No extensions are used."""

    def transaction(self, allow_nested: bool = False) -> "Transaction":  # noqa: ARG002 - Piccolo's signature
        return Transaction("BEGIN")

    async def run_querystring(self, querystring: QueryString, in_pool: bool = True) -> Any:
        await self._begin()
        return await super().run_querystring(querystring, in_pool)

    async def run_ddl(self, ddl: str, in_pool: bool = True) -> Any:
        await self._begin()
        return await super().run_ddl(ddl, in_pool)

    async def _begin(self) -> None:
        transaction = self.current_transaction.get()
        if isinstance(transaction, Transaction):
            await transaction.begun()


engine = Engine()


class Transaction(PostgresTransaction):
    """One transaction that always gives its connection back, whatever BEGIN, COMMIT or ROLLBACK do.

    Piccolo's own keeps the connection and the context variable when COMMIT fails. BEGIN waits for the first statement,
    so that a question that needs no transaction (`tenants.scope.ask`) costs one round trip instead of three.
    """

    __slots__ = ("_begun", "_opening", "_token")

    def __init__(self, opening: str) -> None:
        super().__init__(engine, allow_nested=False)
        self._opening = opening
        self._begun = False
        self._token: Token[Any] | None = None

    async def __aenter__(self) -> Self:
        self.connection = await self.get_connection()  # type: ignore[no-untyped-call]
        self._token = engine.current_transaction.set(self)
        return self

    async def begun(self) -> asyncpg.Connection:
        """Its connection, in the transaction and in its role."""
        if not self._begun:
            await self.connection.execute(self._opening)
            self._begun = True
        return self.connection

    async def __aexit__(
        self,
        exception_type: type[BaseException] | None,
        exception: BaseException | None,
        traceback: TracebackType | None,
    ) -> Literal[False]:
        assert self._token is not None
        engine.current_transaction.reset(self._token)
        try:
            if not self._begun:
                return False
            if exception_type is None:
                await self.connection.execute("COMMIT")
            else:
                with suppress(asyncpg.PostgresError, asyncpg.InterfaceError, OSError):  # the first error is told
                    await self.connection.execute("ROLLBACK")
        finally:
            await self._give_back()
        return False

    async def _give_back(self) -> None:
        if engine.pool:
            await engine.pool.release(self.connection)
        else:
            await self.connection.close()


_touched: ContextVar[set[int] | None] = ContextVar("practices touched", default=None)


def watch_practices() -> None:
    """From here on in this task, and in what it starts, `practices_touched` knows which practices were asked."""
    _touched.set(set())


def practices_touched() -> frozenset[int]:
    """The ids of those whose lens was opened since `watch_practices`, to read or to write."""
    return frozenset(_touched.get() or ())


def practice_lens(tenant: Tenant) -> Transaction:
    """Reads and writes of one practice's rows."""
    touched = _touched.get()
    if touched is not None:
        touched.add(tenant.id)
    return Transaction(f"BEGIN; SET LOCAL ROLE portal_practice; SET LOCAL app.tenant = '{tenant.id:d}'")


@dataclass(frozen=True, slots=True)
class Acting:
    """Who changes rows at a desk, from where, and when by the door's clock: the audit log tells it.

    With `own_practitioner` they see their own clients alone: 0 is the practitioner that nobody is.
    """

    by: str
    ip: str
    browser: str
    at: datetime
    own_practitioner: int | None = None


def desk_lens(tenant: Tenant, acting: Acting) -> Transaction:
    """A practice's rows, as a member reads and writes them."""
    touched = _touched.get()
    if touched is not None:
        touched.add(tenant.id)
    role = "portal_practice" if acting.own_practitioner is None else "portal_professional"
    said = {
        "tenant": f"{tenant.id:d}",
        "by": acting.by,
        "ip": acting.ip,
        "browser": acting.browser,
        "at": acting.at.isoformat(),
        "practitioner": f"{acting.own_practitioner or 0:d}",
    }
    told = "".join(f"; SET LOCAL app.{name} = {_quoted(value)}" for name, value in said.items())
    return Transaction(f"BEGIN; SET LOCAL ROLE {role}{told}")


def operator_lens(by: str, at: datetime) -> Transaction:
    """Which practices there are, and whether they may go on; nothing of what they keep."""
    told = f"SET LOCAL app.by = {_quoted(by)}; SET LOCAL app.at = {_quoted(at.isoformat())}"
    return Transaction(f"BEGIN; SET LOCAL ROLE portal_operator; {told}")


def _quoted(text: str) -> str:
    """As SQL writes any text (with `standard_conforming_strings`, PostgreSQL's own since 9.1)."""
    return "'" + text.replace("\0", "").replace("'", "''") + "'"


def person_lens(person_id: int) -> Transaction:
    """Reads of every row that hangs from one of the person's proved addresses, over all practices."""
    return Transaction(f"BEGIN READ ONLY; SET LOCAL ROLE portal_person; SET LOCAL app.person = '{person_id:d}'")


def worker_lens() -> Transaction:
    """What is due over all practices. Only the worker opens it."""
    return Transaction("BEGIN; SET LOCAL ROLE portal_worker")


def people_transaction() -> Transaction:
    """The portal's own tables: people, addresses, codes, connections. No practice's row can be seen here."""
    return Transaction("BEGIN")


async def read_row(sql: str, *values: Any) -> asyncpg.Record | None:
    """One statement on the portal's own tables, in a transaction of its own: three round trips fewer than a block."""
    assert engine.pool is not None
    return await engine.pool.fetchrow(sql, *values)


async def read_rows(sql: str, *values: Any) -> list[asyncpg.Record]:
    assert engine.pool is not None
    return await engine.pool.fetch(sql, *values)  # type: ignore[no-any-return]


async def open_database(dsn: str, *, smallest: int = 1, largest: int = 10) -> None:
    """Opens the pool; `largest` connections at most. Raises what asyncpg raises when the server cannot be reached."""
    engine.config = {"dsn": dsn}
    engine.pool = await asyncpg.create_pool(
        dsn,
        min_size=smallest,
        max_size=largest,
        connection_class=_Connection,
        command_timeout=30,
        # Every statement asks for few rows by an index, so no value deserves a plan of its own; left to itself the
        # server plans what takes an array anew each time.
        server_settings={"application_name": "carnet", "plan_cache_mode": "force_generic_plan"},
    )


async def close_database() -> None:
    """Waits for running queries for ten seconds, then cuts them off."""
    pool, engine.pool = engine.pool, None
    if pool is None:
        return
    try:
        await asyncio.wait_for(pool.close(), timeout=10)
    except TimeoutError:
        log.warning("database connections were still busy after ten seconds and have been cut off")
        pool.terminate()
