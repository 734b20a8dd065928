"""One message from its claim to its outcome. A bad row ends here and takes nobody with it."""

import logging
import random
from datetime import datetime
from typing import Any

from portal.clock import Clock
from portal.messages.backoff import next_attempt
from portal.messages.channel import Channel, Refused, Unavailable
from portal.messages.letters.letter import Letter
from portal.messages.letters.text import Text
from portal.messages.queue import NotOwed, Outcome, Row, Unwritable

MOST_ATTEMPTS_TO_WRITE = 5
log = logging.getLogger(__name__)


async def deliver(row: Row, message: Letter | Text, room: Channel[Any], clock: Clock) -> Outcome:
    """Once more means asking first: the provider may have taken it while its answer, or we, were lost."""
    try:
        taken = await room.find(message) if row["attempts"] > 1 else None
        provider_id = taken if taken is not None else await room.send(message)
    except Refused as refusal:
        log.warning("a message was refused for good")
        return Outcome(row, failed_at=clock(), reason=str(refusal))
    except Unavailable as trouble:
        return _again(row, clock(), message.useful_until, str(trouble))
    return Outcome(row, sent_at=clock(), provider_id=provider_id)


def not_delivered(row: Row, why: NotOwed | Unwritable, clock: Clock) -> Outcome:
    if isinstance(why, NotOwed):
        return Outcome(row, skipped_at=clock(), reason=str(why))
    return _again(row, clock(), None, "could not be written")


def _again(row: Row, now: datetime, useful_until: datetime | None, reason: str) -> Outcome:
    at = next_attempt(row["attempts"], now, random.random())  # noqa: S311 - spreads rivals, protects nothing
    too_late = at >= useful_until if useful_until else row["attempts"] >= MOST_ATTEMPTS_TO_WRITE
    return Outcome(row, failed_at=now, reason=reason) if too_late else Outcome(row, again_at=at, reason=reason)
