"""Giving out rooms and equipment, one of each kind that a service needs: the constraint has the last word on each."""

from datetime import datetime
from typing import Any

from tenants.availability.spans import Span
from tenants.availability.wall_clock import moment
from tenants.booking.open_times import Slot
from tenants.booking.plan import Plan, PlannedService
from tenants.practices.tenant import Tenant
from tenants.refusals import NoResourceFree
from tenants.scope import fetch, fetch_first

_FORGET = """
UPDATE hold SET released_at = $3 FROM resource_use
WHERE resource_use.tenant_id = $1 AND resource_id = ANY ($2::bigint[]) AND hold.id = hold_id
      AND hold.expires_at <= $3 AND released_at IS NULL
"""

# The first of a group who is booked takes over what was kept for those who are still filling in the form.
_TAKE_OVER = """
UPDATE resource_use SET appointment_id = $3, hold_id = NULL FROM hold, appointment
WHERE resource_use.tenant_id = $1 AND hold.id = resource_use.hold_id AND resource_id = ANY ($2::bigint[])
      AND appointment.tenant_id = $1 AND appointment.id = $3 AND appointment.seat IS NOT NULL AND hold.seat IS NOT NULL
      AND hold.practitioner_id = appointment.practitioner_id AND hold.service_id = appointment.service_id
      AND hold.starts_at = appointment.starts_at
"""

_HAS = """
SELECT EXISTS (
    SELECT FROM resource_use
    WHERE tenant_id = $1 AND resource_id = ANY ($2::bigint[]) AND (appointment_id = $3 OR hold_id = $4)
) AS one
"""

_TAKE = """
INSERT INTO resource_use (tenant_id, resource_id, appointment_id, hold_id, blocked_from, blocked_until)
VALUES ($1, $2, $3, $4, $5, $6)
ON CONFLICT DO NOTHING RETURNING id
"""


async def give_resources(
    tenant: Tenant,
    plan: Plan,
    service: PlannedService,
    slot: Slot,
    now: datetime,
    *,
    appointment_id: int | None = None,
    hold_id: int | None = None,
) -> None:
    """To an appointment or a hold that nobody else of its group has got one for.

    Raises NoResourceFree, after which the transaction must be given up.
    """
    for kind, resources in plan.resources_for(service, slot.place_id).items():
        await forget_expired_holds(tenant, resources, now)
        if appointment_id is not None and service.is_group:
            await fetch(_TAKE_OVER, tenant.id, resources, appointment_id)
        if not await _take_one(tenant, resources, blocked(slot, service), appointment_id, hold_id):
            raise NoResourceFree(slot.starts_at, kind=plan.kinds[kind]["name"])


async def forget_expired_holds(tenant: Tenant, resources: list[int], now: datetime) -> None:
    """What they kept is anybody's."""
    await fetch(_FORGET, tenant.id, resources, now)


def blocked(slot: Slot, service: PlannedService) -> Span:
    return slot.start - service.length.before, slot.start + service.length.duration + service.length.after


async def _take_one(
    tenant: Tenant, resources: list[int], span: Span, appointment_id: int | None, hold_id: int | None
) -> bool:
    """The first that nobody has; an insert that may do nothing waits for a rival who is about to take it.

    Also when it has one already.
    """
    has = await fetch_first(_HAS, tenant.id, resources, appointment_id, hold_id)
    if has and has["one"]:
        return True
    for resource in resources:
        values: tuple[Any, ...] = (tenant.id, resource, appointment_id, hold_id, moment(span[0]), moment(span[1]))
        if await fetch_first(_TAKE, *values):
            return True
    return False
