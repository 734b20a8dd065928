"""A practice's address in the portal: what it may be, and moving to another. The database keeps the former ones."""

import re
import unicodedata
from collections.abc import Sequence

import asyncpg

from tenants.page.sign import locked_sign, write_sign
from tenants.practices.tenant import Tenant
from tenants.refusals import ChangedMeanwhile, SlugReserved, SlugTaken, SlugUnusable
from tenants.scope import fetch

SHORTEST, LONGEST = 3, 40
OFFERED = 3
_SHAPE = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_LAST_NUMBER = 30

RESERVED = frozenset(
    {
        "about",
        "account",
        "admin",
        "api",
        "app",
        "appointments",
        "book",
        "booking",
        "carnet",
        "contact",
        "demo",
        "desk",
        "documents",
        "embed",
        "health",
        "help",
        "home",
        "index",
        "legal",
        "login",
        "logout",
        "mail",
        "messages",
        "operator",
        "outbox",
        "page",
        "pages",
        "portal",
        "practice",
        "practices",
        "privacy",
        "profile",
        "public",
        "root",
        "security",
        "settings",
        "sign-in",
        "sign-out",
        "sign-up",
        "signin",
        "signup",
        "static",
        "status",
        "support",
        "system",
        "terms",
        "test",
        "twilio",
        "www",
    }
)
"""What would be taken for the portal's own."""

_TAKEN = "SELECT slugs_taken AS slug FROM slugs_taken($1::text[], $2)"
FORMER = "SELECT practice.slug FROM former_slug JOIN practice ON practice.id = tenant_id WHERE former_slug.slug = $1"
"""Where a former address leads now. Without a lens, as `TENANT_OF`."""


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


async def free_slugs(wanted: str, besides: Sequence[str] = (), *, tenant_id: int | None = None) -> list[str]:
    """Up to three like it, `besides` being further texts to make one of. Inside a lens."""
    numbered = [f"{wanted[: LONGEST - 3]}-{number}" for number in range(2, _LAST_NUMBER)]
    named = [slug_from(f"{wanted} {text}") for text in besides] + [slug_from(text) for text in besides]
    candidates = [each for each in dict.fromkeys([*named, *numbered]) if each != wanted and _is_fit(each)]
    taken = await _taken(candidates, tenant_id)
    return [each for each in candidates if each not in taken][:OFFERED]


async def change_slug(tenant: Tenant, wanted: str, seen: str) -> None:
    """`seen` is the address that the form was filled from.

    Raises SlugUnusable, SlugReserved, SlugTaken, ChangedMeanwhile.
    """
    check_slug(wanted)
    stands = await locked_sign(tenant)
    if stands["slug"] == wanted:
        return
    if stands["slug"] != seen:
        raise ChangedMeanwhile
    free = tuple(await free_slugs(wanted, (stands["city"], stands["name"]), tenant_id=tenant.id))
    if await _taken([wanted], tenant.id):
        raise SlugTaken(wanted, free)
    try:
        await write_sign(tenant, {"slug": wanted})
    except asyncpg.UniqueViolationError:  # somebody was quicker by an instant
        raise SlugTaken(wanted, free) from None


async def former_slugs(tenant: Tenant) -> list[str]:
    """The latest first."""
    rows = await fetch("SELECT slug FROM former_slug WHERE tenant_id = $1 ORDER BY left_at DESC", tenant.id)
    return [row["slug"] for row in rows]


async def _taken(slugs: Sequence[str], besides: int | None) -> set[str]:
    return {row["slug"] for row in await fetch(_TAKEN, list(slugs), besides)}


def _is_fit(slug: str) -> bool:
    return SHORTEST <= len(slug) <= LONGEST and bool(_SHAPE.fullmatch(slug)) and slug not in RESERVED
