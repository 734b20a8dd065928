"""Writes everything that the database holds to one file, as it was at one instant, while pages are being served."""

import asyncio
from argparse import Namespace
from pathlib import Path

from portal.cannot_start import CannotStart
from portal.operations.client_programs import run_client_program
from portal.operations.database import connected, owner_dsn, running_database
from portal.settings import Settings


def run(settings: Settings, arguments: Namespace) -> int:
    file = Path(arguments.file)
    if file.exists():
        raise CannotStart(f"{file} is already there; choose another name.")
    with running_database(settings) as address:
        dsn = owner_dsn(address)
        _write(file, dsn, asyncio.run(server_version(dsn)))
    print(f"The data is in {file}. Keep the secret key beside it, but not with it: {_secret_place(settings)}.")
    return 0


async def server_version(dsn: str) -> int:
    async with connected(dsn) as connection:
        return int(connection.get_server_version().major)


def _write(file: Path, dsn: str, major: int) -> None:
    """The name appears once the file is whole. It holds everybody's data: only its owner may read it."""
    draft = file.with_name(f".{file.name}.part")
    try:
        draft.touch(mode=0o600)
        without = ["--no-owner", "--no-unlogged-table-data"]
        run_client_program("pg_dump", major, dsn, "--format=custom", *without, f"--file={draft}")
        draft.rename(file)
    except OSError as reason:
        raise CannotStart(f"{file} cannot be written: {reason.strerror}.") from None
    finally:
        draft.unlink(missing_ok=True)


def _secret_place(settings: Settings) -> str:
    kept = settings.data_dir / "secret_key"
    return str(kept) if settings.embedded and kept.exists() else "PORTAL_SECRET_KEY"
