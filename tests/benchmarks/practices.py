"""A thousand practices with as many appointments as asked for, written by the database's owner.

Practice 1 has the practitioner who is measured: 200 busy times in the coming month. Practice 2 has ten practitioners,
each as busy. All others have one practitioner, whose full hours stay free for `posts.py` and whose half hours are taken
from sixty days ahead into the past until the number of appointments is reached. Ids of a practice, its practitioner,
place and service are the same number, so that a statement can compute them.
"""

from datetime import date, timedelta

import asyncpg

PRACTICES = 1_000
RECORDS = 50  # client records of each practice, where no more are asked for
ADDRESSES = 4  # of each person; every address is known to one practice
ZONE = "America/Toronto"
MEASURED, TEN = 1, 2  # practices
OPENS, CLOSES = 8, 18  # o'clock, every day of the week
BUSY_A_MONTH = 200
AHEAD = 60  # days that the background reaches into the future

_FOUND = f"""
INSERT INTO practice (slug, name, zone, languages, accent, currency, country, created_at, published_at)
SELECT 'practice-' || n, 'Practice ' || n, '{ZONE}', '{{en,fr}}', '#0f5c6e', 'CAD', 'CA', now(), now()
FROM generate_series(1, {PRACTICES}) AS n ORDER BY n;

INSERT INTO place (ref, tenant_id, name, street, postcode, city)
SELECT 'place' || id, id, 'House ' || id, id || ' Quay Street', 'M5J 2N8', 'Toronto' FROM practice ORDER BY id;

INSERT INTO practitioner (ref, tenant_id, name)
SELECT 'who' || id, id, 'Practitioner ' || id FROM practice ORDER BY id;
INSERT INTO practitioner (ref, tenant_id, name)
SELECT 'other' || n, {TEN}, 'Practitioner ' || n FROM generate_series(1, 9) AS n ORDER BY n;

INSERT INTO service (ref, tenant_id, name, duration, step)
SELECT 'service' || id, id, 'Visit', '30 minutes', '30 minutes' FROM practice ORDER BY id;
INSERT INTO service_practitioner (tenant_id, service_id, practitioner_id)
SELECT tenant_id, tenant_id, id FROM practitioner;
INSERT INTO service_place (tenant_id, service_id, place_id) SELECT id, id, id FROM practice;

INSERT INTO opening_hours (ref, tenant_id, practitioner_id, place_id, weekday, opens, closes)
SELECT 'hours' || id || '-' || weekday, tenant_id, id, tenant_id, weekday, {OPENS * 60}, {CLOSES * 60}
FROM practitioner, generate_series(0, 6) AS weekday;
INSERT INTO booking_policy (tenant_id) SELECT id FROM practice;
"""

_CLIENTS = (
    f"""
INSERT INTO client_record (ref, tenant_id, email, reach_email, first_name, last_name, search, filed_as, created_at)
SELECT 'record' || n, 1 + n / $1::int, 'client-' || n || '@example.org', 'client-' || n || '@example.org',
       'Client', n::text, n || ' client', n || ' client', now()
FROM generate_series(0, {PRACTICES} * $1::int - 1) AS n ORDER BY n
""",
    f"""
INSERT INTO person (ref, first_name, last_name, created_at)
SELECT 'client-' || n, 'Client', n::text, now()
FROM generate_series(0, {PRACTICES} * $1::int / {ADDRESSES} - 1) AS n ORDER BY n
""",
    f"""
INSERT INTO address (ref, person_id, email, verified_at)
SELECT 'client-' || n, person.id, 'client-' || n || '@example.org', now()
FROM generate_series(0, {PRACTICES} * $1::int - 1) AS n JOIN person ON person.ref = 'client-' || n / {ADDRESSES}
""",
    """
INSERT INTO connection (ref, token_digest, person_id, address_id, created_at, last_seen_at)
SELECT person.ref, sha256(convert_to('token-of-' || person.ref, 'UTF8')), person.id, min(address.id), now(), now()
FROM person JOIN address ON address.person_id = person.id WHERE $1::int > 0 GROUP BY person.id
""",
)

_APPOINTMENTS = """
INSERT INTO appointment (ref, tenant_id, client_record_id, practitioner_id, service_id, place_id, starts_at, ends_at,
                         blocked_from, blocked_until, booking_key, booked_at, booked_by)
SELECT left(md5(label), 16), tenant, record, practitioner, tenant, tenant, starts_at, starts_at + '30 minutes',
       starts_at, starts_at + '30 minutes', label, starts_at - interval '14 days', 'client'
FROM (
    SELECT tenant, practitioner, 1 + (tenant - 1) * {records}::int + nth % {records}::int AS record,
           label || practitioner || '-' || nth AS label,
           (day + make_interval(mins => minutes)) AT TIME ZONE 'America/Toronto' AS starts_at
    FROM ({times}) AS times
) AS planned
"""

# In the order in which they happen, as they would have been written: neighbours of one practice lie far apart.
_BACKGROUND = _APPOINTMENTS.format(
    records="$4",
    times="""
    SELECT 'past' AS label, nth, tenant, tenant AS practitioner, $1::date - nth / 10 AS day,
           60 * (8 + nth % 10) + 30 AS minutes
    FROM generate_series($3::int, 0, -1) AS nth, generate_series(1, 1000) AS tenant
    WHERE tenant > 2 OR $1::date - nth / 10 < $2::date
    """,
)
_BUSY = _APPOINTMENTS.format(
    records="$5",
    times="""
    SELECT 'busy' AS label, nth, tenant_id AS tenant, id AS practitioner, $1::date + nth % $2::int AS day,
           60 * (8 + nth / $2::int) AS minutes
    FROM practitioner, generate_series(0, $3::int - 1) AS nth
    WHERE tenant_id = $4
    """,
)
_SINGLE = "SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE conname = 'appointment_single'"


def coming_month(today: date) -> tuple[date, int]:
    """The first day of the next calendar month, and how many days it has."""
    first = (today.replace(day=1) + timedelta(days=31)).replace(day=1)
    return first, ((first + timedelta(days=31)).replace(day=1) - first).days


async def fill(
    owner: asyncpg.Connection, appointments: int, today: date, *, records: int = RECORDS, booked: bool = True
) -> None:
    """Keys are not checked one by one, and the constraint is built after its rows: the same rows, in less time.

    Where nothing will be `booked` it is not built at all: no list is read by its index, and it takes the most time.
    """
    first, days = coming_month(today)
    await owner.execute("SET session_replication_role = replica")
    await owner.execute(_FOUND)
    for statement in _CLIENTS:
        await owner.execute(statement, records, timeout=None)
    single = await owner.fetchval(_SINGLE)
    await owner.execute("ALTER TABLE appointment DROP CONSTRAINT appointment_single")
    newest = today + timedelta(days=AHEAD)
    await owner.execute(_BACKGROUND, newest, today, appointments // PRACTICES - 1, records, timeout=None)
    await owner.execute(_BUSY, first, days, BUSY_A_MONTH, MEASURED, records)
    await owner.execute(_BUSY, today + timedelta(days=1), AHEAD, 2 * BUSY_A_MONTH, TEN, records)
    if booked:
        await owner.execute(f"ALTER TABLE appointment ADD CONSTRAINT appointment_single {single}", timeout=None)
    await owner.execute("SET session_replication_role = DEFAULT")
    await owner.execute("VACUUM ANALYZE", timeout=None)
    await owner.execute("CHECKPOINT")
