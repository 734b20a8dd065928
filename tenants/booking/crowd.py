"""What decides beside the practitioner's time: seats left in a group, and a room or thing of each kind needed."""

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from tenants.availability.spans import Span, union
from tenants.availability.starts import Candidate
from tenants.availability.wall_clock import moment
from tenants.booking.busy import LONGEST_BLOCKED, LONGEST_BUFFER, NOTHING, Besides
from tenants.booking.plan import Plan, PlannedService
from tenants.practices.tenant import Tenant
from tenants.scope import fetch

# Who shares a group, by seat: those who are booked, and those who fill in the form at this moment.
_SEATS = """
SELECT practitioner_id, place_id, starts_at, ends_at, seat, id AS appointment FROM appointment
WHERE tenant_id = $1 AND practitioner_id = ANY ($2::bigint[]) AND starts_at >= $4 AND starts_at < $5
      AND service_id = $3 AND seat IS NOT NULL AND cancelled_at IS NULL AND id <> ALL ($6::bigint[])
UNION ALL
SELECT practitioner_id, place_id, starts_at, ends_at, seat, NULL FROM hold
WHERE tenant_id = $1 AND practitioner_id = ANY ($2::bigint[]) AND starts_at >= $4 AND starts_at < $5
      AND service_id = $3 AND seat IS NOT NULL AND released_at IS NULL AND expires_at > $8 AND id <> $7
"""

# What the one who moves away has is free for them, unless a group that stays needs it.
_USES = """
SELECT resource_id, resource_use.blocked_from, resource_use.blocked_until
FROM resource_use LEFT JOIN hold ON hold.id = hold_id
WHERE resource_use.tenant_id = $1 AND resource_id = ANY ($2::bigint[])
      AND resource_use.blocked_from >= $3 AND resource_use.blocked_from < $4
      AND (hold_id IS NULL OR (hold.expires_at > $7 AND hold_id <> $6))
      AND (appointment_id IS NULL OR appointment_id <> ALL ($5::bigint[]) OR EXISTS (
          SELECT FROM appointment AS leaving
          JOIN appointment AS staying USING (tenant_id, practitioner_id, service_id, starts_at)
          WHERE leaving.id = appointment_id AND leaving.seat IS NOT NULL AND staying.seat IS NOT NULL
                AND staying.id <> ALL ($5::bigint[]) AND staying.cancelled_at IS NULL
      ))
"""


@dataclass(frozen=True, slots=True)
class Group:
    """Those who share one start: `seats` with the id of the appointment, or None for a hold."""

    place_id: int
    ends: int
    seats: dict[int, int | None]

    @property
    def next_seat(self) -> int:
        return next(seat for seat in range(1, len(self.seats) + 2) if seat not in self.seats)


@dataclass(frozen=True, slots=True)
class Crowd:
    """`groups` by practitioner and start; `uses` are unions of the times at which each resource is taken."""

    groups: Mapping[tuple[int, int], Group] = field(default_factory=dict)
    uses: Mapping[int, list[Span]] = field(default_factory=dict)

    def joined(self, service: PlannedService, who: int, candidate: Candidate) -> Group | None:
        """The group that one would join then and there, full or not."""
        group = self.groups.get((who, candidate[0]))
        if group and group.place_id == candidate[1] and group.ends == candidate[0] + service.length.duration:
            return group
        return None

    def missing(self, plan: Plan, service: PlannedService, candidate: Candidate) -> int | None:
        """The first kind of which nothing is free then at that place; None when there is one of each."""
        length = service.length
        span = (candidate[0] - length.before, candidate[0] + length.duration + length.after)
        for kind, resources in plan.resources_for(service, candidate[1]).items():
            if not any(self.is_free(resource, span) for resource in resources):
                return kind
        return None

    def is_free(self, resource_id: int, span: Span) -> bool:
        taken = self.uses.get(resource_id, [])
        following = bisect_left(taken, (span[1],))
        return following == 0 or taken[following - 1][1] <= span[0]


NOBODY = Crowd()


async def load_crowd(
    tenant: Tenant,
    plan: Plan,
    service: PlannedService,
    practitioners: list[int],
    span: Span,
    now: datetime,
    besides: Besides = NOTHING,
) -> Crowd:
    """Around what begins and ends in `span`; asks nothing for a service that neither is shared nor needs anything."""
    groups: dict[tuple[int, int], Group] = {}
    if service.is_group:
        groups = await load_groups(tenant, service, practitioners, span, now, besides)
    moving = [besides.appointment_id]
    return Crowd(groups, await load_uses(tenant, plan, service, span, now, moving, besides.hold_id))


async def load_groups(
    tenant: Tenant, service: PlannedService, practitioners: list[int], span: Span, now: datetime, besides: Besides
) -> dict[tuple[int, int], Group]:
    groups: dict[tuple[int, int], Group] = {}
    values = (service.row["id"], *_around(span), [besides.appointment_id], besides.hold_id, now)
    for row in await fetch(_SEATS, tenant.id, practitioners, *values):
        key = (row["practitioner_id"], _instant(row["starts_at"]))
        group = groups.setdefault(key, Group(row["place_id"], _instant(row["ends_at"]), {}))
        if row["appointment"] is not None or row["seat"] not in group.seats:
            group.seats[row["seat"]] = row["appointment"]
    return groups


async def load_uses(
    tenant: Tenant,
    plan: Plan,
    service: PlannedService,
    span: Span,
    now: datetime,
    moving: Sequence[int] = (),
    hold_id: int = 0,
) -> dict[int, list[Span]]:
    """Of the resources that the service may get; what the appointments `moving` have counts as free."""
    wanted = [row["id"] for kind in service.needs for rows in plan.resources.get(kind, {}).values() for row in rows]
    uses: dict[int, list[Span]] = {}
    if wanted:
        for row in await fetch(_USES, tenant.id, wanted, *_around(span), list(moving), hold_id, now):
            span = _instant(row["blocked_from"]), _instant(row["blocked_until"])
            uses.setdefault(row["resource_id"], []).append(span)
    return {resource: union(spans) for resource, spans in uses.items()}


def _around(span: Span) -> tuple[datetime, datetime]:
    return moment(span[0] - LONGEST_BLOCKED), moment(span[1] + 2 * LONGEST_BUFFER)


def _instant(at: datetime) -> int:
    return int(at.timestamp())
