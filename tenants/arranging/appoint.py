"""Booking by staff, for somebody: one visit, several services in a row, or the first of a series."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from tenants.arranging.insist import NEVER, Insistence, Spot, find_spot, note_overrides
from tenants.booking.book import BOOKED_ALREADY, Booked, unless_booked
from tenants.booking.plan import current_plan
from tenants.booking.resources import give_resources
from tenants.booking.slot import Choice, find_slot
from tenants.clients.record import Contact, find_or_make_record
from tenants.notifications.owe import note_changes
from tenants.practices.tenant import Tenant
from tenants.refs import new_ref
from tenants.refusals import PractitionerBusy, Refusal
from tenants.scope import fetch_first

# Never waits in a chain of rivals, as a plain insert under an exclusion constraint does.
_APPOINT = """
INSERT INTO appointment (tenant_id, ref, client_record_id, practitioner_id, service_id, place_id,
                         starts_at, ends_at, blocked_from, blocked_until, note, booking_key, booked_at, booked_by,
                         booked_from, series_id, shares, seat)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, 'staff', '', $14, $15, $16)
ON CONFLICT DO NOTHING
RETURNING id, ref
"""


@dataclass(frozen=True, slots=True)
class How:
    """`by` is the address of whoever books; `tell` is whether the client hears of it by a notice."""

    by: str = "staff"
    note: str = ""
    length: timedelta | None = None
    insistence: Insistence = NEVER
    tell: bool = True


ALONE = How()


async def book_by_staff(
    tenant: Tenant, key: str, choice: Choice, contact: Contact, now: datetime, how: How = ALONE
) -> Booked:
    """Staff are bound by hours and busy times unless they insist, not by grid, notice, horizon or limits.

    `key` is the form's own. Raises NotFound and what `find_spot` raises.
    """
    return (await book_in_a_row(tenant, key, [choice], contact, now, how))[0]


async def book_in_a_row(
    tenant: Tenant, key: str, choices: Sequence[Choice], contact: Contact, now: datetime, how: How = ALONE
) -> list[Booked]:
    """The first where it was wanted, each other one where the one before it ends; all of them or none."""
    if already := await fetch_first(BOOKED_ALREADY, tenant.id, key):
        return [Booked(already["ref"], again=True)]
    made: list[tuple[int, str]] = []
    starts_at = choices[0].starts_at
    client = None
    for number, choice in enumerate(choices):
        try:
            spot = await _settled(tenant, replace(choice, starts_at=starts_at), now, how)
        except Refusal as refusal:
            if made:
                raise
            return [await unless_booked(tenant, key, refusal)]
        client = client or await find_or_make_record(tenant, contact, now)
        row = await appoint(tenant, key if number == 0 else f"{key} {number}", client, spot, now, how)
        if row is None:
            taken = PractitionerBusy(spot.slot.starts_at)
            if made:
                raise taken
            return [await unless_booked(tenant, key, taken)]
        made.append(row)
        starts_at = spot.times["ends_at"]
    await note_changes(tenant, [row[0] for row in made], "booked", how.by, now, tell=how.tell)
    return [Booked(ref) for _, ref in made]


async def appoint(
    tenant: Tenant, key: str, client: int, spot: Spot, now: datetime, how: How, series: int | None = None
) -> tuple[int, str] | None:
    """Id and ref, or None when somebody was quicker. Whoever calls owes the message.

    Raises NoResourceFree, after which the transaction must be given up.
    """
    slot = spot.slot
    row = await fetch_first(
        _APPOINT,
        tenant.id,
        new_ref(),
        client,
        slot.practitioner_id,
        spot.service.row["id"],
        slot.place_id,
        *spot.times.values(),
        how.note,
        key,
        now,
        series,
        spot.shares,
        spot.seat,
    )
    if row is None:
        return None
    if spot.is_first:
        plan = await current_plan(tenant)
        await give_resources(tenant, plan, spot.service, slot, now, appointment_id=row["id"])
    await note_overrides(tenant, row["id"], spot, how.insistence, how.by, now)
    return row["id"], row["ref"]


async def _settled(tenant: Tenant, choice: Choice, now: datetime, how: How) -> Spot:
    """Where it does not matter who gives it, whoever is free does."""
    if choice.wanted.practitioner is None:
        found = await find_slot(tenant, choice, now, limited=False, length=how.length)
        wanted = replace(choice.wanted, practitioner=found.practitioner_ref)
        return await find_spot(tenant, replace(choice, wanted=wanted), now, length=how.length)
    return await find_spot(tenant, choice, now, length=how.length, insistence=how.insistence)
