from collections.abc import Sequence
from datetime import datetime
from typing import Any

from tenants.appointments.tables import Appointment
from tenants.practices.tenant import Tenant
from tenants.refusals import NotFound
from tenants.scope import fetch

_WITH_NAMES = """
SELECT appointment.*, service.name AS service_name, service.ref AS service_ref, service.duration,
       practitioner.name AS practitioner_name, practitioner.ref AS practitioner_ref,
       place.name AS place_name, place.ref AS place_ref, place.street, place.postcode, place.city, place.directions,
       client_record.ref AS client_ref, client_record.first_name, client_record.last_name, client_record.email,
       client_record.phone, client_record.reach_email
FROM appointment
JOIN service ON service.id = appointment.service_id
JOIN practitioner ON practitioner.id = appointment.practitioner_id
JOIN place ON place.id = appointment.place_id
JOIN client_record ON client_record.id = appointment.client_record_id
WHERE appointment.tenant_id = $1
"""

_BETWEEN = """
AND appointment.starts_at >= $2 AND appointment.starts_at < $3 AND ($4::bigint IS NULL OR practitioner_id = $4)
ORDER BY appointment.starts_at
"""


async def appointments_between(
    tenant: Tenant, since: datetime, until: datetime, practitioner_id: int | None = None
) -> list[dict[str, Any]]:
    """All that begin from `since` on and before `until`, cancelled ones too, with the names around them.

    Everybody's, or one practitioner's.
    """
    rows = await fetch(_WITH_NAMES + _BETWEEN, tenant.id, since, until, practitioner_id)
    return [dict(row) for row in rows]


async def appointment_with_names(tenant: Tenant, ref: str) -> dict[str, Any]:
    """Raises NotFound."""
    rows = await fetch(_WITH_NAMES + "AND appointment.ref = $2", tenant.id, ref)
    if not rows:
        raise NotFound("appointment")
    return dict(rows[0])


async def appointments_with_names(tenant: Tenant, ids: Sequence[int]) -> list[dict[str, Any]]:
    """By their start."""
    rows = await fetch(
        _WITH_NAMES + "AND appointment.id = ANY ($2::bigint[]) ORDER BY appointment.starts_at", tenant.id, ids
    )
    return [dict(row) for row in rows]


async def locked_appointment(tenant: Tenant, ref: str) -> dict[str, Any]:
    """The row as it is now, kept from others until the transaction ends. Raises NotFound."""
    query = Appointment.of(tenant).where(Appointment.ref == ref).lock_rows("NO KEY UPDATE")
    row = await query.first()
    if row is None:
        raise NotFound("appointment")
    return row


async def count_to_come(tenant: Tenant, column: str, id_: int, now: datetime) -> int:
    """Live appointments still to begin of one service, practitioner or place; `column` names which."""
    columns = {each: getattr(Appointment, each) for each in ("service_id", "practitioner_id", "place_id")}
    return await Appointment.count().where(  # type: ignore[no-any-return]
        (Appointment.tenant_id == tenant.id)
        & (columns[column] == id_)
        & Appointment.cancelled_at.is_null()
        & (Appointment.starts_at > now)
    )
