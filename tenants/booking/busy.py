"""When practitioners are taken already: by appointments, and by holds that have not expired."""

from dataclasses import dataclass
from datetime import datetime

from tenants.availability.spans import Span, union
from tenants.availability.wall_clock import moment
from tenants.practices.tenant import Tenant
from tenants.scope import fetch_first

LONGEST_BLOCKED = 32 * 3600  # the table's CHECK: nothing that began longer ago can still be going on
LONGEST_BUFFER = 4 * 3600

# One row, so that the plan's number and the busy times are of one moment.
_TAKEN = """
SELECT practice.plan_version, taken.practitioners, taken.since, taken.until, taken.starts
FROM practice, LATERAL (
    SELECT array_agg(practitioner_id) AS practitioners,
           array_agg(extract(epoch FROM blocked_from)::bigint) AS since,
           array_agg(extract(epoch FROM blocked_until)::bigint) AS until,
           array_agg(extract(epoch FROM appointment_starts_at)::bigint) AS starts
    FROM (
        SELECT practitioner_id, blocked_from, blocked_until, starts_at AS appointment_starts_at
        FROM appointment
        WHERE tenant_id = $1 AND practitioner_id = ANY ($2) AND starts_at >= $3 AND starts_at < $4
              AND cancelled_at IS NULL AND id <> $5
        UNION ALL
        SELECT practitioner_id, blocked_from, blocked_until, NULL
        FROM hold
        WHERE tenant_id = $1 AND practitioner_id = ANY ($2) AND starts_at >= $3 AND starts_at < $4
              AND released_at IS NULL AND expires_at > $6 AND id <> $7
    ) AS each_taken
) AS taken
WHERE practice.id = $1
"""


@dataclass(frozen=True, slots=True)
class Besides:
    """What does not count as busy: one's own appointment when moving it, one's own hold when booking it."""

    appointment_id: int = 0
    hold_id: int = 0


NOTHING = Besides()


@dataclass(frozen=True, slots=True)
class Busy:
    """`spans` are unions by practitioner; `starts` are the beginnings of their appointments, holds left out."""

    plan_version: int
    spans: dict[int, list[Span]]
    starts: dict[int, list[int]]


async def load_busy(
    tenant: Tenant, practitioners: list[int], span: Span, now: datetime, besides: Besides = NOTHING
) -> Busy:
    """All that could meet what begins and ends in `span`, however long and buffered either is."""
    row = await fetch_first(
        _TAKEN,
        tenant.id,
        practitioners,
        moment(span[0] - LONGEST_BLOCKED),
        moment(span[1] + 2 * LONGEST_BUFFER),
        besides.appointment_id,
        now,
        besides.hold_id,
    )
    assert row is not None
    spans: dict[int, list[Span]] = {}
    starts: dict[int, list[int]] = {}
    rows = zip(row["practitioners"] or (), row["since"] or (), row["until"] or (), row["starts"] or (), strict=True)
    for practitioner_id, since, until, start in rows:
        spans.setdefault(practitioner_id, []).append((since, until))
        if start is not None:
            starts.setdefault(practitioner_id, []).append(start)
    return Busy(row["plan_version"], {who: union(taken) for who, taken in spans.items()}, starts)
