"""What the platform's operator does with practices, in the operator's lens: looks, suspends, lets go on, deletes."""

from datetime import datetime, timedelta
from typing import Any

from tenants.refusals import NotFound
from tenants.scope import fetch, fetch_first

KEPT = timedelta(days=30)
"""From the decision to delete a practice until nothing is left of it; until then it can be taken back."""
LATELY = timedelta(days=30)

_FOUND = """
SELECT practice.id, slug, name, city, country, email, zone, created_at, published_at, suspended_at, suspended_why,
       delete_at, members, practitioners, clients, booked, last_booked_at
FROM practice JOIN practice_numbers($1) AS numbers ON numbers.tenant_id = practice.id
"""
_SEARCHED = """
WHERE $2 = '' OR strpos(lower(concat_ws(' ', name, slug, city, email)), lower($2)) > 0
ORDER BY created_at DESC, practice.id DESC LIMIT $3
"""
_SUSPEND = """
UPDATE practice SET suspended_at = coalesce(suspended_at, $2), suspended_why = $3 WHERE slug = $1 RETURNING id
"""
_RESUME = """
UPDATE practice SET suspended_at = NULL, suspended_why = '', delete_at = NULL WHERE slug = $1 RETURNING id
"""
_DELETE = """
UPDATE practice SET suspended_at = coalesce(suspended_at, $2), delete_at = coalesce(delete_at, $3)
WHERE slug = $1 RETURNING id
"""
_KEEP = "UPDATE practice SET delete_at = NULL WHERE slug = $1 RETURNING id"


async def list_practices(now: datetime, search: str = "", most: int = 100) -> list[dict[str, Any]]:
    """The newest first, with what they have and how much was booked `LATELY`."""
    return [dict(row) for row in await fetch(_FOUND + _SEARCHED, now - LATELY, search, most)]


async def find_practice(slug: str, now: datetime) -> dict[str, Any]:
    """Raises NotFound."""
    row = await fetch_first(_FOUND + "WHERE slug = $2", now - LATELY, slug)
    if row is None:
        raise NotFound("practice")
    return dict(row)


async def suspend(slug: str, why: str, now: datetime) -> None:
    """From now on nobody books and its desk is closed; once more, it gives another reason. Raises NotFound."""
    _changed(await fetch_first(_SUSPEND, slug, now, why))


async def resume(slug: str) -> None:
    """As if nothing had been; it is not deleted either. Raises NotFound."""
    _changed(await fetch_first(_RESUME, slug))


async def delete(slug: str, now: datetime) -> None:
    """Suspended at once, and gone after `KEPT`. Raises NotFound."""
    _changed(await fetch_first(_DELETE, slug, now, now + KEPT))


async def keep(slug: str) -> None:
    """Suspended still, but not to be deleted. Raises NotFound."""
    _changed(await fetch_first(_KEEP, slug))


def _changed(row: Any) -> None:
    if row is None:
        raise NotFound("practice")
