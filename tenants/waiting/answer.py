"""What becomes of an offer: taken, or not wanted. Each is answered once."""

from datetime import datetime

from tenants.booking.book import Booked, book_held_slot
from tenants.booking.hold import hold_slot
from tenants.booking.open_times import Wanted
from tenants.booking.slot import Choice
from tenants.clients.record import Contact
from tenants.notifications.offered import OfferFacts, read_offers
from tenants.practices.tenant import Tenant
from tenants.refusals import (
    NotFound,
    OfferAccepted,
    OfferDeclined,
    OfferExpired,
    OfferLost,
    WishEnded,
)
from tenants.scope import fetch, fetch_first
from tenants.waiting.expire import end_wishes, lose_what_is_taken, release
from tenants.waiting.look import mark_look

_LOCKED = "SELECT id, hold_id FROM waiting_offer WHERE tenant_id = $1 AND id = $2 FOR UPDATE"
_ACCEPTED = """
UPDATE waiting_offer SET accepted_at = $3, appointment_id = appointment.id
FROM appointment
WHERE waiting_offer.tenant_id = $1 AND waiting_offer.id = $2
      AND appointment.tenant_id = $1 AND appointment.ref = $4
"""
_BOOKED = "UPDATE waiting_wish SET ended_at = $3, ended_why = 'booked' WHERE tenant_id = $1 AND id = $2"
_DECLINED = "UPDATE waiting_offer SET declined_at = $3 WHERE tenant_id = $1 AND id = $2"
_LOST = """
UPDATE waiting_offer SET lost_at = $3
WHERE tenant_id = $1 AND id = $2 AND num_nonnulls(accepted_at, declined_at, expired_at, lost_at) = 0
RETURNING hold_id
"""


async def find_offer(tenant: Tenant, offer_id: int) -> OfferFacts:
    """Raises NotFound."""
    found = (await read_offers([offer_id])).get(offer_id)
    if found is None or found.practice.id != tenant.id:
        raise NotFound("waiting_offer")
    return found


async def accept_offer(tenant: Tenant, offer_id: int, now: datetime, *, booked_from: str = "") -> Booked:
    """Books it by the rules that hold for every client, in the name of whoever waits.

    Raises NotFound, OfferAccepted, OfferDeclined, OfferExpired, OfferLost, WishEnded and what `hold_slot` and
    `book_held_slot` raise.
    """
    offer = await _open_offer(tenant, offer_id, now)
    key = offer.hold_key or await hold_slot(tenant, _choice(offer), now)
    contact = Contact(
        None if offer.for_name else offer.email,
        offer.for_name or offer.first_name,
        offer.last_name,
        offer.phone,
        ref=offer.visitor_ref,
    )
    booked = await book_held_slot(tenant, key, contact, offer.note, now, booked_from=booked_from)
    await fetch(_ACCEPTED, tenant.id, offer.id, now, booked.ref)
    await fetch(_BOOKED, tenant.id, offer.wish_id, now)
    await lose_what_is_taken(tenant, now)
    return booked


async def decline_offer(tenant: Tenant, offer_id: int, now: datetime) -> None:
    """The time is free for the next in line. Raises NotFound and what says how the offer has ended already."""
    await mark_look(tenant, now)
    offer = await _open_offer(tenant, offer_id, now)
    await fetch(_DECLINED, tenant.id, offer.id, now)
    await _free(tenant, offer_id, now)


async def lose_offer(tenant: Tenant, offer_id: int, now: datetime) -> None:
    """Once booking it has shown that it cannot be had any more."""
    await mark_look(tenant, now)
    if await fetch(_LOST, tenant.id, offer_id, now):
        await _free(tenant, offer_id, now)


async def _free(tenant: Tenant, offer_id: int, now: datetime) -> None:
    row = await fetch_first(_LOCKED, tenant.id, offer_id)
    await release(tenant, [row["hold_id"]] if row and row["hold_id"] else [], now)
    await end_wishes(tenant, now)


async def _open_offer(tenant: Tenant, offer_id: int, now: datetime) -> OfferFacts:
    """Locked, so that of two answers one comes first."""
    await fetch(_LOCKED, tenant.id, offer_id)
    offer = await find_offer(tenant, offer_id)
    match offer.state(now):
        case "accepted":
            raise OfferAccepted(offer.starts_at)
        case "declined":
            raise OfferDeclined(offer.starts_at)
        case "expired":
            raise OfferExpired(offer.expired_at or offer.expires_at)
        case "lost":
            raise OfferLost(offer.starts_at)
        case "ended":
            raise WishEnded(offer.wish_ended_why or "")
    return offer


def _choice(offer: OfferFacts) -> Choice:
    return Choice(Wanted(offer.service_ref, offer.practitioner_ref, offer.place_ref), offer.starts_at)
