"""Practices whose last day has come, in the worker's lens: nothing of them stays. People and their addresses do."""

from datetime import datetime

from tenants.scope import fetch, fetch_first


async def due_purges(now: datetime) -> list[tuple[int, str]]:
    """The id and slug of each."""
    rows = await fetch("SELECT id, slug FROM practice WHERE delete_at <= $1 ORDER BY delete_at", now)
    return [(row["id"], row["slug"]) for row in rows]


async def purge(practice_id: int, now: datetime) -> bool:
    """Whether it was due still: somebody may have taken it back in between."""
    row = await fetch_first("SELECT purge_practice($1, $2) AS gone", practice_id, now)
    return bool(row and row["gone"])
