"""Giving up a service, a practitioner or a place: what has been stays in the book, what is to come is in the way."""

from datetime import datetime
from typing import Any

from tenants.appointments.find import count_to_come
from tenants.places.tables import Place
from tenants.practices.tenant import Tenant
from tenants.practitioners.tables import Practitioner
from tenants.refusals import NotFound, StillNeeded
from tenants.scope import OwnedByTenant
from tenants.services.tables import Service


async def retire_service(tenant: Tenant, ref: str, now: datetime) -> None:
    """Raises NotFound, and StillNeeded while appointments are to come."""
    await _retire(tenant, Service, ref, now)


async def retire_practitioner(tenant: Tenant, ref: str, now: datetime) -> None:
    """Raises NotFound, and StillNeeded while appointments are to come."""
    await _retire(tenant, Practitioner, ref, now)


async def retire_place(tenant: Tenant, ref: str, now: datetime) -> None:
    """Raises NotFound, and StillNeeded while appointments are to come."""
    await _retire(tenant, Place, ref, now)


async def _retire(tenant: Tenant, table: type[OwnedByTenant], ref: str, now: datetime) -> None:
    """The lock waits for bookings under way, whose rows point to this one, so that each of them is counted."""
    of: Any = table
    name = table._meta.tablename  # noqa: SLF001 - Piccolo's name for it
    row = await of.of(tenant).where((of.ref == ref) & of.retired_at.is_null()).lock_rows("UPDATE").first()
    if row is None:
        raise NotFound(name)
    if to_come := await count_to_come(tenant, f"{name}_id", row["id"], now):
        raise StillNeeded(to_come)
    await of.update({of.retired_at: now}).where((of.tenant_id == tenant.id) & (of.id == row["id"]))
