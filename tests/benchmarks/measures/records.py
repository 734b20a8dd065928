"""Search as one types among 20,000 client records of one practice."""

import time
from statistics import median

from portal.database import close_database, open_database, practice_lens
from tenants.clients.search import Sought, list_records
from tenants.practices.tenant import Tenant, tenant_from
from tests.benchmarks.figures import ROUNDS, Figure, Run

RECORDS = 20_000
MOST = 50  # milliseconds
WORDS = ("a", "client", "clîent 1234", "client-77@", "416 555 12 34", "nobody of that name")
"""What is in every record, in a few, in none; a piece of a name, of an address, of a number."""

_SLUG = "twenty-thousand"
_PRACTICE = f"""
INSERT INTO practice (slug, name, zone, languages, accent, currency, country, created_at)
VALUES ('{_SLUG}', 'Twenty thousand', 'America/Toronto', '{{en}}', '#0f5c6e', 'CAD', 'CA', now())
ON CONFLICT DO NOTHING
"""
_RECORDS = f"""
INSERT INTO client_record (ref, tenant_id, email, first_name, last_name, phone, tags, created_at)
SELECT 'one-of-many' || n, practice.id, 'client-' || n || '@example.org', 'Client', 'Ä' || md5(n::text) || ' ' || n,
       '+1416' || 5550000 + n, CASE WHEN n % 7 = 0 THEN '{{knee,sports}}' ELSE '{{}}' END::text[], now()
FROM practice, generate_series(1, $1::int) AS n WHERE slug = '{_SLUG}' ON CONFLICT DO NOTHING
"""


async def measure(run: Run) -> list[Figure]:
    """The slowest of the words, and the list that nobody has narrowed."""
    await run.installation.owner.execute(_PRACTICE)
    await run.installation.owner.execute(_RECORDS, RECORDS, timeout=None)
    await run.installation.owner.execute("VACUUM ANALYZE client_record", timeout=None)
    tenant = tenant_from(await run.installation.owner.fetchrow("SELECT * FROM practice WHERE slug = $1", _SLUG))
    await open_database(run.installation.address.app_dsn, smallest=1, largest=1)
    try:
        typed = {words: await _milliseconds(tenant, Sought(words)) for words in WORDS}
        listed = await _milliseconds(tenant, Sought())
    finally:
        await close_database()
    return [
        Figure(
            f"Search among {RECORDS:,} client records, slowest of {len(WORDS)}", max(typed.values()), "ms", most=MOST
        ),
        Figure("… list of all of them by name", listed, "ms"),
    ]


async def _milliseconds(tenant: Tenant, sought: Sought) -> float:
    taken = []
    for _ in range(3 * ROUNDS):
        began = time.perf_counter()
        async with practice_lens(tenant):
            await list_records(tenant, sought)
        taken.append(time.perf_counter() - began)
    return 1000 * median(taken)
