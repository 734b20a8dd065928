"""The practice's answer to a request, given once: whoever comes second is told who was quicker."""

from datetime import datetime
from typing import Any

from tenants.appointments.agree import agree
from tenants.appointments.find import locked_appointment
from tenants.appointments.tables import Appointment
from tenants.notifications.owe import note_change
from tenants.practices.tenant import Tenant
from tenants.refusals import AppointmentCancelled, MovedMeanwhile, NotFound, RequestAnswered, RequestLapsed
from tenants.scope import fetch_first

_DECLINED_BY = """
SELECT by_email FROM message
WHERE tenant_id = $1 AND appointment_id = $2 AND kind = 'declined' AND audience = 'client'
ORDER BY sequence DESC LIMIT 1
"""


async def accept(
    tenant: Tenant, ref: str, now: datetime, *, by: str = "staff", tell: bool = True, seen: int | None = None
) -> None:
    """`by` is the address of whoever accepts; without `tell` the client gets no notice.

    `seen` is the request's sequence as it stood on the page, since its client may have changed the time.
    Raises NotFound, RequestAnswered, RequestLapsed, AppointmentCancelled, MovedMeanwhile.
    """
    request = await _unanswered(tenant, ref, now)
    if seen is not None and seen != request["sequence"]:
        raise MovedMeanwhile(request["starts_at"])
    await agree(tenant, request["id"], now, by, sequence=request["sequence"] + 1)
    await note_change(tenant, request["id"], "booked", by, now, tell=tell)


async def decline(
    tenant: Tenant, ref: str, reason: str, now: datetime, *, by: str = "staff", tell: bool = True
) -> None:
    """The client reads `reason`. Raises NotFound, RequestAnswered, RequestLapsed, AppointmentCancelled."""
    request = await _unanswered(tenant, ref, now)
    values: dict[Any, Any] = {
        "cancelled_at": now,
        "cancelled_by": "staff",
        "cancel_reason": reason,
        "declined_at": now,
        "sequence": request["sequence"] + 1,
    }
    await Appointment.update(values).where((Appointment.tenant_id == tenant.id) & (Appointment.id == request["id"]))
    await note_change(tenant, request["id"], "declined", by, now, tell=tell)


async def _unanswered(tenant: Tenant, ref: str, now: datetime) -> dict[str, Any]:
    request = await locked_appointment(tenant, ref)
    if request["approve_by"] is None:
        raise NotFound("request")
    if request["accepted_at"]:
        raise RequestAnswered("accepted", request["accepted_by"], request["accepted_at"])
    if request["declined_at"]:
        told = await fetch_first(_DECLINED_BY, tenant.id, request["id"])
        raise RequestAnswered("declined", told["by_email"] if told else "", request["declined_at"])
    if request["cancelled_by"] == "rule" or (not request["cancelled_at"] and request["approve_by"] <= now):
        raise RequestLapsed(request["approve_by"])
    if request["cancelled_at"]:
        raise AppointmentCancelled(request["cancelled_at"])
    return request
