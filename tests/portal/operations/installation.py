import http.client
import signal
import socket
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

import psutil

from portal.operations.address import DatabaseAddress, database_address
from portal.operations.cluster import cluster_folder
from portal.operations.postmaster import running_postmaster, stop_postmaster
from portal.settings import Settings

PATIENCE = 60  # seconds; what is waited for takes one or two


class Installation:
    """One data folder and port, with the commands that a person would type."""

    def __init__(self, data_dir: Path, port: int, project_root: Path) -> None:
        self.data_dir = data_dir
        self.port = port
        self.environ = {
            "PATH": "/usr/local/bin:/usr/bin:/bin",
            "PYTHONPATH": str(project_root),
            "PORTAL_DATA_DIR": str(data_dir),
            "PORTAL_PORT": str(port),
        }
        self.started: list[subprocess.Popen[str]] = []

    def run(self, *command: str, **environ: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "portal", *command],
            env=self.environ | environ,
            cwd=self.data_dir.parent,
            capture_output=True,
            text=True,
            timeout=PATIENCE,
            check=False,
        )

    def start(self, *command: str, **environ: str) -> subprocess.Popen[str]:
        process = subprocess.Popen(
            [sys.executable, "-m", "portal", *command],
            env=self.environ | environ,
            cwd=self.data_dir.parent,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        self.started.append(process)
        return process

    def answers(self, path: str = "/health/live") -> int:
        """The status, once the server answers."""
        deadline = time.monotonic() + PATIENCE
        while True:
            connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
            try:
                connection.request("GET", path)
                return connection.getresponse().status
            except OSError:
                assert time.monotonic() < deadline, "the server does not answer"
                assert self.started[-1].poll() is None, self.started[-1].communicate()
                time.sleep(0.05)
            finally:
                connection.close()

    def refuses_connections(self) -> bool:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=1)
        with suppress(OSError):
            connection.connect()
            connection.close()
            return False
        return True

    def end(self) -> None:
        for process in self.started:
            process.kill()
            process.communicate()
        stop_postmaster(cluster_folder(self.data_dir))

    @property
    def address(self) -> DatabaseAddress:
        return database_address(Settings(data_dir=self.data_dir))

    @property
    def postmaster(self) -> int | None:
        return running_postmaster(cluster_folder(self.data_dir))


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def stop(process: subprocess.Popen[str], number: signal.Signals = signal.SIGTERM) -> int:
    process.send_signal(number)
    process.communicate(timeout=PATIENCE)
    return process.returncode


def wait_until_gone(pid: int) -> None:
    """A zombie is gone: it waits for its parent only."""
    deadline = time.monotonic() + PATIENCE
    while psutil.pid_exists(pid) and psutil.Process(pid).status() != psutil.STATUS_ZOMBIE:
        assert time.monotonic() < deadline, f"process {pid} is still there"
        time.sleep(0.02)
