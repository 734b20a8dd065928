"""Wishes and offers as rules would have left them, written by the database's owner."""

from datetime import datetime, timedelta
from typing import Any

import asyncpg

from tests.factories import insert

WEEK = list(range(7))


async def wish_made(
    owner: asyncpg.Connection, record: dict[str, Any], service_id: int, at: datetime, **more: Any
) -> dict[str, Any]:
    """For any time of the two weeks from then on."""
    usual: dict[str, Any] = {"weekdays": WEEK, "from_minute": 0, "until_minute": 1440}
    days = {"first_day": at.date(), "last_day": at.date() + timedelta(days=14)}
    whose = {"tenant_id": record["tenant_id"], "client_record_id": record["id"], "service_id": service_id}
    ref = f"wish{record['id']:06}"
    return await insert(owner, "waiting_wish", **{"ref": ref, "created_at": at, **whose, **usual, **days, **more})


async def offer_made(
    owner: asyncpg.Connection,
    wish: dict[str, Any],
    starts_at: datetime,
    expires_at: datetime,
    practitioner_id: int,
    place_id: int,
    **more: Any,
) -> dict[str, Any]:
    whose = {name: wish[name] for name in ("tenant_id", "client_record_id")} | {"wish_id": wish["id"]}
    usual = {
        "ref": f"offer{wish['id']:05}",
        "key": f"the-key-of-offer-{wish['id']:05}",
        "offered_at": wish["created_at"],
    }
    times = {"starts_at": starts_at, "expires_at": expires_at}
    where = {"practitioner_id": practitioner_id, "place_id": place_id}
    return await insert(owner, "waiting_offer", **{**usual, **whose, **times, **where, **more})
