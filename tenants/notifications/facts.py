"""What is true of appointments at the moment of speaking about them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from tenants.availability.wall_clock import local_day
from tenants.practices.tenant import Tenant, tenant_from
from tenants.scope import fetch


@dataclass(frozen=True, slots=True)
class AppointmentFacts:
    """`changed_at` is when it was last booked, moved or cancelled; `email` is None for a client without one.

    The client is whoever is written to: for a child's visit the adult under whose address their record stands; then
    `for_name` is the child's first name. `language` is what the practice knows of how they read, or "".

    `agreed_at` is when it was booked, moved to where it is, or accepted. A `pending` one is a request: nobody has
    agreed to it yet, and somebody can until `approve_by`. `decline_reason` is what its client is told of why not.

    `phone` is E.164 or as somebody once typed it.
    """

    id: int
    ref: str
    sequence: int
    starts_at: datetime
    ends_at: datetime
    changed_at: datetime
    agreed_at: datetime
    cancelled_at: datetime | None
    cancelled_by: str | None
    confirmed_at: datetime | None
    booked_from: str
    client_record_id: int
    client_ref: str
    email: str | None
    first_name: str
    last_name: str
    phone: str
    sms_off_at: datetime | None
    sms_off_by: str | None
    reminders_off_at: datetime | None
    service_id: int
    service_name: str
    practitioner_id: int
    practitioner_name: str
    place_id: int
    place_name: str
    street: str
    postcode: str
    city: str
    practice: Tenant
    for_name: str = ""
    language: str = ""
    place_zone: str | None = None
    pending: bool = False
    approve_by: datetime | None = None
    decline_reason: str = ""

    @property
    def zone(self) -> ZoneInfo:
        """In which its times are said."""
        return ZoneInfo(self.place_zone) if self.place_zone else self.practice.zone

    @property
    def place_lines(self) -> list[str]:
        return [line for line in (self.place_name, self.street, f"{self.postcode} {self.city}".strip()) if line]

    @property
    def day(self) -> date:
        """At the practice."""
        return local_day(int(self.starts_at.timestamp()), self.practice.zone)


_READ = """
SELECT a.id, a.ref, a.sequence, a.starts_at, a.ends_at,
       greatest(a.booked_at, a.moved_at, a.accepted_at, a.cancelled_at) AS changed_at,
       greatest(a.booked_at, a.moved_at, a.accepted_at) AS agreed_at,
       a.cancelled_at, a.cancelled_by, a.confirmed_at, a.booked_from, a.pending, a.approve_by,
       CASE WHEN a.declined_at IS NULL THEN '' ELSE a.cancel_reason END AS decline_reason,
       c.id AS client_record_id, c.ref AS client_ref, c.email, c.first_name, c.last_name, c.phone,
       c.sms_off_at, c.sms_off_by, c.reminders_off_at, c.language,
       CASE WHEN a.client_record_id <> c.id THEN visitor.first_name ELSE '' END AS for_name,
       s.id AS service_id, s.name AS service_name, p.id AS practitioner_id, p.name AS practitioner_name,
       l.id AS place_id, l.name AS place_name, l.zone AS place_zone, l.street, l.postcode, l.city, a.tenant_id
FROM appointment a
JOIN client_record visitor ON (visitor.tenant_id, visitor.id) = (a.tenant_id, a.client_record_id)
JOIN client_record c ON (c.tenant_id, c.id) = (a.tenant_id, coalesce(visitor.guardian_id, visitor.id))
JOIN service s ON (s.tenant_id, s.id) = (a.tenant_id, a.service_id)
JOIN practitioner p ON (p.tenant_id, p.id) = (a.tenant_id, a.practitioner_id)
JOIN place l ON (l.tenant_id, l.id) = (a.tenant_id, a.place_id)
WHERE a.id = ANY ($1::bigint[])
"""

_PRACTICES = "SELECT * FROM practice WHERE id = ANY ($1::bigint[])"

_SAME_CLIENT = """
SELECT other.id FROM appointment one
JOIN client_record visitor ON visitor.id = one.client_record_id
CROSS JOIN LATERAL (
    SELECT coalesce(visitor.guardian_id, visitor.id) AS id
    UNION ALL
    SELECT id FROM client_record WHERE guardian_id = coalesce(visitor.guardian_id, visitor.id)
) AS family
JOIN appointment other
     ON other.client_record_id = family.id AND other.id <> one.id
        AND other.starts_at > one.starts_at - '26 hours'::interval
        AND other.starts_at < one.starts_at + '26 hours'::interval
WHERE one.id = ANY ($1::bigint[]) AND other.tenant_id = one.tenant_id AND other.cancelled_at IS NULL
      AND NOT other.pending
"""


async def read_appointments(ids: Sequence[int]) -> dict[int, AppointmentFacts]:
    """Needs a lens that sees the appointments and what hangs from them; what it does not see is left out."""
    rows = [dict(row) for row in await fetch(_READ, list(ids))]
    tenants = await read_tenants({row["tenant_id"] for row in rows})
    return {row["id"]: AppointmentFacts(**_without_tenant(row), practice=tenants[row["tenant_id"]]) for row in rows}


_NEXT = """
SELECT id FROM appointment WHERE tenant_id = $1 AND starts_at > $2 AND cancelled_at IS NULL AND NOT pending
ORDER BY starts_at, id LIMIT 1
"""


async def next_appointment(tenant: Tenant, now: datetime) -> AppointmentFacts | None:
    """The first to come at the practice, as an example that its people know."""
    ids = [row["id"] for row in await fetch(_NEXT, tenant.id, now)]
    return (await read_appointments(ids)).get(ids[0]) if ids else None


async def read_tenants(ids: set[int]) -> dict[int, Tenant]:
    return {row["id"]: tenant_from(row) for row in await fetch(_PRACTICES, list(ids))}


async def of_the_same_clients(ids: Sequence[int]) -> list[int]:
    """Their other agreed appointments at the same practice on days around these, and those of their children."""
    return [row["id"] for row in await fetch(_SAME_CLIENT, list(ids))]


def _without_tenant(row: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in row.items() if name != "tenant_id"}
