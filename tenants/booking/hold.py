"""Keeping a slot for five minutes while its form is filled."""

from datetime import datetime, timedelta
from typing import Any, NamedTuple

from tenants.booking.resources import give_resources
from tenants.booking.seats import Seat, find_seat
from tenants.booking.slot import Choice, Found, find_slot
from tenants.booking.turn import take_turn
from tenants.practices.tenant import Tenant
from tenants.refs import new_key
from tenants.refusals import NotFound, SlotTaken
from tenants.scope import fetch, fetch_first


class Typed(NamedTuple):
    """What the form beside a hold asks for."""

    email: str
    first_name: str
    last_name: str
    phone: str
    note: str


HELD_FOR = timedelta(minutes=5)
KEPT_FOR = timedelta(days=1)

# In one order, so that two browsers that want each other's expired time do not wait in a circle.
_RELEASE = """
WITH given_up AS (
    SELECT id FROM hold
    WHERE tenant_id = $1 AND released_at IS NULL AND (key = $3 OR browser = $4 OR expires_at <= $2)
    ORDER BY id FOR UPDATE
)
UPDATE hold SET released_at = $2 FROM given_up WHERE hold.id = given_up.id
"""

_CARRY_TYPED = """
UPDATE hold SET (email, first_name, last_name, phone, note, code_ref)
    = (earlier.email, earlier.first_name, earlier.last_name, earlier.phone, earlier.note, earlier.code_ref)
FROM hold AS earlier
WHERE hold.tenant_id = $1 AND hold.key = $2 AND earlier.tenant_id = $1 AND earlier.key = $3
"""

_KEEP = """
UPDATE hold SET
    email = $3, first_name = $4, last_name = $5, phone = $6, note = $7, code_ref = coalesce($8, code_ref),
    expires_at = CASE WHEN released_at IS NULL AND expires_at > $9 AND created_at > $11 THEN $10 ELSE expires_at END
WHERE tenant_id = $1 AND key = $2
"""

_HOLD = """
INSERT INTO hold (tenant_id, key, browser, practitioner_id, service_id, place_id, any_practitioner,
                  starts_at, ends_at, blocked_from, blocked_until, created_at, expires_at, seat, shares)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)
ON CONFLICT DO NOTHING RETURNING id, key
"""


async def hold_slot(
    tenant: Tenant,
    choice: Choice,
    now: datetime,
    *,
    browser: str | None = None,
    previous: str | None = None,
    lasting: timedelta = HELD_FOR,
) -> str:
    """The key of a new hold. What this browser, or the hold `previous`, kept before is free again.

    What was typed beside `previous` goes along.

    Raises what `find_slot` raises, and NoResourceFree; then the earlier hold stands as it was.
    """
    await fetch(_RELEASE, tenant.id, now, previous, browser)
    found = await find_slot(tenant, choice, now)
    if found.service.is_group:
        await take_turn(found.practitioner_ref)
    seat = await find_seat(tenant, found.service, found.slot, now)
    row = await _insert(tenant, choice, found, seat, now, browser, lasting)
    if row is None:
        raise SlotTaken(found.slot.starts_at, found.others)
    if not seat.joins:
        await give_resources(tenant, found.plan, found.service, found.slot, now, hold_id=row["id"])
    if previous:
        await fetch(_CARRY_TYPED, tenant.id, row["key"], previous)
    return str(row["key"])


async def _insert(
    tenant: Tenant, choice: Choice, found: Found, seat: Seat, now: datetime, browser: str | None, lasting: timedelta
) -> Any:
    """None when somebody was quicker."""
    slot, length = found.slot, found.service.length
    ends_at = slot.starts_at + timedelta(seconds=length.duration)
    blocked_from = slot.starts_at - timedelta(seconds=length.before)
    blocked_until = ends_at + timedelta(seconds=length.after)
    return await fetch_first(
        _HOLD,
        tenant.id,
        new_key(),
        browser,
        slot.practitioner_id,
        found.service.row["id"],
        slot.place_id,
        choice.wanted.practitioner is None,
        slot.starts_at,
        ends_at,
        blocked_from,
        blocked_until,
        now,
        now + lasting,
        seat.number,
        seat.joins,
    )


async def find_hold(tenant: Tenant, key: str) -> dict[str, Any]:
    """The hold with the names around it, expired or not; `booked_as` once it is an appointment. Raises NotFound."""
    row = await fetch_first(_WITH_NAMES, tenant.id, key)
    if row is None:
        raise NotFound("hold")
    return dict(row)


_WITH_NAMES = """
SELECT hold.*, service.name AS service_name, service.ref AS service_ref, service.needs_approval,
       practitioner.name AS practitioner_name,
       practitioner.ref AS practitioner_ref, place.name AS place_name, place.ref AS place_ref, place.zone AS place_zone,
       place.street, place.postcode, place.city, appointment.ref AS booked_as
FROM hold
JOIN service ON service.id = hold.service_id
JOIN practitioner ON practitioner.id = hold.practitioner_id
JOIN place ON place.id = hold.place_id
LEFT JOIN appointment ON appointment.tenant_id = hold.tenant_id AND appointment.booking_key = hold.key
WHERE hold.tenant_id = $1 AND hold.key = $2
"""


async def keep_typed(tenant: Tenant, key: str, typed: Typed, now: datetime, *, code_ref: str | None = None) -> None:
    """Keeps what was typed, and the slot for another five minutes, since the code is still to come.

    A hold is made longer only while it stands, and for a quarter of an hour in all: nobody can win back a slot that
    others could take. Without `code_ref` the code that was sent before stays.
    """
    await fetch(_KEEP, tenant.id, key, *typed, code_ref, now, now + HELD_FOR, now - 3 * HELD_FOR)


async def release_hold(tenant: Tenant, key: str, now: datetime) -> None:
    await fetch(
        "UPDATE hold SET released_at = $2 WHERE tenant_id = $1 AND released_at IS NULL AND key = $3",
        tenant.id,
        now,
        key,
    )


async def prune_holds(now: datetime) -> None:
    """Forgets what was typed a day ago and never booked. For the worker, over all practices."""
    await fetch("DELETE FROM hold WHERE expires_at < $1", now - KEPT_FOR)
