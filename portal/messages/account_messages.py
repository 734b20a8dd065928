"""Messages about an account: codes, new connections, what has become of its addresses, answers, invitations."""

import json
import logging
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any
from urllib.parse import urlsplit

from portal.database import people_transaction
from portal.languages.negotiation import negotiate
from portal.languages.words import Words, words_in
from portal.messages.known import stopped_among
from portal.messages.letters.connection_letter import of_connection
from portal.messages.letters.invitation_letter import leads_somewhere, of_invitation
from portal.messages.letters.letter import Letter
from portal.messages.letters.paper import written_out
from portal.messages.letters.text import Text
from portal.messages.queue import NotOwed, Outcome, Queue, Row, Unwritable, Written
from portal.messages.sms.answers import ANSWER_LIFE, SMS_ANSWER, write_answer
from portal.messages.sms.parts import in_few_parts, size_of
from portal.people.address_change import UNDO_LIFE
from portal.people.codes import CODE_LIFE
from portal.people.invitations import INVITATION
from portal.people.known_devices import NOT_ME_LIFE
from portal.people.new_connection import NEW_CONNECTION
from portal.settings import Settings
from tenants.scope import fetch
from tenants.team.invite import INVITATION_LIFE

log = logging.getLogger(__name__)

ACCENT = "#0f4c5c"  # Carnet's own, where no practice speaks

# What is due is looked for once: a plain subquery may be asked again for each row, and then claim more than the limit.
_TAKE = """
    WITH due AS MATERIALIZED (
        SELECT id FROM account_message
        WHERE sent_at IS NULL AND failed_at IS NULL
          AND next_attempt_at <= $1 AND (claimed_until IS NULL OR claimed_until <= $1)
        ORDER BY next_attempt_at LIMIT $3 FOR UPDATE SKIP LOCKED
    )
    UPDATE account_message SET claimed_until = $2, attempts = attempts + 1
    WHERE id = ANY (ARRAY(SELECT id FROM due))
    RETURNING *
"""


async def take_account_messages(now: datetime, until: datetime, most: int) -> list[Row]:
    """A row that another worker is taking at this moment is passed over, not waited for."""
    return [dict(row) for row in await fetch(_TAKE, now, until, most)]


async def write_account_messages(rows: Sequence[Row], settings: Settings, now: datetime) -> list[Written]:
    return [await _write(row, settings, now) for row in rows]


async def _write(row: Row, settings: Settings, now: datetime) -> Written:
    try:
        return await write_account_message(row, settings, now)
    except NotOwed as reason:
        return reason
    except Exception:
        log.exception("an account's message could not be written")
        return Unwritable()


async def write_account_message(row: Row, settings: Settings, now: datetime) -> Letter | Text:
    """Raises NotOwed when it would be of no use: too late, or with a link that leads nowhere."""
    useful_until = row["created_at"] + _LIVES.get(row["kind"], UNDO_LIFE)
    if useful_until <= now:
        raise NotOwed("expired")
    facts = json.loads(row["facts"])
    if row["kind"] == SMS_ANSWER:
        return await write_answer(row, facts, settings, now)
    locale = negotiate(person=row["language"])
    words = words_in(locale.language)
    if row["channel"] == "sms":
        if row["sent_to"] in await stopped_among({row["sent_to"]}):
            raise NotOwed("number_opted_out")
        body = _body_of_code(facts["code"], words, settings)
        return Text(row["sent_to"], body, words.language, now, useful_until, mark=body, parts=size_of(body).parts)
    if row["kind"] in _CODES:
        template, own = _of_code(row, facts, words)
    elif row["kind"] == NEW_CONNECTION:
        template, own = await of_connection(row, facts, locale, words, settings)
    elif row["kind"] == INVITATION:
        if not await leads_somewhere(facts):
            raise NotOwed("replaced")
        template, own = of_invitation(facts, locale, words, settings)
    else:
        template, own = _of_change(row, facts, words, settings)
    html, text = written_out(
        template, words, {"language": words.language, "accent": ACCENT, "sender_name": "Carnet"} | own
    )
    return Letter(
        message_id=account_message_id(row, settings),
        to=row["sent_to"],
        sender_name="Carnet",
        reply_to=None,
        subject=own["subject"],
        text=text,
        html=html,
        language=words.language,
        written_at=now,
        useful_until=useful_until,
    )


_CODES = {"sign_in_code", "address_code", "mobile_code"}
_LIVES = dict.fromkeys(_CODES, CODE_LIFE) | {
    NEW_CONNECTION: NOT_ME_LIFE,
    SMS_ANSWER: ANSWER_LIFE,
    INVITATION: INVITATION_LIFE,
}


def _of_code(row: Row, facts: dict[str, Any], words: Words) -> tuple[str, dict[str, Any]]:
    code = facts["code"]
    subject = words.gettext("%(code)s is your Carnet code", code=code)
    return row["kind"], {"subject": subject, "code": code, "minutes": CODE_LIFE // timedelta(minutes=1)}


def _body_of_code(code: str, words: Words, settings: Settings) -> str:
    """The last line binds the code to this site, so that a phone offers it nowhere else (WICG, origin-bound codes)."""
    minutes = CODE_LIFE // timedelta(minutes=1)
    said = words.gettext("%(code)s is your Carnet code", code=code)
    lasts = words.gettext("It works once, for %(minutes)s minutes.", minutes=minutes)
    bound = f"\n\n@{urlsplit(settings.public_url).hostname} #{code}" if settings.https else ""
    return in_few_parts(f"{said}. {lasts}{bound}")


def _of_change(row: Row, facts: dict[str, Any], words: Words, settings: Settings) -> tuple[str, dict[str, Any]]:
    _ = words.gettext
    emails = ", ".join(facts["emails"])
    subject, said = {
        "address_added": (
            _("An address was added to your account"),
            _(
                "%(emails)s was added to your Carnet account. It signs in to it, and brings its practices.",
                emails=emails,
            ),
        ),
        "address_removed": (
            _("An address was removed from your account"),
            _("%(emails)s was removed from your Carnet account, and its practices with it.", emails=emails),
        ),
        "address_taken_over": (
            _("An address has moved to another account"),
            _("%(emails)s was moved from one Carnet account to another by somebody who proved it.", emails=emails),
        ),
        "address_merged": (
            _("Two accounts have become one"),
            _("%(emails)s came from another Carnet account, which has become one with this.", emails=emails),
        ),
    }[row["kind"]]
    return "address_change", {
        "subject": subject,
        "said": said,
        "undo_link": f"{settings.public_url}/addresses/undo/{facts['undo']}",
        "hours": UNDO_LIFE // timedelta(hours=1),
    }


def account_message_id(row: Mapping[str, Any], settings: Settings) -> str:
    """The same at each attempt, and no count of the installation's sign-ins."""
    trace = f"{settings.secret_key}:account:{row['id']}:{row['created_at'].isoformat()}"
    return f"<{sha256(trace.encode()).hexdigest()[:32]}@{urlsplit(settings.public_url).hostname}>"


# What a message said is forgotten with its end: a code, above all.
_RECORD = """
UPDATE account_message SET claimed_until = NULL, attempts = result.attempts, sent_at = result.sent_at,
       failed_at = coalesce(result.failed_at, result.skipped_at), failure = result.reason,
       next_attempt_at = coalesce(result.again_at, next_attempt_at),
       facts = CASE WHEN coalesce(result.sent_at, result.failed_at, result.skipped_at) IS NULL THEN facts ELSE '{}' END
FROM unnest($1::bigint[], $2::timestamptz[], $3::integer[], $4::timestamptz[], $5::timestamptz[], $6::timestamptz[],
            $7::timestamptz[], $8::text[])
     AS result (id, claimed_until, attempts, sent_at, failed_at, skipped_at, again_at, reason)
WHERE account_message.id = result.id AND account_message.claimed_until = result.claimed_until
"""


async def record_account_results(outcomes: Sequence[Outcome]) -> None:
    async with people_transaction():
        await fetch(
            _RECORD,
            [each.row["id"] for each in outcomes],
            [each.row["claimed_until"] for each in outcomes],
            [each.attempts for each in outcomes],
            [each.sent_at for each in outcomes],
            [each.failed_at for each in outcomes],
            [each.skipped_at for each in outcomes],
            [each.again_at for each in outcomes],
            [each.reason for each in outcomes],
        )


ACCOUNT_MESSAGES = Queue(
    name="accounts",
    lens=people_transaction,
    take=take_account_messages,
    write=write_account_messages,
    record=record_account_results,
)
