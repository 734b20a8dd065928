import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from subprocess import PIPE

import asyncpg
import pytest

from portal.cannot_start import CannotStart
from portal.operations.account import database_account
from portal.operations.address import database_address
from portal.operations.cluster import cluster_folder, socket_folder
from portal.operations.embedded import embedded_database
from portal.operations.postmaster import running_postmaster
from portal.settings import Settings
from tests.portal.operations.installation import wait_until_gone

# Uses the database until its standard input is closed; says which server it uses.
USER = """
import sys
from pathlib import Path
from portal.operations.cluster import cluster_folder
from portal.operations.embedded import embedded_database
from portal.operations.postmaster import running_postmaster

data_dir = Path(sys.argv[1])
with embedded_database(data_dir):
    print(running_postmaster(cluster_folder(data_dir)), flush=True)
    sys.stdin.read()
"""

StartUser = Callable[[], "subprocess.Popen[str]"]


@pytest.fixture
def start_user(data_dir: Path, project_root: Path) -> StartUser:
    def start() -> subprocess.Popen[str]:
        command = [sys.executable, "-W", "default", "-c", USER, str(data_dir)]
        environ = {"PATH": "/usr/bin:/bin", "PYTHONPATH": str(project_root)}
        return subprocess.Popen(command, stdin=PIPE, stdout=PIPE, stderr=PIPE, env=environ, text=True)

    return start


def server_of(user: "subprocess.Popen[str]") -> int:
    assert user.stdout is not None
    return int(user.stdout.readline())


def refusal(data_dir: Path) -> str:
    with pytest.raises(CannotStart) as refused, embedded_database(data_dir):
        pass
    return str(refused.value)


async def number_in(data_dir: Path, query: str, *, after: str = "SELECT 1") -> int:
    connection = await asyncpg.connect(database_address(Settings(data_dir=data_dir)).owner_dsn)
    try:
        await connection.execute(after)
        return int(await connection.fetchval(query))
    finally:
        await connection.close()


async def test_data_outlives_the_server(data_dir: Path) -> None:
    with embedded_database(data_dir):
        await number_in(data_dir, "SELECT n FROM kept", after="CREATE TABLE kept AS SELECT 7 AS n")
    stopped = running_postmaster(cluster_folder(data_dir))
    with embedded_database(data_dir):
        kept = await number_in(data_dir, "SELECT n FROM kept")

    assert (stopped, kept) == (None, 7)


async def test_what_must_be_written_is_written(data_dir: Path) -> None:
    with embedded_database(data_dir):
        safe = await number_in(
            data_dir,
            "SELECT count(*) FROM pg_settings WHERE setting = 'on'"
            " AND name IN ('fsync', 'synchronous_commit', 'full_page_writes', 'data_checksums')",
        )

    assert safe == 4


def test_two_starts_at_once_share_one_server(start_user: StartUser, data_dir: Path) -> None:
    first, second = start_user(), start_user()
    servers = {server_of(first), server_of(second)}
    first.communicate()
    after_the_first = running_postmaster(cluster_folder(data_dir))
    second.communicate()

    assert servers == {after_the_first}
    assert running_postmaster(cluster_folder(data_dir)) is None


def test_whoever_started_the_server_leaves_it_to_others_without_a_word(start_user: StartUser) -> None:
    first = start_user()
    server = server_of(first)
    second = start_user()
    found = server_of(second)
    said = first.communicate()[1]
    second.communicate()

    assert (found, said) == (server, "")


def test_the_last_of_many_who_leave_at_once_stops_the_server(start_user: StartUser, data_dir: Path) -> None:
    users = [start_user() for _ in range(6)]
    servers = {server_of(user) for user in users}
    for user in users:
        assert user.stdin is not None
        user.stdin.close()
    for user in users:
        with user:
            user.wait()

    assert len(servers) == 1
    assert running_postmaster(cluster_folder(data_dir)) is None


def test_a_killed_user_leaves_the_server_to_the_next(start_user: StartUser, data_dir: Path) -> None:
    killed = start_user()
    server = server_of(killed)
    killed.kill()
    killed.communicate()
    left = running_postmaster(cluster_folder(data_dir))
    following = start_user()
    found = server_of(following)
    following.communicate()

    assert (left, found) == (server, server)
    assert running_postmaster(cluster_folder(data_dir)) is None


async def test_a_killed_server_is_started_again_with_its_data(data_dir: Path) -> None:
    with embedded_database(data_dir):
        await number_in(data_dir, "SELECT n FROM kept", after="CREATE TABLE kept AS SELECT 7 AS n")
        killed = running_postmaster(cluster_folder(data_dir))
        assert killed is not None
        os.kill(killed, signal.SIGKILL)
        wait_until_gone(killed)
        with embedded_database(data_dir):
            kept = await number_in(data_dir, "SELECT n FROM kept")

    assert kept == 7


def test_server_and_user_killed_together_recover(start_user: StartUser, data_dir: Path) -> None:
    killed = start_user()
    server = server_of(killed)
    os.kill(server, signal.SIGKILL)
    killed.kill()
    killed.communicate()
    wait_until_gone(server)

    with embedded_database(data_dir):
        assert running_postmaster(cluster_folder(data_dir)) not in {None, server}


def test_a_stranger_with_the_old_number_is_not_taken_for_the_server(data_dir: Path) -> None:
    with embedded_database(data_dir):
        lines = (cluster_folder(data_dir) / "postmaster.pid").read_text(encoding="utf-8").splitlines()
    lines[0] = str(os.getpid())
    (cluster_folder(data_dir) / "postmaster.pid").write_text("\n".join(lines), encoding="utf-8")

    with embedded_database(data_dir):
        assert running_postmaster(cluster_folder(data_dir)) not in {None, os.getpid()}


def test_a_start_killed_while_making_the_folder_is_made_good(new_data_dir: Path) -> None:
    half_made = new_data_dir / "postgres.new"
    half_made.mkdir(parents=True)
    (half_made / "PG_VERSION").write_text("18", encoding="ascii")

    with embedded_database(new_data_dir):
        assert sorted(path.name for path in new_data_dir.iterdir() if path.is_dir()) == ["postgres"]


def test_a_foreign_folder_is_left_alone(new_data_dir: Path) -> None:
    letters = new_data_dir / "postgres" / "letters.txt"
    letters.parent.mkdir(parents=True)
    letters.touch()
    shutil.chown(letters.parent, 4242, 4242) if os.geteuid() == 0 else None

    assert refusal(new_data_dir) == f"The folder {new_data_dir}/postgres is not empty and holds no PostgreSQL data."
    assert letters.exists()


def test_a_folder_of_another_version_is_left_alone(data_dir: Path) -> None:
    with embedded_database(data_dir):
        pass
    (data_dir / "postgres" / "PG_VERSION").write_text("16\n", encoding="ascii")

    assert refusal(data_dir) == (
        f"The folder {data_dir}/postgres holds data of PostgreSQL 16; this Carnet brings version 18."
    )


def test_a_damaged_folder_is_refused_with_what_postgresql_says(data_dir: Path) -> None:
    with embedded_database(data_dir):
        pass
    (data_dir / "postgres" / "global" / "pg_control").unlink()
    said = refusal(data_dir)

    assert said.startswith(f"The data in {data_dir}/postgres cannot be used: PostgreSQL says “")
    assert "\n" not in said


def test_somebody_elses_folder_is_refused(new_data_dir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    new_data_dir.mkdir()
    os.chown(new_data_dir, 4242, 4242) if os.geteuid() == 0 else None
    monkeypatch.setattr(os, "geteuid", lambda: 5353)

    with pytest.raises(CannotStart, match=r"belongs to .*; start Carnet as .* or choose another folder"):
        database_account(new_data_dir / "postgres")


def test_a_data_folder_that_is_a_file_is_refused(new_data_dir: Path) -> None:
    new_data_dir.touch()

    assert refusal(new_data_dir) == f"The data folder {new_data_dir} cannot be used: File exists."


def test_a_long_path_gets_a_short_socket(new_data_dir: Path) -> None:
    deep = new_data_dir / ("d" * 60) / ("e" * 60)
    with embedded_database(deep):
        socket = socket_folder(cluster_folder(deep)) / ".s.PGSQL.5432"
        mode = socket.parent.stat().st_mode & 0o777
        listening = socket.is_socket()
    socket.parent.rmdir()

    assert (len(str(socket)) < 104, mode, listening) == (True, 0o700, True)
