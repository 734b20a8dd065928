"""A person with four addresses at six practices, and sixty appointments: twenty of them still to come."""

from datetime import datetime

import asyncpg

WHO = "visitor-0"
TOKEN = f"token-of-{WHO}"
PRACTICES, ADDRESSES, COMING, PAST = 6, 4, 20, 40

_MAKE_ADDRESSES = """
INSERT INTO address (ref, person_id, email, verified_at)
SELECT 'address-0-' || n, person.id, 'visitor-0-' || n || '@example.org', now()
FROM person, generate_series(2, $1::int) AS n WHERE ref = 'visitor-0' ON CONFLICT DO NOTHING
"""
_MAKE_RECORDS = """
INSERT INTO client_record (ref, tenant_id, email, first_name, last_name, created_at)
SELECT 'many-' || n, 900 + n, (ARRAY(SELECT email FROM address WHERE person_id = person.id ORDER BY id))[1 + n % $2],
       'Visitor', '0', now()
FROM person, generate_series(1, $1::int) AS n WHERE person.ref = 'visitor-0' ON CONFLICT DO NOTHING
"""
# At half past seven and later: an hour that the background leaves free.
_MAKE_APPOINTMENTS = """
INSERT INTO appointment (ref, tenant_id, client_record_id, practitioner_id, service_id, place_id, starts_at, ends_at,
                         blocked_from, blocked_until, booking_key, booked_at, booked_by)
SELECT 'many-' || n, tenant_id, record.id, tenant_id, tenant_id, tenant_id, starts_at, ends_at, starts_at, ends_at,
       'many-' || n, now(), 'client'
FROM (SELECT id, tenant_id, row_number() OVER (ORDER BY tenant_id) - 1 AS nth
      FROM client_record WHERE ref LIKE 'many-%') AS record
JOIN generate_series(1, $1::int + $2::int) AS n ON n % $3::int = record.nth,
LATERAL (SELECT $4::timestamptz + make_interval(days => n - $2::int, hours => 7) AS starts_at) AS begins,
LATERAL (SELECT starts_at + interval '30 minutes' AS ends_at) AS ends
ON CONFLICT DO NOTHING
"""


async def make(owner: asyncpg.Connection, now: datetime) -> int:
    """The person's id. Asked again, all of it is there already."""
    await owner.execute(_MAKE_ADDRESSES, ADDRESSES)
    await owner.execute(_MAKE_RECORDS, PRACTICES, ADDRESSES)
    midnight = now.replace(hour=12, minute=0, second=0, microsecond=0)
    await owner.execute(_MAKE_APPOINTMENTS, COMING, PAST, PRACTICES, midnight)
    await owner.execute("UPDATE connection SET last_seen_at = now() WHERE ref = $1", WHO)
    await owner.execute("ANALYZE", timeout=None)
    return int(await owner.fetchval("SELECT id FROM person WHERE ref = $1", WHO))
