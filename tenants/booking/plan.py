"""What decides when something can begin, before anyone asks who is busy: one practice's hours, services and policy.

A plan is remembered by each process under the number that the database raises with every change to it. Whoever uses
a remembered plan reads that number in the same statement as the busy times, so an old plan is never acted on.
"""

from collections import OrderedDict
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from tenants.availability.hours import DatedHours, WeeklyHours
from tenants.availability.spans import Span
from tenants.availability.starts import Candidate, Length, candidates
from tenants.booking.policy import Policy, find_policy
from tenants.hours.tables import Closure, DatedOpening, OpeningHours
from tenants.places.tables import Place
from tenants.practices.tables import Practice
from tenants.practices.tenant import Tenant
from tenants.practitioners.tables import Practitioner
from tenants.refusals import NotFound, PracticeSuspended
from tenants.resources.tables import Resource, ResourceKind
from tenants.services.tables import Service, ServiceNeed, ServicePlace, ServicePractitioner, ServiceText

REMEMBERED = 2_000
_DAYS_REMEMBERED = 10_000
"""Over all plans, so that what a process remembers is bounded: about 2 kB each."""


@dataclass(frozen=True, slots=True)
class PlannedService:
    """`practitioners` by name, so that ties are settled by name; `needs` are kinds of resources, one of each."""

    row: dict[str, Any]
    length: Length
    step: int
    practitioners: tuple[int, ...]
    places: frozenset[int]
    needs: tuple[int, ...] = ()

    @property
    def capacity(self) -> int:
        return int(self.row["capacity"])

    @property
    def is_group(self) -> bool:
        return self.capacity > 1

    @property
    def is_online(self) -> bool:
        """Whether clients book it by themselves."""
        return bool(self.row["online"])


def lasting(service: PlannedService, length: timedelta | None) -> PlannedService:
    """The same service, given as long as that; its buffers stay."""
    if length is None:
        return service
    return replace(service, length=Length(int(length.total_seconds()), service.length.before, service.length.after))


@dataclass(slots=True)
class Plan:
    """`resources` are rows by kind and place, `texts` rows by service and language.

    `elsewhere` are the zones of places that are not in the practice's own.
    """

    version: int
    zone: ZoneInfo
    is_suspended: bool
    policy: Policy
    services: dict[str, PlannedService]
    practitioners: dict[int, dict[str, Any]]
    places: dict[int, dict[str, Any]]
    weekly: dict[int, list[WeeklyHours]]
    dated: dict[int, list[DatedHours]]
    closures: list[tuple[int | None, int | None, Span]]
    elsewhere: dict[int, ZoneInfo]
    kinds: dict[int, dict[str, Any]]
    resources: dict[int, dict[int, list[dict[str, Any]]]]
    texts: dict[tuple[int, str], dict[str, Any]]

    def zone_at(self, place_id: int) -> ZoneInfo:
        return self.elsewhere.get(place_id, self.zone)

    def resources_for(self, service: PlannedService, place_id: int) -> dict[int, list[int]]:
        """By each kind that the service needs, those at the place, in the order in which they are given out."""
        return {kind: [row["id"] for row in self.resources.get(kind, {}).get(place_id, [])] for kind in service.needs}

    def check_open(self) -> None:
        """Raises PracticeSuspended."""
        if self.is_suspended:
            raise PracticeSuspended

    def texts_in(self, language: str) -> dict[int, dict[str, Any]]:
        """By the service's id."""
        return {service: row for (service, each), row in self.texts.items() if each == language}

    def service(self, ref: str) -> PlannedService:
        if ref not in self.services:
            raise NotFound("service")
        return self.services[ref]

    def candidates(self, service: PlannedService, practitioner_id: int, day: date) -> list[Candidate]:
        """Remembered, the longest known forgotten first: hours do not change without the plan's number changing."""
        key = (self.version, service.row["id"], service.length.duration, practitioner_id, day)
        found = _days.get(key)
        if found is None:
            if len(_days) >= _DAYS_REMEMBERED:
                del _days[next(iter(_days))]
            found = _days[key] = self._candidates(service, practitioner_id, day)
        return found

    def _candidates(self, service: PlannedService, practitioner_id: int, day: date) -> list[Candidate]:
        return candidates(
            day,
            weekly=[hours for hours in self.weekly.get(practitioner_id, ()) if hours.place_id in service.places],
            dated=[hours for hours in self.dated.get(practitioner_id, ()) if hours.place_id in service.places],
            closures=[(place, span) for who, place, span in self.closures if who in {None, practitioner_id}],
            length=service.length,
            step=service.step,
            zone=self.zone,
            elsewhere=self.elsewhere,
        )


_remembered: OrderedDict[int, Plan] = OrderedDict()
_days: dict[tuple[int, int, int, int, date], list[Candidate]] = {}


def remembered_plan(tenant: Tenant) -> Plan | None:
    """Perhaps an old one: its number has to be compared before it is acted on."""
    return _remembered.get(tenant.id)


async def current_plan(tenant: Tenant) -> Plan:
    """As it stands now; for pages that show it without asking who is busy."""
    plan = _remembered.get(tenant.id)
    sign = await Practice.select(Practice.plan_version).where(Practice.id == tenant.id).first()
    assert sign is not None
    return plan if plan and plan.version == sign["plan_version"] else await load_plan(tenant)


async def load_plan(tenant: Tenant) -> Plan:
    """Reads the plan anew, in a number of queries that does not depend on its size, and remembers it."""
    columns = (Practice.plan_version, Practice.zone, Practice.suspended_at)
    sign = await Practice.select(*columns).where(Practice.id == tenant.id).first()
    assert sign is not None
    practitioners = await Practitioner.of(tenant).where(Practitioner.retired_at.is_null())
    practitioners.sort(key=lambda row: (row["position"], row["name"], row["id"]))
    places = await Place.of(tenant).where(Place.retired_at.is_null()).order_by(Place.position).order_by(Place.id)
    weekly, dated, closures = await _load_hours(tenant)
    plan = Plan(
        version=sign["plan_version"],
        zone=ZoneInfo(sign["zone"]),
        is_suspended=sign["suspended_at"] is not None,
        policy=await find_policy(tenant),
        practitioners={row["id"]: row for row in practitioners},
        places={row["id"]: row for row in places},
        services=await _load_services(tenant, [row["id"] for row in practitioners], {row["id"] for row in places}),
        weekly=weekly,
        dated=dated,
        closures=closures,
        elsewhere={row["id"]: ZoneInfo(row["zone"]) for row in places if row["zone"] not in {None, sign["zone"]}},
        kinds={row["id"]: row for row in await ResourceKind.of(tenant)},
        resources=await _load_resources(tenant),
        texts={(row["service_id"], row["language"]): row for row in await ServiceText.of(tenant)},
    )
    _remember(tenant, plan)
    return plan


def _remember(tenant: Tenant, plan: Plan) -> None:
    _remembered[tenant.id] = plan
    _remembered.move_to_end(tenant.id)
    if len(_remembered) > REMEMBERED:
        _remembered.popitem(last=False)


async def _load_services(tenant: Tenant, practitioners: list[int], places: set[int]) -> dict[str, PlannedService]:
    """`practitioners` in the order in which ties are settled."""
    rows = await Service.of(tenant).where(Service.retired_at.is_null()).order_by(Service.position).order_by(Service.id)
    given_by = [(row["service_id"], row["practitioner_id"]) for row in await ServicePractitioner.of(tenant)]
    given_at = [(row["service_id"], row["place_id"]) for row in await ServicePlace.of(tenant)]
    who, where = set(given_by), set(given_at)
    needs = sorted((row["service_id"], row["kind_id"]) for row in await ServiceNeed.of(tenant))
    return {
        row["ref"]: PlannedService(
            row=row,
            length=Length(
                duration=_seconds(row["duration"]),
                before=_seconds(row["buffer_before"]),
                after=_seconds(row["buffer_after"]),
            ),
            step=_seconds(row["step"]) // 60,
            practitioners=tuple(each for each in practitioners if (row["id"], each) in who),
            places=frozenset(each for each in places if (row["id"], each) in where),
            needs=tuple(kind for service, kind in needs if service == row["id"]),
        )
        for row in rows
    }


async def _load_resources(tenant: Tenant) -> dict[int, dict[int, list[dict[str, Any]]]]:
    found: dict[int, dict[int, list[dict[str, Any]]]] = {}
    query = Resource.of(tenant).where(Resource.retired_at.is_null())
    for row in await query.order_by(Resource.position).order_by(Resource.id):
        found.setdefault(row["kind_id"], {}).setdefault(row["place_id"], []).append(row)
    return found


async def _load_hours(
    tenant: Tenant,
) -> tuple[dict[int, list[WeeklyHours]], dict[int, list[DatedHours]], list[tuple[int | None, int | None, Span]]]:
    weekly: dict[int, list[WeeklyHours]] = {}
    for row in await OpeningHours.of(tenant):
        names = ("place_id", "weekday", "opens", "closes", "from_day", "until_day")
        weekly.setdefault(row["practitioner_id"], []).append(WeeklyHours(**{name: row[name] for name in names}))
    dated: dict[int, list[DatedHours]] = {}
    for row in await DatedOpening.of(tenant):
        hours = DatedHours(**{name: row[name] for name in ("place_id", "day", "opens", "closes")})
        dated.setdefault(row["practitioner_id"], []).append(hours)
    closures = [
        (row["practitioner_id"], row["place_id"], (int(row["starts_at"].timestamp()), int(row["ends_at"].timestamp())))
        for row in await Closure.of(tenant)
    ]
    return weekly, dated, closures


def _seconds(length: timedelta) -> int:
    return int(length.total_seconds())
