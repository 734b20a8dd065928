"""Who has a practitioner's time already, one by one and by name: for those who work at the practice."""

from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from tenants.availability.spans import Span
from tenants.availability.wall_clock import moment
from tenants.booking.busy import LONGEST_BLOCKED, LONGEST_BUFFER
from tenants.practices.tenant import Tenant
from tenants.scope import fetch


class Taken(NamedTuple):
    """An appointment, or with `id` None what somebody holds at this moment. Instants are seconds."""

    practitioner_id: int
    id: int | None
    ref: str
    client: str
    span: Span
    blocked: Span
    service_id: int
    place_id: int
    seat: int | None = None


@dataclass(frozen=True, slots=True)
class Without:
    """What does not count: the appointments that are being moved."""

    ids: frozenset[int] = frozenset()


ALL = Without()

_TAKEN = """
SELECT practitioner_id, appointment.id, appointment.ref, concat_ws(' ', first_name, last_name) AS client,
       starts_at, ends_at, blocked_from, blocked_until, service_id, place_id, seat
FROM appointment JOIN client_record ON client_record.id = client_record_id
WHERE appointment.tenant_id = $1 AND practitioner_id = ANY ($2::bigint[]) AND starts_at >= $3 AND starts_at < $4
      AND cancelled_at IS NULL AND appointment.id <> ALL ($6::bigint[])
UNION ALL
SELECT practitioner_id, NULL, '', '', starts_at, ends_at, blocked_from, blocked_until, service_id, place_id, seat
FROM hold
WHERE tenant_id = $1 AND practitioner_id = ANY ($2::bigint[]) AND starts_at >= $3 AND starts_at < $4
      AND released_at IS NULL AND expires_at > $5
ORDER BY starts_at
"""


async def taken_between(
    tenant: Tenant, practitioners: list[int], span: Span, now: datetime, besides: Without = ALL
) -> list[Taken]:
    """All that could meet what begins and ends in `span`, however long and buffered either is, by their start."""
    since, before = moment(span[0] - LONGEST_BLOCKED), moment(span[1] + 2 * LONGEST_BUFFER)
    rows = await fetch(_TAKEN, tenant.id, practitioners, since, before, now, list(besides.ids))
    return [
        Taken(
            row["practitioner_id"],
            row["id"],
            row["ref"],
            row["client"],
            (int(row["starts_at"].timestamp()), int(row["ends_at"].timestamp())),
            (int(row["blocked_from"].timestamp()), int(row["blocked_until"].timestamp())),
            row["service_id"],
            row["place_id"],
            row["seat"],
        )
        for row in rows
    ]
