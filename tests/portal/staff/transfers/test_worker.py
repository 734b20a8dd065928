"""Twenty thousand rows, workers that die in the middle, and changes that come meanwhile: all of a file or nothing."""

import asyncio
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import asyncpg
import pytest

from portal.clock import wall_clock
from portal.database import practice_lens, worker_lens
from portal.transfers.reading import look_into
from portal.transfers.work import do_next
from tenants.practices.tenant import Tenant
from tenants.scope import fetch
from tenants.transfer.jobs import GAVE_UP, LEASE, Begun, ask_for, begin
from tests.cast import NORA, Cast

ROWS = 20_000
IN_SECONDS = 20  # on a machine that does nothing else, where it takes eight
_COUNT = "SELECT count(*) FROM client_record"


def clients(count: int) -> bytes:
    rows = (
        f"Client,{n},client-{n}@example.org,416 555 {n % 10000:04},1980-02-{n % 28 + 1:02},knee,{n}\r\n"
        for n in range(count)
    )
    return ("First name,Last name,E-mail,Phone,Birthday,Tags,ID\r\n" + "".join(rows)).encode()


async def tried(tenant: Tenant, data: bytes) -> str:
    """An import after its dry run."""
    looked = await asyncio.to_thread(look_into, data, tenant.country)
    async with practice_lens(tenant):
        begun = Begun("import", looked.form, "clients.csv", looked.settings, looked.rows)
        ref = await begin(tenant, begun, NORA, wall_clock(), data)
        await ask_for(tenant, ref, "check", wall_clock())
    assert await do_next(asyncio.Event(), wall_clock)
    return ref


async def start(tenant: Tenant, ref: str) -> None:
    async with practice_lens(tenant):
        await ask_for(tenant, ref, "apply", wall_clock())


async def test_twenty_thousand_rows_are_tried_and_imported_in_time(cast: Cast, owner: asyncpg.Connection) -> None:
    begun = time.monotonic()
    ref = await tried(cast.harbour.tenant, clients(ROWS))
    await start(cast.harbour.tenant, ref)

    assert await do_next(asyncio.Event(), wall_clock)

    busy = max(1, os.getloadavg()[0] / (os.cpu_count() or 1))
    assert time.monotonic() - begun < IN_SECONDS * busy
    counts = json.loads(await owner.fetchval("SELECT counts FROM transfer WHERE finished_at IS NOT NULL"))
    assert counts == {"new": ROWS, "changed": 0, "unchanged": 0, "refused": 0, "aside": 0}
    assert await owner.fetchval(_COUNT) == ROWS + 3


async def test_twenty_thousand_rows_are_refused_and_given_back(cast: Cast, owner: asyncpg.Connection) -> None:
    ref = await tried(cast.harbour.tenant, b"Name,E-mail\n" + b"Client,nowhere\n" * ROWS)

    pieces = await owner.fetch("SELECT bytes FROM transfer_chunk WHERE part = 'refused' ORDER BY number")

    assert ref
    assert b"".join(row["bytes"] for row in pieces).count(b"This is not an e-mail address.") == ROWS


async def test_change_that_comes_between_trial_and_import_is_not_overwritten(
    cast: Cast, owner: asyncpg.Connection
) -> None:
    """The trial has seen a client who said nothing; the import finds one who has."""
    tenant = cast.harbour.tenant
    ref = await tried(tenant, b"First name,E-mail,Phone\nBen,ben@example.org,416 555 0118\n")
    await owner.execute(
        "UPDATE client_record SET phone = '+14165550101', own_phone = '+14165550101' WHERE email = 'ben@example.org'"
    )
    await start(tenant, ref)

    await do_next(asyncio.Event(), wall_clock)

    assert await owner.fetchval("SELECT phone FROM client_record WHERE email = 'ben@example.org'") == "+14165550101"
    assert json.loads(await owner.fetchval("SELECT counts FROM transfer"))["aside"] == 1


async def test_cancelling_in_the_middle_leaves_nothing(cast: Cast, owner: asyncpg.Connection) -> None:
    tenant = cast.harbour.tenant
    await start(tenant, await tried(tenant, clients(6000)))
    working = asyncio.create_task(do_next(asyncio.Event(), wall_clock))
    await owner_sees(owner, "SELECT done > 0 FROM transfer")

    await owner.execute("UPDATE transfer SET cancelled_at = now(), asked_for = '', asked_at = NULL")
    await working

    row = await owner.fetchrow("SELECT finished_at, failed_at FROM transfer")
    assert (await owner.fetchval(_COUNT), tuple(row)) == (3, (None, None))


async def test_worker_that_stops_puts_it_back_for_another(cast: Cast, owner: asyncpg.Connection) -> None:
    tenant, stop = cast.harbour.tenant, asyncio.Event()
    await start(tenant, await tried(tenant, clients(10)))
    stop.set()

    await do_next(stop, wall_clock)
    there = await owner.fetchrow("SELECT asked_for, attempts, claimed_until FROM transfer")
    await do_next(asyncio.Event(), wall_clock)

    assert tuple(there) == ("apply", 0, None)
    assert await owner.fetchval(_COUNT) == 13


async def test_claim_that_another_worker_took_over_comes_to_nothing(cast: Cast, owner: asyncpg.Connection) -> None:
    tenant = cast.harbour.tenant
    await start(tenant, await tried(tenant, clients(6000)))
    slow = asyncio.create_task(do_next(asyncio.Event(), wall_clock))
    await owner_sees(owner, "SELECT done > 0 FROM transfer")

    await owner.execute("UPDATE transfer SET attempts = attempts + 1, claimed_until = now() + interval '1 minute'")
    await slow

    assert (await owner.fetchval(_COUNT), await owner.fetchval("SELECT asked_for FROM transfer")) == (3, "apply")


async def test_what_fails_its_workers_three_times_is_given_up(cast: Cast, owner: asyncpg.Connection) -> None:
    tenant = cast.harbour.tenant
    await start(tenant, await tried(tenant, clients(10)))
    await owner.execute("UPDATE transfer SET attempts = 3, claimed_until = now() - interval '1 second'")

    assert not await do_next(asyncio.Event(), wall_clock)

    row = await owner.fetchrow("SELECT failure, asked_for, failed_at IS NOT NULL FROM transfer")
    assert (tuple(row), await owner.fetchval(_COUNT)) == ((GAVE_UP, "", True), 3)


async def test_file_that_breaks_the_worker_fails_clearly(
    cast: Cast, owner: asyncpg.Connection, caplog: pytest.LogCaptureFixture
) -> None:
    tenant = cast.harbour.tenant
    await start(tenant, await tried(tenant, clients(10)))
    await owner.execute("DELETE FROM transfer_chunk")

    await do_next(asyncio.Event(), wall_clock)

    assert await owner.fetchval("SELECT failure FROM transfer") == "broke"
    assert "was interrupted" in caplog.text


@pytest.fixture
def victim(cast: Cast, app_dsn: str, project_root: Path, tmp_path: Path) -> Iterator[subprocess.Popen[bytes]]:
    """A worker in a process of its own."""
    environ = {"PATH": "/usr/bin:/bin", "PYTHONPATH": str(project_root), "PORTAL_DATABASE_URL": app_dsn}
    environ |= {"PORTAL_SECRET_KEY": "k" * 32}
    with (tmp_path / "worker.log").open("wb") as log:
        process = subprocess.Popen([sys.executable, "-m", "portal", "worker"], env=environ, cwd=tmp_path, stderr=log)
    yield process
    process.kill()
    process.wait()


async def test_killed_worker_leaves_nothing_and_another_does_it_all(
    cast: Cast, victim: subprocess.Popen[bytes], owner: asyncpg.Connection
) -> None:
    """Killed while its transaction writes; its claim ends by itself."""
    await give_work(cast.harbour.tenant, owner)
    await owner_sees(owner, f"SELECT done > {ROWS} FROM transfer")
    victim.send_signal(signal.SIGKILL)
    victim.wait()
    left = await owner.fetchval(_COUNT)
    assert not await do_next(asyncio.Event(), wall_clock)

    assert await do_next(asyncio.Event(), lambda: wall_clock() + LEASE + timedelta(seconds=1))

    assert (left, await owner.fetchval(_COUNT)) == (3, ROWS + 3)
    assert await owner.fetchval("SELECT finished_at IS NOT NULL FROM transfer")


async def test_worker_s_lens_shows_no_file(cast: Cast, owner: asyncpg.Connection) -> None:

    await tried(cast.harbour.tenant, clients(1))

    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        async with worker_lens():
            await fetch("SELECT bytes FROM transfer_chunk")
    async with practice_lens(cast.meadow.tenant):
        assert await fetch("SELECT * FROM transfer_chunk") == await fetch("SELECT * FROM transfer") == []


async def give_work(tenant: Tenant, owner: asyncpg.Connection) -> None:
    """An import for a worker in another process, which tries it first."""
    looked = await asyncio.to_thread(look_into, clients(ROWS), tenant.country)
    async with practice_lens(tenant):
        begun = Begun("import", "csv", "clients.csv", looked.settings, looked.rows)
        ref = await begin(tenant, begun, NORA, wall_clock(), clients(ROWS))
        await ask_for(tenant, ref, "check", wall_clock())
    await owner_sees(owner, "SELECT checked_at IS NOT NULL FROM transfer")
    await start(tenant, ref)


async def owner_sees(owner: asyncpg.Connection, sql: str) -> None:
    async with asyncio.timeout(60):
        while not await owner.fetchval(sql):  # noqa: ASYNC110 - what is waited for happens elsewhere
            await asyncio.sleep(0.02)
