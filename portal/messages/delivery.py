"""One message from its claim to its outcome. A bad row ends here and takes nobody with it."""

import logging
import random
from datetime import datetime
from typing import Any

from portal.clock import Clock
from portal.messages.backoff import next_attempt
from portal.messages.channel import Channel, Refused, Unavailable
from portal.messages.queue import NotOwed, Queue, Row
from portal.settings import Settings

MOST_ATTEMPTS_TO_WRITE = 5
log = logging.getLogger(__name__)


async def deliver(queue: Queue, row: Row, room: Channel[Any], settings: Settings, clock: Clock) -> None:
    """Raises only what the database raises: the claim then ends by itself, and the message is tried again."""
    try:
        message = await queue.write(row, settings, clock())
    except NotOwed as reason:
        await queue.not_owed(row, clock(), str(reason))
        return
    except Exception:
        log.exception("a message of %s could not be written", queue.table.__name__)
        await _try_again(queue, row, clock(), None, "could not be written")
        return
    try:
        provider_id = await room.send(message)
    except Refused as refusal:
        log.warning("a message of %s was refused for good", queue.table.__name__)
        await queue.failed(row, clock(), str(refusal))
    except Unavailable as trouble:
        await _try_again(queue, row, clock(), message.useful_until, str(trouble))
    else:
        await queue.sent(row, clock(), provider_id)


async def _try_again(queue: Queue, row: Row, now: datetime, useful_until: datetime | None, reason: str) -> None:
    at = next_attempt(row["attempts"], now, random.random())  # noqa: S311 - spreads rivals, protects nothing
    too_late = at >= useful_until if useful_until else row["attempts"] >= MOST_ATTEMPTS_TO_WRITE
    if too_late:
        await queue.failed(row, now, reason)
    else:
        await queue.again(row, at, reason)
