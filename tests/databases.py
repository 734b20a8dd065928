"""PostgreSQL servers for tests: the embedded one, or the system's where it is installed."""

import contextlib
import fcntl
import os
import pwd
import shutil
import subprocess
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import asyncpg

from portal.operations.address import DatabaseAddress
from portal.operations.cluster import cluster_folder, socket_folder
from portal.operations.embedded import embedded_database
from portal.operations.migrate import migrate
from portal.settings import Settings
from tests.scratch import scratch

TEMPLATE = "carnet_template"


@contextmanager
def shared_folder(run: str) -> Iterator[Path]:
    """One folder for all workers of this run, gone with the last of them. Not pytest's own: that one it locks anew."""
    folder = scratch() / f"carnet-tests-{run}"
    folder.mkdir(mode=0o755, exist_ok=True)
    with (folder / "workers").open("a") as workers:
        fcntl.flock(workers, fcntl.LOCK_SH)
        try:
            yield folder
        finally:
            with contextlib.suppress(BlockingIOError):
                fcntl.flock(workers, fcntl.LOCK_EX | fcntl.LOCK_NB)
                shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def server(folder: Path, kind: str) -> Iterator[str]:
    """A running server shared by all workers of this run; gives its owner's DSN without a database."""
    if kind == "embedded":
        with embedded_database(folder):
            yield f"postgresql://postgres@/postgres?host={socket_folder(cluster_folder(folder))}"
    elif kind == "system":
        with _system_server(folder) as socket:
            yield f"postgresql://postgres@/postgres?host={socket}"
    else:
        yield kind


def on_database(dsn: str, name: str) -> str:
    return urlunsplit(urlsplit(dsn)._replace(path=f"/{name}"))


def as_role(dsn: str, role: str) -> str:
    parts = urlsplit(dsn)
    return urlunsplit(parts._replace(netloc=f"{role}@{parts.netloc.rpartition('@')[2]}"))


async def fresh_copy(server_dsn: str, shared: Path, name: str) -> str:
    """A database of this name, copied from one that was migrated once for all workers."""
    with (shared / "template.turn").open("w") as turn:
        fcntl.flock(turn, fcntl.LOCK_EX)
        connection = await asyncpg.connect(server_dsn)
        try:
            if not await connection.fetchval("SELECT count(*) FROM pg_database WHERE datname = $1", TEMPLATE):
                await _forget_the_disk(connection)
                await connection.execute(f"CREATE DATABASE {TEMPLATE}")
                dsn = on_database(server_dsn, TEMPLATE)
                await migrate(DatabaseAddress(as_role(dsn, "portal_app"), dsn), Settings(secret_key="k" * 32))
            await connection.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
            await connection.execute(f"CREATE DATABASE {name} TEMPLATE {TEMPLATE}")
        finally:
            await connection.close()
    return on_database(server_dsn, name)


async def _forget_the_disk(connection: asyncpg.Connection) -> None:
    """Nothing that this server holds is wanted after a crash of the machine."""
    for setting in ("fsync", "synchronous_commit", "full_page_writes"):
        await connection.execute(f"ALTER SYSTEM SET {setting} = off")
    await connection.execute("SELECT pg_reload_conf()")


_EMPTY = """
DO $$
DECLARE
    name text;
BEGIN
    SET LOCAL session_replication_role = replica;  -- no trigger and no foreign key stands in the way
    FOR name IN SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename <> 'migration' LOOP
        EXECUTE format('DELETE FROM %I', name);
    END LOOP;
    PERFORM setval(sequencename::regclass, 1, false) FROM pg_sequences
    WHERE schemaname = 'public' AND sequencename <> 'migration_id_seq' AND last_value IS NOT NULL;
END
$$
"""


async def empty(owner: asyncpg.Connection) -> None:
    """Row by row: for the few that a test leaves it takes a tenth of what TRUNCATE does."""
    await owner.execute(_EMPTY)


@contextmanager
def _system_server(folder: Path) -> Iterator[Path]:
    """Debian's own PostgreSQL on a socket, stopped when the last worker of the run has left."""
    programs = Path(subprocess.check_output(["pg_config", "--bindir"], text=True).strip())
    data = folder / "system-postgres"
    socket = scratch() / f"carnet-system-{zlib.crc32(bytes(folder)):08x}"
    with (folder / "system.turn").open("w") as turn:
        fcntl.flock(turn, fcntl.LOCK_EX)
        if not data.exists():
            _start_system_server(programs, data, socket)
        users = (folder / "system.users").open("a")
        fcntl.flock(users, fcntl.LOCK_SH)
    try:
        yield socket
    finally:
        with (folder / "system.turn").open("w") as turn, users:
            fcntl.flock(turn, fcntl.LOCK_EX)
            try:
                fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                pass
            else:
                _as_postgres([programs / "pg_ctl", "-D", data, "-m", "immediate", "stop"])
                shutil.rmtree(socket, ignore_errors=True)


def _start_system_server(programs: Path, data: Path, socket: Path) -> None:
    for path in (data, socket):
        path.mkdir(mode=0o700)
        if os.geteuid() == 0:
            account = pwd.getpwnam("postgres")
            os.chown(path, account.pw_uid, account.pw_gid)
    for parent in data.parents:
        if os.geteuid() == 0 and parent.stat().st_uid == 0 and parent.is_relative_to(scratch()):
            parent.chmod(parent.stat().st_mode | 0o011)
    _as_postgres([programs / "initdb", "-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8"])
    options = f"-c listen_addresses='' -k {socket} -c fsync=off -c max_connections=200"
    _as_postgres([programs / "pg_ctl", "-D", data, "-w", "-l", data / "log", "-o", options, "start"])


def _as_postgres(command: list[Path | str]) -> None:
    account = "postgres" if os.geteuid() == 0 else None
    subprocess.run([str(part) for part in command], check=True, capture_output=True, user=account, cwd="/")
