"""What is true of an appointment at the moment of speaking about it."""

from dataclasses import dataclass
from datetime import datetime

from tenants.practices.tables import Practice
from tenants.practices.tenant import Tenant, tenant_from
from tenants.scope import fetch_first


@dataclass(frozen=True, slots=True)
class AppointmentFacts:
    """`changed_at` is when it was last booked, moved or cancelled; `email` is None for a client without one."""

    ref: str
    sequence: int
    starts_at: datetime
    ends_at: datetime
    changed_at: datetime
    cancelled_at: datetime | None
    cancelled_by: str | None
    email: str | None
    first_name: str
    service_name: str
    practitioner_name: str
    place_name: str
    street: str
    postcode: str
    city: str
    practice: Tenant

    @property
    def place_lines(self) -> list[str]:
        return [line for line in (self.place_name, self.street, f"{self.postcode} {self.city}".strip()) if line]


_READ = """
SELECT a.tenant_id, a.ref, a.sequence, a.starts_at, a.ends_at,
       greatest(a.booked_at, a.moved_at, a.cancelled_at) AS changed_at,
       a.cancelled_at, a.cancelled_by, c.email, c.first_name,
       s.name AS service_name, p.name AS practitioner_name,
       l.name AS place_name, l.street, l.postcode, l.city
FROM appointment a
JOIN client_record c ON (c.tenant_id, c.id) = (a.tenant_id, a.client_record_id)
JOIN service s ON (s.tenant_id, s.id) = (a.tenant_id, a.service_id)
JOIN practitioner p ON (p.tenant_id, p.id) = (a.tenant_id, a.practitioner_id)
JOIN place l ON (l.tenant_id, l.id) = (a.tenant_id, a.place_id)
WHERE a.id = $1
"""


async def read_appointment(appointment_id: int) -> AppointmentFacts:
    """Needs a lens that sees the appointment and what hangs from it."""
    found = await fetch_first(_READ, appointment_id)
    assert found is not None
    row = dict(found)
    practice = await Practice.select().where(Practice.id == row.pop("tenant_id")).first()
    assert practice is not None
    return AppointmentFacts(**row, practice=tenant_from(practice))
