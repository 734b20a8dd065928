"""Rows that wait to be sent: claimed by one worker at a time, then told what became of them."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from piccolo.columns import Column
from piccolo.table import Table

from portal.database import Transaction
from portal.messages.letter import Letter
from portal.messages.text import Text
from portal.settings import Settings

LEASE = timedelta(seconds=60)  # how long a claim holds when its worker dies
BATCH = 50

Row = dict[str, Any]
Outcome = dict[Column | str, Any]


class NotOwed(Exception):
    """There is nothing to say any more; the text is the reason that is kept."""


@dataclass(frozen=True, slots=True)
class Queue:
    """`take` marks due rows as claimed until its second moment, as many as it is told, and gives them.

    `write` gives what the row's channel carries; `forgotten` empties a row that is done.
    """

    table: type[Table]
    lens: Callable[[], Transaction]
    take: Callable[[datetime, datetime, int], Awaitable[list[Row]]]
    write: Callable[[Row, Settings, datetime], Awaitable[Letter | Text]]
    forgotten: Outcome = field(default_factory=dict)

    async def claim(self, now: datetime) -> list[Row]:
        async with self.lens():
            rows = await self.take(now, now + LEASE, BATCH)
        return sorted(rows, key=lambda row: (row["next_attempt_at"], row["id"]))

    async def sent(self, row: Row, now: datetime, provider_id: str) -> None:
        outcome: Outcome = {"sent_at": now, "failure": "", **self.forgotten}
        if "provider_id" in row:
            outcome["provider_id"] = provider_id
        await self._record(row, outcome)

    async def failed(self, row: Row, now: datetime, reason: str) -> None:
        await self._record(row, {"failed_at": now, "failure": reason, **self.forgotten})

    async def not_owed(self, row: Row, now: datetime, reason: str) -> None:
        if "skipped_at" in row:
            await self._record(row, {"skipped_at": now, "skip_reason": reason})
        else:
            await self.failed(row, now, reason)

    async def again(self, row: Row, at: datetime, reason: str) -> None:
        await self._record(row, {"next_attempt_at": at, "failure": reason})

    async def put_back(self, row: Row) -> None:
        """Claimed but never tried."""
        await self._record(row, {"attempts": row["attempts"] - 1})

    async def _record(self, row: Row, outcome: Outcome) -> None:
        """Only the holder of the present claim may write: a worker that overslept its lease changes nothing."""
        columns = self.table._meta  # noqa: SLF001 - Piccolo's own way to the columns of any table
        async with self.lens():
            await self.table.update({**outcome, "claimed_until": None}).where(
                columns.primary_key == row["id"],
                columns.get_column_by_name("claimed_until") == row["claimed_until"],
            )
