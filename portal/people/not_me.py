"""Disowning a sign-in by the link that was mailed, for 72 hours. Whoever has the link may."""

from dataclasses import dataclass
from datetime import datetime

from portal.database import people_transaction, read_row
from portal.people.address_change import NOT_ME, OWN, digest, lock, note
from portal.people.known_devices import forget_devices_since
from portal.people.refusals import NotMeOver
from tenants.scope import fetch


@dataclass(frozen=True, slots=True)
class Disowned:
    """The sign-in that a link speaks of; `zone` is the person's, if they chose one."""

    person_id: int
    signed_in_with: str
    signed_in_at: datetime
    zone: str | None


async def find_disowned(token: str, now: datetime) -> Disowned:
    """Raises NotMeOver."""
    row = await read_row(_FIND, digest(token), now)
    if row is None:
        raise NotMeOver
    return Disowned(**row)


async def sign_out_everywhere(token: str, now: datetime) -> Disowned:
    """Ends every connection of the person, makes their codes void, and forgets what was seen since that sign-in.

    Raises NotMeOver.
    """
    found = await find_disowned(token, now)
    person = found.person_id
    async with people_transaction():
        await lock([person])
        emails = [row["email"] for row in await fetch(OWN, person)]
        await lock([], *emails)
        links = await fetch("DELETE FROM not_me_link WHERE sent_to = ANY ($1) RETURNING token_digest", emails)
        if digest(token) not in {row["token_digest"] for row in links}:
            raise NotMeOver
        await fetch("UPDATE connection SET ended_at = $2 WHERE person_id = $1 AND ended_at IS NULL", person, now)
        await fetch(
            """UPDATE code SET voided_at = $3
               WHERE (person_id = $1 OR sent_to = ANY ($2)) AND used_at IS NULL AND voided_at IS NULL""",
            person,
            emails,
            now,
        )
        await forget_devices_since(person, found.signed_in_at)
        await note(NOT_ME, [found.signed_in_with], person, None, now)
    return found


async def prune_not_me_links(now: datetime) -> None:
    """Inside a people's transaction."""
    await fetch("DELETE FROM not_me_link WHERE expires_at < $1", now)


_FIND = """
SELECT address.person_id, signed_in_with, signed_in_at, person.zone
FROM not_me_link JOIN address ON address.email = sent_to JOIN person ON person.id = address.person_id
WHERE token_digest = $1 AND expires_at > $2
"""
