"""Sharing a start: who is the first of a group keeps the practitioner's time, the others share all of it with them."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from asyncpg import Range

from tenants.availability.wall_clock import moment
from tenants.booking.busy import NOTHING, Besides
from tenants.booking.crowd import load_groups
from tenants.booking.open_times import Slot
from tenants.booking.plan import PlannedService
from tenants.booking.resources import blocked
from tenants.practices.tenant import Tenant
from tenants.refusals import SlotTaken


@dataclass(frozen=True, slots=True)
class Seat:
    """`number` is None where nothing is shared. `joins` when somebody is there already, and be it to fill in the form.

    `shares` is what those keep who are booked; whoever is the first of them keeps the time, and the room.
    """

    number: int | None = None
    joins: bool = False
    shares: tuple[Range, ...] = ()

    @property
    def is_first(self) -> bool:
        """Of those who are booked."""
        return not self.shares

    @property
    def columns(self) -> dict[Any, Any]:
        """Of an appointment."""
        return {"seat": self.number, "shares": list(self.shares)}


ALONE = Seat()


async def find_seat(
    tenant: Tenant, service: PlannedService, slot: Slot, now: datetime, besides: Besides = NOTHING
) -> Seat:
    """In the practitioner's turn, so that nobody takes it meanwhile. Raises SlotTaken when the group is full."""
    if not service.is_group:
        return ALONE
    span = (slot.start, slot.start + service.length.duration)
    groups = await load_groups(tenant, service, [slot.practitioner_id], span, now, besides)
    group = groups.get((slot.practitioner_id, slot.start))
    if group is None:
        return Seat(1)
    if len(group.seats) >= service.capacity:
        raise SlotTaken(slot.starts_at)
    begins, ends = blocked(slot, service)
    is_booked = any(appointment is not None for appointment in group.seats.values())
    return Seat(group.next_seat, joins=True, shares=(Range(moment(begins), moment(ends)),) if is_booked else ())
