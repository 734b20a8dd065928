"""Messages as the worker would have left them, written by the database's owner."""

from datetime import datetime
from typing import Any

import asyncpg

from tests.factories import insert


async def message_made(
    owner: asyncpg.Connection, appointment: dict[str, Any], *, kind: str = "booked", **more: Any
) -> dict[str, Any]:
    """By e-mail, sent at `created_at`; a reminder goes by the practice's first rule."""
    at: datetime = more.pop("created_at", appointment["booked_at"])
    if kind == "reminder":
        more["rule_id"] = await owner.fetchval(
            "SELECT min(id) FROM reminder_rule WHERE tenant_id = $1", appointment["tenant_id"]
        )
    return await insert(
        owner,
        "message",
        **{
            "tenant_id": appointment["tenant_id"],
            "appointment_id": appointment["id"],
            "sequence": appointment["sequence"],
            "kind": kind,
            "channel": "email",
            "starts_at": appointment["starts_at"],
            "created_at": at,
            "next_attempt_at": at,
            "sent_at": at,
            **more,
        },
    )
