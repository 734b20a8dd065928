"""One Carnet of its own: data folder, embedded database, and the real server as `python -m portal serve`."""

import asyncio
import http.client
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path

import asyncpg
import psutil

from portal.operations.address import DatabaseAddress, database_address
from portal.operations.embedded import embedded_database
from portal.operations.migrate import migrate
from portal.settings import Settings

PROCESSES = 2
_ROOT = Path(__file__).parents[2]
_PATIENCE = 60  # seconds


@dataclass(frozen=True)
class Installation:
    settings: Settings
    owner: asyncpg.Connection

    @property
    def address(self) -> DatabaseAddress:
        return database_address(self.settings)


@dataclass(frozen=True)
class Server:
    """Something that listens on loopback."""

    port: int
    process: subprocess.Popen[bytes]

    def memory(self) -> int:
        """Resident bytes of its largest web process."""
        children = psutil.Process(self.process.pid).children()
        return max(int(child.memory_info().rss) for child in children if "spawn_main" in " ".join(child.cmdline()))


@asynccontextmanager
async def new_installation() -> AsyncIterator[Installation]:
    """Migrated and empty; gone with the block."""
    folder = Path(tempfile.mkdtemp(prefix="carnet-bench-"))
    try:
        settings = Settings.from_environment(environment(folder, free_port()))
        with embedded_database(settings.data_dir):
            address = database_address(settings)
            await migrate(address, settings)
            owner = await asyncpg.connect(address.owner_dsn)
            try:
                yield Installation(settings, owner)
            finally:
                await owner.close()
    finally:
        shutil.rmtree(folder)


@contextmanager
def served(settings: Settings) -> Iterator[Server]:
    """Its log is written, as everywhere, to a file beside the data."""
    environ = environment(settings.data_dir.parent, settings.port)
    with _listening(["portal", "serve"], settings.port, environ, settings.data_dir.parent) as server:
        yield server


@contextmanager
def bare(folder: Path) -> Iterator[Server]:
    """One Litestar route that does nothing, on the same web server with the same settings."""
    port = free_port()
    with _listening(["tests.benchmarks.bare", str(port)], port, {"PYTHONPATH": str(_ROOT)}, folder) as server:
        yield server


@contextmanager
def _listening(command: list[str], port: int, environ: dict[str, str], folder: Path) -> Iterator[Server]:
    with (folder / f"{command[0]}.log").open("wb") as log:
        process = subprocess.Popen([sys.executable, "-m", *command], env=environ, cwd=folder, stdout=log, stderr=log)
    try:
        _wait_for(process, port, folder / f"{command[0]}.log")
        yield Server(port, process)
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(_PATIENCE)


def _wait_for(process: subprocess.Popen[bytes], port: int, log: Path) -> None:
    deadline = time.monotonic() + _PATIENCE
    while True:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=_PATIENCE)
        try:
            connection.request("GET", "/health/live")
            connection.getresponse().read()
        except OSError:
            if process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"the server does not answer:\n{log.read_text()}") from None
            time.sleep(0.05)
        else:
            return
        finally:
            connection.close()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def environment(folder: Path, port: int) -> dict[str, str]:
    return {
        "PATH": "/usr/bin:/bin",
        "PYTHONPATH": str(_ROOT),
        "PORTAL_DATA_DIR": str(folder / "var"),
        "PORTAL_PORT": str(port),
        "PORTAL_PROCESSES": str(PROCESSES),
    }


async def settle(owner: asyncpg.Connection) -> None:
    """What was written before a measure is not still being written to disk during it."""
    await owner.execute("CHECKPOINT")
    await asyncio.sleep(0.5)
