"""Every audited table and column has words: read off the database, so that a new one fails here the day it is born."""

from datetime import timedelta

import asyncpg
import pytest

from portal.languages.words import offered_languages
from portal.staff.audit import sentences, values
from portal.staff.audit.lines import ROOM_OF
from portal.staff.audit.values import read_interval
from portal.staff.audit.words import GROUPS, UNTOLD, column_words, group_words

_AUDITED = """
SELECT DISTINCT tgrelid::regclass::text AS name FROM pg_trigger WHERE tgname LIKE '%\\_audited' AND NOT tgisinternal
"""
_COLUMNS = """
SELECT attrelid::regclass::text AS name, attname AS field, atttypid::regtype::text AS type
FROM pg_attribute WHERE attrelid = ANY ($1::regclass[]) AND attnum > 0 AND NOT attisdropped
"""


async def audited(owner: asyncpg.Connection) -> set[str]:
    return {row["name"] for row in await owner.fetch(_AUDITED)}


async def test_every_audited_table_has_words_and_one_group(owner: asyncpg.Connection) -> None:
    tables = await audited(owner)

    grouped = [table for group in GROUPS.values() for table in group]
    assert (set(grouped), len(grouped)) == (tables, len(tables))
    for language in offered_languages():
        assert sentences.things(language).keys() == tables
        assert all(group_words(group, language) for group in GROUPS)
    assert tables >= ROOM_OF.keys()


async def test_every_audited_column_has_words_or_says_nothing(owner: asyncpg.Connection) -> None:
    tables = await audited(owner)
    columns = {row["field"] for row in await owner.fetch(_COLUMNS, list(tables))}

    for language in offered_languages():
        labels = column_words(language).keys()
        assert columns - labels - UNTOLD == set()
        assert (labels | UNTOLD) - columns == set()
        assert labels & UNTOLD == set()


async def test_every_length_of_the_settings_is_said_as_one(owner: asyncpg.Connection) -> None:
    rows = await owner.fetch(_COLUMNS, list(await audited(owner)))

    assert {row["field"] for row in rows if row["type"] == "interval"} == values.LENGTHS


@pytest.mark.parametrize(
    "length", [timedelta(), timedelta(minutes=5), timedelta(hours=30), timedelta(days=90), timedelta(days=2, hours=3)]
)
async def test_lengths_are_read_as_postgresql_writes_them(owner: asyncpg.Connection, length: timedelta) -> None:
    written = await owner.fetchval("SELECT to_jsonb($1::interval) #>> '{}'", length)

    assert read_interval(written) == length
