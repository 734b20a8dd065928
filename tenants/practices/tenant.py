from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from tenants.practices.tables import Practice


@dataclass(frozen=True, slots=True)
class Tenant:
    """A practice as every rule is told of it. `accent` is #rrggbb, `currency` ISO 4217, `country` ISO 3166."""

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


TENANT_OF = f"SELECT {', '.join(Tenant.__slots__)} FROM practice WHERE slug = $1"  # noqa: S608 - the fields above
"""Every role may read it: a shop sign is for all to see. Almost every request asks, so it is asked as it stands."""


async def list_tenants() -> list[Tenant]:
    """Every practice, by name: the shop signs of the front door."""
    return [tenant_from(row) for row in await Practice.select().order_by(Practice.name)]


def tenant_from(row: Mapping[str, Any]) -> Tenant:
    facts = {name: row[name] for name in Tenant.__slots__}
    return Tenant(**facts | {"zone": ZoneInfo(str(row["zone"])), "languages": tuple(row["languages"])})
