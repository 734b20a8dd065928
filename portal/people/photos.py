"""One person's photo: a draft that nobody else sees and that is forgotten after an hour, and the one they have saved.

A ref names one picture. Turning gives the draft another, so that what is saved is what was seen.
"""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeVar

import asyncpg

from portal.database import people_transaction, read_row
from portal.people.picture import finish_picture, read_picture, turn_picture
from portal.people.profile import PHOTO, is_shown
from portal.people.refusals import PhotoOver
from tenants.refs import new_ref
from tenants.scope import fetch, fetch_first

DRAFT_LIFE = timedelta(hours=1)

# One at a time in each process: 40 megapixels take up to 650 MB while they are decoded.
_darkroom = ThreadPoolExecutor(1, thread_name_prefix="darkroom")
Made = TypeVar("Made")

_BEGIN = """
INSERT INTO photo (ref, person_id, large, created_at) VALUES ($1, $2, $3, $4)
ON CONFLICT (person_id) WHERE kept_at IS NULL
DO UPDATE SET ref = excluded.ref, large = excluded.large, created_at = excluded.created_at
RETURNING ref
"""
_TURN = """
UPDATE photo SET ref = $1, large = $3, created_at = $4
WHERE person_id = $2 AND ref = $5 AND kept_at IS NULL RETURNING ref
"""
_OWN = """
SELECT (SELECT ref FROM photo WHERE person_id = $1 AND kept_at IS NOT NULL),
       (SELECT ref FROM photo WHERE person_id = $1 AND kept_at IS NULL AND created_at > $2)
"""
_OF_ADDRESS = """
SELECT photo.ref, person.shown
FROM address JOIN person ON person.id = address.person_id JOIN photo ON photo.person_id = person.id
WHERE address.email = $1 AND photo.kept_at IS NOT NULL
"""
_SEEN = """
SELECT large, kept_at FROM photo
WHERE person_id = $1 AND ref = $2 AND (kept_at IS NOT NULL OR created_at > $3)
"""


@dataclass(frozen=True, slots=True)
class StoredPhoto:
    person_id: int
    is_kept: bool
    webp: bytes


@dataclass(frozen=True, slots=True)
class OwnPhotos:
    """Their refs."""

    kept: str | None
    draft: str | None


async def find_photo(ref: str, size: str, now: datetime) -> StoredPhoto | None:
    """`size` is "large" or "small", which a draft has not. Who may see it is for the caller to say."""
    row = await read_row(
        """SELECT person_id, kept_at IS NOT NULL AS is_kept, CASE $2 WHEN 'large' THEN large WHEN 'small' THEN small END
           FROM photo WHERE ref = $1 AND (kept_at IS NOT NULL OR created_at > $3)""",
        ref,
        size,
        now - DRAFT_LIFE,
    )
    return None if row is None or row[2] is None else StoredPhoto(*row)


async def own_photos(person_id: int, now: datetime) -> OwnPhotos:
    row = await read_row(_OWN, person_id, now - DRAFT_LIFE)
    assert row is not None
    return OwnPhotos(*row)


async def photo_shown(email: str, tenant_id: int) -> str | None:
    """The ref of what that practice may see of whoever has proved this address."""
    row = await read_row(_OF_ADDRESS, email)
    return row["ref"] if row and is_shown(row["shown"], PHOTO, tenant_id) else None


async def choose_photo(person_id: int, sent: bytes, now: datetime) -> None:
    """The draft is this one now. Raises PhotoUnreadable or PhotoTooManyPixels, and leaves everything as it was."""
    draft = await develop(read_picture, sent)
    await read_row(_BEGIN, new_ref(), person_id, draft, now)


async def turn_photo(person_id: int, ref: str, now: datetime) -> None:
    """A quarter clockwise; the one that is kept stays, and a draft of it is begun. Raises PhotoOver."""
    seen = await _seen(person_id, ref, now)
    turned = await develop(turn_picture, seen["large"])
    if seen["kept_at"]:
        await read_row(_BEGIN, new_ref(), person_id, turned, now)
    elif not await read_row(_TURN, new_ref(), person_id, turned, now, ref):
        raise PhotoOver


async def save_photo(person_id: int, ref: str, now: datetime) -> None:
    """In place of the one kept before. Twice is once. Raises PhotoOver."""
    seen = await _seen(person_id, ref, now)
    if seen["kept_at"]:
        return
    large, small = await develop(finish_picture, seen["large"])
    async with people_transaction():
        await fetch("DELETE FROM photo WHERE person_id = $1 AND kept_at IS NOT NULL AND ref <> $2", person_id, ref)
        kept = await fetch_first(
            "UPDATE photo SET large = $3, small = $4, kept_at = $5 WHERE person_id = $1 AND ref = $2 RETURNING id",
            person_id,
            ref,
            large,
            small,
            now,
        )
        if kept is None:
            raise PhotoOver


async def discard_draft(person_id: int) -> None:
    await read_row("DELETE FROM photo WHERE person_id = $1 AND kept_at IS NULL", person_id)


async def remove_photo(person_id: int) -> None:
    await read_row("DELETE FROM photo WHERE person_id = $1", person_id)


async def hand_over_photo(goes: int, stays: int) -> None:
    """Two people become one: of two photos the one of who stays. Inside a people's transaction."""
    await fetch(
        """UPDATE photo SET person_id = $2, came_from_id = $1 WHERE person_id = $1 AND kept_at IS NOT NULL
           AND NOT EXISTS (SELECT FROM photo WHERE person_id = $2 AND kept_at IS NOT NULL)""",
        goes,
        stays,
    )


async def hand_back_photo(back: int, held: int) -> None:
    """One person is two again. Inside a people's transaction."""
    await fetch(
        "UPDATE photo SET person_id = $1, came_from_id = NULL WHERE person_id = $2 AND came_from_id = $1", back, held
    )


async def prune_photos(now: datetime) -> None:
    """Forgets drafts. Inside a people's transaction."""
    await fetch("DELETE FROM photo WHERE kept_at IS NULL AND created_at <= $1", now - DRAFT_LIFE)


async def _seen(person_id: int, ref: str, now: datetime) -> asyncpg.Record:
    row = await read_row(_SEEN, person_id, ref, now - DRAFT_LIFE)
    if row is None:
        raise PhotoOver
    return row


async def develop(work: Callable[[bytes], Made], picture: bytes) -> Made:
    """Beside the requests that are answered meanwhile, and one picture after the other."""
    return await asyncio.get_running_loop().run_in_executor(_darkroom, work, picture)
