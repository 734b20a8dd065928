"""The cast as it stands when a test begins: played once, kept beside the tables, put back in one round trip."""

from dataclasses import dataclass, field, replace
from typing import Any

import asyncpg

from tests.cast import Cast, play
from tests.factories import PracticeMade

_TABLES = "SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename <> 'migration' ORDER BY 1"
_COUNTERS = """
SELECT sequencename AS name, coalesce(last_value, 1) AS last, last_value IS NOT NULL AS used FROM pg_sequences
WHERE schemaname = 'public' AND sequencename <> 'migration_id_seq'
"""
# What is remembered of plans goes by this number, and no two tests share one.
_NEW_PLANS = "UPDATE practice SET plan_version = (extract(epoch FROM clock_timestamp()) * 1000000)::bigint"


@dataclass
class Stage:
    """Of one parallel worker's database."""

    _cast: Cast | None = None
    _back: list[str] = field(default_factory=list)

    async def set(self, owner: asyncpg.Connection) -> Cast:
        """On an empty database; numbers begin where they began."""
        if self._cast is None:
            self._cast = await play(owner)
            await self._keep(owner)
            return _copied(self._cast)
        in_any_order = "SET LOCAL session_replication_role = replica"  # no trigger and no foreign key in the way
        await owner.execute(";".join(["BEGIN", in_any_order, *self._back, _NEW_PLANS, "COMMIT"]))
        return _copied(self._cast)

    async def _keep(self, owner: asyncpg.Connection) -> None:
        await owner.execute("DROP SCHEMA IF EXISTS kept CASCADE; CREATE SCHEMA kept")
        for row in await owner.fetch(_TABLES):
            table = row["tablename"]
            if await owner.fetchval(f"SELECT EXISTS (SELECT FROM public.{table})"):
                await owner.execute(f"CREATE TABLE kept.{table} AS TABLE public.{table}")
                self._back.append(f"INSERT INTO public.{table} OVERRIDING SYSTEM VALUE TABLE kept.{table}")
        for row in await owner.fetch(_COUNTERS):
            self._back.append(f"SELECT setval('public.{row['name']}', {row['last']}, {row['used']})")


def _copied(cast: Cast) -> Cast:
    """A test may do with it what it likes."""
    people: dict[str, Any] = {name: dict(getattr(cast, name)) for name in ("ana", "ben", "cleo", "nora", "theo", "lea")}
    return replace(cast, harbour=_copied_practice(cast.harbour), meadow=_copied_practice(cast.meadow), **people)


def _copied_practice(practice: PracticeMade) -> PracticeMade:
    named = ("practitioners", "places", "services", "records")
    rows: dict[str, Any] = {each: {name: dict(row) for name, row in getattr(practice, each).items()} for each in named}
    return replace(practice, **rows)
