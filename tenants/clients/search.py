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

# What is merged or erased is found by nobody. Lists of a page have 30 lines, as `PAGE` says: a number in the statement
# itself tells the server that the index of names is the way.
_MATCHING = """
WITH asked AS MATERIALIZED (
    SELECT coalesce(array_agg('%' || folded(word) || '%'), '{}') AS inside,
           coalesce(array_agg('% ' || folded(word) || '%'), '{}') AS begins
    FROM unnest($2::text[]) AS word
), matching AS MATERIALIZED (
    SELECT id, filed_as, ' ' || filed_as LIKE ALL ((SELECT begins FROM asked)::text[]) AS by_name FROM client_record
    WHERE tenant_id = $1 AND merged_at IS NULL AND erased_at IS NULL
          AND CASE WHEN $5 THEN filed_as || ' ' || folded(array_to_string(tags, ' ')) ELSE search END
              LIKE ALL ((SELECT inside FROM asked)::text[])
          AND ($3 = '' OR $3 = ANY (tags))
), listed AS (
    SELECT *, row_number() OVER () AS turn, (SELECT count(*) FROM matching) AS total
    FROM (SELECT * FROM matching ORDER BY by_name DESC, filed_as, id LIMIT 30 OFFSET $4) AS page
)
"""
_LISTED = """
WITH listed AS (
    SELECT *, row_number() OVER () AS turn, (
        SELECT count(*) FROM client_record WHERE tenant_id = $1 AND merged_at IS NULL AND erased_at IS NULL
               AND filed_as >= $2 AND ($2 = '' OR filed_as < $2 || chr(1114111))
    ) AS total
    FROM (
        SELECT id FROM client_record WHERE tenant_id = $1 AND merged_at IS NULL AND erased_at IS NULL
               AND filed_as >= $2 AND ($2 = '' OR filed_as < $2 || chr(1114111))
"""
_BY_NAME = "ORDER BY filed_as, id LIMIT 30 OFFSET $3) AS page)"
_LATEST = "ORDER BY id DESC LIMIT 30 OFFSET $3) AS page)"
_LINES = """
SELECT record.id, record.ref, record.email, record.first_name, record.last_name, record.phone, record.home_phone,
       record.birthday, record.tags, listed.total, adult.ref AS guardian_ref,
       btrim(concat_ws(' ', adult.first_name, adult.last_name)) AS guardian_name
FROM listed
JOIN client_record AS record ON record.id = listed.id
LEFT JOIN client_record AS adult ON adult.id = record.guardian_id
WHERE record.tenant_id = $1
ORDER BY listed.turn
"""

# From one letter to the next by the index, however many names begin with it.
_LETTERS = """
WITH RECURSIVE letters AS (
    (SELECT left(filed_as, 1) AS letter FROM client_record
     WHERE tenant_id = $1 AND merged_at IS NULL AND erased_at IS NULL AND filed_as > '' ORDER BY filed_as LIMIT 1)
    UNION ALL
    SELECT (SELECT left(filed_as, 1) FROM client_record
            WHERE tenant_id = $1 AND merged_at IS NULL AND erased_at IS NULL
                  AND filed_as >= letter || chr(1114111) ORDER BY filed_as LIMIT 1)
    FROM letters WHERE letter IS NOT NULL
)
SELECT letter FROM letters WHERE letter IS NOT NULL
"""
_TAGS = """
SELECT tag, count(*) AS count FROM client_record, unnest(tags) AS tag
WHERE tenant_id = $1 AND merged_at IS NULL AND erased_at IS NULL AND tags <> '{}'
GROUP BY tag ORDER BY count(*) DESC, tag LIMIT $2
"""


@dataclass(frozen=True, slots=True)
class Sought:
    """Empty texts are for any. Words and a tag narrow each other.

    `by_name` looks in names and tags alone, for somebody who may not learn whose an address or a number is.

    `letter`, one of `first_letters`, and `latest`, which puts the newest records first, are ways through all of them.
    """

    words: str = ""
    tag: str = ""
    letter: str = ""
    latest: bool = False
    page: int = 1
    by_name: bool = False


@dataclass(frozen=True, slots=True)
class Found:
    """One page of them; `total` counts all pages, and is 0 on a page beyond the last."""

    rows: list[dict[str, Any]]
    total: int
    page: int

    @property
    def more(self) -> bool:
        return self.page * PAGE < self.total


async def list_records(tenant: Tenant, sought: Sought) -> Found:
    """Whose names begin with the words first, by last name; a child with its adult as `guardian_…`."""
    skipped = (sought.page - 1) * PAGE
    if sought.words or sought.tag:
        words = list(_words(sought.words))
        rows = await fetch(_MATCHING + _LINES, tenant.id, words, sought.tag, skipped, sought.by_name)
    elif sought.latest:
        rows = await fetch(_LISTED + _LATEST + _LINES, tenant.id, "", skipped)
    else:
        rows = await fetch(_LISTED + _BY_NAME + _LINES, tenant.id, sought.letter, skipped)
    return Found([dict(row) for row in rows], rows[0]["total"] if rows else 0, sought.page)


async def search_records(tenant: Tenant, words: str, most: int = 20, *, by_name: bool = False) -> list[dict[str, Any]]:
    """The first of those who match every word; at most a page of them."""
    return (await list_records(tenant, Sought(words, by_name=by_name))).rows[:most]


async def first_letters(tenant: Tenant) -> list[str]:
    """With which the records of the practice begin, without case and accents, by last name."""
    return [row["letter"] for row in await fetch(_LETTERS, tenant.id)]


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
