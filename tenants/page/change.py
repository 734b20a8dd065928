"""How a practice is reached, in which colour it is drawn, and whether its page is open."""

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from tenants.page.colour import check_readable
from tenants.page.sign import find_sign, locked_sign, write_sign
from tenants.practices.tenant import Tenant
from tenants.refs import fingerprint
from tenants.refusals import ChangedMeanwhile


@dataclass(frozen=True, slots=True)
class Contact:
    """`phone` is E.164, `country` ISO 3166, `currency` ISO 4217; each of the others may be empty."""

    city: str
    email: str
    phone: str
    website: str
    country: str
    currency: str

    @classmethod
    def of(cls, row: dict[str, Any]) -> "Contact":
        return cls(**{name: row[name] for name in cls.__slots__})


async def find_contact(tenant: Tenant) -> Contact:
    return Contact.of(await find_sign(tenant))


async def change_contact(tenant: Tenant, contact: Contact, seen: str) -> None:
    """`seen` is the fingerprint of the contact that the form was filled from. Raises ChangedMeanwhile."""
    stands = Contact.of(await locked_sign(tenant))
    if stands == contact:
        return
    if fingerprint(stands) != seen:
        raise ChangedMeanwhile
    await write_sign(tenant, asdict(contact))


async def change_accent(tenant: Tenant, accent: str, seen: str) -> None:
    """`accent` is #rrggbb, `seen` the one that the form was filled from. Raises AccentTooPale, ChangedMeanwhile."""
    check_readable(accent)
    stands = (await locked_sign(tenant))["accent"]
    if stands == accent:
        return
    if stands != seen:
        raise ChangedMeanwhile
    await write_sign(tenant, {"accent": accent})


async def publish(tenant: Tenant, now: datetime) -> None:
    """Once is enough: a page that is open keeps the moment at which it was opened."""
    if (await locked_sign(tenant))["published_at"] is None:
        await write_sign(tenant, {"published_at": now})


async def unpublish(tenant: Tenant) -> None:
    """Nobody but members finds the page, and nobody books by it. What is agreed stays."""
    await write_sign(tenant, {"published_at": None})
