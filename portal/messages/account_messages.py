"""Messages about an account: for now the code that signs in."""

import json
from datetime import datetime, timedelta
from hashlib import sha256
from urllib.parse import urlsplit

from portal.database import people_transaction
from portal.languages.negotiation import negotiate
from portal.languages.words import words_in
from portal.messages.letter import Letter
from portal.messages.paper import written_out
from portal.messages.queue import NotOwed, Queue, Row
from portal.people.codes import CODE_LIFE
from portal.people.tables import AccountMessage
from portal.settings import Settings
from tenants.scope import fetch

ACCENT = "#0f4c5c"  # Carnet's own, where no practice speaks

_TAKE = """
    UPDATE account_message SET claimed_until = $2, attempts = attempts + 1
    WHERE id IN (
        SELECT id FROM account_message
        WHERE sent_at IS NULL AND failed_at IS NULL
          AND next_attempt_at <= $1 AND (claimed_until IS NULL OR claimed_until <= $1)
        ORDER BY next_attempt_at LIMIT $3 FOR UPDATE SKIP LOCKED
    )
    RETURNING *
"""


async def take_account_messages(now: datetime, until: datetime, most: int) -> list[Row]:
    """A row that another worker is taking at this moment is passed over, not waited for."""
    return [dict(row) for row in await fetch(_TAKE, now, until, most)]


async def write_code(row: Row, settings: Settings, now: datetime) -> Letter:
    """Raises NotOwed when the code would arrive too late to work."""
    useful_until = row["created_at"] + CODE_LIFE
    if useful_until <= now:
        raise NotOwed("expired")
    words = words_in(negotiate(person=row["language"]).language)
    code = json.loads(row["facts"])["code"]
    subject = words.gettext("%(code)s is your Carnet code", code=code)
    facts = {
        "language": words.language,
        "subject": subject,
        "accent": ACCENT,
        "sender_name": "Carnet",
        "code": code,
        "minutes": CODE_LIFE // timedelta(minutes=1),
    }
    html, text = written_out("sign_in_code", words, facts)
    return Letter(
        message_id=_message_id(row, settings),
        to=row["to_email"],
        sender_name="Carnet",
        reply_to=None,
        subject=subject,
        text=text,
        html=html,
        language=words.language,
        written_at=now,
        useful_until=useful_until,
    )


def _message_id(row: Row, settings: Settings) -> str:
    """The same at each attempt, and no count of the installation's sign-ins."""
    trace = f"{settings.secret_key}:account:{row['id']}:{row['created_at'].isoformat()}"
    return f"<{sha256(trace.encode()).hexdigest()[:32]}@{urlsplit(settings.public_url).hostname}>"


ACCOUNT_MESSAGES = Queue(
    table=AccountMessage, lens=people_transaction, take=take_account_messages, write=write_code, forgotten={"facts": {}}
)
