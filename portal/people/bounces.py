"""Addresses that came back as not deliverable: nothing but a code is sent there until their owner proves them again."""

from dataclasses import dataclass
from datetime import datetime

from portal.database import read_row

# A code typed back since the message left is the better proof: reports may be days on their way.
_NOTE = """
INSERT INTO mail_bounce (email, bounced_at, status, reason)
SELECT $1, $2, $3, $4 WHERE NOT EXISTS (SELECT FROM code WHERE sent_to = $1 AND used_at > $5)
ON CONFLICT ON CONSTRAINT mail_bounce_email_key DO UPDATE
SET bounced_at = excluded.bounced_at, status = excluded.status, reason = excluded.reason
RETURNING id
"""

FORGET = "DELETE FROM mail_bounce WHERE email = $1"


@dataclass(frozen=True, slots=True)
class Bounce:
    """`reason` are the words of the server that sent it back."""

    at: datetime
    reason: str


async def find_bounce(email: str) -> Bounce | None:
    row = await read_row("SELECT bounced_at, reason FROM mail_bounce WHERE email = $1", email)
    return Bounce(row["bounced_at"], row["reason"]) if row else None


async def note_bounce(email: str, status: str, reason: str, left_at: datetime, now: datetime) -> bool:
    """For a message that left at `left_at`; gives whether the address is marked. `status` is RFC 3463's."""
    return await read_row(_NOTE, email, now, status, reason, left_at) is not None


async def forget_bounce(email: str) -> None:
    """Messages go there again. Not inside a lens."""
    await read_row(FORGET, email)
