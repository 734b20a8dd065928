"""The page of a person with four addresses at six practices, and sixty appointments: twenty of them still to come."""

from portal.web.viewer import connection_cookie
from tenants import across
from tests.benchmarks import pgbench, wrk
from tests.benchmarks.figures import ROUNDS, Figure, Limit, Run

LEAST = 400
_WHO = "visitor-0"
_PRACTICES, _ADDRESSES, _COMING, _PAST = 6, 4, 20, 40

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

_NEAREST = "SELECT ref FROM appointment WHERE ref LIKE 'many-%' AND ends_at > now() ORDER BY starts_at LIMIT 1"


async def measure(run: Run) -> list[Figure]:
    owner, settings = run.installation.owner, run.installation.settings
    midnight = run.now.replace(hour=12, minute=0, second=0, microsecond=0)
    await owner.execute(_MAKE_ADDRESSES, _ADDRESSES)
    await owner.execute(_MAKE_RECORDS, _PRACTICES, _ADDRESSES)
    await owner.execute(_MAKE_APPOINTMENTS, _COMING, _PAST, _PRACTICES, midnight)
    await owner.execute("UPDATE connection SET last_seen_at = now()")
    await owner.execute("ANALYZE")
    page = wrk.get("/appointments", settings.port, f"{connection_cookie(settings)}=token-of-{_WHO}")
    load = run.best(run.server, [page])
    bare = run.bare_rate()
    script = await _script(run)
    alone = max(pgbench.rate(run.installation, script, seconds=run.seconds) for _ in range(ROUNDS))
    limits = (Limit("bare route", bare), Limit("pgbench, same SQL", alone))
    return [
        Figure("Merged list of 60 appointments at 6 practices", load.rate, "/s", least=LEAST, limits=limits),
        Figure("Merged list, 99 % of the answers within", load.p99, "ms"),
    ]


async def _script(run: Run) -> list[str]:
    person = await run.installation.owner.fetchval("SELECT id FROM person WHERE ref = $1", _WHO)
    nearest = await run.installation.owner.fetchval(_NEAREST)
    return [
        pgbench.PERSON_LENS.format(person=person),
        pgbench.statement(across._LISTED, "now()", "20"),
        pgbench.statement(across._WHOLE, f"'{nearest}'"),
        "COMMIT;",
    ]
