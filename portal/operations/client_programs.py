"""pg_dump and pg_restore, of the server's own version: neither an older nor a newer one restores everywhere."""

import re
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import parse_qsl, quote, unquote, urlencode, urlsplit, urlunsplit

from portal.cannot_start import CannotStart
from portal.operations.programs import bundled_program


def run_client_program(name: str, major: int, dsn: str, *arguments: str | Path) -> None:
    """Raises CannotStart with what the program said last."""
    with _without_password(dsn) as address:
        command = [_fitting(name, major), *arguments, f"--dbname={address}", "--no-password"]
        done = subprocess.run(command, check=False, capture_output=True, text=True, errors="replace")
    if done.returncode != 0:
        said = (done.stderr.strip().splitlines() or ["nothing"])[0]
        raise CannotStart(f"{name} gave up: {said}")


def _fitting(name: str, major: int) -> Path:
    in_path = shutil.which(name)
    of_debian = Path(f"/usr/lib/postgresql/{major}/bin") / name
    for program in (Path(in_path) if in_path else of_debian, of_debian, bundled_program(name)):
        if _major_version(program) == major:
            return program
    raise CannotStart(
        f"The database is PostgreSQL {major}; install {name} of that version (postgresql-client-{major})."
    )


def _major_version(program: Path) -> int | None:
    if not program.exists():
        return None
    said = subprocess.run([program, "--version"], check=False, capture_output=True, text=True).stdout
    version = re.search(r"\) (\d+)", said)
    return int(version[1]) if version else None


@contextmanager
def _without_password(dsn: str) -> Iterator[str]:
    """Everyone on a machine can read a program's arguments; a password file is ours alone."""
    parts = urlsplit(dsn)
    if parts.password is None:
        yield dsn
        return
    with TemporaryDirectory(prefix="carnet-") as folder:
        passfile = Path(folder) / "password"
        passfile.touch(mode=0o600)
        escaped = unquote(parts.password).replace("\\", "\\\\").replace(":", "\\:")
        passfile.write_text(f"*:*:*:*:{escaped}\n", encoding="utf-8")
        user, where = quote(unquote(parts.username or "")), parts.netloc.rpartition("@")[2]
        query = urlencode([*parse_qsl(parts.query), ("passfile", str(passfile))], quote_via=quote)
        yield urlunsplit(parts._replace(netloc=f"{user}@{where}", query=query))
