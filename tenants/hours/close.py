"""Time off: of one practitioner, of one place, or of all."""

from collections.abc import Sequence
from dataclasses import astuple, dataclass
from datetime import UTC, date, datetime
from typing import Any, NamedTuple

from tenants.availability.wall_clock import edge, moment
from tenants.hours.tables import Closure
from tenants.places.tables import Place
from tenants.practices.tenant import Tenant
from tenants.practitioners.tables import Practitioner
from tenants.refs import fingerprint, new_ref
from tenants.refusals import ChangedMeanwhile, EndsBeforeItBegins, NotFound
from tenants.scope import OwnedByTenant, fetch

WallTime = tuple[date, int]
"""A day and minutes after its midnight, up to 1440, on the practice's wall."""

TURN = "SELECT pg_advisory_xact_lock(hashtextextended('closures ' || $1, 0))"
"""One after the other, so that what is sent twice is found to stand already."""

_SAME = """
SELECT ref FROM closure
WHERE tenant_id = $1 AND practitioner_id IS NOT DISTINCT FROM $2 AND place_id IS NOT DISTINCT FROM $3
      AND starts_at = $4 AND ends_at = $5 AND reason = $6
"""


@dataclass(frozen=True, slots=True)
class Closing:
    """`practitioner` and `place` are refs, None for all of them."""

    practitioner: str | None
    place: str | None
    begins: WallTime
    ends: WallTime
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Shut:
    """What a closing comes to: whom and where it concerns, by ids or None for all, and its instants."""

    practitioner_id: int | None
    place_id: int | None
    starts_at: datetime
    ends_at: datetime


class _Facts(NamedTuple):
    shut: Shut
    reason: str


async def shut_by(tenant: Tenant, closing: Closing) -> Shut:
    """Raises NotFound, EndsBeforeItBegins."""
    begins, ends = (moment(edge(day, minute, tenant.zone)) for day, minute in (closing.begins, closing.ends))
    if begins >= ends:
        raise EndsBeforeItBegins
    practitioner_id = await _id(tenant, Practitioner, closing.practitioner)
    return Shut(practitioner_id, await _id(tenant, Place, closing.place), begins, ends)


async def add_closures(tenant: Tenant, closings: Sequence[Closing]) -> list[str]:
    """Their refs: all are made, or none. One that stands already, just so, is left as it is.

    Appointments in them stay: whoever closes decides about each.

    Raises NotFound, EndsBeforeItBegins.
    """
    await fetch(TURN, str(tenant.id))
    return [await _add(tenant, closing) for closing in closings]


async def change_closure(tenant: Tenant, ref: str, closing: Closing, seen: str) -> None:
    """`seen` is `closure_seen` of the row that the form was filled from. It stays the same public holiday.

    Raises NotFound, EndsBeforeItBegins, ChangedMeanwhile.
    """
    row = await Closure.of(tenant).where(Closure.ref == ref).lock_rows("NO KEY UPDATE").first()
    if row is None:
        raise NotFound("closure")
    wanted = _Facts(await shut_by(tenant, closing), closing.reason)
    if _facts(row) == wanted:
        return
    if closure_seen(row) != seen:
        raise ChangedMeanwhile
    names = ("practitioner_id", "place_id", "starts_at", "ends_at")
    values: dict[Any, Any] = {name: getattr(wanted.shut, name) for name in names} | {"reason": wanted.reason}
    await Closure.update(values).where((Closure.tenant_id == tenant.id) & (Closure.ref == ref))


def closure_seen(row: dict[str, Any]) -> str:
    return fingerprint(_facts(row))


def shut_of(row: dict[str, Any]) -> Shut:
    begins, ends = (row[name].astimezone(UTC) for name in ("starts_at", "ends_at"))
    return Shut(row["practitioner_id"], row["place_id"], begins, ends)


async def find_closure(tenant: Tenant, ref: str) -> dict[str, Any]:
    """Raises NotFound."""
    row = await Closure.of(tenant).where(Closure.ref == ref).first()
    if row is None:
        raise NotFound("closure")
    return row


async def _add(tenant: Tenant, closing: Closing) -> str:
    shut = await shut_by(tenant, closing)
    if same := await fetch(_SAME, tenant.id, *astuple(shut), closing.reason):
        return str(same[0]["ref"])
    closure = Closure(
        tenant_id=tenant.id,
        ref=new_ref(),
        practitioner_id=shut.practitioner_id,
        place_id=shut.place_id,
        starts_at=shut.starts_at,
        ends_at=shut.ends_at,
        reason=closing.reason,
    )
    await Closure.insert(closure)
    return str(closure.ref)


def _facts(row: dict[str, Any]) -> _Facts:
    return _Facts(shut_of(row), row["reason"])


async def _id(tenant: Tenant, table: type[OwnedByTenant], ref: str | None) -> int | None:
    if ref is None:
        return None
    wanted: Any = table
    row = await wanted.of(tenant, wanted.id).where(wanted.ref == ref).first()
    if row is None:
        raise NotFound(table._meta.tablename)  # noqa: SLF001 - Piccolo's name for it
    return int(row["id"])
