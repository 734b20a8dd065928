"""What a person says of themselves, and how they like to read. Never mixed from two forms without telling."""

from dataclasses import asdict, dataclass, fields
from datetime import datetime
from typing import Any, Self

from portal.database import people_transaction
from tenants.scope import fetch, fetch_first

EVERYWHERE = "*"
PHOTO, HOME_PHONE = "photo", "home_phone"


@dataclass(frozen=True, slots=True)
class Profile:
    """An empty `language` is the browser's, an empty `zone` each place's own. Phones are E.164.

    `shown` is what practices may see that they do not need: what@where in one order, `where` being a tenant's id or
    EVERYWHERE; only the person sees the rest.
    """

    first_name: str
    last_name: str
    mobile_phone: str
    home_phone: str
    language: str
    date_display: str
    time_display: str
    zone: str
    shown: str

    @classmethod
    def from_row(cls, row: Any) -> Self:
        return cls(
            **{name: row[name] or "" for name in FIELDS if name != "shown"}, shown=" ".join(sorted(row["shown"]))
        )


FIELDS = tuple(each.name for each in fields(Profile))

_READ = f"SELECT {', '.join(FIELDS)}, mobile_verified_at FROM person WHERE id = $1"  # noqa: S608 - the fields above

_WRITE = """
UPDATE person SET first_name = $2, last_name = $3, mobile_phone = $4, home_phone = $5, language = nullif($6, ''),
                  date_display = $7, time_display = $8, zone = nullif($9, ''), shown = $10, offer_waits_since = $11,
                  mobile_verified_at = CASE WHEN mobile_phone = $4 THEN mobile_verified_at END
WHERE id = $1
"""


@dataclass(frozen=True, slots=True)
class Kept:
    """A profile as it stands."""

    profile: Profile
    mobile_verified_at: datetime | None


async def find_profile(person_id: int) -> Kept:
    async with people_transaction():
        row = await fetch_first(_READ, person_id)
    assert row is not None
    return Kept(Profile.from_row(row), row["mobile_verified_at"])


async def save_profile(person_id: int, wanted: Profile, seen: Profile, now: datetime) -> set[str]:
    """Keeps all of it, or nothing when something is no longer as its form was shown: then the names of these fields.

    What both forms changed to the same is no matter. What is kept waits to be offered to the person's practices.
    """
    async with people_transaction():
        row = await fetch_first(_READ + " FOR NO KEY UPDATE", person_id)
        assert row is not None
        stands, typed, shown = (asdict(each) for each in (Profile.from_row(row), wanted, seen))
        changed = {name for name in FIELDS if stands[name] not in {shown[name], typed[name]}}
        if not changed:
            await fetch(_WRITE, person_id, *(typed | {"shown": wanted.shown.split()}).values(), now)
    return changed


def is_shown(shown: list[str], what: str, tenant_id: int) -> bool:
    return f"{what}@{EVERYWHERE}" in shown or f"{what}@{tenant_id}" in shown
