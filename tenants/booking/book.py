"""One booking, one transaction: the slot is asked for once more, and the constraint has the last word."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from tenants.availability.wall_clock import LONGEST_DAY, day_span, local_day, moment
from tenants.booking.busy import LONGEST_BLOCKED, LONGEST_BUFFER, Besides, busy_from
from tenants.booking.open_times import Slot, Wanted
from tenants.booking.plan import PlannedService
from tenants.booking.resources import give_resources
from tenants.booking.seats import Seat, find_seat
from tenants.booking.slot import Choice, Found, find_slot
from tenants.booking.turn import take_turn
from tenants.clients.record import Contact, find_or_make_record, is_known
from tenants.notifications.owe import soon
from tenants.practices.tenant import Tenant
from tenants.refs import new_ref
from tenants.refusals import (
    DailyLimitReached,
    NewClientsNotTaken,
    NotFound,
    OpenLimitReached,
    Refusal,
    SlotTaken,
)
from tenants.scope import fetch_first


@dataclass(frozen=True, slots=True)
class Booked:
    """`again` when the same form had booked it already: a double click, a form sent twice.

    `first` when the practice had no record of this client before. `pending` when somebody has to agree to it yet.
    """

    ref: str
    again: bool = False
    first: bool = False
    pending: bool = False


@dataclass(frozen=True, slots=True)
class _Particulars:
    note: str
    booked_from: str
    now: datetime


_HELD = "SELECT * FROM held_times($1, $2, $3, $4, $5, $6)"

# Around a start, what could meet anything in the whole of its day.
_REACH_BACK = timedelta(seconds=LONGEST_DAY + LONGEST_BLOCKED)
_REACH_ON = timedelta(seconds=LONGEST_DAY + 2 * LONGEST_BUFFER)

BOOKED_ALREADY = "SELECT ref FROM appointment WHERE tenant_id = $1 AND booking_key = $2"

# The appointment, the message owed for it and the end of its hold stand or fall together. An insert that may do
# nothing never waits in a chain of rivals, as a plain one under an exclusion constraint does.
_BOOK = """
WITH booked AS (
    INSERT INTO appointment (tenant_id, ref, client_record_id, practitioner_id, service_id, place_id,
                             starts_at, ends_at, blocked_from, blocked_until, note, booking_key, booked_at, booked_by,
                             booked_from, seat, shares, approve_by)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, 'client', $14, $17, $18, $19)
    ON CONFLICT DO NOTHING
    RETURNING id, ref
), told AS (
    INSERT INTO message (tenant_id, ref, appointment_id, sequence, kind, channel, starts_at, practitioner_id, place_id,
                         by_email, created_at, next_attempt_at, audience, membership_id)
    SELECT $1, reader.ref, booked.id, 0, CASE WHEN $19::timestamptz IS NULL THEN 'booked' ELSE 'requested' END,
           'email', $7, $4, $6, '', $13, $13, audience, membership_id
    FROM booked, (
        SELECT $16::text AS ref, 'client' AS audience, NULL::bigint AS membership_id
        UNION ALL
        SELECT random_signs('abcdefghijklmnopqrstuvwxyz234567', 10), 'practitioner', id FROM membership
        WHERE tenant_id = $1 AND practitioner_id = $4 AND ended_at IS NULL
              AND (tell IN ('all', 'others') OR (tell = 'soon' AND $7 < $15))
    ) AS reader
), released AS (
    UPDATE hold SET released_at = $13
    WHERE tenant_id = $1 AND key = $12 AND released_at IS NULL AND EXISTS (SELECT FROM booked)
)
SELECT id, ref FROM booked
"""


async def book_held_slot(
    tenant: Tenant, key: str, contact: Contact, note: str, now: datetime, *, booked_from: str = ""
) -> Booked:
    """Books what the hold keeps, or kept: an expired one still books when nobody was quicker.

    `contact` is somebody whose address has been proved. `booked_from` tells one network address from another and is
    none itself. Raises NotFound, DailyLimitReached, OpenLimitReached, NewClientsNotTaken,
    NoResourceFree and what `find_slot` raises.
    """
    held = await fetch_first(_HELD, tenant.id, key, contact.email, _REACH_BACK, _REACH_ON, now)
    if held is None:
        raise NotFound("hold")
    if held["booked"]:
        return Booked(held["booked"], again=True)
    try:
        found, seat, made, first = await _book_held(tenant, key, held, contact, _Particulars(note, booked_from, now))
    except Refusal as refusal:
        return await unless_booked(tenant, key, refusal)
    if seat.is_first:
        # Beyond the net for double clicks: when nothing is free of what it needs, the booking itself must be undone.
        await give_resources(tenant, found.plan, found.service, found.slot, now, appointment_id=made["id"])
    return Booked(made["ref"], first=first, pending=bool(found.service.row["needs_approval"]))


async def _book_held(
    tenant: Tenant, key: str, held: Any, contact: Contact, how: _Particulars
) -> tuple[Found, Seat, Any, bool]:
    """What was found, the row that was made, and whether the client's record was."""
    choice = Choice(Wanted(held["service"], held["practitioner_ref"], held["place"]), held["held_from"])
    besides = Besides(hold_id=held["hold"])
    found = await find_slot(tenant, choice, how.now, besides=besides, seen=busy_from([held]))
    if found.service.is_group:
        await take_turn(found.practitioner_ref)
    seat = await find_seat(tenant, found.service, found.slot, how.now, besides)
    if held["client"] is None and not (found.plan.policy.new_clients or await is_known(tenant, contact)):
        raise NewClientsNotTaken
    client = held["client"] or await find_or_make_record(tenant, contact, how.now, by_client=True)
    await _check_limits(tenant, client, found, how.now)
    made = await _insert(tenant, key, client, found, seat, how)
    return found, seat, made, held["client"] is None


async def _check_limits(tenant: Tenant, client: int, found: Found, now: datetime) -> None:
    policy = found.plan.policy
    if policy.daily_limit is not None:
        await check_daily_limit(tenant, client, found.slot.start, policy.daily_limit)
    if policy.open_limit is not None:
        row = await fetch_first(_TO_COME, tenant.id, client, now)
        assert row is not None
        if row["appointments"] >= policy.open_limit:
            raise OpenLimitReached(policy.open_limit)


async def unless_booked(tenant: Tenant, key: str, refusal: Refusal) -> Booked:
    """When a form is sent twice at once, what took the time may be the form's own appointment; else raises."""
    if already := await fetch_first(BOOKED_ALREADY, tenant.id, key):
        return Booked(already["ref"], again=True)
    raise refusal


async def _insert(tenant: Tenant, key: str, client: int, found: Found, seat: Seat, how: _Particulars) -> Any:
    """Raises SlotTaken."""
    times = blocked_times(found.slot, found.service)
    slot = found.slot
    row = await fetch_first(
        _BOOK,
        tenant.id,
        new_ref(),
        client,
        slot.practitioner_id,
        found.service.row["id"],
        slot.place_id,
        *times.values(),
        how.note,
        key,
        how.now,
        how.booked_from,
        soon(how.now),
        new_ref(),
        seat.number,
        seat.shares,
        _approve_by(found, how.now),
    )
    if row is None:
        raise SlotTaken(slot.starts_at, found.others)
    return row


def _approve_by(found: Found, now: datetime) -> datetime | None:
    """None for what is agreed at once."""
    if not found.service.row["needs_approval"]:
        return None
    return found.plan.policy.answer_by(found.slot.starts_at, now)


def blocked_times(slot: Slot, service: PlannedService) -> dict[str, datetime]:
    """The appointment's four times, in the order of its columns."""
    ends_at = slot.starts_at + timedelta(seconds=service.length.duration)
    return {
        "starts_at": slot.starts_at,
        "ends_at": ends_at,
        "blocked_from": slot.starts_at - timedelta(seconds=service.length.before),
        "blocked_until": ends_at + timedelta(seconds=service.length.after),
    }


async def check_daily_limit(tenant: Tenant, client: int, start: int, limit: int, besides: int = 0) -> None:
    """Counts the client's live appointments on that day; their record is locked, so nobody adds one meanwhile."""
    begins, ends = day_span(local_day(start, tenant.zone), tenant.zone)
    row = await fetch_first(_THAT_DAY, tenant.id, client, moment(begins), moment(ends), besides)
    assert row is not None
    if row["appointments"] >= limit:
        raise DailyLimitReached(limit)


_TO_COME = """
SELECT count(*) AS appointments FROM appointment
WHERE tenant_id = $1 AND client_record_id = $2 AND starts_at > $3 AND cancelled_at IS NULL
"""

_THAT_DAY = """
SELECT count(*) AS appointments FROM appointment
WHERE tenant_id = $1 AND client_record_id = $2 AND starts_at >= $3 AND starts_at < $4 AND cancelled_at IS NULL
      AND id <> $5
"""
