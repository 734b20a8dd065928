"""Who waits at one practice, in the order in which they are served, and what came of it so far."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from tenants.practices.tenant import Tenant
from tenants.refusals import NotFound, ServiceNotGiven
from tenants.scope import fetch
from tenants.waiting.expire import MOST_OFFERS
from tenants.waiting.fits import When, may_offer
from tenants.waiting.offer import Openings, fitting_slot

Next = Literal["offered", "unreachable", "soon", "morning", "behind", "offered_before", "nothing_free", "not_given"]
"""What keeps a wish where it is, or comes next for it."""

_LISTED = """
SELECT wish.*, service.name AS service_name, service.ref AS service, practitioner.name AS practitioner_name,
       practitioner.ref AS practitioner, place.name AS place_name, place.ref AS place,
       record.ref AS client_ref, record.first_name, record.last_name, record.reach_email IS NOT NULL AS reachable,
       ARRAY(SELECT date_part('epoch', starts_at)::bigint FROM waiting_offer WHERE wish_id = wish.id) AS offered
FROM waiting_wish AS wish
JOIN client_record AS record ON record.id = wish.client_record_id
JOIN service ON service.id = wish.service_id
LEFT JOIN practitioner ON practitioner.id = wish.practitioner_id
LEFT JOIN place ON place.id = wish.place_id
WHERE wish.tenant_id = $1 AND (ended_at IS NULL OR ended_at > $2)
ORDER BY ended_at IS NOT NULL, ended_at DESC, wish.created_at, wish.id
"""
_OFFERS = """
SELECT offer.*, practitioner.name AS practitioner_name, appointment.ref AS appointment_ref
FROM waiting_offer AS offer
JOIN practitioner ON practitioner.id = offer.practitioner_id
LEFT JOIN appointment ON appointment.id = offer.appointment_id
WHERE offer.tenant_id = $1 AND wish_id = ANY ($2::bigint[]) ORDER BY offer.id
"""
_KEPT_FOR_OTHERS = """
SELECT wish_id, offer.practitioner_id, offer.place_id, starts_at, wish.service_id FROM waiting_offer AS offer
JOIN waiting_wish AS wish ON wish.id = wish_id
WHERE offer.tenant_id = $1 AND hold_id IS NOT NULL
      AND num_nonnulls(accepted_at, declined_at, expired_at, lost_at) = 0
"""


@dataclass(frozen=True, slots=True)
class Waiting:
    """`row` is the wish with the names around it; `next` is None once it has ended."""

    row: dict[str, Any]
    offers: list[dict[str, Any]]
    next: Next | None

    @property
    def passed(self) -> int:
        """How many of the three offers have gone by."""
        return sum(each["declined_at"] is not None or each["expired_at"] is not None for each in self.offers)

    @property
    def left(self) -> int:
        return MOST_OFFERS - self.passed


async def list_waiting(tenant: Tenant, since: datetime, now: datetime) -> list[Waiting]:
    """Who waits longest first; then who waits no longer, the latest first, if that has come to be after `since`."""
    rows = [dict(row) for row in await fetch(_LISTED, tenant.id, since)]
    offers = [dict(row) for row in await fetch(_OFFERS, tenant.id, [row["id"] for row in rows])]
    kept = await fetch(_KEPT_FOR_OTHERS, tenant.id)
    openings = Openings(tenant, now)
    listed = []
    for row in rows:
        own = [each for each in offers if each["wish_id"] == row["id"]]
        comes = None if row["ended_at"] else await _next(row, own, kept, openings)
        listed.append(Waiting(row, own, comes))
    return listed


async def _next(row: dict[str, Any], own: Sequence[Mapping[str, Any]], kept: Sequence[Any], openings: Openings) -> Next:
    if any(is_open(each) for each in own):
        return "offered"
    if not row["reachable"]:
        return "unreachable"
    try:
        found = await openings.of(row)
    except (NotFound, ServiceNotGiven):
        return "not_given"
    if fitting_slot(row, found, openings.now, set(row["offered"])):
        return "soon" if may_offer(openings.now, openings.tenant.zone) else "morning"
    when, plan = When.of(row), found.plan
    for each in kept:
        wanted = row["practitioner_id"] in {None, each["practitioner_id"]} and row["place_id"] in {
            None,
            each["place_id"],
        }
        in_plan = each["place_id"] in plan.places and each["service_id"] == row["service_id"]
        if wanted and in_plan and when.fits(each["starts_at"], plan.zone_at(each["place_id"])):
            return "behind"
    return "offered_before" if fitting_slot(row, found, openings.now, set()) else "nothing_free"


def is_open(offer: Mapping[str, Any]) -> bool:
    return all(offer[name] is None for name in ("accepted_at", "declined_at", "expired_at", "lost_at"))
