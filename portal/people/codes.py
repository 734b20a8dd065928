"""Six digits that prove an address or a number: sent to it, typed back, used once.

Nothing here depends on whether it is known to anybody: the same rows are read and written for each.
"""

import hmac
import json
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

import asyncpg

from portal.database import people_transaction, read_row
from portal.people.bounces import FORGET
from portal.people.refusals import CodeOver, CodeTooSoon, CodeWrong
from portal.people.tables import AccountMessage, Code
from tenants.refs import new_key
from tenants.scope import fetch, fetch_first

CODE_LIFE = timedelta(minutes=15)
TRIES = 5
PAUSE = timedelta(seconds=60)
PER_HOUR = 5
HOUR = timedelta(hours=1)
_KEPT = timedelta(days=1)

SIGN_IN = "sign_in"
ADD_ADDRESS = "add_address"
VERIFY_MOBILE = "verify_mobile"
_MESSAGES = {SIGN_IN: "sign_in_code", ADD_ADDRESS: "address_code", VERIFY_MOBILE: "mobile_code"}
_CHANNELS = {VERIFY_MOBILE: "sms"}


@dataclass(frozen=True, slots=True)
class Sent:
    """`ref` names the code in a URL; whoever has it still needs the digits."""

    ref: str
    to: str
    resend_at: datetime


async def send_code(
    to: str, purpose: str, language: str, secret_key: str, now: datetime, *, person_id: int | None = None
) -> Sent:
    """Makes earlier codes for this receiver and purpose void. Within a minute the one just sent still stands.

    With a `person_id` all of this is between that person and the receiver. Raises CodeTooSoon when the hour's codes are
    spent.
    """
    async with people_transaction():
        await fetch("SELECT pg_advisory_xact_lock(hashtextextended('code ' || $1, 0))", to)
        if fresh := await fetch_first(_FRESH, to, purpose, now - PAUSE, person_id):
            return Sent(fresh["ref"], to, fresh["created_at"] + PAUSE)
        await _check_pace(to, now)
        await fetch(
            """UPDATE code SET voided_at = $3
               WHERE sent_to = $1 AND purpose = $2 AND person_id IS NOT DISTINCT FROM $4
                     AND used_at IS NULL AND voided_at IS NULL""",
            to,
            purpose,
            now,
            person_id,
        )
        digits = f"{secrets.randbelow(1_000_000):06}"
        code = Code(
            ref=new_key(),
            sent_to=to,
            purpose=purpose,
            person_id=person_id,
            digest=b"",
            created_at=now,
            expires_at=now + CODE_LIFE,
            tries_left=TRIES,
        )
        code.digest = _digest(secret_key, code.ref, to, purpose, person_id, digits)
        await Code.insert(code)
        await AccountMessage.insert(
            AccountMessage(
                sent_to=to,
                channel=_CHANNELS.get(purpose, "email"),
                kind=_MESSAGES[purpose],
                language=language,
                facts=json.dumps({"code": digits}),
                created_at=now,
                next_attempt_at=now,
            )
        )
    return Sent(code.ref, to, now + PAUSE)


async def find_code(ref: str, purpose: str, *, person_id: int | None = None) -> Sent | None:
    """For the page that asks for it, whatever has become of it. Another person's code is no different from none."""
    row = await read_row(_FIND, ref, purpose, person_id)
    return Sent(ref, row["sent_to"], row["created_at"] + PAUSE) if row else None


_FIND = "SELECT sent_to, created_at FROM code WHERE ref = $1 AND purpose = $2 AND person_id IS NOT DISTINCT FROM $3"


async def prove_code(
    ref: str, typed: str, purpose: str, secret_key: str, now: datetime, *, person_id: int | None = None
) -> str:
    """What the code proves to be theirs, and to take mail. A wrong try counts even though it raises.

    Raises CodeWrong or CodeOver.
    """
    async with people_transaction():
        row = await fetch_first(_TYPED, ref, purpose, person_id)
        if row is None or row["used_at"] or row["voided_at"] or row["expires_at"] <= now or row["tries_left"] == 0:
            raise CodeOver
        right = _is_right(row, typed, secret_key)
        if right:
            await Code.update({Code.used_at: now}).where(Code.id == row["id"])
            await fetch(FORGET, row["sent_to"])
        else:
            await Code.update({Code.tries_left: Code.tries_left - 1}).where(Code.id == row["id"])
    if right:
        return str(row["sent_to"])
    if row["tries_left"] == 1:
        raise CodeOver
    raise CodeWrong(row["tries_left"] - 1)


_TYPED = "SELECT * FROM code WHERE ref = $1 AND purpose = $2 AND person_id IS NOT DISTINCT FROM $3 FOR UPDATE"


async def proved_by(person_id: int, ref: str, purpose: str, now: datetime) -> bool:
    """Whether this person has used the code a short while ago: what a choice after it may rest on."""
    used = "SELECT FROM code WHERE ref = $1 AND purpose = $2 AND person_id = $3 AND used_at > $4"
    return await read_row(used, ref, purpose, person_id, now - CODE_LIFE) is not None


async def was_just_proved(ref: str, typed: str, purpose: str, secret_key: str, now: datetime) -> bool:
    """Whether this very code was used in the last minute: what the second half of a double click asks."""
    row = await read_row(
        "SELECT * FROM code WHERE ref = $1 AND purpose = $2 AND used_at > $3", ref, purpose, now - PAUSE
    )
    return row is not None and _is_right(row, typed, secret_key)


async def prune_codes(now: datetime) -> None:
    """Forgets codes of yesterday. Inside a people's transaction."""
    await fetch("DELETE FROM code WHERE created_at < $1", now - _KEPT)


_FRESH = """
SELECT ref, created_at FROM code
WHERE sent_to = $1 AND purpose = $2 AND created_at > $3 AND person_id IS NOT DISTINCT FROM $4
      AND used_at IS NULL AND voided_at IS NULL AND tries_left > 0
"""

_THIS_HOUR = "SELECT created_at FROM code WHERE sent_to = $1 AND created_at > $2 ORDER BY created_at"


async def _check_pace(to: str, now: datetime) -> None:
    """A minute between two codes, whatever became of the first, and five in any hour."""
    sent = [row["created_at"] for row in await fetch(_THIS_HOUR, to, now - HOUR)]
    if sent and sent[-1] + PAUSE > now:
        raise CodeTooSoon(sent[-1] + PAUSE)
    if len(sent) >= PER_HOUR:
        raise CodeTooSoon(sent[-PER_HOUR] + HOUR)


def _is_right(row: asyncpg.Record, typed: str, secret_key: str) -> bool:
    digits = "".join(each for each in typed if each.isascii() and each.isdigit())
    bound = (row["ref"], row["sent_to"], row["purpose"], row["person_id"])
    return hmac.compare_digest(_digest(secret_key, *bound, digits), row["digest"])


def _digest(secret_key: str, ref: str, to: str, purpose: str, person_id: int | None, digits: str) -> bytes:
    """Keyed, since a million codes are tried in a second by whoever steals the rows alone."""
    bound = f"code\n{ref}\n{to}\n{purpose}\n{person_id or ''}\n{digits}"
    return hmac.digest(secret_key.encode(), bound.encode(), "sha256")
