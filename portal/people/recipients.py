from collections.abc import Iterable
from dataclasses import dataclass

from portal.database import read_row, read_rows
from portal.languages.formats import DateDisplay, TimeDisplay


@dataclass(frozen=True, slots=True)
class Recipient:
    """How the owner of an address likes to read."""

    language: str | None
    date_display: DateDisplay
    time_display: TimeDisplay
    zone: str | None = None


_FIND = """
SELECT person.language, person.date_display, person.time_display, person.zone
FROM address JOIN person ON person.id = address.person_id
WHERE address.email = $1
"""


_FIND_EACH = """
SELECT address.email, person.language, person.date_display, person.time_display, person.zone
FROM address JOIN person ON person.id = address.person_id
WHERE address.email = ANY ($1::text[])
"""


async def find_recipients(emails: Iterable[str]) -> dict[str, Recipient]:
    """By address; those that nobody has proved are left out."""
    rows = await read_rows(_FIND_EACH, list(emails))
    return {email: Recipient(*facts) for email, *facts in rows}


async def find_recipient(email: str) -> Recipient | None:
    """None when nobody has proved the address. Not inside a lens: practices' roles cannot see people."""
    row = await read_row(_FIND, email)
    return Recipient(**row) if row else None
