"""How often somebody may do something, counted over all processes in PostgreSQL."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

from portal.database import read_row, read_rows
from tenants.scope import fetch

EVERY_MINUTE = timedelta(minutes=1)
EVERY_HOUR = timedelta(hours=1)
EVERY_DAY = timedelta(days=1)

_COUNT = """
INSERT INTO rate_count (key, window_starts_at, hits) VALUES ($1, $2, 1)
ON CONFLICT ON CONSTRAINT rate_count_window_key DO UPDATE SET hits = rate_count.hits + 1
RETURNING hits
"""


class TooOften(Exception):
    """`again_at` is when the window ends."""

    def __init__(self, again_at: datetime) -> None:
        super().__init__(f"not before {again_at:%H:%M:%S}")
        self.again_at = again_at


async def keep_pace(what: str, who: str, at_most: int, every: timedelta, now: datetime) -> None:
    """Counts one. Windows are fixed, so at worst twice `at_most` fall into one `every`. Raises TooOften."""
    window = _window(every, now)
    row = await read_row(_COUNT, f"{what} {who}", window)
    assert row is not None
    if row["hits"] > at_most:
        raise TooOften(window + every)


_HITS = "SELECT hits FROM rate_count WHERE key = $1 AND window_starts_at = $2"


async def check_pace(what: str, who: str, at_most: int, every: timedelta, now: datetime) -> None:
    """Counts nothing: for what is only counted when it fails. Raises TooOften once `at_most` have been counted."""
    window = _window(every, now)
    row = await read_row(_HITS, f"{what} {who}", window)
    if row is not None and row["hits"] >= at_most:
        raise TooOften(window + every)


_COUNT_EACH = """
INSERT INTO rate_count (key, window_starts_at, hits)
SELECT key, $3, hits FROM unnest($1::text[], $2::integer[]) AS counted (key, hits)
ON CONFLICT ON CONSTRAINT rate_count_window_key DO UPDATE SET hits = rate_count.hits + excluded.hits
RETURNING key, hits
"""


async def count_each(hits: Mapping[str, int], every: timedelta, now: datetime) -> dict[str, int]:
    """Counts several at once and gives how often each has happened in the present window.

    In the keys' order, so that two who count the same ones never wait for each other in a circle.
    """
    if not hits:
        return {}
    keys = sorted(hits)
    rows = await read_rows(_COUNT_EACH, keys, [hits[key] for key in keys], _window(every, now))
    return {row["key"]: row["hits"] for row in rows}


def _window(every: timedelta, now: datetime) -> datetime:
    seconds = int(every.total_seconds())
    return datetime.fromtimestamp(int(now.timestamp()) // seconds * seconds, UTC)


async def prune_counts(now: datetime) -> None:
    """Inside a people's transaction."""
    await fetch("DELETE FROM rate_count WHERE window_starts_at < $1", now - timedelta(days=1))
