"""One embedded PostgreSQL server: is it running, start it, stop it."""

import atexit
import os
import pwd
import signal
import subprocess
import time
from pathlib import Path

import psutil

from portal.cannot_start import CannotStart
from portal.operations.account import as_account
from portal.operations.cluster import SOCKET, socket_folder
from portal.operations.programs import ENVIRONMENT, bundled_program

# For a small server that shares its machine with the pages; fsync and synchronous_commit stay as they are: on.
# A log line never carries a statement or a row, which hold names and addresses.
_OPTIONS = {
    "listen_addresses": "",
    "port": "5432",
    "max_connections": "200",
    "shared_buffers": "256MB",
    "max_wal_size": "2GB",
    "random_page_cost": "1.1",
    "jit": "off",
    "unix_socket_permissions": "0700",
    "log_error_verbosity": "terse",
    "log_min_error_statement": "panic",
}
_LARGEST_LOG = 10_000_000  # bytes
_PAUSE = 0.02  # seconds between two looks
_LEFTOVER_PATIENCE = 10  # seconds that the children of a killed server get to notice and go
_STOP_PATIENCE = 60  # seconds for a last checkpoint, before clients are simply cut off
_PID_LINE, _STATE_LINE = 0, 7

_children: dict[Path, subprocess.Popen[bytes]] = {}  # kept to be reaped: a dead server must not linger as a zombie


@atexit.register
def _leave_to_others() -> None:
    """A server that somebody else still uses outlives its parent, and Python need not warn of it."""
    for server in _children.values():
        if server.poll() is None:
            server.returncode = 0


def running_postmaster(folder: Path) -> int | None:
    """The process that serves this folder. A zombie, or a stranger who inherited the number, is none."""
    if folder in _children:
        _children[folder].poll()
    try:
        pid = int(_pid_file_lines(folder)[_PID_LINE])
        process = psutil.Process(pid)
        if process.status() == psutil.STATUS_ZOMBIE or Path(process.cwd()) != folder:
            return None
    except (OSError, ValueError, IndexError, psutil.NoSuchProcess, psutil.AccessDenied):
        return None
    return pid


def start_postmaster(folder: Path, account: pwd.struct_passwd | None) -> None:
    """Returns when it answers. However long a recovery takes, it waits as long as the server works on it."""
    if pid := running_postmaster(folder):
        while not _ready(folder, pid):
            if running_postmaster(folder) != pid:
                raise CannotStart(f"The database in {folder} stopped while it was starting; start Carnet again.")
            time.sleep(_PAUSE)
        return
    for stale in (folder / "postmaster.pid", socket_folder(folder) / f"{SOCKET}.lock"):
        stale.unlink(missing_ok=True)
    deadline = time.monotonic() + _LEFTOVER_PATIENCE
    while (said := _try_to_start(folder, account)) is not None:
        if "shared memory block" not in said or time.monotonic() > deadline:
            raise CannotStart(f"The data in {folder} cannot be used: PostgreSQL says “{said}”.")
        time.sleep(10 * _PAUSE)


def stop_postmaster(folder: Path) -> None:
    """Writes everything out; whoever is still connected is cut off."""
    pid = running_postmaster(folder)
    if pid is None:
        return
    os.kill(pid, signal.SIGINT)
    deadline = time.monotonic() + _STOP_PATIENCE
    while running_postmaster(folder) == pid:
        if time.monotonic() > deadline:
            os.kill(pid, signal.SIGQUIT)
            deadline += _STOP_PATIENCE
        time.sleep(_PAUSE)
    if folder in _children:
        _children.pop(folder).wait()


def _try_to_start(folder: Path, account: pwd.struct_passwd | None) -> str | None:
    """What PostgreSQL said when it gave up, or None when it runs. Its own session: Ctrl-C is for us, not for it."""
    log = folder.with_name("postgres.log")
    if log.exists() and log.stat().st_size > _LARGEST_LOG:
        log.replace(log.with_suffix(".log.1"))
    options = _OPTIONS | {"unix_socket_directories": str(socket_folder(folder))}
    settings = [part for name, value in options.items() for part in ("-c", f"{name}={value}")]
    with log.open("ab") as output:
        begin = output.tell()
        server = subprocess.Popen(
            [bundled_program("postgres"), "-D", folder, *settings],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            cwd="/",
            env=ENVIRONMENT,
            start_new_session=True,
            **as_account(account),
        )
    _children[folder] = server
    while not _ready(folder, server.pid):
        if server.poll() is not None:
            return _last_words(log, begin)
        time.sleep(_PAUSE)
    return None


def _ready(folder: Path, pid: int) -> bool:
    try:
        lines = _pid_file_lines(folder)
    except OSError:
        return False
    return len(lines) > _STATE_LINE and lines[_PID_LINE] == str(pid) and lines[_STATE_LINE].strip() == "ready"


def _pid_file_lines(folder: Path) -> list[str]:
    return (folder / "postmaster.pid").read_text(encoding="utf-8").splitlines()


def _last_words(log: Path, begin: int) -> str:
    with log.open("rb") as said:
        said.seek(begin)
        lines = said.read().decode(errors="replace").splitlines()
    grave = [line.split(":  ", 1)[-1] for line in lines if "FATAL: " in line or "PANIC: " in line]
    return (grave or lines or ["nothing"])[-1]
