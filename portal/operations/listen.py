import errno
import fcntl
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager

from portal.cannot_start import CannotStart
from portal.settings import Settings

_PATIENCE = 3  # seconds for the processes of a killed server to let go of the port
_PAUSE = 0.1


@contextmanager
def sole_listener(settings: Settings) -> Iterator[str]:
    """Gives the numeric address to listen on; refuses a port that is in use.

    Web processes share their port (SO_REUSEPORT), so two servers of one user could share it too, unseen: hence a lock
    for those of one installation and a try without sharing for all others.
    """
    family, address = _resolved(settings.host)
    taken = CannotStart(f"Port {settings.port} on {settings.host} is in use; set PORTAL_PORT to another one.")
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    with (settings.data_dir / f"port-{settings.port}.lock").open("ab") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise taken from None
        deadline = time.monotonic() + _PATIENCE
        while not _free(family, address, settings.port):
            if time.monotonic() > deadline:
                raise taken
            time.sleep(_PAUSE)
        yield address


def _resolved(host: str) -> tuple[socket.AddressFamily, str]:
    """IPv4 first, as `localhost` has it everywhere."""
    try:
        found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    except socket.gaierror:
        raise CannotStart(f"PORTAL_HOST names no address of this machine: {host}.") from None
    family, *_, where = min(found, key=lambda each: each[0] != socket.AF_INET)
    return family, str(where[0])


def _free(family: socket.AddressFamily, address: str, port: int) -> bool:
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((address, port))
        except PermissionError:
            raise CannotStart(f"Port {port} may be opened by root only; set PORTAL_PORT to 1024 or more.") from None
        except OSError as trouble:
            if trouble.errno != errno.EADDRINUSE:
                raise CannotStart(f"PORTAL_HOST names no address of this machine: {address}.") from None
            return False
    return True
