"""The same statements as the code's, from pgbench: what the database alone can do."""

import re
import subprocess
import tempfile
from collections.abc import Sequence
from urllib.parse import parse_qs, urlsplit

from portal.operations.programs import ENVIRONMENT, bundled_program
from tests.benchmarks.installation import PROCESSES, Installation

PRACTICE_LENS = (
    "BEGIN;\nSELECT set_config('role', 'portal_practice', true), set_config('app.tenant', ({tenant})::text, true);"
)


_AS_THE_PAGES = ENVIRONMENT | {"PGOPTIONS": "-c plan_cache_mode=force_generic_plan"}


def statement(sql: str, *values: str) -> str:
    """One of the code's statements, with SQL expressions or pgbench's variables in the place of its $1 and $2."""
    return re.sub(r"\$(\d+)", lambda found: values[int(found[1]) - 1], sql).strip() + ";"


def clients(installation: Installation) -> int:
    """As many connections as the web processes have together."""
    return PROCESSES * installation.settings.database_connections


def rate(installation: Installation, script: Sequence[str], *, seconds: int = 0, transactions: int = 0) -> float:
    """Scripts a second; for a time, or a number for each client."""
    parts = urlsplit(installation.address.app_dsn)
    where = ["-h", parse_qs(parts.query)["host"][0], "-U", str(parts.username), parts.path.strip("/")]
    until = ["-t", str(transactions)] if transactions else ["-T", str(seconds)]
    with tempfile.NamedTemporaryFile("w", prefix="carnet-bench-", suffix=".sql") as file:
        file.write("\n".join(script) + "\n")
        file.flush()
        load = ["-c", str(clients(installation)), "-j", str(PROCESSES), *until]
        command = [str(bundled_program("pgbench")), "-n", "-M", "prepared", *load, "-D", "nth=0", "-f", file.name]
        done = subprocess.run([*command, *where], check=False, capture_output=True, text=True, env=_AS_THE_PAGES)
    found = re.search(r"tps = ([\d.]+)", done.stdout)
    failed = re.search(r"number of failed transactions: (\d+)", done.stdout)
    if done.returncode or not found or (failed and int(failed[1])):
        raise RuntimeError(f"pgbench failed:\n{done.stdout}\n{done.stderr}")
    return float(found[1])
