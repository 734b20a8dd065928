"""Changing when a practitioner receives: weekly hours, and days that have hours of their own."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from tenants.availability.hours import DatedHours, WeeklyHours
from tenants.hours.overlap import check_overlaps
from tenants.hours.tables import DatedOpening, OpeningHours
from tenants.places.tables import Place
from tenants.practices.tenant import Tenant
from tenants.refs import new_ref
from tenants.refusals import EndsBeforeItBegins, NotFound
from tenants.scope import fetch

_LOCK = "SELECT id FROM practitioner WHERE tenant_id = $1 AND id = $2 FOR NO KEY UPDATE"

CLOSED: tuple[int | None, int | None] = (None, None)


@dataclass(frozen=True, slots=True)
class Opening:
    """`place` is a ref; the rest is as in `OpeningHours`."""

    place: str
    opens: int
    closes: int
    from_day: date | None = None
    until_day: date | None = None


async def add_hours(tenant: Tenant, practitioner_id: int, weekdays: Sequence[int], opening: Opening) -> None:
    """The same hours on each of these weekdays. Raises NotFound, EndsBeforeItBegins, HoursOverlap."""
    await _lock(tenant, practitioner_id)
    values = await _values(tenant, opening)
    for weekday in sorted(set(weekdays)):
        row = OpeningHours(tenant_id=tenant.id, ref=new_ref(), practitioner_id=practitioner_id, weekday=weekday)
        for column, value in values.items():
            setattr(row, column, value)
        await OpeningHours.insert(row)
    await _check(tenant, practitioner_id)


async def change_hours(tenant: Tenant, ref: str, weekday: int, opening: Opening) -> None:
    """Raises NotFound, EndsBeforeItBegins, HoursOverlap."""
    row = await find_hours(tenant, ref)
    await _lock(tenant, row["practitioner_id"])
    values: dict[Any, Any] = await _values(tenant, opening) | {"weekday": weekday}
    await OpeningHours.update(values).where((OpeningHours.tenant_id == tenant.id) & (OpeningHours.ref == ref))
    await _check(tenant, row["practitioner_id"])


async def remove_hours(tenant: Tenant, ref: str) -> None:
    await OpeningHours.delete().where((OpeningHours.tenant_id == tenant.id) & (OpeningHours.ref == ref))


async def set_day(
    tenant: Tenant, practitioner_id: int, place: str, day: date, spans: Sequence[tuple[int, int]]
) -> None:
    """These hours and no others at that place on that day; without spans it is closed.

    Raises NotFound, EndsBeforeItBegins, HoursOverlap.
    """
    await _lock(tenant, practitioner_id)
    place_id = await _place(tenant, place)
    if any(opens >= closes for opens, closes in spans):
        raise EndsBeforeItBegins
    await _clear(tenant, practitioner_id, place_id, day)
    rows: Sequence[tuple[int | None, int | None]] = spans or [CLOSED]
    for opens, closes in rows:
        row = DatedOpening(tenant_id=tenant.id, ref=new_ref(), practitioner_id=practitioner_id, place_id=place_id)
        row.day, row.opens, row.closes = day, opens, closes
        await DatedOpening.insert(row)
    await _check(tenant, practitioner_id)


async def clear_day(tenant: Tenant, practitioner_id: int, place: str, day: date) -> None:
    """The weekly hours hold again. Raises NotFound, and HoursOverlap where those meet what the day has elsewhere."""
    await _lock(tenant, practitioner_id)
    await _clear(tenant, practitioner_id, await _place(tenant, place), day)
    await _check(tenant, practitioner_id)


async def _clear(tenant: Tenant, practitioner_id: int, place_id: int, day: date) -> None:
    await DatedOpening.delete().where(
        (DatedOpening.tenant_id == tenant.id)
        & (DatedOpening.practitioner_id == practitioner_id)
        & (DatedOpening.place_id == place_id)
        & (DatedOpening.day == day)
    )


async def find_hours(tenant: Tenant, ref: str) -> dict[str, Any]:
    """Raises NotFound."""
    row = await OpeningHours.of(tenant).where(OpeningHours.ref == ref).first()
    if row is None:
        raise NotFound("opening_hours")
    return row


async def _values(tenant: Tenant, opening: Opening) -> dict[Any, Any]:
    first, last = opening.from_day or date.min, opening.until_day or date.max
    if opening.opens >= opening.closes or first > last:
        raise EndsBeforeItBegins
    names = ("opens", "closes", "from_day", "until_day")
    return {name: getattr(opening, name) for name in names} | {"place_id": await _place(tenant, opening.place)}


async def _place(tenant: Tenant, ref: str) -> int:
    row = await Place.of(tenant, Place.id).where((Place.ref == ref) & Place.retired_at.is_null()).first()
    if row is None:
        raise NotFound("place")
    return int(row["id"])


async def _lock(tenant: Tenant, practitioner_id: int) -> None:
    """One change after the other, so that two that are each right do not overlap together. Raises NotFound."""
    if not await fetch(_LOCK, tenant.id, practitioner_id):
        raise NotFound("practitioner")


async def _check(tenant: Tenant, practitioner_id: int) -> None:
    """Once the rows are as they will be; a refusal takes the transaction back. Where nobody receives, nothing meets."""
    places = {row["id"] for row in await Place.of(tenant, Place.id).where(Place.retired_at.is_null())}
    weekly = await OpeningHours.of(tenant).where(OpeningHours.practitioner_id == practitioner_id)
    dated = await DatedOpening.of(tenant).where(DatedOpening.practitioner_id == practitioner_id)
    weekly, dated = ([row for row in rows if row["place_id"] in places] for rows in (weekly, dated))
    names = ("place_id", "weekday", "opens", "closes", "from_day", "until_day")
    check_overlaps(
        [WeeklyHours(**{name: row[name] for name in names}) for row in weekly],
        [DatedHours(**{name: row[name] for name in ("place_id", "day", "opens", "closes")}) for row in dated],
    )
