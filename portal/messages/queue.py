"""Rows that wait to be sent: claimed by one worker at a time, then told what became of them."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from portal.database import Transaction
from portal.messages.letters.letter import Letter
from portal.messages.letters.text import Text
from portal.settings import Settings

LEASE = timedelta(seconds=60)  # how long a claim holds when its worker dies
BATCH = 100

Row = dict[str, Any]


class NotOwed(Exception):
    """There is nothing to say any more; the text is the reason that is kept."""


class Unwritable(Exception):
    """One message that cannot be put into words: it is listed, and tried again a few times."""


Written = Letter | Text | NotOwed | Unwritable


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one claim. With none of the moments it is put back as if it had never been claimed."""

    row: Row
    sent_at: datetime | None = None
    provider_id: str = ""
    failed_at: datetime | None = None
    skipped_at: datetime | None = None
    again_at: datetime | None = None
    reason: str = ""

    @property
    def attempts(self) -> int:
        tried = (self.sent_at, self.failed_at, self.skipped_at, self.again_at) != (None, None, None, None)
        return int(self.row["attempts"]) - (0 if tried else 1)


@dataclass(frozen=True, slots=True)
class Queue:
    """`take` marks due rows as claimed until its second moment, as many as it is told, and gives them.

    `write` puts each row into words, or says why not, in the order of the rows. `record` writes outcomes, each only
    while its claim still holds: a worker that overslept its lease changes nothing. All run inside no lens.
    """

    name: str
    lens: Callable[[], Transaction]
    take: Callable[[datetime, datetime, int], Awaitable[list[Row]]]
    write: Callable[[Sequence[Row], Settings, datetime], Awaitable[list[Written]]]
    record: Callable[[Sequence[Outcome]], Awaitable[None]]

    async def claim(self, now: datetime) -> list[Row]:
        async with self.lens():
            rows = await self.take(now, now + LEASE, BATCH)
        return sorted(rows, key=lambda row: (row["next_attempt_at"], row["id"]))
