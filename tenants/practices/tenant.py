from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from tenants.practices.tables import Practice


@dataclass(frozen=True, slots=True)
class Tenant:
    """A practice as every rule is told of it. `accent` is #rrggbb, `currency` ISO 4217, `country` ISO 3166.

    `published_at`, `suspended_at` and `logo` as its table has them.
    """

    id: int
    slug: str
    name: str
    about: str
    zone: ZoneInfo
    languages: tuple[str, ...]
    accent: str
    currency: str
    country: str
    city: str
    email: str
    phone: str
    website: str
    published_at: datetime | None = None
    suspended_at: datetime | None = None
    logo: str = ""


TENANT_OF = f"SELECT {', '.join(Tenant.__slots__)} FROM practice WHERE slug = $1"  # noqa: S608 - the fields above
"""Every role may read it: a shop sign is for all to see. Almost every request asks, so it is asked as it stands."""


async def list_tenants() -> list[Tenant]:
    """Every practice that can be visited, by name: the shop signs of the front door."""
    rows = (
        await Practice.select()
        .where(Practice.published_at.is_not_null() & Practice.suspended_at.is_null())
        .order_by(Practice.name)
    )
    return [tenant_from(row) for row in rows]


def tenant_from(row: Mapping[str, Any]) -> Tenant:
    facts = {name: row[name] for name in Tenant.__slots__}
    return Tenant(**facts | {"zone": ZoneInfo(str(row["zone"])), "languages": tuple(row["languages"])})
