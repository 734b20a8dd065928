"""Who is made a practitioner by the first steps, and who is not."""

import asyncio
from datetime import timedelta

import asyncpg

from portal.database import Acting, desk_lens, people_transaction, read_row
from tenants.founding.first_steps import FirstService, begin, set_first_service
from tenants.founding.found import Wish, found
from tenants.practices.tenant import TENANT_OF, Tenant, tenant_from
from tests.cast import CLEO, MONDAY, Cast
from tests.factories import insert

WISH = Wish("kneipp", "Kneipp", "America/Toronto", "en", "CAD", "CA")
HALF_AN_HOUR = timedelta(minutes=30)


async def kneipp() -> Tenant:
    async with people_transaction():
        await found(CLEO, "", WISH, MONDAY)
    return tenant_from(await read_row(TENANT_OF, "kneipp") or {})


async def test_founder_becomes_one_practitioner_however_often_it_is_asked(
    cast: Cast, owner: asyncpg.Connection
) -> None:
    tenant = await kneipp()

    async def begun() -> int:
        async with desk_lens(tenant, Acting(CLEO, "", "", MONDAY)):
            return await begin(tenant, CLEO, "Cleo Laurent", "Therapist")

    assert len(set(await asyncio.gather(*(begun() for _ in range(4))))) == 1
    assert await owner.fetchval("SELECT count(*) FROM practitioner WHERE tenant_id = $1", tenant.id) == 1


async def test_admin_who_gives_no_services_stays_what_they_are(cast: Cast, owner: asyncpg.Connection) -> None:
    harbour = cast.harbour.tenant
    await insert(owner, "membership", tenant_id=harbour.id, email=CLEO, role="admin")

    async with desk_lens(harbour, Acting(CLEO, "", "", MONDAY)):
        who = await begin(harbour, CLEO, "Cleo Laurent", "")

    assert who == cast.harbour.practitioners["Nora Blake"]["id"]
    assert await owner.fetchval("SELECT practitioner_id FROM membership WHERE email = $1", CLEO) is None


async def test_first_service_sent_twice_at_once_is_one(cast: Cast, owner: asyncpg.Connection) -> None:
    tenant = await kneipp()
    async with desk_lens(tenant, Acting(CLEO, "", "", MONDAY)):
        who = await begin(tenant, CLEO, "Cleo Laurent", "")

    async def served() -> None:
        async with desk_lens(tenant, Acting(CLEO, "", "", MONDAY)):
            await set_first_service(tenant, who, FirstService("Visit", HALF_AN_HOUR, None))

    await asyncio.gather(*(served() for _ in range(4)))

    assert await owner.fetchval("SELECT count(*) FROM service WHERE tenant_id = $1", tenant.id) == 1
