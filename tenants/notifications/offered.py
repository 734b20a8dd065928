"""A time offered to somebody who waits: what is true of it when it is spoken of, and owing its message."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from zoneinfo import ZoneInfo

from tenants.notifications.facts import read_tenants
from tenants.practices.tenant import Tenant
from tenants.scope import fetch

State = Literal["open", "accepted", "declined", "expired", "lost", "ended"]


@dataclass(frozen=True, slots=True)
class OfferFacts:
    """Whoever is written to stands in it as in `AppointmentFacts`. `held` tells whether it is kept for them.

    `wish_ended_why` is None while they wait. The appointment's are those of what it has become.
    """

    id: int
    key: str
    starts_at: datetime
    ends_at: datetime
    expires_at: datetime
    held: bool
    hold_key: str | None
    accepted_at: datetime | None
    declined_at: datetime | None
    expired_at: datetime | None
    lost_at: datetime | None
    wish_id: int
    wish_ref: str
    wish_ended_why: str | None
    note: str
    visitor_ref: str
    email: str | None
    first_name: str
    last_name: str
    phone: str
    for_name: str
    language: str
    service_ref: str
    service_name: str
    practitioner_ref: str
    practitioner_name: str
    place_ref: str
    place_name: str
    street: str
    postcode: str
    city: str
    place_zone: str | None
    appointment_ref: str | None
    practice: Tenant

    def state(self, now: datetime) -> State:
        """Over is over when its time has come, whether or not the worker has noted it yet."""
        if self.accepted_at:
            return "accepted"
        if self.declined_at:
            return "declined"
        if self.lost_at:
            return "lost"
        if self.wish_ended_why in {"withdrawn", "removed"}:
            return "ended"
        if self.expired_at or self.expires_at <= now:
            return "expired"
        return "open" if self.wish_ended_why is None else "ended"

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.place_zone) if self.place_zone else self.practice.zone

    @property
    def place_lines(self) -> list[str]:
        return [line for line in (self.place_name, self.street, f"{self.postcode} {self.city}".strip()) if line]


_READ = """
SELECT o.id, o.key, o.starts_at, o.starts_at + s.duration AS ends_at, o.expires_at, o.hold_id IS NOT NULL AS held,
       h.key AS hold_key, o.accepted_at, o.declined_at, o.expired_at, o.lost_at,
       w.id AS wish_id, w.ref AS wish_ref, w.ended_why AS wish_ended_why, w.note,
       visitor.ref AS visitor_ref, c.email, c.first_name, c.last_name, visitor.phone,
       CASE WHEN visitor.id <> c.id THEN visitor.first_name ELSE '' END AS for_name, c.language,
       s.ref AS service_ref, s.name AS service_name, p.ref AS practitioner_ref, p.name AS practitioner_name,
       l.ref AS place_ref, l.name AS place_name, l.street, l.postcode, l.city, l.zone AS place_zone,
       a.ref AS appointment_ref, o.tenant_id
FROM waiting_offer o
JOIN waiting_wish w ON (w.tenant_id, w.id) = (o.tenant_id, o.wish_id)
JOIN client_record visitor ON (visitor.tenant_id, visitor.id) = (o.tenant_id, o.client_record_id)
JOIN client_record c ON (c.tenant_id, c.id) = (o.tenant_id, coalesce(visitor.guardian_id, visitor.id))
JOIN service s ON (s.tenant_id, s.id) = (o.tenant_id, w.service_id)
JOIN practitioner p ON (p.tenant_id, p.id) = (o.tenant_id, o.practitioner_id)
JOIN place l ON (l.tenant_id, l.id) = (o.tenant_id, o.place_id)
LEFT JOIN hold h ON (h.tenant_id, h.id) = (o.tenant_id, o.hold_id)
LEFT JOIN appointment a ON (a.tenant_id, a.id) = (o.tenant_id, o.appointment_id)
WHERE o.id = ANY ($1::bigint[])
"""

_OWE = """
INSERT INTO message (tenant_id, offer_id, sequence, kind, channel, starts_at, practitioner_id, place_id, by_email,
                     created_at, next_attempt_at)
SELECT tenant_id, id, 0, 'offered', 'email', starts_at, practitioner_id, place_id, '', $3, $3
FROM waiting_offer WHERE tenant_id = $1 AND id = $2
"""


async def read_offers(ids: Sequence[int]) -> dict[int, OfferFacts]:
    """Needs a lens that sees the offers and what hangs from them; what it does not see is left out."""
    rows = [dict(row) for row in await fetch(_READ, list(ids))] if ids else []
    tenants = await read_tenants({row["tenant_id"] for row in rows})
    return {row["id"]: OfferFacts(practice=tenants[row.pop("tenant_id")], **row) for row in rows}


async def note_offer(tenant: Tenant, offer_id: int, now: datetime) -> None:
    """In the transaction that makes the offer."""
    await fetch(_OWE, tenant.id, offer_id, now)
