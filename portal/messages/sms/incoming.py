"""What phones have written, acted upon: each text once, and those of one number in their order."""

import json
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import asyncpg

from portal.database import TROUBLE, worker_lens
from portal.messages.sms.answers import SMS_ANSWER
from portal.messages.sms.stops import resume_texts, stop_texts
from tenants.answers.heard import Told, keep_reply, latest_told, waiting_for_yes
from tenants.answers.intent import Meaning, meaning_as_taken
from tenants.booking.confirm import confirm_appointment
from tenants.scope import fetch, fetch_first

log = logging.getLogger(__name__)

_TAKE = """
SELECT id, from_number, body, provider_took_as FROM incoming_text AS text
WHERE handled_at IS NULL AND id <> ALL ($1::bigint[]) AND NOT EXISTS (
    SELECT FROM incoming_text AS earlier
    WHERE earlier.from_number = text.from_number AND earlier.handled_at IS NULL AND earlier.id < text.id)
ORDER BY id LIMIT 1 FOR UPDATE OF text SKIP LOCKED
"""

_HANDLED = "UPDATE incoming_text SET handled_at = $2, outcome = $3 WHERE id = $1"

_ANSWER = """
INSERT INTO account_message (channel, sent_to, kind, language, facts, created_at, next_attempt_at)
VALUES ('sms', $1, $2, $3, $4, $5, $5)
"""


@dataclass(frozen=True, slots=True)
class Heard:
    """What a text has brought about, and the name of what is answered; empty for nothing."""

    outcome: str
    answer: str = ""
    about: Sequence[Told] = ()


async def handle_texts(now: datetime) -> None:
    """All that wait. One that cannot be handled is listed and holds up no other number's."""
    put_off: list[int] = []
    while (row := await _handle_next(put_off, now)) is not None:
        log.debug("a text was handled: %s", row["id"])


async def _handle_next(put_off: list[int], now: datetime) -> asyncpg.Record | None:
    """Acting, its record and the answer's row are one transaction: neither is there without the others."""
    row = None
    try:
        async with worker_lens():
            row = await fetch_first(_TAKE, put_off)
            if row is not None:
                await _handle(row, now)
    except TROUBLE:
        raise
    except asyncpg.PostgresError:
        if row is None:
            raise
        log.exception("a text could not be handled yet")
        put_off.append(row["id"])
    except Exception:
        if row is None:
            raise
        log.exception("a text could not be handled")
        async with worker_lens():
            await fetch(_HANDLED, row["id"], now, "failed")
    return row


async def _handle(row: asyncpg.Record, now: datetime) -> None:
    number, meaning = row["from_number"], meaning_as_taken(row["body"], row["provider_took_as"])
    told = await latest_told(number, now)
    heard = await _act(row, meaning, told, now)
    await fetch(_HANDLED, row["id"], now, heard.outcome)
    if heard.answer and not row["provider_took_as"]:
        facts = _facts(heard, meaning, told)
        await fetch(_ANSWER, number, SMS_ANSWER, meaning.language or "", json.dumps(facts), now)


async def _act(row: asyncpg.Record, meaning: Meaning, told: Told | None, now: datetime) -> Heard:
    number = row["from_number"]
    match meaning.intent:
        case "stop":
            return Heard("stopped", "stopped" if await stop_texts(number, now) else "")
        case "start":
            await resume_texts(number)
            return Heard("resumed", "resumed")
        case "help":
            return Heard("helped", "help")
        case "confirm":
            return await _confirm(number, now) or await _pass_on(row["body"], told, now)
        case "note":
            return await _pass_on(row["body"], told, now)


async def _confirm(number: str, now: datetime) -> Heard | None:
    """None when nothing waits for a yes: then it answers something that a person has asked."""
    waiting = await waiting_for_yes(number, now)
    if len(waiting) == 1:
        (about,) = waiting
        await confirm_appointment(about.appointment.practice, about.appointment.ref, now)
        return Heard("confirmed", "confirmed", waiting)
    return Heard("several", "several", waiting) if waiting else None


async def _pass_on(body: str, told: Told | None, now: datetime) -> Heard:
    """To the practice whose SMS it seems to answer. Without words, a picture for one, there is nothing to pass on."""
    if told is None or not told.recently:
        return Heard("nobody")
    if not body.strip():
        return Heard("empty")
    await keep_reply(told.appointment, body, now)
    return Heard("passed_on")


def _facts(heard: Heard, meaning: Meaning, told: Told | None) -> dict[str, Any]:
    """What the answer is written from, once it leaves: how its reader likes to read is not known in this lens."""
    first = heard.about[0] if heard.about else told
    return {
        "answer": heard.answer,
        "cancel": meaning.cancel,
        "practice": first.appointment.practice.slug if first else None,
        "email": first.appointment.email if first else None,
        "link": first.link if first else "",
        "appointments": [
            {
                "practice": each.appointment.practice.slug,
                "starts_at": each.appointment.starts_at.isoformat(),
                "link": each.link,
            }
            for each in heard.about
        ],
    }
