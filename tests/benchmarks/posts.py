"""Final posts of signed-in clients: people, their connections, the holds they book, and the requests themselves.

Slot number n is a full hour at one of `SPREAD` practices. All is computed from the number, here and in SQL.
"""

from datetime import datetime
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

import asyncpg

from portal.settings import Settings
from portal.web.guard import csrf_token
from portal.web.viewer import connection_cookie
from tests.benchmarks import wrk
from tests.benchmarks.practices import ZONE

FIRST_PRACTICE, SPREAD = 3, 200
PEOPLE = 4_000  # so that none of them comes near the pace that one person must keep
PRACTICES = range(FIRST_PRACTICE, FIRST_PRACTICE + SPREAD)

TENANT = f"({FIRST_PRACTICE} + {{n}} % {SPREAD})"
DAY = f"({{midnight}} + (2 + {{n}} / {SPREAD * 8}) * interval '24 hours')"
# Eight hours a day, an hour inside opening and closing, so that they are open also after clocks have changed.
STARTS_AT = f"({DAY} + (9 + {{n}} / {SPREAD} % 8) * interval '1 hour')"

_MAKE_PEOPLE = f"""
INSERT INTO person (ref, first_name, last_name, created_at)
SELECT 'visitor-' || n, 'Visitor', n::text, $1 FROM generate_series(0, {PEOPLE - 1}) AS n ORDER BY n;
"""
_MAKE_ADDRESSES = """
INSERT INTO address (ref, person_id, email, verified_at)
SELECT ref, id, ref || '@example.org', $1 FROM person WHERE ref LIKE 'visitor-%';
"""
_MAKE_CONNECTIONS = """
INSERT INTO connection (ref, token_digest, person_id, address_id, created_at, last_seen_at)
SELECT person.ref, sha256(convert_to('token-of-' || person.ref, 'UTF8')), person.id, address.id, $1, $1
FROM person JOIN address ON address.person_id = person.id WHERE person.ref LIKE 'visitor-%'
"""
_MAKE_HOLDS = f"""
INSERT INTO hold (tenant_id, key, practitioner_id, service_id, place_id, starts_at, ends_at, blocked_from,
                  blocked_until, created_at, expires_at, released_at)
SELECT tenant, key, tenant, tenant, tenant, starts_at, starts_at + '30 minutes', starts_at, starts_at + '30 minutes',
       now_at, now_at + interval '5 minutes', CASE WHEN $5 THEN now_at END
FROM (
    SELECT 'hold-' || n || '-' || rival AS key, {TENANT.format(n="n")} AS tenant,
           {STARTS_AT.format(midnight="$2::timestamptz", n="n")} AS starts_at, $1::timestamptz AS now_at
    FROM generate_series($3::int, $4::int - 1) AS n, generate_series(0, $6::int - 1) AS rival
) AS each_hold
"""
_MAKE_RECORDS = f"""
INSERT INTO client_record (ref, tenant_id, email, first_name, last_name, created_at)
SELECT DISTINCT ON (tenant, who) 'visit-' || tenant || '-' || who, tenant, 'visitor-' || who || '@example.org',
       'Visitor', who::text, $1::timestamptz
FROM (
    SELECT {TENANT.format(n="n")} AS tenant, (n * $4::int + rival) % {PEOPLE} AS who
    FROM generate_series($2::int, $3::int - 1) AS n, generate_series(0, $4::int - 1) AS rival
) AS each_visit
ON CONFLICT DO NOTHING
"""


async def make_people(owner: asyncpg.Connection, now: datetime) -> None:
    for statement in (_MAKE_PEOPLE, _MAKE_ADDRESSES, _MAKE_CONNECTIONS):
        await owner.execute(statement, now)


async def hold_slots(
    owner: asyncpg.Connection, numbers: range, midnight: datetime, now: datetime, rivals: int = 1
) -> None:
    """One form for each slot, or as many given-up ones as there are rivals: only one at a time can hold it."""
    await owner.execute(_MAKE_HOLDS, now, midnight, numbers.start, numbers.stop, rivals > 1, rivals)
    await owner.execute(_MAKE_RECORDS, now, numbers.start, numbers.stop, rivals)
    await owner.execute("UPDATE connection SET last_seen_at = $1", now)
    await owner.execute("ANALYZE hold, client_record")


def key_of(number: int, rival: int = 0) -> str:
    return f"hold-{number}-{rival}"


def email_of(number: int, rival: int = 0, rivals: int = 1) -> str:
    return f"{_visitor(number, rival, rivals)}@example.org"


def _visitor(number: int, rival: int, rivals: int) -> str:
    return f"visitor-{(number * rivals + rival) % PEOPLE}"


def post_of(number: int, settings: Settings, rival: int = 0, rivals: int = 1) -> bytes:
    who = _visitor(number, rival, rivals)
    token = f"token-of-{who}"
    form = {
        "_csrf": csrf_token(settings.secret_key, token),
        "email": email_of(number, rival, rivals),
        "first_name": "Visitor",
        "last_name": str(number),
        "phone": "",
        "note": "The left knee again.",
    }
    path = f"/p/practice-{FIRST_PRACTICE + number % SPREAD}/holds/{key_of(number, rival)}/appointment"
    return wrk.post(path, settings.port, f"{connection_cookie(settings)}={token}", urlencode(form))


def midnight_of(now: datetime) -> datetime:
    """Of the practices' day."""
    return now.astimezone(ZoneInfo(ZONE)).replace(hour=0, minute=0, second=0, microsecond=0)
