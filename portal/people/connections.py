"""Signed-in browsers. The cookie holds a random token; the database only its SHA-256."""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256

from portal.database import people_transaction, read_row
from portal.languages.formats import DateDisplay, TimeDisplay
from portal.people.tables import Address, Connection, Person
from tenants.refs import new_ref
from tenants.scope import fetch, fetch_first

LIFE = timedelta(days=90)
"""After the last activity, whatever the cookie says."""
SEEN_EVERY = timedelta(minutes=5)
_LONGEST_AGENT = 512


@dataclass(frozen=True, slots=True)
class SignedIn:
    """Who a connection belongs to, as every page needs to know it: `email` signed in, `emails` are all they proved."""

    connection_id: int
    person_id: int
    first_name: str
    last_name: str
    language: str | None
    date_display: DateDisplay
    time_display: TimeDisplay
    zone: str | None
    email: str
    emails: list[str]


@dataclass(frozen=True, slots=True)
class Browser:
    """What is kept of the browser that signs in."""

    ip: str
    user_agent: str


_FIND = """
SELECT connection.id AS connection_id, connection.last_seen_at, person.id AS person_id, person.first_name,
       person.last_name, person.language, person.date_display, person.time_display, person.zone, address.email,
       ARRAY(SELECT email FROM address AS own WHERE own.person_id = person.id ORDER BY own.id) AS emails
FROM connection
JOIN person ON person.id = connection.person_id
JOIN address ON address.id = connection.address_id
WHERE connection.token_digest = $1 AND connection.ended_at IS NULL AND connection.last_seen_at > $2
"""


async def find_connection(token: str, now: datetime) -> SignedIn | None:
    """One statement a request; the last activity is written at most every five minutes."""
    row = await read_row(_FIND, _digest(token), now - LIFE)
    if row is None:
        return None
    facts = dict(row)
    if facts.pop("last_seen_at") < now - SEEN_EVERY:
        async with people_transaction():
            await Connection.update({Connection.last_seen_at: now}).where(Connection.id == row["connection_id"])
    return SignedIn(**facts)


async def sign_in(
    email: str,
    browser: Browser,
    now: datetime,
    *,
    replacing: str | None = None,
    first_name: str = "",
    last_name: str = "",
    language: str | None = None,
) -> str:
    """The token of a new connection for whoever has just proved this address; their person is made when there is none.

    `replacing` is the token that the browser came with: its connection ends. Names and language are a new person's.
    """
    token = secrets.token_urlsafe(32)
    async with people_transaction():
        await fetch("SELECT pg_advisory_xact_lock(hashtextextended('address ' || $1, 0))", email)
        address = await fetch_first("SELECT id, person_id FROM address WHERE email = $1", email)
        if address is None:
            address = await _make_person(email, first_name, last_name, language, now)
        if replacing:
            await _end(_digest(replacing), now)
        connection = Connection(
            ref=new_ref(),
            token_digest=_digest(token),
            person_id=address["person_id"],
            address_id=address["id"],
            user_agent=browser.user_agent[:_LONGEST_AGENT],
            ip=browser.ip,
            created_at=now,
            last_seen_at=now,
        )
        await Connection.insert(connection)
    return token


async def sign_out(token: str, now: datetime) -> None:
    async with people_transaction():
        await _end(_digest(token), now)


async def _make_person(
    email: str, first_name: str, last_name: str, language: str | None, now: datetime
) -> dict[str, int]:
    person = Person(ref=new_ref(), first_name=first_name, last_name=last_name, language=language, created_at=now)
    made = (await Person.insert(person))[0]["id"]
    address = (await Address.insert(Address(person_id=made, email=email, verified_at=now)))[0]["id"]
    return {"id": address, "person_id": made}


async def _end(digest: bytes, now: datetime) -> None:
    await fetch("UPDATE connection SET ended_at = $2 WHERE token_digest = $1 AND ended_at IS NULL", digest, now)


def _digest(token: str) -> bytes:
    return sha256(token.encode()).digest()
