"""Rooms and equipment in the book: what there is, who has which when, and giving an appointment another one."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from asyncpg import DeadlockDetectedError, ExclusionViolationError

from tenants.appointments.find import locked_appointment
from tenants.booking.move import check_live
from tenants.booking.resources import forget_expired_holds
from tenants.practices.tenant import Tenant
from tenants.refusals import ChangedMeanwhile, NotFound, ResourceTaken, ResourceUnfit
from tenants.scope import fetch

_LONGEST = timedelta(days=2)
"""Of an appointment with its buffers: what was taken earlier is free again."""

_ROOMS = """
SELECT resource.id, resource.ref, resource.name, resource.place_id, resource.retired_at, kind_id,
       resource_kind.name AS kind, what
FROM resource JOIN resource_kind ON resource_kind.id = kind_id
WHERE resource.tenant_id = $1
ORDER BY what DESC, resource_kind.name, kind_id, place_id, resource.position, resource.id
"""

# A group has its room once, by one of its members; each of the others is there, too.
_USES = """
WITH uses AS (
    SELECT resource_id, appointment_id, hold_id FROM resource_use
    WHERE tenant_id = $1 AND resource_id = ANY (ARRAY(SELECT id FROM resource WHERE tenant_id = $1))
          AND blocked_from >= $2 AND blocked_from < $4 AND blocked_until > $3
)
SELECT resource_id, appointment_id, hold_id FROM uses
UNION
SELECT resource_id, fellow.id, NULL
FROM uses
JOIN appointment AS keeper ON keeper.tenant_id = $1 AND keeper.id = uses.appointment_id AND keeper.seat IS NOT NULL
JOIN appointment AS fellow ON fellow.tenant_id = $1 AND fellow.practitioner_id = keeper.practitioner_id
     AND fellow.service_id = keeper.service_id AND fellow.starts_at = keeper.starts_at AND fellow.seat IS NOT NULL
     AND fellow.cancelled_at IS NULL
"""

_OF_APPOINTMENT = """
SELECT resource_use.id, resource_id, kind_id
FROM resource_use JOIN resource ON resource.id = resource_id
WHERE resource_use.tenant_id = $1 AND appointment_id = ANY (ARRAY(
    SELECT $2::bigint
    UNION ALL
    SELECT fellow.id FROM appointment AS own
    JOIN appointment AS fellow ON fellow.tenant_id = $1 AND fellow.practitioner_id = own.practitioner_id
         AND fellow.service_id = own.service_id AND fellow.starts_at = own.starts_at AND fellow.seat IS NOT NULL
         AND fellow.cancelled_at IS NULL
    WHERE own.tenant_id = $1 AND own.id = $2 AND own.seat IS NOT NULL))
"""

_TAKEN = """
SELECT DISTINCT resource_id FROM resource_use LEFT JOIN hold ON hold.id = hold_id
WHERE resource_use.tenant_id = $1 AND resource_id = ANY ($2::bigint[])
      AND resource_use.blocked_from < $4 AND resource_use.blocked_until > $3
      AND (hold.id IS NULL OR hold.expires_at > $5)
"""

_NEEDS = "SELECT kind_id FROM service_need WHERE tenant_id = $1 AND service_id = $2"
_TURN = "SELECT pg_advisory_xact_lock(hashtextextended('resource ' || $1, 0))"

_GIVE = "UPDATE resource_use SET resource_id = $3 WHERE tenant_id = $1 AND id = $2"
_GIVE_FIRST = """
INSERT INTO resource_use (tenant_id, resource_id, appointment_id, blocked_from, blocked_until)
VALUES ($1, $2, $3, $4, $5)
"""


@dataclass(frozen=True, slots=True)
class Uses:
    """Ids of what each appointment and each hold has."""

    appointments: dict[int, list[int]] = field(default_factory=dict)
    holds: dict[int, list[int]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Given:
    """What an appointment has of one kind, None where it needs one and has none; `others` are at the same place.

    Each of them is a row and whether it is free at that time.
    """

    kind: str
    what: str
    has: dict[str, Any] | None
    others: list[tuple[dict[str, Any], bool]]


async def find_rooms(tenant: Tenant) -> dict[int, dict[str, Any]]:
    """Rooms before equipment, each kind together; those that are retired, too."""
    return {row["id"]: dict(row) for row in await fetch(_ROOMS, tenant.id)}


async def uses_in_book(tenant: Tenant, since: datetime, until: datetime) -> Uses:
    """Of whatever lasts any time between the two."""
    uses = Uses()
    for row in await fetch(_USES, tenant.id, since - _LONGEST, since, until):
        of, whose = (uses.holds, row["hold_id"]) if row["hold_id"] else (uses.appointments, row["appointment_id"])
        of.setdefault(whose, []).append(row["resource_id"])
    return uses


async def given_to(tenant: Tenant, appointment: Mapping[str, Any], now: datetime) -> list[Given]:
    """For each kind that the appointment has or needs."""
    rooms = await find_rooms(tenant)
    if not rooms:
        return []
    has = {row["kind_id"]: row["resource_id"] for row in await fetch(_OF_APPOINTMENT, tenant.id, appointment["id"])}
    needs = {row["kind_id"] for row in await fetch(_NEEDS, tenant.id, appointment["service_id"])}
    span = (appointment["blocked_from"], appointment["blocked_until"], now)
    taken = {row["resource_id"] for row in await fetch(_TAKEN, tenant.id, list(rooms), *span)}
    given = []
    for kind in dict.fromkeys(row["kind_id"] for row in rooms.values()):
        if kind not in has and kind not in needs:
            continue
        alike = [row for row in rooms.values() if row["kind_id"] == kind]
        here = [row for row in alike if row["place_id"] == appointment["place_id"] and row["retired_at"] is None]
        own = rooms.get(has.get(kind, 0))
        others = [(row, row["id"] not in taken) for row in here if row is not own]
        given.append(Given(alike[0]["kind"], alike[0]["what"], own, others))
    return given


async def give_resource(tenant: Tenant, ref: str, resource_ref: str, now: datetime, *, seen: str | None = None) -> bool:
    """False when it has that one already. `seen` is the ref of what it had on the page, "" for none.

    Raises NotFound, AppointmentCancelled, ResourceUnfit, ChangedMeanwhile, ResourceTaken: then nothing is changed, and
    the transaction must be given up.
    """
    appointment = await locked_appointment(tenant, ref)
    check_live(appointment)
    rooms = await find_rooms(tenant)
    wanted = next((row for row in rooms.values() if row["ref"] == resource_ref and row["retired_at"] is None), None)
    if wanted is None:
        raise NotFound("resource")
    uses = await fetch(_OF_APPOINTMENT, tenant.id, appointment["id"])
    use = next((row for row in uses if row["kind_id"] == wanted["kind_id"]), None)
    if wanted["place_id"] != appointment["place_id"] or not (use or await _is_needed(tenant, appointment, wanted)):
        raise ResourceUnfit(wanted["name"])
    if seen is not None and seen != (rooms[use["resource_id"]]["ref"] if use else ""):
        raise ChangedMeanwhile
    if use and use["resource_id"] == wanted["id"]:
        return False
    await _take(tenant, appointment, wanted, use["id"] if use else None, now)
    return True


async def _take(
    tenant: Tenant, appointment: Mapping[str, Any], wanted: dict[str, Any], use: int | None, now: datetime
) -> None:
    """Rivals for one room take turns, as for one practitioner. Raises ResourceTaken."""
    await fetch(_TURN, str(wanted["id"]))
    await forget_expired_holds(tenant, [wanted["id"]], now)
    span = (appointment["blocked_from"], appointment["blocked_until"])
    try:
        if use:
            await fetch(_GIVE, tenant.id, use, wanted["id"])
        else:
            await fetch(_GIVE_FIRST, tenant.id, wanted["id"], appointment["id"], *span)
    except (ExclusionViolationError, DeadlockDetectedError):
        raise ResourceTaken(wanted["name"]) from None


async def _is_needed(tenant: Tenant, appointment: Mapping[str, Any], wanted: dict[str, Any]) -> bool:
    needs = await fetch(_NEEDS, tenant.id, appointment["service_id"])
    return wanted["kind_id"] in {row["kind_id"] for row in needs}
