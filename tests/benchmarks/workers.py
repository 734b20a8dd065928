"""Real workers on a measured installation, and what they sent while one looked at them."""

import asyncio
import subprocess
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import psutil

from tests.benchmarks.installation import Installation, environment
from tests.benchmarks.providers import Providers
from tests.fake_twilio import ACCOUNT, NUMBER, TOKEN

WORKERS = 2
_PATIENCE = 60  # seconds

_LISTENING = "SELECT count(*) FROM pg_stat_activity WHERE query LIKE 'LISTEN%' AND datname = current_database()"


@dataclass(frozen=True)
class Workers:
    processes: list[subprocess.Popen[bytes]]

    def memory(self) -> int:
        """Resident bytes of the largest of them."""
        return max(int(psutil.Process(process.pid).memory_info().rss) for process in self.processes)

    def busy(self) -> float:
        """Seconds of a processor that they have had so far."""
        times = [psutil.Process(process.pid).cpu_times() for process in self.processes]
        return float(sum(each.user + each.system for each in times))


@asynccontextmanager
async def working(installation: Installation, providers: Providers) -> AsyncIterator[Workers]:
    settings = installation.settings
    environ = environment(settings.data_dir.parent, settings.port) | {
        "PORTAL_SMTP_HOST": "127.0.0.1",
        "PORTAL_SMTP_PORT": str(providers.smtp_port),
        "PORTAL_SMTP_TLS": "none",
        "PORTAL_MAIL_FROM": "Carnet <carnet@portal.example>",
        "PORTAL_TWILIO_ACCOUNT_SID": ACCOUNT,
        "PORTAL_TWILIO_AUTH_TOKEN": TOKEN,
        "PORTAL_TWILIO_SENDER": NUMBER,
        "PORTAL_TWILIO_BASE_URL": providers.twilio_url,
    }
    folder = settings.data_dir.parent
    with (folder / "worker.log").open("wb") as log:
        workers = Workers([_worker(environ, folder, log) for _ in range(WORKERS)])
    try:
        await _until_they_listen(installation)
        yield workers
    finally:
        for process in workers.processes:
            process.terminate()
        for process in workers.processes:
            process.wait(_PATIENCE)


def _worker(environ: dict[str, str], folder: Path, log: BinaryIO) -> subprocess.Popen[bytes]:
    return subprocess.Popen([sys.executable, "-m", "portal", "worker"], env=environ, cwd=folder, stderr=log)


async def _until_they_listen(installation: Installation) -> None:
    deadline = time.monotonic() + _PATIENCE
    while await installation.owner.fetchval(_LISTENING) < WORKERS:
        if time.monotonic() > deadline:
            raise RuntimeError((installation.settings.data_dir.parent / "worker.log").read_text())
        await asyncio.sleep(0.1)
