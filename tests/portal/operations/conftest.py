"""Real processes on data folders of their own.

The folders stand in one that everybody may enter: a server started for root lets its account pass through the folders
above, and pytest's own folder must stay closed.
"""

import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from portal.operations.cluster import cluster_folder
from portal.operations.embedded import embedded_database
from portal.operations.postmaster import stop_postmaster
from tests.portal.operations.installation import Installation, free_port
from tests.scratch import new_folder


@pytest.fixture
def new_data_dir() -> Iterator[Path]:
    """A data folder still to be made."""
    folder = new_folder("carnet-test-")
    yield folder / "var"
    stop_postmaster(cluster_folder(folder / "var"))
    shutil.rmtree(folder)


@pytest.fixture
def data_dir(new_data_dir: Path, made: Path) -> Path:
    """A data folder with an empty database, not running."""
    return copy(made, new_data_dir)


@pytest.fixture(scope="session")
def made() -> Iterator[Path]:
    folder = new_folder("carnet-test-")
    with embedded_database(folder / "var"):
        pass
    yield folder / "var"
    shutil.rmtree(folder)


@pytest.fixture
def installation(new_data_dir: Path, project_root: Path) -> Iterator[Installation]:
    """Its commands and servers; whatever is still running at the end is ended."""
    there = Installation(new_data_dir, free_port(), project_root)
    yield there
    there.end()


@pytest.fixture
def installation_beside(installation: Installation, project_root: Path) -> Iterator[Installation]:
    """Another one on the same machine."""
    there = Installation(installation.data_dir.parent / "beside", free_port(), project_root)
    yield there
    there.end()


@pytest.fixture(scope="session")
def seeded(made: Path, project_root: Path) -> Iterator[Path]:
    """A data folder with the demo in it, made once for each parallel worker, to be copied."""
    folder = new_folder("carnet-test-")
    there = Installation(copy(made, folder / "var"), 1, project_root)
    for command in ("migrate", "seed"):
        done = there.run(command)
        assert done.returncode == 0, done.stderr
    yield folder / "var"
    shutil.rmtree(folder)


@pytest.fixture
def demo(installation: Installation, seeded: Path) -> Installation:
    """An installation that the demo has been loaded into."""
    copy(seeded, installation.data_dir)
    return installation


def copy(data_dir: Path, to: Path) -> Path:
    """Owners are kept, since PostgreSQL insists on them; the empty half of its log is not written out again."""
    subprocess.run(["cp", "--archive", "--sparse=always", data_dir, to], check=True)
    return to
