"""What people have saved of themselves, on its way to the practices that they see."""

from datetime import datetime, timedelta
from typing import Any

from portal.database import people_transaction, person_lens, practice_lens, read_row
from portal.people.profile import HOME_PHONE, is_shown
from tenants.across import own_records
from tenants.clients.details import Details, take_details
from tenants.practices.tenant import Tenant
from tenants.scope import fetch

LEFT_BEHIND = timedelta(minutes=1)
"""How long the page that saved may take before a worker does it in its place."""

_OWN = "SELECT first_name, last_name, mobile_phone, home_phone, shown, offer_waits_since FROM person WHERE id = $1"


async def offer_details(person_id: int, now: datetime) -> list[str]:
    """To each practice in a transaction of its own; gives their names. Done half, it is done again from the start."""
    person = await read_row(_OWN, person_id)
    if person is None or person["offer_waits_since"] is None:
        return []
    async with person_lens(person_id):
        records = await own_records()
    for record in records:
        tenant: Tenant = record["tenant"]
        async with practice_lens(tenant):
            await take_details(tenant, record["email"], _details(person, tenant), now, person["offer_waits_since"])
    async with people_transaction():
        await fetch(
            "UPDATE person SET offer_waits_since = NULL WHERE id = $1 AND offer_waits_since = $2",
            person_id,
            person["offer_waits_since"],
        )
    return list(dict.fromkeys(record["tenant"].name for record in records))


async def offer_home_phone(person_id: int, tenant: Tenant, email: str, now: datetime) -> None:
    """To a practice that has just met this person, when every practice may see it."""
    person = await read_row(_OWN, person_id)
    if person and person["home_phone"] and is_shown(person["shown"], HOME_PHONE, tenant.id):
        async with practice_lens(tenant):
            await take_details(tenant, email, Details(home_phone=person["home_phone"]), now, said_at=None)


async def offer_what_waits(now: datetime) -> None:
    """What a page has left behind, having been cut off."""
    async with people_transaction():
        rows = await fetch("SELECT id FROM person WHERE offer_waits_since < $1 LIMIT 100", now - LEFT_BEHIND)
    for row in rows:
        await offer_details(row["id"], now)


def _details(person: Any, tenant: Tenant) -> Details:
    home = person["home_phone"] if is_shown(person["shown"], HOME_PHONE, tenant.id) else ""
    return Details(person["first_name"], person["last_name"], person["mobile_phone"], home)
