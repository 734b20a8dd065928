"""What stands in a practice's book between two instants, with no more of each row than a calendar draws."""

from collections.abc import Collection
from datetime import date, datetime, timedelta
from typing import Any

from tenants.practices.tenant import Tenant
from tenants.scope import fetch

LONGEST = timedelta(hours=24)
"""The longest appointment: none that began earlier is still going on."""

# Everybody's, also of those who have left. Named as an array, so that the index by practitioner and start serves it.
_APPOINTMENTS = """
SELECT appointment.id, appointment.ref, sequence, starts_at, ends_at, blocked_from, blocked_until,
       cancelled_at, no_show_at, completed_at, arrived_at, confirmed_at, pending,
       series_id IS NOT NULL AS in_series, shares <> '{}' AND seat IS NULL AS overbooked,
       concat_ws(' ', first_name, NULLIF(last_name, '')) AS client, service.name AS service, service.ref AS service_ref,
       practitioner.ref AS practitioner, place.ref AS place
FROM appointment
JOIN client_record ON client_record.id = client_record_id
JOIN service ON service.id = service_id
JOIN practitioner ON practitioner.id = practitioner_id
JOIN place ON place.id = place_id
WHERE appointment.tenant_id = $1
      AND practitioner_id = ANY (ARRAY(SELECT id FROM practitioner WHERE tenant_id = $1))
      AND ($5::bigint IS NULL OR practitioner_id = $5) AND starts_at >= $2 AND starts_at < $4 AND ends_at > $3
ORDER BY starts_at, appointment.id
"""

# `offered_to` is who of the waiting list is asked about it, empty for what a client keeps themselves.
_HOLDS = """
SELECT id, practitioner_id, place_id, starts_at, ends_at, blocked_from, blocked_until,
       coalesce((SELECT concat_ws(' ', first_name, NULLIF(last_name, ''))
                 FROM waiting_offer JOIN client_record ON client_record.id = client_record_id
                 WHERE waiting_offer.tenant_id = $1 AND hold_id = hold.id), '') AS offered_to
FROM hold
WHERE tenant_id = $1 AND practitioner_id = ANY (ARRAY(SELECT id FROM practitioner WHERE tenant_id = $1))
      AND starts_at >= $2 AND starts_at < $4 AND ends_at > $3
      AND released_at IS NULL AND expires_at > $5
ORDER BY starts_at, id
"""

_NUMBERS = """
SELECT (starts_at AT TIME ZONE $4)::date AS day, count(*) AS appointments
FROM appointment
WHERE tenant_id = $1 AND practitioner_id = ANY ($5::bigint[]) AND place_id = ANY ($6::bigint[])
      AND starts_at >= $2 AND starts_at < $3 AND cancelled_at IS NULL
GROUP BY 1
"""


async def appointments_in_book(
    tenant: Tenant, since: datetime, until: datetime, practitioner_id: int | None = None
) -> list[Any]:
    """All that last any time between the two, cancelled ones too, by their start: everybody's or one practitioner's."""
    return await fetch(_APPOINTMENTS, tenant.id, since - LONGEST, since, until, practitioner_id)


async def holds_in_book(tenant: Tenant, since: datetime, until: datetime, now: datetime) -> list[Any]:
    """What clients keep at this moment: while they fill in a form, or because it is offered to them."""
    return await fetch(_HOLDS, tenant.id, since - LONGEST, since, until, now)


async def numbers_by_day(
    tenant: Tenant, since: datetime, until: datetime, practitioners: Collection[int], places: Collection[int]
) -> dict[date, int]:
    """How many live appointments begin on each day of the practice's calendar; days without any are left out."""
    rows = await fetch(_NUMBERS, tenant.id, since, until, tenant.zone.key, list(practitioners), list(places))
    return {row["day"]: row["appointments"] for row in rows}
