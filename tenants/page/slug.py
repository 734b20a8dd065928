"""A practice's address in the portal: what it may be, and which one a name suggests."""

import re
import unicodedata
from collections.abc import Sequence

from tenants.refusals import SlugReserved, SlugUnusable
from tenants.scope import fetch

SHORTEST, LONGEST = 3, 40
OFFERED = 3
_SHAPE = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_LAST_NUMBER = 30

RESERVED = frozenset(
    {"admin", "api", "carnet", "desk", "help", "operator", "practice", "practices", "static", "support"}
)
"""What would be taken for the portal's own."""

_TAKEN = """
SELECT slug FROM practice WHERE slug = ANY ($1::text[])
UNION SELECT slug FROM former_slug WHERE slug = ANY ($1::text[])
"""


def check_slug(slug: str) -> None:
    """Raises SlugUnusable, SlugReserved."""
    if not SHORTEST <= len(slug) <= LONGEST or not _SHAPE.fullmatch(slug):
        raise SlugUnusable
    if slug in RESERVED:
        raise SlugReserved(slug)


def slug_from(text: str) -> str:
    """What a name comes to, cut at a word; "" where no letter of it can be said so."""
    plain = unicodedata.normalize("NFKD", text.lower().replace("œ", "oe").replace("æ", "ae").replace("ß", "ss"))
    words = re.findall("[a-z0-9]+", "".join(sign for sign in plain if not unicodedata.combining(sign)))
    slug = ""
    for word in words:
        longer = f"{slug}-{word}" if slug else word[:LONGEST]
        if len(longer) > LONGEST:
            break
        slug = longer
    return slug


async def free_slugs(wanted: str, besides: Sequence[str] = ()) -> list[str]:
    """Up to three like it, `besides` being further texts to make one of."""
    numbered = [f"{wanted[: LONGEST - 3]}-{number}" for number in range(2, _LAST_NUMBER)]
    named = [slug_from(f"{wanted} {text}") for text in besides]
    candidates = [each for each in dict.fromkeys([*named, *numbered]) if each != wanted and _is_fit(each)]
    taken = {row["slug"] for row in await fetch(_TAKEN, candidates)}
    return [each for each in candidates if each not in taken][:OFFERED]


def _is_fit(slug: str) -> bool:
    return SHORTEST <= len(slug) <= LONGEST and bool(_SHAPE.fullmatch(slug)) and slug not in RESERVED
