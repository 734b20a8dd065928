"""An export that forgets a table would be found out by nobody but its reader."""

import asyncpg

from tenants.transfer.exported import EXCEPTED, EXPORTED, columns_of

_REFERRING = """
WITH RECURSIVE referring AS (
    SELECT 'client_record'::regclass::oid AS relation
    UNION
    SELECT conrelid FROM pg_constraint JOIN referring ON confrelid = relation WHERE contype = 'f'
)
SELECT relation::regclass::text AS name FROM referring
"""


async def test_every_table_that_refers_to_a_client_is_exported_or_excepted_with_a_reason(
    database: None, owner: asyncpg.Connection
) -> None:
    referring = {row["name"] for row in await owner.fetch(_REFERRING)}
    exported = {each.table._meta.tablename for each in EXPORTED}

    assert referring - exported - set(EXCEPTED) == set()
    assert set(EXCEPTED) - referring == set()
    assert exported & set(EXCEPTED) == set()
    assert all(reason.endswith(".") for reason in EXCEPTED.values())


def test_export_tells_nothing_by_a_number_of_the_inside() -> None:
    told = {each.name: columns_of(each) for each in EXPORTED}

    assert {(table, name) for table, names in told.items() for name in names if name.endswith("_id")} == set()
    assert {"tenant_id", "id", "link"} & {name for names in told.values() for name in names} == set()
