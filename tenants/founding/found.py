"""A practice begins: its sign and its first admin, in one transaction of the portal's own."""

from dataclasses import dataclass
from datetime import datetime, timedelta

import asyncpg

from tenants.page.slug import check_slug, free_slugs, slug_from
from tenants.refusals import SlugReserved, SlugTaken, SlugUnusable
from tenants.scope import fetch, fetch_first

ACCENT = "#00586e"
"""The portal's own colour, until the practice chooses one."""
SAME_WISH = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody types to begin. An empty `slug` is made from the name. `zone` is an IANA name."""

    slug: str
    name: str
    zone: str
    language: str
    currency: str
    country: str


_TURN = "SELECT pg_advisory_xact_lock(hashtextextended('found ' || $1, 0))"
_OWN = """
SELECT slug FROM practice WHERE email = $1 AND name = $2 AND ($3 = '' OR slug = $3) AND created_at > $4
"""
_TAKEN = """
SELECT EXISTS (SELECT FROM practice WHERE slug = $1) OR EXISTS (SELECT FROM former_slug WHERE slug = $1) AS taken
"""
# The audit log begins with who founded the practice.
_TELL = "SELECT set_config('app.by', $1, true), set_config('app.ip', $2, true), set_config('app.at', $3, true)"
_FOUND = "SELECT found_practice($1, $2, $3, $4, $5, $6, $7, $8, $9)"


async def found(founder: str, ip: str, wish: Wish, now: datetime) -> str:
    """The slug of the practice, whose first admin `founder` is: a proved address, in its one form.

    The same wish a second time, as a form that was sent twice, founds nothing and gives the first one's slug.
    Raises SlugUnusable, SlugReserved, SlugTaken.
    """
    if wish.slug:
        check_slug(wish.slug)
    base = wish.slug or slug_from(wish.name) or "practice"
    for turn in (f"by {founder}", f"as {base}"):
        await fetch(_TURN, turn)
    if own := await fetch_first(_OWN, founder, wish.name, wish.slug, now - SAME_WISH):
        return str(own["slug"])
    slug = await _choose(wish, base)
    await fetch(_TELL, founder, ip, now.isoformat())
    sign = (slug, wish.name, wish.zone, [wish.language], ACCENT, wish.currency, wish.country)
    try:
        await fetch(_FOUND, *sign, founder, now)
    except asyncpg.UniqueViolationError:  # a practice has just moved there
        raise SlugTaken(slug) from None
    return slug


async def _choose(wish: Wish, base: str) -> str:
    """What was wanted; of a name only, the first that is free."""
    if await _is_free(base):
        return base
    free = tuple(await free_slugs(base))
    if wish.slug or not free:
        raise SlugTaken(base, free)
    return free[0]


async def _is_free(slug: str) -> bool:
    try:
        check_slug(slug)
    except (SlugUnusable, SlugReserved):
        return False
    row = await fetch_first(_TAKEN, slug)
    return not (row and row["taken"])
