"""Records by what is known of them: every word is looked for in names, e-mail address, phones and tags."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from tenants.practices.tenant import Tenant
from tenants.scope import fetch

PAGE = 30
_MOST_WORDS = 8
_PHONE = re.compile(r"[+0-9().\-/]*[0-9][0-9().\-/]*")

# What is merged or erased is found by nobody. The names are the first line of `search`.
_MATCHING = """
WITH asked AS MATERIALIZED (
    SELECT coalesce(array_agg('%' || folded(word) || '%'), '{}') AS inside,
           coalesce(array_agg('% ' || folded(word) || '%'), '{}') AS begins
    FROM unnest($2::text[]) AS word
), listed AS (
    SELECT id, ref, email, first_name, last_name, phone, home_phone, birthday, tags, guardian_id, created_at, search,
           ' ' || split_part(search, E'\\n', 1) LIKE ALL ((SELECT begins FROM asked)::text[]) AS by_name,
           count(*) OVER () AS total
    FROM client_record
    WHERE tenant_id = $1 AND merged_at IS NULL AND erased_at IS NULL
          AND search LIKE ALL ((SELECT inside FROM asked)::text[])
          AND ($3 = '' OR $3 = ANY (tags)) AND ($4 = '' OR left(search, 1) = $4)
"""
_IN_ORDER = "ORDER BY by_name DESC, search, id LIMIT $5 OFFSET $6)"
_LATEST = "ORDER BY id DESC LIMIT $5 OFFSET $6)"
_LINES = """
SELECT listed.id, listed.ref, listed.email, listed.first_name, listed.last_name, listed.phone, listed.home_phone,
       listed.birthday, listed.tags, listed.total, adult.ref AS guardian_ref,
       btrim(concat_ws(' ', adult.first_name, adult.last_name)) AS guardian_name
FROM listed LEFT JOIN client_record AS adult ON adult.tenant_id = $1 AND adult.id = listed.guardian_id
"""
_AS_ORDERED = "ORDER BY listed.by_name DESC, listed.search, listed.id"
_AS_LATEST = "ORDER BY listed.id DESC"

_LETTERS = """
SELECT left(search, 1) AS letter, count(*) AS count FROM client_record
WHERE tenant_id = $1 AND merged_at IS NULL AND erased_at IS NULL AND search <> '' GROUP BY 1 ORDER BY 1
"""
_TAGS = """
SELECT tag, count(*) AS count FROM client_record, unnest(tags) AS tag
WHERE tenant_id = $1 AND merged_at IS NULL AND erased_at IS NULL GROUP BY tag ORDER BY count(*) DESC, tag LIMIT $2
"""


@dataclass(frozen=True, slots=True)
class Sought:
    """Empty texts are for any. `letter` is one that `first_letters` gives; `latest` puts the newest records first."""

    words: str = ""
    tag: str = ""
    letter: str = ""
    latest: bool = False
    page: int = 1


@dataclass(frozen=True, slots=True)
class Found:
    """One page of them; `total` counts all pages, and is 0 on a page beyond the last."""

    rows: list[dict[str, Any]]
    total: int
    page: int

    @property
    def more(self) -> bool:
        return self.page * PAGE < self.total


async def list_records(tenant: Tenant, sought: Sought, most: int = PAGE) -> Found:
    """Whose names begin with the words first, by last name; a child with its adult as `guardian_…`."""
    values = (list(_words(sought.words)), sought.tag, sought.letter, most, (sought.page - 1) * most)
    if sought.latest and not sought.words:
        rows = await fetch(_MATCHING + _LATEST + _LINES + _AS_LATEST, tenant.id, *values)
    else:
        rows = await fetch(_MATCHING + _IN_ORDER + _LINES + _AS_ORDERED, tenant.id, *values)
    return Found([dict(row) for row in rows], rows[0]["total"] if rows else 0, sought.page)


async def search_records(tenant: Tenant, words: str, most: int = 20) -> list[dict[str, Any]]:
    """The first of those who match every word."""
    return (await list_records(tenant, Sought(words), most)).rows


async def first_letters(tenant: Tenant) -> dict[str, int]:
    """With how many records each begins, without case and accents, by last name."""
    return {row["letter"]: row["count"] for row in await fetch(_LETTERS, tenant.id)}


async def tags_in_use(tenant: Tenant, most: int = 100) -> dict[str, int]:
    """With how many records have each, the commonest first."""
    return {row["tag"]: row["count"] for row in await fetch(_TAGS, tenant.id, most)}


def _words(typed: str) -> Iterator[str]:
    """Each to stand somewhere in a record. A number written in groups is one word, as its record has it: in digits."""
    digits = ""
    for word in typed.split()[: 2 * _MOST_WORDS]:
        if _PHONE.fullmatch(word):
            digits += re.sub(r"[^0-9]", "", word.replace("(0)", ""))
            continue
        if digits:
            yield digits.lstrip("0")
            digits = ""
        yield re.sub(r"([\\%_])", r"\\\1", word)
    if digits:
        yield digits.lstrip("0")
