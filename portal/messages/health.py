"""Whether a channel's provider takes what it is given; a practice's pages say so when it does not."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from portal.database import read_row, read_rows
from portal.messages.queue import Outcome

_TROUBLE = """
INSERT INTO channel_trouble (channel, since, last_at, reason) VALUES ($1, $2, $2, $3)
ON CONFLICT ON CONSTRAINT channel_trouble_channel_key DO UPDATE SET last_at = excluded.last_at, reason = excluded.reason
"""
_OVER = "DELETE FROM channel_trouble WHERE channel = $1"


async def note_health(channel: str, outcomes: Sequence[Outcome], now: datetime) -> None:
    """After each batch: one message that is taken ends the trouble."""
    if any(each.sent_at for each in outcomes):
        await read_row(_OVER, channel)
    elif refused := next((each for each in outcomes if each.again_at), None):
        await read_row(_TROUBLE, channel, now, refused.reason)


@dataclass(frozen=True, slots=True)
class Trouble:
    """A provider that takes nothing since then."""

    channel: str
    since: datetime


async def channels_in_trouble() -> list[Trouble]:
    rows = await read_rows("SELECT channel, since FROM channel_trouble ORDER BY channel")
    return [Trouble(row["channel"], row["since"]) for row in rows]
