"""What a client asks for, and what became of it, as the tests of requests arrange and read it."""

from datetime import datetime, timedelta
from typing import Any

import asyncpg

from tests.cast import ANA, MONDAY, Cast
from tests.messages_made import message_made

DEADLINE = MONDAY + timedelta(hours=24)


async def request_made(
    cast: Cast, *, email: str = ANA, who: str = "Nora Blake", starts_at: datetime | None = None, **more: Any
) -> dict[str, Any]:
    """For Wednesday at ten, asked for a minute ago and to be answered within a day; its client has been told so."""
    harbour = cast.harbour
    at = starts_at or harbour.at(2026, 11, 25, 10)
    booked_at = MONDAY - timedelta(minutes=1)
    row = await harbour.appointment(
        email, "Follow-up", who, at, **{"approve_by": DEADLINE, "booked_at": booked_at, **more}
    )
    where = {"practitioner_id": row["practitioner_id"], "place_id": row["place_id"], "by_email": ""}
    await message_made(harbour.owner, row, kind="requested", **where)
    return row


async def state_of(owner: asyncpg.Connection, row: dict[str, Any]) -> str:
    found = await owner.fetchrow(
        "SELECT pending, accepted_at, declined_at, cancelled_by FROM appointment WHERE id = $1", row["id"]
    )
    if found["pending"]:
        return "pending"
    if found["declined_at"]:
        return "declined"
    return "accepted" if found["cancelled_by"] is None else f"ended by {found['cancelled_by']}"


async def told_to_client(owner: asyncpg.Connection, row: dict[str, Any]) -> list[str]:
    """The kinds of message that are owed or sent, in their order."""
    rows = await owner.fetch(
        "SELECT kind FROM message WHERE appointment_id = $1 AND audience = 'client' ORDER BY id", row["id"]
    )
    return [each["kind"] for each in rows]
