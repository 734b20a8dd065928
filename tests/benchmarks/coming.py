"""Ten thousand practices in several zones, three reminders each, and a million appointments in the next ninety days.

They come on top of what `practices.py` writes, in rows of their own: each practice has ten clients with a mobile
number, who come a hundred times in all. The first practices keep their full hours free for `posts.py`.
"""

from datetime import date

import asyncpg

from tests.benchmarks import posts, practices

PRACTICES, RULES, APPOINTMENTS, DAYS = 10_000, 30_000, 1_000_000, 90
CLIENTS = 10  # of each practice
EMAIL, SMS, SOON = 48 * 60, 24 * 60, 2 * 60  # minutes ahead of the three rules; the last falls into many a night
ZONES = (
    practices.ZONE,
    "America/Vancouver",
    "America/Halifax",
    "Europe/Paris",
    "Europe/Lisbon",
    "America/Mexico_City",
    "Asia/Kolkata",
    "Australia/Sydney",
)

_FOUND = f"""
INSERT INTO practice (slug, name, zone, languages, accent, currency, country, created_at, published_at)
SELECT 'practice-' || n, 'Practice ' || n, ('{{{",".join(ZONES)}}}'::text[])[1 + n % {len(ZONES)}], '{{en,fr}}',
       '#0f5c6e', 'CAD', 'CA', now(), now()
FROM generate_series({practices.PRACTICES + 1}, {PRACTICES}) AS n ORDER BY n;

INSERT INTO place (ref, tenant_id, name, street, postcode, city)
SELECT 'place' || id, id, 'House ' || id, id || ' Quay Street', 'M5J 2N8', 'Toronto'
FROM practice WHERE id > {practices.PRACTICES} ORDER BY id;
INSERT INTO practitioner (ref, tenant_id, name)
SELECT 'who' || id, id, 'Practitioner ' || id FROM practice WHERE id > {practices.PRACTICES} ORDER BY id;
INSERT INTO service (ref, tenant_id, name, duration, step)
SELECT 'service' || id, id, 'Visit', '30 minutes', '30 minutes'
FROM practice WHERE id > {practices.PRACTICES} ORDER BY id;

INSERT INTO message_policy (tenant_id, sms_on, sms_budget) SELECT id, true, 1000000 FROM practice;
INSERT INTO reminder_rule (tenant_id, channel, minutes_ahead, condition, since)
SELECT id, channel, minutes_ahead, 'always', now() - interval '1 year'
FROM practice, (VALUES ('email', {EMAIL}), ('sms', {SMS}), ('email', {SOON})) AS rule (channel, minutes_ahead);

INSERT INTO client_record (ref, tenant_id, email, first_name, last_name, phone, created_at)
SELECT 'coming-' || id || '-' || k, id, 'coming-' || id || '-' || k || '@example.org', 'Client', k::text,
       '+1416' || 2000000 + id * {CLIENTS} + k, now()
FROM practice, generate_series(0, {CLIENTS - 1}) AS k;
"""

# In no order: who books first need not come first.
_APPOINTMENTS = f"""
INSERT INTO appointment (ref, tenant_id, client_record_id, practitioner_id, service_id, place_id, starts_at, ends_at,
                         blocked_from, blocked_until, booking_key, booked_at, booked_by)
SELECT left(md5(label), 16), tenant_id, record, practitioner, service, place, starts_at, starts_at + '30 minutes',
       starts_at, starts_at + '30 minutes', label, now() - interval '30 days', 'client'
FROM (
    SELECT 'coming-' || practice.id || '-' || nth AS label, practice.id AS tenant_id, record.id AS record,
           who.id AS practitioner, service.id AS service, place.id AS place,
           ($1::date + 1 + nth % {DAYS} + make_interval(
                hours => 8 + (practice.id + nth + nth / {DAYS} * 5)::int % 10,
                mins => CASE WHEN practice.id < {posts.PRACTICES.stop} THEN 30 ELSE practice.id::int % 12 * 5 END
           )) AT TIME ZONE practice.zone AS starts_at
    FROM practice
    JOIN practitioner AS who ON who.tenant_id = practice.id AND who.ref = 'who' || practice.id
    JOIN service ON service.tenant_id = practice.id
    JOIN place ON place.tenant_id = practice.id
    CROSS JOIN generate_series(0, {APPOINTMENTS // PRACTICES - 1}) AS nth
    JOIN client_record AS record ON record.ref = 'coming-' || practice.id || '-' || nth % {CLIENTS}
) AS planned
ORDER BY md5(label)
"""

# What was said before: a table that is empty would be read in other ways.
_SAID = """
INSERT INTO message (tenant_id, appointment_id, sequence, kind, channel, starts_at, practitioner_id, place_id,
                     created_at, next_attempt_at, sent_at, attempts, sent_to, said, link)
SELECT tenant_id, id, 0, 'booked', 'email', starts_at, practitioner_id, place_id, booked_at, booked_at, booked_at, 1,
       'client@example.org', 'Booked', left(md5(ref), 8) || id
FROM appointment WHERE booking_key LIKE 'coming-%' AND id % 5 = 0
"""
_SINGLE = "SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE conname = 'appointment_single'"


async def fill(owner: asyncpg.Connection, today: date) -> None:
    """Keys are not checked one by one and the constraint is built after its rows, as in `practices.fill`."""
    await owner.execute("SET session_replication_role = replica")
    await owner.execute(_FOUND)
    await owner.execute("ANALYZE practice, practitioner, service, place, client_record")
    single = await owner.fetchval(_SINGLE)
    await owner.execute("ALTER TABLE appointment DROP CONSTRAINT appointment_single")
    await owner.execute(_APPOINTMENTS, today, timeout=None)
    await owner.execute(_SAID, timeout=None)
    await owner.execute(f"ALTER TABLE appointment ADD CONSTRAINT appointment_single {single}", timeout=None)
    await owner.execute("SET session_replication_role = DEFAULT")
    await owner.execute("VACUUM ANALYZE", timeout=None)
    await owner.execute("CHECKPOINT")


_OWE = """
INSERT INTO message (tenant_id, appointment_id, sequence, kind, rule_id, channel, starts_at, practitioner_id, place_id,
                     created_at, next_attempt_at)
SELECT appointment.tenant_id, appointment.id, 0, 'reminder', rule.id, rule.channel, starts_at, practitioner_id,
       place_id, now(), now()
FROM (
    SELECT DISTINCT ON (client_record_id) * FROM appointment
    WHERE booking_key LIKE 'coming-%' AND starts_at > now() + interval '3 days'
    ORDER BY client_record_id, starts_at
) AS appointment
JOIN reminder_rule AS rule ON rule.tenant_id = appointment.tenant_id AND rule.minutes_ahead = $1
ORDER BY md5(appointment.ref) LIMIT $2
"""


async def owe_reminders(owner: asyncpg.Connection, minutes_ahead: int, count: int) -> None:
    """As if their moment had just come: each to another client, over all practices."""
    await owner.execute(_OWE, minutes_ahead, count)
