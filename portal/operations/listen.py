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
def sole_listener(settings: Settings) -> Iterator[None]:
    """Refuses a port that is in use.

    Web processes share their port (SO_REUSEPORT), so two servers of one user could share it too, unseen: hence a lock
    for those of one installation and a try without sharing for all others.
    """
    taken = CannotStart(f"Port {settings.port} on {settings.host} is in use; set PORTAL_PORT to another one.")
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    with (settings.data_dir / f"port-{settings.port}.lock").open("ab") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise taken from None
        deadline = time.monotonic() + _PATIENCE
        while not _free(settings):
            if time.monotonic() > deadline:
                raise taken
            time.sleep(_PAUSE)
        yield


def _free(settings: Settings) -> bool:
    try:
        family, *_, address = socket.getaddrinfo(settings.host, settings.port, type=socket.SOCK_STREAM)[0]
    except socket.gaierror:
        raise CannotStart(f"PORTAL_HOST names no address of this machine: {settings.host}.") from None
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(address)
        except PermissionError:
            raise CannotStart(
                f"Port {settings.port} may be opened by root only; set PORTAL_PORT to 1024 or more."
            ) from None
        except OSError as trouble:
            if trouble.errno != errno.EADDRINUSE:
                raise CannotStart(f"{settings.host} is not an address of this machine.") from None
            return False
    return True
