"""Real processes on data folders of their own.

The folders stand right in the system's temporary folder: a server started for root lets its account pass through the
folders above, and pytest's own folder must stay closed.
"""

import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from portal.operations.cluster import cluster_folder
from portal.operations.postmaster import stop_postmaster
from tests.operations.installation import Installation


@pytest.fixture
def data_dir() -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="carnet-test-"))
    yield folder / "var"
    stop_postmaster(cluster_folder(folder / "var"))
    shutil.rmtree(folder)


@pytest.fixture
def installation(data_dir: Path, project_root: Path) -> Iterator[Installation]:
    """Its commands and servers; whatever is still running at the end is ended."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    made = Installation(data_dir, port, project_root)
    yield made
    for process in made.started:
        process.kill()
        process.communicate()


@pytest.fixture(scope="session")
def seeded(project_root: Path) -> Iterator[Path]:
    """A data folder with the demo in it, made once for each parallel worker, to be copied."""
    folder = Path(tempfile.mkdtemp(prefix="carnet-test-"))
    made = Installation(folder / "var", 1, project_root)
    for command in ("migrate", "seed"):
        done = made.run(command)
        assert done.returncode == 0, done.stderr
    yield folder / "var"
    shutil.rmtree(folder)


@pytest.fixture
def demo(installation: Installation, seeded: Path) -> Installation:
    """An installation that the demo has been loaded into. `cp -a` keeps owners, which PostgreSQL insists on."""
    subprocess.run(["cp", "-a", seeded, installation.data_dir], check=True)
    return installation
