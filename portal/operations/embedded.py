"""Carnet's own PostgreSQL: running while anybody uses it, stopped by the last one.

Users are counted by shared file locks, which the kernel takes back however a process ends.
"""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from portal.cannot_start import CannotStart
from portal.operations.account import database_account, make_reachable
from portal.operations.cluster import cluster_folder, prepare_cluster
from portal.operations.postmaster import start_postmaster, stop_postmaster


@contextmanager
def embedded_database(data_dir: Path) -> Iterator[None]:
    """Keeps the server of this data folder running inside the block. Raises CannotStart."""
    folder = cluster_folder(data_dir)
    try:
        users = _enter(folder)
    except OSError as trouble:
        raise CannotStart(f"The data folder {data_dir} cannot be used: {trouble.strerror}.") from None
    try:
        yield
    finally:
        _leave(folder, users)


def _enter(folder: Path) -> IO[bytes]:
    folder.parent.mkdir(parents=True, exist_ok=True)
    account = database_account(folder)
    with _one_at_a_time(folder):
        if account:
            make_reachable(folder)
        prepare_cluster(folder, account)
        start_postmaster(folder, account)
        users = folder.with_name("postgres.users").open("ab")
        fcntl.flock(users, fcntl.LOCK_SH)
    return users


def _leave(folder: Path, users: IO[bytes]) -> None:
    with users, _one_at_a_time(folder):
        try:
            fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return
        stop_postmaster(folder)


@contextmanager
def _one_at_a_time(folder: Path) -> Iterator[None]:
    """Starts and stops of one folder wait for each other."""
    with folder.with_name("postgres.turn").open("ab") as turn:
        fcntl.flock(turn, fcntl.LOCK_EX)
        yield
