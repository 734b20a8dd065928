"""Time off: of one practitioner, of one place, or of all."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from tenants.availability.wall_clock import edge, moment
from tenants.hours.tables import Closure
from tenants.places.tables import Place
from tenants.practices.tenant import Tenant
from tenants.practitioners.tables import Practitioner
from tenants.refs import new_ref
from tenants.refusals import EndsBeforeItBegins, NotFound
from tenants.scope import OwnedByTenant

WallTime = tuple[date, int]
"""A day and minutes after its midnight, up to 1440, on the practice's wall."""


@dataclass(frozen=True, slots=True)
class Closing:
    """`practitioner` and `place` are refs, None for all of them."""

    practitioner: str | None
    place: str | None
    begins: WallTime
    ends: WallTime
    reason: str = ""


async def add_closure(tenant: Tenant, closing: Closing) -> str:
    """The ref. Appointments in it stay: whoever closes decides about each. Raises NotFound, EndsBeforeItBegins."""
    begins, ends = (moment(edge(day, minute, tenant.zone)) for day, minute in (closing.begins, closing.ends))
    if begins >= ends:
        raise EndsBeforeItBegins
    closure = Closure(
        tenant_id=tenant.id,
        ref=new_ref(),
        practitioner_id=await _id(tenant, Practitioner, closing.practitioner),
        place_id=await _id(tenant, Place, closing.place),
        starts_at=begins,
        ends_at=ends,
        reason=closing.reason,
    )
    await Closure.insert(closure)
    return str(closure.ref)


async def find_closure(tenant: Tenant, ref: str) -> dict[str, Any]:
    """Raises NotFound."""
    row = await Closure.of(tenant).where(Closure.ref == ref).first()
    if row is None:
        raise NotFound("closure")
    return row


async def remove_closure(tenant: Tenant, ref: str) -> None:
    await Closure.delete().where((Closure.tenant_id == tenant.id) & (Closure.ref == ref))


async def _id(tenant: Tenant, table: type[OwnedByTenant], ref: str | None) -> int | None:
    if ref is None:
        return None
    wanted: Any = table
    row = await wanted.of(tenant, wanted.id).where(wanted.ref == ref).first()
    if row is None:
        raise NotFound(table._meta.tablename)  # noqa: SLF001 - Piccolo's name for it
    return int(row["id"])
