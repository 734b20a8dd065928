"""The system's own PostgreSQL with passwords over TCP, as a managed server would be."""

import os
import secrets
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import asyncpg

from portal.operations.account import as_account, database_account
from tests.portal.operations.installation import free_port
from tests.scratch import scratch

PASSWORD = "p:w /d\\"
QUOTED = "p%3Aw%20%2Fd%5C"


@dataclass(frozen=True)
class SystemServer:
    port: int

    async def owned_database(self) -> str:
        """The address of a new database, as its owner signs in."""
        name = f"book_{secrets.token_hex(4)}"
        where = f"127.0.0.1:{self.port}"
        connection = await asyncpg.connect(f"postgresql://postgres:{QUOTED}@{where}/postgres")
        try:
            await connection.execute(f"""
                DO $$ BEGIN CREATE ROLE boss LOGIN CREATEROLE PASSWORD '{PASSWORD}';
                EXCEPTION WHEN duplicate_object THEN NULL; END $$
            """)
            await connection.execute(f"CREATE DATABASE {name} OWNER boss")
        finally:
            await connection.close()
        return f"postgresql://boss:{QUOTED}@{where}/{name}"


@contextmanager
def system_server() -> Iterator[SystemServer]:
    programs = Path(subprocess.check_output(["pg_config", "--bindir"], text=True).strip())
    with tempfile.TemporaryDirectory(prefix="carnet-test-", dir=scratch(), ignore_cleanup_errors=True) as folder:
        account, data, port = database_account(Path(folder) / "data"), Path(folder) / "data", free_port()
        if account:
            Path(folder).chmod(0o711)
            data.mkdir(mode=0o700)
            os.chown(data, account.pw_uid, account.pw_gid)

        def run(program: str, *arguments: str | Path) -> None:
            command = [programs / program, "-D", data, *arguments]
            who = as_account(account)
            subprocess.run(command, check=True, capture_output=True, cwd="/", **who)

        password = Path(folder) / "password"
        password.write_text(f"{PASSWORD}\n", encoding="utf-8")
        asks = ["--auth=scram-sha-256", f"--pwfile={password}", "--username=postgres", "--encoding=UTF8"]
        run("initdb", "--locale=C.UTF-8", *asks)
        options = f"-c listen_addresses=127.0.0.1 -c port={port} -c unix_socket_directories={data} -c fsync=off"
        run("pg_ctl", "-w", "-l", data / "log", "-o", options, "start")
        try:
            yield SystemServer(port)
        finally:
            run("pg_ctl", "-w", "-m", "immediate", "stop")
