"""A practice begins: its sign and its first admin, in one transaction of the portal's own."""

from dataclasses import dataclass
from datetime import datetime, timedelta

import asyncpg

from tenants.practices.slug import slug_of
from tenants.refusals import PageAddressTaken
from tenants.scope import fetch, fetch_first

ACCENT = "#00586e"
"""The portal's own colour, until the practice chooses one."""
SAME_WISH = timedelta(hours=1)
_SUGGESTIONS = 3
_MOST_TRIED = 60


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody types to begin. An empty `slug` is made from the name. `zone` is an IANA name."""

    slug: str
    name: str
    zone: str
    language: str
    currency: str
    country: str


# Two who want one slug wait for each other here instead of in the index, where one of them would only fail.
_TURN = "SELECT pg_advisory_xact_lock(hashtextextended('found ' || $1, 0))"
_OWN = "SELECT slug FROM practice WHERE email = $1 AND name = $2 AND slug = ANY ($3::text[]) AND created_at > $4"
_TAKEN = """
SELECT slug FROM practice WHERE slug = ANY ($1::text[])
UNION SELECT slug FROM former_slug WHERE slug = ANY ($1::text[])
"""
# The audit log begins with who founded the practice.
_TELL = "SELECT set_config('app.by', $1, true), set_config('app.ip', $2, true), set_config('app.at', $3, true)"
_FOUND = "SELECT found_practice($1, $2, $3, $4, $5, $6, $7, $8, $9)"


async def found(founder: str, ip: str, wish: Wish, now: datetime) -> str:
    """The slug of the practice, whose first admin `founder` is: a proved address, in its one form.

    The same wish a second time, as a form that was sent twice, founds nothing and gives the first one's slug.
    Raises PageAddressTaken.
    """
    base = wish.slug or slug_of(wish.name) or "practice"
    await fetch(_TURN, base)
    wanted = [wish.slug] if wish.slug else _variants(base)
    if own := await fetch_first(_OWN, founder, wish.name, wanted, now - SAME_WISH):
        return str(own["slug"])
    free = await _free(wanted)
    if not free:
        raise PageAddressTaken(base, await suggest(base))
    await fetch(_TELL, founder, ip, now.isoformat())
    sign = (free[0], wish.name, wish.zone, [wish.language], ACCENT, wish.currency, wish.country)
    try:
        await fetch(_FOUND, *sign, founder, now)
    except asyncpg.UniqueViolationError:  # a practice has just moved there
        raise PageAddressTaken(free[0]) from None
    return free[0]


async def suggest(base: str) -> tuple[str, ...]:
    """Free slugs like this one."""
    return tuple((await _free(_variants(base)))[:_SUGGESTIONS])


async def _free(slugs: list[str]) -> list[str]:
    taken = {row["slug"] for row in await fetch(_TAKEN, slugs)}
    return [slug for slug in slugs if slug not in taken]


def _variants(base: str) -> list[str]:
    return [base, *(f"{base[:58].rstrip('-')}-{number}" for number in range(2, _MOST_TRIED))]
