"""A large practice as its desk sees it: ten practitioners, 20,000 records, 20,000 appointments around today.

Each practitioner has sixteen half hours a day, every day: 1,120 appointments in any week.
"""

from datetime import date

import asyncpg

from tests.benchmarks.practices import TEN, ZONE

RECORDS, APPOINTMENTS = 20_000, 20_000
A_DAY = 160
TOKEN = "token-of-the-desk"

FIRST_NAMES = ("Amélie", "Björn", "Chloé", "Đorđe", "Elena", "Françoise", "Gaëlle", "Håkon", "Inès", "Jürgen")
LAST_NAMES = (
    "Ångström",
    "Beaulieu",
    "Čapek",
    "Desjardins",
    "Espósito",
    "Fontaine",
    "García",
    "Hébert",
    "Itō",
    "Łukasz",
)

_RECORDS = """
INSERT INTO client_record (ref, tenant_id, email, first_name, last_name, phone, created_at)
SELECT 'desk' || n, $1, 'desk-' || n || '@example.org', ($3::text[])[1 + n % 10],
       ($4::text[])[1 + n / 10 % 10] || ' ' || n, '+1416' || (5550000 + n), now()
FROM generate_series(0, $2::int - 1) AS n
"""
_APPOINTMENTS = """
INSERT INTO appointment (ref, tenant_id, client_record_id, practitioner_id, service_id, place_id, starts_at, ends_at,
                         blocked_from, blocked_until, booking_key, booked_at, booked_by)
SELECT 'desk' || n, $1, record.id, practitioner.id, $1, $1, starts_at, starts_at + interval '30 minutes', starts_at,
       starts_at + interval '30 minutes', 'desk' || n, now(), 'staff'
FROM generate_series(0, $2::int - 1) AS n
JOIN (SELECT id, row_number() OVER (ORDER BY id) - 1 AS nth FROM practitioner WHERE tenant_id = $1) AS practitioner
     ON practitioner.nth = n % 10
JOIN (SELECT id, row_number() OVER (ORDER BY id) - 1 AS nth FROM client_record WHERE ref LIKE 'desk%') AS record
     ON record.nth = n * 7 % $3::int,
LATERAL (SELECT ($4::date - $2::int / $5::int / 2 + n / $5::int
                 + make_interval(hours => 9, mins => 30 * (n / 10 % 16))) AT TIME ZONE $6 AS starts_at) AS begins
"""
_MEMBER = """
WITH person AS (
    INSERT INTO person (ref, first_name, last_name, created_at) VALUES ('desk', 'Practitioner', '1', now()) RETURNING id
), address AS (
    INSERT INTO address (ref, person_id, email, verified_at)
    SELECT 'desk', id, 'desk@example.org', now() FROM person RETURNING id, person_id
), member AS (
    INSERT INTO membership (tenant_id, email, role) VALUES ($1, 'desk@example.org', 'admin')
)
INSERT INTO connection (ref, token_digest, person_id, address_id, created_at, last_seen_at)
SELECT 'desk', sha256(convert_to($2, 'UTF8')), person_id, id, now(), now() FROM address
"""


async def fill(owner: asyncpg.Connection, today: date) -> None:
    """Over whatever the practice had."""
    await owner.execute("DELETE FROM appointment WHERE tenant_id = $1", TEN)
    await owner.execute(_RECORDS, TEN, RECORDS, list(FIRST_NAMES), list(LAST_NAMES), timeout=None)
    await owner.execute(_APPOINTMENTS, TEN, APPOINTMENTS, RECORDS, today, A_DAY, ZONE, timeout=None)
    await owner.execute(_MEMBER, TEN, TOKEN)
    await owner.execute("VACUUM ANALYZE", timeout=None)
