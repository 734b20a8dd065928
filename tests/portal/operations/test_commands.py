import asyncio
import os
import signal
import socket
import subprocess
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import asyncpg
import pytest

from tests.portal.operations.installation import Installation, stop, wait_until_gone

SECRET = {"PORTAL_SECRET_KEY": "a secret of more than thirty-two characters"}


def refusal(done: "subprocess.CompletedProcess[str]") -> str:
    """What a start that fails must be: one line, nothing else, exit code 2."""
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.count("\n") == 1
    return done.stderr.rstrip("\n")


@asynccontextmanager
async def as_owner(installation: Installation) -> AsyncIterator[asyncpg.Connection]:
    connection = await asyncpg.connect(installation.address.owner_dsn)
    try:
        yield connection
    finally:
        await connection.close()


async def until_somebody_waits(owner: asyncpg.Connection) -> None:
    while not await owner.fetchval("SELECT count(*) FROM pg_locks WHERE NOT granted"):
        pass


def test_the_demo_starts_from_nothing_and_leaves_nothing_running(installation: Installation) -> None:
    demo = installation.start("demo")
    status = installation.answers()
    postmaster = installation.postmaster
    assert demo.stdout is not None
    said = [demo.stdout.readline() for _ in range(4)]
    ended = stop(demo, signal.SIGINT)

    assert (status, ended) == (200, 0)
    assert said[1] == "Carnet is running. Open one of these, and stop with Ctrl-C:\n"
    assert f"http://localhost:{installation.port} " in said[3]
    assert postmaster is not None
    assert (installation.postmaster, installation.refuses_connections()) == (None, True)


def test_a_killed_demo_leaves_a_data_folder_that_starts_again(demo: Installation) -> None:
    killed = demo.start("demo")
    demo.answers()
    postmaster = demo.postmaster
    stop(killed, signal.SIGKILL)
    again = demo.start("demo")
    status = demo.answers()
    found = demo.postmaster
    ended = stop(again)

    assert (status, found, ended, demo.postmaster) == (200, postmaster, 0, None)


def test_the_demo_outlives_its_killed_database(demo: Installation) -> None:
    running = demo.start("demo")
    demo.answers()
    killed = demo.postmaster
    assert killed is not None
    os.kill(killed, signal.SIGKILL)
    wait_until_gone(killed)
    while (following := demo.postmaster) is None:
        assert running.poll() is None
    status = demo.answers()

    assert (status, following != killed, stop(running)) == (200, True, 0)


def test_a_taken_port_is_named(demo: Installation) -> None:
    with socket.create_server(("127.0.0.1", demo.port)):
        done = demo.run("demo")

    assert refusal(done) == f"Port {demo.port} on 127.0.0.1 is in use; set PORTAL_PORT to another one."
    assert demo.postmaster is None


@pytest.mark.parametrize("host", ["nowhere.invalid", "192.0.2.1"])
def test_a_host_of_another_machine_is_named(demo: Installation, host: str) -> None:
    done = demo.run("serve", PORTAL_HOST=host)

    assert refusal(done) == f"PORTAL_HOST names no address of this machine: {host}."


def test_a_host_may_be_a_name(demo: Installation) -> None:
    named = demo.start("demo", PORTAL_HOST="localhost")

    assert (demo.answers(), stop(named)) == (200, 0)


def test_a_second_demo_is_refused_and_the_first_goes_on(demo: Installation) -> None:
    first = demo.start("demo")
    demo.answers()
    done = demo.run("demo")
    status = demo.answers()

    assert refusal(done) == f"Port {demo.port} on 127.0.0.1 is in use; set PORTAL_PORT to another one."
    assert (status, stop(first)) == (200, 0)


def test_an_unreachable_database_is_named_without_its_password(installation: Installation) -> None:
    installation.data_dir.mkdir()
    url = "postgresql://carnet:hush@127.0.0.1:1/carnet"

    for command in ("serve", "worker", "migrate", "seed"):
        said = refusal(installation.run(command, PORTAL_DATABASE_URL=url, **SECRET))

        assert said.startswith("The database at 127.0.0.1:1/carnet cannot be reached: ")


def test_only_the_owner_migrates(installation: Installation) -> None:
    url = "postgresql://portal_app@127.0.0.1:1/carnet"

    assert refusal(installation.run("migrate", PORTAL_DATABASE_URL=url, **SECRET)) == (
        "PORTAL_DATABASE_URL signs in as portal_app, which may not change tables; give the owner's address here."
    )


def test_pages_are_not_served_from_an_old_database(installation: Installation) -> None:
    assert refusal(installation.run("serve")) == "The database is not up to date; run `python -m portal migrate` first."


def test_a_wrong_setting_ends_every_command(installation: Installation) -> None:
    said = refusal(installation.run("doctor", PORTAL_PROT="8000"))

    assert said == "PORTAL_PROT is not a setting of Carnet; the nearest one is PORTAL_PORT."


def test_many_migrate_at_once_and_one_of_them_works(installation: Installation) -> None:
    starts = [installation.start("migrate") for _ in range(3)]
    said = sorted(start.communicate()[0].count("\n") for start in starts)

    assert [start.returncode for start in starts] == [0, 0, 0]
    assert said[:2] == [1, 1]
    assert said[2] > 10


def test_the_demo_is_not_loaded_over_anything(demo: Installation) -> None:
    assert refusal(demo.run("seed")).startswith("The database already holds a practice")


async def test_a_stop_lets_a_running_request_finish(demo: Installation) -> None:
    server = demo.start("serve", PORTAL_PROCESSES="2", PORTAL_DEMO="yes")
    await asyncio.to_thread(demo.answers)
    async with as_owner(demo) as owner:
        lock = owner.transaction()
        await lock.start()
        await owner.execute("LOCK TABLE practice IN ACCESS EXCLUSIVE MODE")
        request = asyncio.create_task(asyncio.to_thread(demo.answers, "/"))
        await until_somebody_waits(owner)
        server.send_signal(signal.SIGTERM)
        await asyncio.sleep(0.3)
        await lock.rollback()
    status = await request
    await asyncio.to_thread(server.communicate)

    assert (status, server.returncode, demo.postmaster) == (200, 0, None)


def test_a_killed_server_takes_its_processes_along(demo: Installation) -> None:
    killed = demo.start("serve")
    demo.answers()
    stop(killed, signal.SIGKILL)
    again = demo.start("serve")
    status = demo.answers()

    assert (status, stop(again), demo.postmaster) == (200, 0, None)


def test_the_worker_stops_when_told(demo: Installation) -> None:
    worker = demo.start("worker")
    while demo.postmaster is None:
        assert worker.poll() is None
    ended = stop(worker)

    assert ended in {0, 128 + signal.SIGTERM}
    assert demo.postmaster is None


@pytest.mark.parametrize("command", ["backup", "restore"])
def test_a_file_must_be_named(installation: Installation, command: str) -> None:
    assert installation.run(command).returncode == 2
