"""Numbers that want no SMS, from whatever practice: as their owners answered, or as the provider knows of them.

Whether one of several is among them, `portal.messages.known.stopped_among` says.
"""

import re
from collections.abc import Iterable
from datetime import datetime

from portal.database import read_row, read_rows
from tenants.scope import fetch_first

_STOP = """
INSERT INTO sms_stop (number, stopped_at) SELECT number, $2 FROM unnest($1::text[]) AS stopped (number)
ON CONFLICT ON CONSTRAINT sms_stop_number_key DO NOTHING RETURNING number
"""
_RESUME = "DELETE FROM sms_stop WHERE number = $1 RETURNING number"
_SINCE = "SELECT stopped_at FROM sms_stop WHERE number = $1"
_OPTED_OUT = re.compile(r"\b21610\b")


def is_opt_out(failure: str) -> bool:
    """Whether the provider refused or lost a message because the number's owner has said STOP to it."""
    return bool(_OPTED_OUT.search(failure))


async def note_stops(numbers: Iterable[str], now: datetime) -> None:
    """E.164. Outside any lens; who has stopped before, has stopped since then."""
    if known := sorted({number for number in numbers if number}):
        await read_rows(_STOP, known, now)


async def stopped_since(number: str) -> datetime | None:
    """For a page about the number. Outside any lens."""
    row = await read_row(_SINCE, number) if number else None
    return row["stopped_at"] if row else None


async def stop_texts(number: str, now: datetime) -> bool:
    """Whether it is news. Inside the transaction of whatever was said about it."""
    return await fetch_first(_STOP, [number], now) is not None


async def resume_texts(number: str) -> bool:
    """Whether it was stopped. Inside the transaction of whatever was said about it."""
    return await fetch_first(_RESUME, number) is not None
