"""Taking back that an appointment and those that follow it in its series were cancelled."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from tenants.appointments.find import locked_appointment
from tenants.appointments.tables import Appointment
from tenants.arranging.rearrange import bring_back
from tenants.arranging.taken import Taken, taken_between
from tenants.availability.spans import Span
from tenants.booking.turn import take_turn
from tenants.notifications.owe import note_changes
from tenants.practices.tenant import Tenant
from tenants.refusals import NotFound
from tenants.scope import fetch

_WHO = "SELECT ref FROM practitioner WHERE tenant_id = $1 AND id = ANY ($2::bigint[]) ORDER BY id"


@dataclass(frozen=True, slots=True)
class Restored:
    """How many are back, and how many are not, because they have begun or their time is taken by now."""

    back: int = 0
    gone: int = 0


async def restore_following(
    tenant: Tenant, ref: str, now: datetime, *, by: str = "staff", tell: bool = True
) -> Restored:
    """All of its series that were cancelled in the same instant, from this one on. What stands stays as it is.

    Raises NotFound for an appointment of no series, and PractitionerBusy where a rival was quicker.
    """
    first = await locked_appointment(tenant, ref)
    if first["series_id"] is None:
        raise NotFound("series")
    if not first["cancelled_at"]:
        return Restored()
    rows = (
        await Appointment.of(tenant)
        .where(Appointment.series_id == first["series_id"])
        .where((Appointment.starts_at >= first["starts_at"]) & (Appointment.cancelled_at == first["cancelled_at"]))
        .order_by(Appointment.id)
        .lock_rows("NO KEY UPDATE")
    )
    back = await _free(tenant, rows, now)
    for row in back:
        await bring_back(tenant, row, now)
    await note_changes(tenant, [row["id"] for row in back], "booked", by, now, tell=tell)
    return Restored(len(back), len(rows) - len(back))


async def _free(tenant: Tenant, rows: list[dict[str, Any]], now: datetime) -> list[dict[str, Any]]:
    """Those still to come whose time nobody has."""
    to_come = [row for row in rows if row["starts_at"] > now]
    if not to_come:
        return []
    practitioners = sorted({row["practitioner_id"] for row in to_come})
    for who in await fetch(_WHO, tenant.id, practitioners):
        await take_turn(who["ref"])
    blocked = [_blocked(row) for row in to_come]
    span = (min(begins for begins, _ in blocked), max(ends for _, ends in blocked))
    taken = await taken_between(tenant, practitioners, span, now)
    return [
        row
        for row, span in zip(to_come, blocked, strict=True)
        if not any(_is_in_the_way(row, span, each) for each in taken)
    ]


def _is_in_the_way(row: dict[str, Any], blocked: Span, other: Taken) -> bool:
    """Whoever shares the group is not; whether it has a seat left is asked when one is taken."""
    meet = blocked[0] < other.blocked[1] and other.blocked[0] < blocked[1]
    is_fellow = row["seat"] is not None and other.seat is not None and other.service_id == row["service_id"]
    return meet and other.practitioner_id == row["practitioner_id"] and not (is_fellow and other.blocked == blocked)


def _blocked(row: dict[str, Any]) -> Span:
    return int(row["blocked_from"].timestamp()), int(row["blocked_until"].timestamp())
