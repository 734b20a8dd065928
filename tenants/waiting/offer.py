"""Making the next offers of one practice: who has waited longest is asked first."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from tenants.booking.hold import hold_slot
from tenants.booking.open_times import OpenTimes, Slot, Wanted, open_times
from tenants.booking.plan import Plan
from tenants.booking.slot import Choice
from tenants.notifications.offered import note_offer
from tenants.practices.tenant import Tenant
from tenants.refs import new_key, new_ref
from tenants.refusals import NotFound, Refusal, ServiceNotGiven, SlotTaken
from tenants.scope import attempt, fetch, fetch_first
from tenants.waiting.expire import MOST_OFFERS, end_wishes, lose_what_is_taken, release_what_is_left
from tenants.waiting.fits import When, earliest_start, first_fit, lasts_until, may_offer
from tenants.waiting.look import mark_look, take_look

MOST_AT_ONCE = 10
"""Offers of one transaction, so that whoever waits for its mark waits shortly."""

# In the order of the line. Who cannot be written to cannot be offered anything.
_WAITING = """
SELECT wish.*, service.ref AS service, practitioner.ref AS practitioner, place.ref AS place,
       ARRAY(SELECT date_part('epoch', starts_at)::bigint FROM waiting_offer WHERE wish_id = wish.id) AS offered
FROM waiting_wish AS wish
JOIN service ON service.id = wish.service_id
LEFT JOIN practitioner ON practitioner.id = wish.practitioner_id
LEFT JOIN place ON place.id = wish.place_id
JOIN client_record ON client_record.id = wish.client_record_id
WHERE wish.tenant_id = $1 AND wish.ended_at IS NULL AND reach_email IS NOT NULL
      AND NOT EXISTS (SELECT FROM waiting_offer WHERE wish_id = wish.id
                      AND num_nonnulls(accepted_at, declined_at, expired_at, lost_at) = 0)
      AND $2 > (SELECT count(*) FROM waiting_offer
                WHERE wish_id = wish.id AND num_nonnulls(declined_at, expired_at) > 0)
ORDER BY wish.created_at, wish.id FOR UPDATE OF wish SKIP LOCKED
"""

_OFFER = """
INSERT INTO waiting_offer (tenant_id, ref, key, wish_id, client_record_id, practitioner_id, place_id, starts_at,
                           hold_id, offered_at, expires_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, (SELECT id FROM hold WHERE tenant_id = $1 AND key = $9), $10, $11)
ON CONFLICT DO NOTHING RETURNING id
"""


@dataclass(slots=True)
class Openings:
    """What is open, asked once for all who want the same; forgotten as soon as a time is taken."""

    tenant: Tenant
    now: datetime
    _seen: dict[tuple[Any, ...], OpenTimes] = field(default_factory=dict)

    async def of(self, wish: Any) -> OpenTimes:
        """Raises NotFound, ServiceNotGiven for what is not offered any more."""
        wanted = Wanted(wish["service"], wish["practitioner"], wish["place"])
        first, last = When.of(wish).days
        key = (wanted, first, last)
        if key not in self._seen:
            self._seen[key] = await open_times(self.tenant, wanted, first, last, self.now)
        return self._seen[key]

    def forget(self) -> None:
        self._seen.clear()


async def make_offers(tenant: Tenant, now: datetime) -> int:
    """How many were made. Nothing at night, and while another worker looks at this practice.

    What would be too much at once is left for the next look.
    """
    if not may_offer(now, tenant.zone) or not await take_look(tenant):
        return 0
    await release_what_is_left(tenant, now)
    await end_wishes(tenant, now)
    await lose_what_is_taken(tenant, now)
    openings, made = Openings(tenant, now), 0
    for wish in await fetch(_WAITING, tenant.id, MOST_OFFERS):
        made += await _offer_to(tenant, wish, openings)
        if made == MOST_AT_ONCE:
            await mark_look(tenant, now)
            break
    return made


async def _offer_to(tenant: Tenant, wish: Any, openings: Openings) -> bool:
    passed = set(wish["offered"])
    try:
        while slot := fitting_slot(wish, await openings.of(wish), openings.now, passed):
            if await _offer(tenant, wish, slot, openings):
                return True
            passed.add(slot.start)
    except (NotFound, ServiceNotGiven):
        return False
    return False


def fitting_slot(wish: Any, found: OpenTimes, now: datetime, passed: set[int]) -> Slot | None:
    """The first one that could be offered; `passed` are starts that this wish was offered before."""
    slots = (slot for day in found.days.values() for slot in day)
    earliest = earliest_start(now, found.plan.policy.minimum_notice)
    return first_fit(When.of(wish), slots, found.plan.zone_at, earliest=earliest, besides=passed)


async def _offer(tenant: Tenant, wish: Any, slot: Slot, openings: Openings) -> bool:
    """False when somebody was quicker."""
    found, now = await openings.of(wish), openings.now
    policy = found.plan.policy
    until = lasts_until(slot.starts_at, now, policy.offer_lasts, policy.minimum_notice)
    try:
        async with attempt():
            key = ""
            if policy.offer_to == "one":
                key = await hold_slot(tenant, _choice(wish, slot, found.plan), now, lasting=until - now)
                openings.forget()
            refs = (tenant.id, new_ref(), new_key(), wish["id"], wish["client_record_id"])
            times = (slot.starts_at, key, now, until)
            row = await fetch_first(_OFFER, *refs, slot.practitioner_id, slot.place_id, *times)
            if row is None:
                raise SlotTaken(slot.starts_at)
            await note_offer(tenant, row["id"], now)
    except (NotFound, ServiceNotGiven):
        raise
    except Refusal:
        openings.forget()
        return False
    return True


def _choice(wish: Any, slot: Slot, plan: Plan) -> Choice:
    who, where = plan.practitioners[slot.practitioner_id]["ref"], plan.places[slot.place_id]["ref"]
    return Choice(Wanted(wish["service"], who, where), slot.starts_at)
