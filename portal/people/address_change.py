"""What every change of addresses is made of: one lock, rows that come and go, the histories, and who is told."""

import json
import secrets
from datetime import datetime, timedelta
from hashlib import sha256

from portal.people.tables import AccountMessage, AddressUndo, PersonEvent
from tenants.refs import new_ref
from tenants.scope import fetch, fetch_first

UNDO_LIFE = timedelta(hours=72)

ADDED, REMOVED, TAKEN_OVER, MERGED, UNDONE = "added", "removed", "taken_over", "merged", "undone"
NOT_ME = "not_me"


OWN = """
SELECT ref, email, verified_at FROM address WHERE person_id = $1 ORDER BY primary_since DESC NULLS LAST, id
"""


async def lock(people: list[int], *emails: str) -> None:
    """People before addresses and each in one order, so that two changes never wait for each other in a circle.

    Signing in takes the same lock on the address.
    """
    if people:
        await fetch("SELECT id FROM person WHERE id = ANY ($1) ORDER BY id FOR NO KEY UPDATE", people)
    for email in sorted(emails):
        await fetch("SELECT pg_advisory_xact_lock(hashtextextended('address ' || $1, 0))", email)


async def owner_of(email: str) -> int | None:
    row = await fetch_first("SELECT person_id FROM address WHERE email = $1", email)
    return row["person_id"] if row else None


async def put(email: str, person_id: int, now: datetime) -> None:
    await fetch(
        "INSERT INTO address (ref, person_id, email, verified_at) VALUES ($1, $2, $3, $4)",
        new_ref(),
        person_id,
        email,
        now,
    )


async def take_away(email: str, now: datetime, *, keep_links: bool = False) -> None:
    """Its connections go with the row."""
    await fetch("DELETE FROM address WHERE email = $1", email)
    await fetch(
        "UPDATE code SET voided_at = $2 WHERE sent_to = $1 AND used_at IS NULL AND voided_at IS NULL", email, now
    )
    if not keep_links:
        await fetch("DELETE FROM not_me_link WHERE sent_to = $1", email)
        await fetch("UPDATE address_undo SET voided_at = $2 WHERE sent_to = $1 AND voided_at IS NULL", email, now)


async def note(kind: str, emails: list[str], from_id: int | None, to_id: int | None, now: datetime) -> list[int]:
    """In the history of everybody whom it concerns."""
    return [
        (
            await PersonEvent.insert(
                PersonEvent(person_id=who, at=now, kind=kind, emails=emails, from_id=from_id, to_id=to_id)
            )
        )[0]["id"]
        for who in sorted({each for each in (from_id, to_id) if each})
    ]


async def tell(
    kind: str, emails: list[str], from_id: int | None, to_id: int | None, language: str, now: datetime
) -> None:
    """Writes the history, and owes a message with a link that undoes it to every address but one just added.

    An address that was taken away is told as well: its owner must learn of it, should somebody else have done it.
    """
    event, *_ = await note(kind, emails, from_id, to_id, now)
    people = [each for each in (from_id, to_id) if each]
    rows = await fetch(
        """SELECT address.email, coalesce(person.language, $2) AS language
           FROM address JOIN person ON person.id = address.person_id WHERE person_id = ANY ($1)""",
        people,
        language,
    )
    readers = {row["email"]: row["language"] for row in rows}
    if kind == ADDED:
        readers.pop(emails[0], None)
    elif kind == REMOVED:
        readers[emails[0]] = language
    for reader, spoken in readers.items():
        token = secrets.token_urlsafe(24)
        await AddressUndo.insert(
            AddressUndo(token_digest=digest(token), event_id=event, sent_to=reader, expires_at=now + UNDO_LIFE)
        )
        await AccountMessage.insert(
            AccountMessage(
                sent_to=reader,
                kind=f"address_{kind}",
                language=spoken,
                facts=json.dumps({"emails": emails, "undo": token}),
                created_at=now,
                next_attempt_at=now,
            )
        )


def digest(token: str) -> bytes:
    return sha256(token.encode()).digest()
