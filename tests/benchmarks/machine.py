"""On what it was measured."""

import os
import platform
import subprocess
from importlib.metadata import version
from pathlib import Path

import psutil

from portal.operations.programs import bundled_program


def machine() -> list[str]:
    memory = psutil.virtual_memory().total / 2**30
    postgres = subprocess.check_output([bundled_program("postgres"), "--version"], text=True).split()[-1]
    wrk = subprocess.run(["wrk", "-v"], check=False, capture_output=True, text=True).stdout.split()[1]
    libraries = ", ".join(f"{name} {version(name)}" for name in ("granian", "litestar", "piccolo", "asyncpg", "uvloop"))
    return [
        f"{os.cpu_count()} cores of {_processor()}, {memory:.0f} GB, {platform.system()} {platform.release()}",
        f"Python {platform.python_version()}, PostgreSQL {postgres} (embedded, its defaults), {libraries}, wrk {wrk}",
        "pages, database and load on one machine, and on the same cores",
    ]


def load() -> float:
    """Processes that ran or waited to run in the last minute; above zero, somebody else was at work too."""
    return os.getloadavg()[0]


def _processor() -> str:
    lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    return next((line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")), platform.machine())
