from datetime import datetime

from tenants.appointments.find import count_to_come
from tenants.practices.tenant import Tenant
from tenants.refusals import NotFound, StillNeeded
from tenants.services.tables import Service


async def retire_service(tenant: Tenant, ref: str, now: datetime) -> None:
    """Offers it no more. Raises NotFound, and StillNeeded while appointments are to come.

    The lock waits for bookings under way, whose rows point to the service, so that each of them is counted.
    """
    query = Service.of(tenant).where((Service.ref == ref) & Service.retired_at.is_null())
    row = await query.lock_rows("UPDATE").first()
    if row is None:
        raise NotFound("service")
    if to_come := await count_to_come(tenant, "service_id", row["id"], now):
        raise StillNeeded(to_come)
    await Service.update({Service.retired_at: now}).where((Service.tenant_id == tenant.id) & (Service.id == row["id"]))
