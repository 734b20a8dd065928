"""The first steps of a practice, in its desk's lens: who gives its first service, when and where, and that it opens.

Which step is next follows from what is there, so that somebody who stops half-way goes on where they were.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from tenants.hours.tables import OpeningHours
from tenants.places.tables import Place
from tenants.practices.tenant import Tenant
from tenants.practitioners.tables import Practitioner
from tenants.refusals import EndsBeforeItBegins
from tenants.scope import fetch, fetch_first
from tenants.services.tables import Service, ServicePlace, ServicePractitioner
from tenants.team.tables import Membership

_TURN = "SELECT pg_advisory_xact_lock(hashtextextended('first steps', $1))"
_OWN = """
SELECT membership.id AS membership_id, practitioner.id, practitioner.name FROM membership
LEFT JOIN practitioner ON practitioner.id = membership.practitioner_id
WHERE membership.tenant_id = $1 AND membership.email = $2 AND ended_at IS NULL
"""
_SERVED = """
INSERT INTO service_place (tenant_id, service_id, place_id)
SELECT $1, service.id, $2 FROM service WHERE tenant_id = $1 AND retired_at IS NULL
ON CONFLICT DO NOTHING
"""


@dataclass(frozen=True, slots=True)
class FirstService:
    """`price` as in the table."""

    name: str
    duration: timedelta
    price: int | None


@dataclass(frozen=True, slots=True)
class FirstHours:
    """The same on each of these weekdays, 0 being Monday; minutes after midnight on the practice's wall."""

    weekdays: frozenset[int]
    opens: int
    closes: int
    street: str
    postcode: str
    city: str


@dataclass(frozen=True, slots=True)
class Progress:
    """What is there, as the steps' forms have it.

    `service` and `hours` are None without any, and once there is more than these forms could show: then the settings
    are the place to change them.
    """

    services: int
    service: FirstService | None
    spans: int
    hours: FirstHours | None
    published_at: datetime | None

    @property
    def next_step(self) -> str:
        if not self.services:
            return "service"
        return "page" if self.spans else "hours"

    def may_change(self, step: str) -> bool:
        """Whether the step's form shows all there is of it."""
        if step == "service":
            return self.services == 0 or self.service is not None
        return self.spans == 0 or self.hours is not None


async def find_progress(tenant: Tenant) -> Progress:
    services = await Service.of(tenant).where(Service.retired_at.is_null())
    spans = await OpeningHours.of(tenant)
    places = await Place.of(tenant).where(Place.retired_at.is_null())
    opened = await fetch_first("SELECT published_at FROM practice WHERE id = $1", tenant.id)
    assert opened is not None
    only = services[0] if len(services) == 1 else None
    return Progress(
        services=len(services),
        service=FirstService(only["name"], only["duration"], only["price"]) if only else None,
        spans=len(spans),
        hours=_simple_week(spans, places),
        published_at=opened["published_at"],
    )


async def begin(tenant: Tenant, email: str, name: str, title: str) -> int:
    """The practitioner that this member is; in a practice without any, made and linked.

    In one that has some, the first of them: an admin who gives no services stays what they are.
    """
    await fetch(_TURN, tenant.id)
    own = await fetch_first(_OWN, tenant.id, email)
    assert own is not None
    if own["id"] is not None:
        return int(own["id"])
    some = await Practitioner.of(tenant).where(Practitioner.retired_at.is_null()).order_by(Practitioner.id).first()
    if some is not None:
        return int(some["id"])
    made = await Practitioner.insert(Practitioner(tenant_id=tenant.id, name=name, title=title))
    await Membership.update({Membership.practitioner_id: made[0]["id"]}).where(
        (Membership.tenant_id == tenant.id) & (Membership.id == own["membership_id"])
    )
    return int(made[0]["id"])


async def set_first_service(tenant: Tenant, practitioner_id: int, wanted: FirstService) -> None:
    """Made, or changed where it is the only one: who goes back and on again, or clicks twice, still has one."""
    await fetch(_TURN, tenant.id)
    there = await find_progress(tenant)
    if not there.may_change("service"):
        return
    columns: dict[Any, Any] = {"name": wanted.name, "duration": wanted.duration, "price": wanted.price}
    if there.service:
        await Service.update(columns).where((Service.tenant_id == tenant.id) & Service.retired_at.is_null())
        return
    made = await Service.insert(Service(tenant_id=tenant.id, **columns))
    service_id = made[0]["id"]
    await ServicePractitioner.insert(
        ServicePractitioner(tenant_id=tenant.id, service_id=service_id, practitioner_id=practitioner_id)
    )
    for place in await Place.of(tenant, Place.id).where(Place.retired_at.is_null()):
        await ServicePlace.insert(ServicePlace(tenant_id=tenant.id, service_id=service_id, place_id=place["id"]))


async def set_first_hours(tenant: Tenant, practitioner_id: int, wanted: FirstHours) -> None:
    """Instead of those that the same form has set before. Raises EndsBeforeItBegins."""
    if wanted.opens >= wanted.closes:
        raise EndsBeforeItBegins
    await fetch(_TURN, tenant.id)
    there = await find_progress(tenant)
    if not there.may_change("hours"):
        return
    place_id = await _set_place(tenant, wanted)
    await fetch("UPDATE practice SET city = $2 WHERE id = $1 AND city <> $2", tenant.id, wanted.city)
    await fetch(_SERVED, tenant.id, place_id)
    if there.hours and _week(there.hours) == _week(wanted):
        return
    await OpeningHours.delete().where(OpeningHours.tenant_id == tenant.id)
    for weekday in sorted(wanted.weekdays):
        row = OpeningHours(tenant_id=tenant.id, practitioner_id=practitioner_id, place_id=place_id, weekday=weekday)
        row.opens, row.closes = wanted.opens, wanted.closes
        await OpeningHours.insert(row)


async def _set_place(tenant: Tenant, wanted: FirstHours) -> int:
    """The only place, changed to this, or a first one. It is called as its town until somebody names it."""
    columns: dict[Any, Any] = {name: getattr(wanted, name) for name in ("street", "postcode", "city")}
    rows = await Place.of(tenant).where(Place.retired_at.is_null()).order_by(Place.id)
    if not rows:
        made = await Place.insert(Place(tenant_id=tenant.id, name=wanted.city, **columns))
        return int(made[0]["id"])
    first = rows[0]
    if first["name"] == first["city"]:
        columns["name"] = wanted.city
    if any(first[column] != value for column, value in columns.items()):
        await Place.update(columns).where((Place.tenant_id == tenant.id) & (Place.id == first["id"]))
    return int(first["id"])


def _simple_week(spans: list[dict[str, Any]], places: list[dict[str, Any]]) -> FirstHours | None:
    """None unless one practitioner receives at the only place from one hour to another, each day at most once."""
    alike = {(row["practitioner_id"], row["place_id"], row["opens"], row["closes"]) for row in spans}
    weekdays = frozenset(row["weekday"] for row in spans)
    bounded = any(row["from_day"] or row["until_day"] for row in spans)
    if len(alike) != 1 or len(places) != 1 or len(weekdays) != len(spans) or bounded:
        return None
    place, row = places[0], spans[0]
    if row["place_id"] != place["id"]:
        return None
    return FirstHours(weekdays, row["opens"], row["closes"], place["street"], place["postcode"], place["city"])


def _week(hours: FirstHours) -> tuple[frozenset[int], int, int]:
    return hours.weekdays, hours.opens, hours.closes
