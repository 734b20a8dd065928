"""One person's connections, as they look through them, name them and end them. Nobody else's is ever found."""

import json
from datetime import datetime
from typing import Any

from portal.database import people_transaction
from portal.people.connections import LIFE
from portal.people.devices import read_device
from tenants.refusals import NotFound
from tenants.scope import fetch, fetch_first

LONGEST_NAME = 60

_ACTIVE = """
SELECT connection.id, connection.ref, connection.name, connection.user_agent, connection.hints, connection.ip,
       connection.created_at, connection.last_seen_at, connection.id = $3 AS is_this, address.email
FROM connection JOIN address ON address.id = connection.address_id
WHERE connection.person_id = $1 AND connection.ended_at IS NULL AND connection.last_seen_at > $2
ORDER BY is_this DESC, connection.last_seen_at DESC, connection.id DESC
"""


async def active_connections(person_id: int, this: int, now: datetime) -> list[dict[str, Any]]:
    """First the one that asks, named by `this`, then the latest activity first."""
    async with people_transaction():
        rows = await fetch(_ACTIVE, person_id, now - LIFE, this)
    return [dict(row) | {"device": read_device(row["user_agent"], json.loads(row["hints"]))} for row in rows]


async def end_connection(person_id: int, ref: str, now: datetime) -> None:
    """From the next request on. One that has ended already stays as it was. Raises NotFound."""
    async with people_transaction():
        found = await fetch_first(
            """UPDATE connection SET ended_at = coalesce(ended_at, $3) WHERE person_id = $1 AND ref = $2
               RETURNING id""",
            person_id,
            ref,
            now,
        )
    if found is None:
        raise NotFound("connection")


async def end_other_connections(person_id: int, this: int, now: datetime) -> None:
    async with people_transaction():
        await fetch(
            "UPDATE connection SET ended_at = $3 WHERE person_id = $1 AND id <> $2 AND ended_at IS NULL",
            person_id,
            this,
            now,
        )


async def name_connection(person_id: int, ref: str, name: str, now: datetime) -> None:
    """An empty name takes it away. Raises NotFound, for an ended one too."""
    async with people_transaction():
        found = await fetch_first(
            """UPDATE connection SET name = $3
               WHERE person_id = $1 AND ref = $2 AND ended_at IS NULL AND last_seen_at > $4
               RETURNING id""",
            person_id,
            ref,
            name,
            now - LIFE,
        )
    if found is None:
        raise NotFound("connection")
