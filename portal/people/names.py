"""What people are called, for those who work with them."""

from collections.abc import Iterable

from portal.database import read_rows

_NAMES = """
SELECT address.email, trim(person.first_name || ' ' || person.last_name) AS name
FROM address JOIN person ON person.id = address.person_id WHERE address.email = ANY ($1::text[])
"""


async def names_of(emails: Iterable[str]) -> dict[str, str]:
    """By address, of those who have proved it and given a name. Not inside a lens: practices' roles see no people.

    Ask it of members alone: whether a stranger's address has an account is nobody's to learn.
    """
    return {row["email"]: row["name"] for row in await read_rows(_NAMES, list(emails)) if row["name"]}
