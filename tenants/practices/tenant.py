from dataclasses import dataclass
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


async def find_tenant(slug: str) -> Tenant | None:
    row = await Practice.select().where(Practice.slug == slug).first()
    return tenant_from(row) if row else None


async def list_tenants() -> list[Tenant]:
    """Every practice, by name: the shop signs of the front door."""
    return [tenant_from(row) for row in await Practice.select().order_by(Practice.name)]


def tenant_from(row: dict[str, object]) -> Tenant:
    facts = {name: row[name] for name in Tenant.__slots__}
    return Tenant(**facts | {"zone": ZoneInfo(str(row["zone"])), "languages": tuple(row["languages"])})  # type: ignore[arg-type]
