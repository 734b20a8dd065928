"""What a practice calls itself, and what it says of itself in each of its languages."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tenants.page.sign import find_sign, locked_sign, write_sign
from tenants.page.tables import PracticeText
from tenants.practices.tenant import Tenant
from tenants.refs import fingerprint
from tenants.refusals import ChangedMeanwhile
from tenants.scope import fetch

LONGEST_ABOUT = 2000

ABOUT_IN = "SELECT tenant_id, about FROM practice_text WHERE language = $1 AND tenant_id = ANY ($2::bigint[])"
"""Without a lens: like the sign itself it is for all to read."""

_KEEP = """
INSERT INTO practice_text (tenant_id, language, about) VALUES ($1, $2, $3)
ON CONFLICT ON CONSTRAINT practice_text_key DO UPDATE SET about = excluded.about
WHERE practice_text.about <> excluded.about
"""


@dataclass(frozen=True, slots=True)
class Said:
    """`abouts` are pairs of language and text, in the order of the practice's languages."""

    name: str
    abouts: tuple[tuple[str, str], ...]


async def find_said(tenant: Tenant) -> Said:
    return await _said(tenant, await find_sign(tenant))


async def change_said(tenant: Tenant, name: str, abouts: Mapping[str, str], seen: str) -> None:
    """In all languages of the practice at once; one left out says nothing.

    `seen` is the fingerprint of what the form was filled from. Raises ChangedMeanwhile.
    """
    row = await locked_sign(tenant)
    stands = await _said(tenant, row)
    wanted = Said(name, tuple((language, abouts.get(language, "")) for language in row["languages"]))
    if stands == wanted:
        return
    if fingerprint(stands) != seen:
        raise ChangedMeanwhile
    (_, first), *others = wanted.abouts
    await write_sign(tenant, {"name": name, "about": first})
    for language, about in others:
        await keep_about(tenant, language, about)


async def kept_abouts(tenant: Tenant) -> dict[str, str]:
    """Of other languages than the first, also of those that are not spoken any more."""
    return {row["language"]: row["about"] for row in await PracticeText.of(tenant)}


async def keep_about(tenant: Tenant, language: str, about: str) -> None:
    await fetch(_KEEP, tenant.id, language, about)


def about_in(practice: Tenant, language: str, texts: Mapping[int, str]) -> str:
    """In the reader's language where the practice speaks it and has said something, else in its first.

    `texts` are those of that language by practice, as `ABOUT_IN` finds them.
    """
    if language in practice.languages[1:]:
        return texts.get(practice.id) or practice.about
    return practice.about


async def _said(tenant: Tenant, row: Mapping[str, Any]) -> Said:
    kept = await kept_abouts(tenant)
    languages: Sequence[str] = row["languages"]
    others = ((language, kept.get(language, "")) for language in languages[1:])
    return Said(row["name"], ((languages[0], row["about"]), *others))
