import asyncio
import shutil
import stat
from pathlib import Path

import asyncpg
import pytest

from portal.operations.embedded import embedded_database
from tests.portal.operations.installation import Installation
from tests.portal.operations.system_server import SystemServer, system_server

SECRET = "a secret of more than thirty-two characters"

TABLES = """
    SELECT relname FROM pg_class
    WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' AND relpersistence = 'p' ORDER BY relname
"""


async def rows_by_table(dsn: str) -> dict[str, int]:
    connection = await asyncpg.connect(dsn)
    try:
        names = [row["relname"] for row in await connection.fetch(TABLES)]
        return {name: await connection.fetchval(f"SELECT count(*) FROM {name}") for name in names}
    finally:
        await connection.close()


async def practices_seen(app_dsn: str, opening: str) -> int:
    """How many practices' services a lens shows."""
    connection = await asyncpg.connect(app_dsn)
    try:
        async with connection.transaction():
            await connection.execute(opening)
            return int(await connection.fetchval("SELECT count(DISTINCT tenant_id) FROM service"))
    finally:
        await connection.close()


def test_a_restored_installation_is_the_same(demo: Installation, installation_beside: Installation) -> None:
    file = demo.data_dir.parent / "all.dump"
    backed_up = demo.run("backup", str(file))
    restored = installation_beside.run("restore", str(file))
    with embedded_database(demo.data_dir), embedded_database(installation_beside.data_dir):
        before = asyncio.run(rows_by_table(str(demo.address.owner_dsn)))
        after = asyncio.run(rows_by_table(str(installation_beside.address.owner_dsn)))

    assert (backed_up.returncode, restored.returncode, restored.stderr) == (0, 0, "")
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert after == before
    assert before["practice"] == 2
    assert installation_beside.run("doctor").returncode == 0


def test_restored_rows_are_still_behind_the_lenses(demo: Installation, installation_beside: Installation) -> None:
    file = demo.data_dir.parent / "all.dump"
    demo.run("backup", str(file))
    installation_beside.run("restore", str(file))
    dsn = installation_beside.address.app_dsn
    with embedded_database(installation_beside.data_dir):
        one = asyncio.run(practices_seen(dsn, "SET LOCAL ROLE portal_practice; SET LOCAL app.tenant = '1'"))
        nobody = asyncio.run(practices_seen(dsn, "SET LOCAL ROLE portal_practice; SET LOCAL app.tenant = '4711'"))
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            asyncio.run(practices_seen(dsn, "SELECT 1"))

    assert (one, nobody) == (1, 0)


def test_a_database_with_anything_in_it_is_not_restored_into(demo: Installation) -> None:
    file = demo.data_dir.parent / "all.dump"
    demo.run("backup", str(file))
    done = demo.run("restore", str(file))

    assert (done.returncode, done.stderr) == (
        2,
        "The database is not empty; restore into a new one, or choose another PORTAL_DATA_DIR.\n",
    )


def test_a_file_that_is_no_backup_changes_nothing(installation: Installation) -> None:
    file = installation.data_dir.parent / "letter"
    file.write_text("Dear Ana", encoding="utf-8")
    done = installation.run("restore", str(file))

    assert (done.returncode, done.stderr.count("\n")) == (2, 1)
    assert done.stderr.startswith("pg_restore gave up: ")
    assert installation.run("migrate").returncode == 0


def test_a_backup_replaces_no_file(demo: Installation) -> None:
    file = demo.data_dir.parent / "all.dump"
    file.write_text("older", encoding="utf-8")

    assert demo.run("backup", str(file)).stderr == f"{file} is already there; choose another name.\n"
    assert file.read_text(encoding="utf-8") == "older"


@pytest.mark.skipif(shutil.which("pg_config") is None, reason="no PostgreSQL of the system's to try")
def test_an_owner_without_special_rights_is_enough(demo: Installation, tmp_path: Path) -> None:
    """A managed server gives out an owner who may create roles, and no superuser."""
    with system_server() as server:
        environ = owned_database(server)
        for command in (["migrate"], ["seed"], ["backup", str(tmp_path / "all.dump")]):
            done = demo.run(*command, **environ)
            assert (done.returncode, done.stderr) == (0, "")
        other = environ | owned_database(server)
        restored = demo.run("restore", str(tmp_path / "all.dump"), **other)
        checked = demo.run("doctor", **other)

    assert (restored.returncode, restored.stderr) == (0, "")
    assert (checked.returncode, checked.stderr) == (0, "")


def owned_database(server: SystemServer) -> dict[str, str]:
    return {"PORTAL_DATABASE_URL": asyncio.run(server.owned_database()), "PORTAL_SECRET_KEY": SECRET}
