"""Undoing a change of addresses by the link that was mailed, for 72 hours. Whoever has the link may."""

from dataclasses import dataclass
from datetime import datetime

from portal.database import people_transaction, read_row
from portal.people.address_change import MERGED, OWN, UNDONE, digest, lock, note, owner_of, put, take_away
from portal.people.known_devices import forget_shared_devices
from portal.people.photos import hand_back_photo
from portal.people.refusals import LastAddress, UndoOver
from tenants.scope import fetch, fetch_first


@dataclass(frozen=True, slots=True)
class Undo:
    """What a link would undo."""

    kind: str
    emails: tuple[str, ...]


async def find_undo(token: str, now: datetime) -> Undo:
    """Raises UndoOver."""
    row = await read_row(_UNDO, digest(token), now)
    if row is None:
        raise UndoOver
    return Undo(row["kind"], tuple(row["emails"]))


async def undo_change(token: str, now: datetime) -> None:
    """Puts the addresses back to where they were before. Raises UndoOver, or LastAddress of whoever holds it now."""
    async with people_transaction():
        row = await fetch_first(_UNDO + "FOR UPDATE OF event", digest(token), now)
        if row is None:
            raise UndoOver
        back, held = row["from_id"], row["to_id"]
        await lock([each for each in (back, held) if each], *row["emails"])
        owners = [await owner_of(email) for email in row["emails"]]
        if any(owner != held for owner in owners):
            raise UndoOver
        if held and len(await fetch(OWN, held)) == len(row["emails"]):
            raise LastAddress(row["emails"][0])
        for email in row["emails"]:
            await take_away(email, now, keep_links=True)
            if back:
                await put(email, back, now)
        if row["kind"] == MERGED:
            await fetch("UPDATE person SET merged_into_id = NULL WHERE id = $1", back)
            await hand_back_photo(back, held)
            await forget_shared_devices(held, row["at"])
        await fetch(
            "UPDATE person_event SET undone_at = $4 WHERE emails = $1 AND at = $2 AND kind = $3",
            row["emails"],
            row["at"],
            row["kind"],
            now,
        )
        await note(UNDONE, row["emails"], held, back, now)


async def prune_undos(now: datetime) -> None:
    """Inside a people's transaction."""
    await fetch("DELETE FROM address_undo WHERE expires_at < $1", now)


_UNDO = """
SELECT event.kind, event.emails, event.from_id, event.to_id, event.at
FROM address_undo JOIN person_event AS event ON event.id = address_undo.event_id
WHERE address_undo.token_digest = $1 AND address_undo.expires_at > $2 AND address_undo.voided_at IS NULL
      AND event.undone_at IS NULL
"""
