"""Carnet's own PostgreSQL: running while anybody uses it, started again when it dies, stopped by its last user.

Users are counted by shared file locks, which the kernel takes back however a process ends.
"""

import fcntl
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Event, Thread
from typing import IO

from portal.cannot_start import CannotStart
from portal.operations.account import database_account, make_reachable
from portal.operations.cluster import cluster_folder, prepare_cluster
from portal.operations.postmaster import running_postmaster, start_postmaster, stop_postmaster

log = logging.getLogger(__name__)

_LOOK_EVERY = 0.5  # seconds


@contextmanager
def embedded_database(data_dir: Path) -> Iterator[None]:
    """Keeps the server of this data folder running inside the block. Raises CannotStart."""
    folder = cluster_folder(data_dir)
    try:
        users = _enter(folder)
    except OSError as trouble:
        raise CannotStart(f"The data folder {data_dir} cannot be used: {trouble.strerror}.") from None
    leaving = Event()
    watch = Thread(target=_keep_running, args=(folder, leaving), name="postgres watch", daemon=True)
    watch.start()
    try:
        yield
    finally:
        leaving.set()
        watch.join()
        with _one_at_a_time(folder), users:  # gone before the turn is over, or the next to leave sees a user still
            _stop_if_last(folder, users)


def _enter(folder: Path) -> IO[bytes]:
    folder.parent.mkdir(parents=True, exist_ok=True)
    account = database_account(folder)
    with _one_at_a_time(folder):
        if account:
            make_reachable(folder)
        prepare_cluster(folder, account)
        users = folder.with_name("postgres.users").open("ab")
        fcntl.flock(users, fcntl.LOCK_SH)
        try:
            start_postmaster(folder, account)
        except BaseException:
            with users:
                _stop_if_last(folder, users)
            raise
    return users


def _stop_if_last(folder: Path, users: IO[bytes]) -> None:
    try:
        fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return
    stop_postmaster(folder)


def _keep_running(folder: Path, leaving: Event) -> None:
    while not leaving.wait(_LOOK_EVERY):
        if running_postmaster(folder):
            continue
        with _one_at_a_time(folder):
            if leaving.is_set():
                return
            log.error("the embedded PostgreSQL has died; starting it again")
            try:
                start_postmaster(folder, database_account(folder))
            except (CannotStart, OSError) as trouble:
                log.error("the embedded PostgreSQL cannot be started: %s", trouble)  # noqa: TRY400 - the sentence says it


@contextmanager
def _one_at_a_time(folder: Path) -> Iterator[None]:
    """Starts and stops of one folder wait for each other."""
    with folder.with_name("postgres.turn").open("ab") as turn:
        fcntl.flock(turn, fcntl.LOCK_EX)
        yield
