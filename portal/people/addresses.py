"""The addresses of one person: added by proof, taken over, merged, removed.

Whatever hangs from an address follows it by itself: the practices' records are found by their e-mail address alone.
"""

from dataclasses import dataclass
from datetime import datetime

from portal.database import people_transaction
from portal.people.address_change import (
    ADDED,
    MERGED,
    OWN,
    REMOVED,
    TAKEN_OVER,
    lock,
    owner_of,
    put,
    take_away,
    tell,
)
from portal.people.known_devices import share_devices
from portal.people.photos import hand_over_photo
from portal.people.refusals import AddressElsewhere, LastAddress
from tenants.refusals import NotFound
from tenants.scope import fetch, fetch_first


@dataclass(frozen=True, slots=True)
class OwnAddress:
    ref: str
    email: str
    verified_at: datetime
    is_primary: bool


async def own_addresses(person_id: int) -> list[OwnAddress]:
    """The primary one first: it receives what concerns the account."""
    async with people_transaction():
        rows = await fetch(OWN, person_id)
    return [OwnAddress(row["ref"], row["email"], row["verified_at"], row is rows[0]) for row in rows]


async def add_address(person_id: int, email: str, language: str, now: datetime) -> None:
    """For an address that this person has proved. Raises AddressElsewhere when another person has, too."""
    async with people_transaction():
        await lock([person_id], email)
        owner = await owner_of(email)
        if owner is None:
            await put(email, person_id, now)
            await tell(ADDED, [email], None, person_id, language, now)
        elif owner != person_id:
            raise await _elsewhere(email, owner)


async def other_account(person_id: int, email: str) -> AddressElsewhere | None:
    """What adding the address would be refused with, without adding it."""
    async with people_transaction():
        owner = await owner_of(email)
        return await _elsewhere(email, owner) if owner is not None and owner != person_id else None


async def take_over_address(person_id: int, email: str, language: str, now: datetime) -> None:
    """The address alone moves from another person to the one who has just proved it.

    Raises LastAddress when the other would be left without any.
    """
    async with people_transaction():
        other = await _lock_both(person_id, email)
        if other is None:
            return
        if len(await fetch(OWN, other)) == 1:
            raise LastAddress(email)
        await take_away(email, now)
        await put(email, person_id, now)
        await tell(TAKEN_OVER, [email], other, person_id, language, now)


async def merge_accounts(person_id: int, email: str, language: str, now: datetime, *, keep_other: bool) -> None:
    """The person who has just proved the address and the one whose it is become one.

    All addresses and connections of the one who goes are then those of the one who stays, with what that one prefers;
    the photo, too, where the one who stays has none.
    """
    async with people_transaction():
        other = await _lock_both(person_id, email)
        if other is None:
            return
        stays, goes = (other, person_id) if keep_other else (person_id, other)
        emails = [row["email"] for row in await fetch(OWN, goes)]
        await lock([], *emails)  # nobody signs in to the one who goes while they go
        await fetch("UPDATE address SET person_id = $1, primary_since = NULL WHERE person_id = $2", stays, goes)
        await fetch("UPDATE connection SET person_id = $1 WHERE person_id = $2", stays, goes)
        await share_devices(goes, stays, now)
        await fetch("UPDATE code SET voided_at = $2 WHERE person_id = $1 AND used_at IS NULL", goes, now)
        await fetch("UPDATE person SET merged_into_id = $1 WHERE id = $2", stays, goes)
        await hand_over_photo(goes, stays)
        await tell(MERGED, emails, goes, stays, language, now)


async def remove_address(person_id: int, ref: str, language: str, now: datetime) -> None:
    """Connections opened with it, and codes and links sent to it, end.

    Raises NotFound or LastAddress.
    """
    async with people_transaction():
        await lock([person_id])
        own = await fetch(OWN, person_id)
        email = next((row["email"] for row in own if row["ref"] == ref), None)
        if email is None:
            raise NotFound("address")
        if len(own) == 1:
            raise LastAddress(email)
        await lock([], email)
        await take_away(email, now)
        await tell(REMOVED, [email], person_id, None, language, now)


async def make_primary(person_id: int, ref: str, now: datetime) -> None:
    """Raises NotFound."""
    async with people_transaction():
        changed = await fetch_first(
            "UPDATE address SET primary_since = $3 WHERE person_id = $1 AND ref = $2 RETURNING id", person_id, ref, now
        )
    if changed is None:
        raise NotFound("address")


async def _elsewhere(email: str, owner: int) -> AddressElsewhere:
    return AddressElsewhere(email, tuple(row["email"] for row in await fetch(OWN, owner)))


async def _lock_both(person_id: int, email: str) -> int | None:
    """The other person whose address it is, once nobody can change that; None when it is nobody else's any more."""
    other = await owner_of(email)
    if other is None or other == person_id:
        return None
    await lock([person_id, other], email)
    return other if await owner_of(email) == other else None
