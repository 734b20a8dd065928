"""The bounce mailbox: reports of messages that were delivered, or came back.

Anybody can write to it. So a report counts only for a message that is ours, by its Message-ID, and for the address that
this message went to.
"""

import asyncio
import logging
from collections import Counter
from datetime import datetime, timedelta
from pathlib import Path

from portal.database import TROUBLE, read_row, read_rows, worker_lens
from portal.messages.account_messages import account_message_id
from portal.messages.email import maildir
from portal.messages.email.report import LARGEST, Fate, Report, normal_address, read_report
from portal.messages.letters.brief import own_ref
from portal.people.bounces import note_bounce
from portal.settings import Settings
from tenants.scope import fetch, fetch_first

MOST = 500  # files for each look; the rest waits for the next one
_REPORTED_WITHIN = timedelta(days=30)
# RFC 3463 §3: X.1, X.2 and X.4 are about the address, its mailbox and the way there; X.3, X.5 and X.6 are about servers
# and what was said, X.7 about who may say it. Those below are not the address's fault either: our own address was
# wrong, the message too long or too late.
_OF_THE_ADDRESS = ("5.0.", "5.1.", "5.2.", "5.4.")
_NOT_OF_THE_ADDRESS = {"5.1.7", "5.1.8", "5.2.3", "5.4.7"}

_PRACTICE_MESSAGE = """
SELECT id, sent_to, coalesce(sent_at, created_at) AS left_at FROM message WHERE ref = $1 AND channel = 'email'
"""
_ACCOUNT_MESSAGES = """
SELECT id, sent_to, created_at, coalesce(sent_at, created_at) AS left_at FROM account_message
WHERE sent_to = ANY ($1::text[]) AND channel = 'email' AND created_at > $2
"""

_FAILED = """
UPDATE message SET failed_at = $2, failure = $3
WHERE (id = $1 OR told_with = $1) AND sent_at IS NOT NULL AND failed_at IS NULL
"""
_DELIVERED = """
UPDATE message SET delivered_at = $2
WHERE (id = $1 OR told_with = $1) AND sent_at IS NOT NULL AND failed_at IS NULL AND delivered_at IS NULL
"""
_ACCOUNT_FAILED = """
UPDATE account_message SET failed_at = $2, failure = $3 WHERE id = $1 AND sent_at IS NOT NULL AND failed_at IS NULL
"""

log = logging.getLogger(__name__)


class Bounces:
    """Each file is read once, whatever stands in it and however many workers look at one folder."""

    def __init__(self, settings: Settings, folder: Path, stop: asyncio.Event) -> None:
        self._settings = settings
        self._folder = folder
        self._stop = stop

    async def read(self, now: datetime) -> None:
        try:
            waiting = await asyncio.to_thread(maildir.waiting_in, self._folder, MOST, now)
            counted = await self._read_each(waiting, now)
        except OSError as trouble:
            log.warning("the bounce mailbox cannot be read: %s", trouble.strerror or type(trouble).__name__)
            return
        if counted:
            log.info("bounce mailbox: %s", ", ".join(f"{number} {what}" for what, number in sorted(counted.items())))

    async def _read_each(self, waiting: list[Path], now: datetime) -> Counter[str]:
        counted: Counter[str] = Counter()
        for path in waiting:
            if self._stop.is_set():
                break
            taken = await asyncio.to_thread(maildir.take, path)
            if taken is None:
                continue
            try:
                counted[await self._heed(taken, now)] += 1
            except TROUBLE:
                await asyncio.to_thread(maildir.put_back, taken)
                raise
            await asyncio.to_thread(maildir.mark_handled, taken)
        return counted

    async def _heed(self, taken: Path, now: datetime) -> str:
        """What it came to, for the log, which holds no address."""
        report = await asyncio.to_thread(_report_in, taken)
        if report is None:
            return "no report"
        try:
            known = [await self._heed_fate(fate, report, now) for fate in report.fates]
        except TROUBLE:
            raise
        except Exception as trouble:  # noqa: BLE001 - whatever somebody sent us, the next file is read
            return f"unreadable ({type(trouble).__name__})"
        return "heeded" if any(known) else "of no message of ours"

    async def _heed_fate(self, fate: Fate, report: Report, now: datetime) -> bool:
        for message_id in report.about:
            ref = own_ref(message_id, self._settings)
            if ref and (await _of_practice(ref, fate, now) or await self._of_account(ref, fate, now)):
                return True
        return False

    async def _of_account(self, ref: str, fate: Fate, now: datetime) -> bool:
        for row in await read_rows(_ACCOUNT_MESSAGES, list(fate.recipients), now - _REPORTED_WITHIN):
            if own_ref(account_message_id(row, self._settings), self._settings) == ref:
                if fate.action == "failed":
                    await read_row(_ACCOUNT_FAILED, row["id"], now, fate.said)
                    await _note(row["sent_to"], fate, row["left_at"], now)
                return True
        return False


def _report_in(path: Path) -> Report | None:
    try:
        raw = maildir.read(path, LARGEST)
        return read_report(raw) if raw else None
    except Exception:  # noqa: BLE001 - as above; nested too deep, an encoding that does not exist…
        return None


async def _of_practice(ref: str, fate: Fate, now: datetime) -> bool:
    async with worker_lens():
        row = await fetch_first(_PRACTICE_MESSAGE, ref)
        if row is None or normal_address(row["sent_to"]) not in fate.recipients:
            return False
        if fate.action == "failed":
            await fetch(_FAILED, row["id"], now, fate.said)
        elif fate.action == "delivered":
            await fetch(_DELIVERED, row["id"], now)
    if fate.action == "failed":
        await _note(row["sent_to"], fate, row["left_at"], now)
    return True


async def _note(email: str, fate: Fate, left_at: datetime, now: datetime) -> None:
    if fate.status.startswith(_OF_THE_ADDRESS) and fate.status not in _NOT_OF_THE_ADDRESS:
        await note_bounce(email, fate.status, fate.said, left_at, now)
