"""What a person says of themselves, and how they like to read. Never mixed from two forms without telling."""

from dataclasses import asdict, dataclass, fields
from typing import Any, Self

from portal.database import people_transaction
from tenants.scope import fetch, fetch_first


@dataclass(frozen=True, slots=True)
class Profile:
    """An empty `language` is the browser's, an empty `zone` each place's own."""

    first_name: str
    last_name: str
    language: str
    date_display: str
    time_display: str
    zone: str

    @classmethod
    def from_row(cls, row: Any) -> Self:
        return cls(**{name: row[name] or "" for name in FIELDS})


FIELDS = tuple(each.name for each in fields(Profile))

_READ = f"SELECT {', '.join(FIELDS)} FROM person WHERE id = $1"  # noqa: S608 - the fields above

_WRITE = """
UPDATE person SET first_name = $2, last_name = $3, language = nullif($4, ''), date_display = $5, time_display = $6,
                  zone = nullif($7, '')
WHERE id = $1
"""


async def find_profile(person_id: int) -> Profile:
    async with people_transaction():
        row = await fetch_first(_READ, person_id)
    assert row is not None
    return Profile.from_row(row)


async def save_profile(person_id: int, wanted: Profile, seen: Profile) -> set[str]:
    """Keeps all of it, or nothing when something is no longer as its form was shown: then the names of these fields.

    What both forms changed to the same is no matter.
    """
    async with people_transaction():
        row = await fetch_first(_READ + " FOR NO KEY UPDATE", person_id)
        assert row is not None
        stands, typed, shown = (asdict(each) for each in (Profile.from_row(row), wanted, seen))
        changed = {name for name in FIELDS if stands[name] not in {shown[name], typed[name]}}
        if not changed:
            await fetch(_WRITE, person_id, *typed.values())
    return changed
