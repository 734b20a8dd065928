"""Signed-in browsers. The cookie holds a random token; the database only its SHA-256."""

import json
import secrets
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from hashlib import sha256

from portal.database import people_transaction, read_row
from portal.languages.formats import DateDisplay, TimeDisplay
from portal.people.devices import LONGEST_AGENT, Browser
from portal.people.known_devices import is_new_to
from portal.people.new_connection import tell_of_connection
from portal.people.places import Places
from portal.people.tables import Address, Connection, Person
from tenants.refs import new_ref
from tenants.scope import fetch, fetch_first

LIFE = timedelta(days=90)
"""After the last activity, whatever the cookie says."""
SEEN_EVERY = timedelta(minutes=5)
_KEPT = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class SignedIn:
    """Who a connection belongs to, as every page needs to know it: `email` signed in, `emails` are all they proved.

    `connections` counts theirs, this one included; `desks` the practices where they work.
    """

    connection_id: int
    person_id: int
    first_name: str
    last_name: str
    language: str | None
    date_display: DateDisplay
    time_display: TimeDisplay
    zone: str | None
    mobile_phone: str
    email: str
    emails: list[str]
    connections: int
    desks: int


@dataclass(frozen=True, slots=True)
class Newcomer:
    """What somebody typed of themselves before they had an account. The phone is E.164."""

    first_name: str = ""
    last_name: str = ""
    mobile_phone: str = ""


_FIND = """
SELECT connection.id AS connection_id, connection.last_seen_at, person.id AS person_id, person.first_name,
       person.last_name, person.language, person.date_display, person.time_display, person.zone,
       person.mobile_phone, address.email,
       ARRAY(SELECT email FROM address AS own WHERE own.person_id = person.id ORDER BY own.id) AS emails,
       (SELECT count(*) FROM connection AS own
        WHERE own.person_id = person.id AND own.ended_at IS NULL AND own.last_seen_at > $2) AS connections,
       desks_of(person.id) AS desks
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
    places: Places,
    language: str,
    now: datetime,
    *,
    replacing: str | None = None,
    newcomer: Newcomer | None = None,
) -> str:
    """The token of a new connection for whoever has just proved this address; their person is made when there is none.

    They are told of one from a device or country not seen before. `replacing` is the token that the browser came with:
    its connection ends. Language and `newcomer` are a new person's.
    """
    token = secrets.token_urlsafe(32)
    async with people_transaction():
        await fetch("SELECT pg_advisory_xact_lock(hashtextextended('address ' || $1, 0))", email)
        address = await fetch_first("SELECT id, person_id FROM address WHERE email = $1", email)
        if address is None:
            address = await _make_person(email, newcomer or Newcomer(), language, now)
        person_id = address["person_id"]
        ended = await _end(_digest(replacing), now) if replacing else None
        connection = Connection(
            ref=new_ref(),
            token_digest=_digest(token),
            person_id=person_id,
            address_id=address["id"],
            user_agent=browser.user_agent[:LONGEST_AGENT],
            hints=json.dumps(browser.hints),
            ip=browser.ip,
            created_at=now,
            last_seen_at=now,
        )
        await Connection.insert(connection)
        country = places.country(browser.ip)
        if await is_new_to(person_id, browser, country, now, same_browser=ended == person_id):
            await tell_of_connection(person_id, email, browser, places, language, now)
    return token


async def sign_out(token: str, now: datetime) -> None:
    async with people_transaction():
        await _end(_digest(token), now)


async def prune_connections(now: datetime) -> None:
    """Forgets those that ended, or ran out unused, a week ago. Inside a people's transaction."""
    await fetch("DELETE FROM connection WHERE ended_at < $1", now - _KEPT)
    # Nobody was seen before they came, so the first condition adds nothing but an index.
    await fetch("DELETE FROM connection WHERE created_at < $1 AND last_seen_at < $1", now - LIFE - _KEPT)


async def _make_person(email: str, newcomer: Newcomer, language: str, now: datetime) -> dict[str, int]:
    person = Person(ref=new_ref(), language=language, created_at=now, **asdict(newcomer))
    made = (await Person.insert(person))[0]["id"]
    address = (await Address.insert(Address(person_id=made, email=email, verified_at=now)))[0]["id"]
    return {"id": address, "person_id": made}


async def _end(digest: bytes, now: datetime) -> int | None:
    """Whose it was."""
    ended = await fetch_first(
        "UPDATE connection SET ended_at = $2 WHERE token_digest = $1 AND ended_at IS NULL RETURNING person_id",
        digest,
        now,
    )
    return ended["person_id"] if ended else None


def _digest(token: str) -> bytes:
    return sha256(token.encode()).digest()
