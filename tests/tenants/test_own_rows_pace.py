"""Seeing less does not take longer by the square: a large practice, read by one who sees all and by one who has half.

Measured beside each other, and not in seconds. To know who one's clients are takes some milliseconds with ten thousand
of them, a few times a statement; whoever looked through all of them for each row would need a hundred times as long.
"""

import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from statistics import median
from typing import Any

import asyncpg

from portal.database import Acting, desk_lens
from tenants.appointments.find import appointments_between
from tenants.arranging.diary import appointments_in_book, numbers_by_day
from tenants.clients.search import Sought, list_records, tags_in_use
from tenants.notifications.log import Wanted, messages_of_practice
from tenants.scope import fetch
from tests.cast import MONDAY, THEO, Cast

CLIENTS = 20_000
ROUNDS = 7
SLOWER_AT_MOST = 15
WEEK = datetime(2025, 9, 1, tzinfo=UTC)

_RECORDS = """
INSERT INTO client_record (ref, tenant_id, email, reach_email, first_name, last_name, filed_as, search, tags,
                           created_at)
SELECT 'many' || n, $1, n || '@example.org', n || '@example.org', 'Client', md5(n::text), md5(n::text) || ' client',
       md5(n::text) || ' client ' || n || '@example.org', '{sports}', now()
FROM generate_series(1, $2::int) AS n
"""
# Each client once, every second one with Theo; ten half hours a day.
_APPOINTMENTS = """
INSERT INTO appointment (ref, tenant_id, client_record_id, practitioner_id, service_id, place_id, starts_at, ends_at,
                         blocked_from, blocked_until, booking_key, booked_at, booked_by)
SELECT 'many' || n, $1, id, CASE WHEN n % 2 = 0 THEN $2::bigint ELSE $3::bigint END, $4, $5, at, at + interval '30 min',
       at, at + interval '30 min', 'many' || n, at, 'client'
FROM (SELECT id, row_number() OVER (ORDER BY id) AS n FROM client_record WHERE ref LIKE 'many%') AS record
CROSS JOIN LATERAL (
    SELECT timestamptz '2024-01-01 13:00+00' + n / 20 * interval '1 day' + n / 2 % 10 * interval '30 min' AS at
) AS times
"""
_MESSAGES = """
INSERT INTO message (tenant_id, appointment_id, kind, channel, sequence, starts_at, created_at, next_attempt_at,
                     sent_at)
SELECT tenant_id, id, 'booked', 'email', 0, starts_at, starts_at, starts_at, starts_at FROM appointment
"""


async def fill(cast: Cast, owner: asyncpg.Connection) -> None:
    harbour = cast.harbour
    people = [harbour.practitioners[name]["id"] for name in ("Theo Roy", "Nora Blake")]
    where = [harbour.services["Follow-up"]["id"], harbour.places["Harbour House"]["id"]]
    async with owner.transaction():
        await owner.execute("SET LOCAL session_replication_role = replica")
        await owner.execute(_RECORDS, harbour.tenant.id, CLIENTS)
        await owner.execute(_APPOINTMENTS, harbour.tenant.id, *people, *where)
        await owner.execute(_MESSAGES)
    await owner.execute("ANALYZE client_record; ANALYZE appointment; ANALYZE message")


async def test_half_of_a_large_practice_is_read_about_as_fast_as_all_of_it(
    cast: Cast, owner: asyncpg.Connection
) -> None:
    await fill(cast, owner)
    tenant, theo = cast.harbour.tenant, cast.harbour.practitioners["Theo Roy"]["id"]
    until, people = WEEK + timedelta(days=7), [row["id"] for row in cast.harbour.practitioners.values()]
    month = WEEK + timedelta(days=30)
    places = [row["id"] for row in cast.harbour.places.values()]
    reads: dict[str, Callable[[int | None], Awaitable[Any]]] = {
        "clients by name": lambda _: list_records(tenant, Sought()),
        "newest clients": lambda _: list_records(tenant, Sought(latest=True)),
        "search": lambda _: list_records(tenant, Sought("client ab")),
        "tags": lambda _: tags_in_use(tenant),
        "week": lambda own: appointments_in_book(tenant, WEEK, until, own),
        "list of a week": lambda own: appointments_between(tenant, WEEK, until, own),
        "month": lambda own: numbers_by_day(tenant, WEEK, month, [own] if own else people, places),
        "messages": lambda _: messages_of_practice(tenant, Wanted(WEEK, until)),
    }
    asking = await time_of(lambda _: fetch("SELECT own_clients()"), cast, theo)
    slow, said = set(), [f"asking whose: {asking * 1000:.1f} ms"]

    for name, read in reads.items():
        took = {own: await time_of(read, cast, own) for own in (None, theo)}
        said.append(f"{name}: all {took[None] * 1000:.1f} ms, own {took[theo] * 1000:.1f} ms")
        if took[theo] > SLOWER_AT_MOST * max(took[None], asking):
            slow.add(name)

    assert slow == set(), "; ".join(said)


async def time_of(read: Callable[[int | None], Awaitable[Any]], cast: Cast, own: int | None) -> float:
    took = []
    for _ in range(ROUNDS):
        begun = time.perf_counter()
        async with desk_lens(cast.harbour.tenant, Acting(THEO, "", "", MONDAY, own)):
            found = await read(own)
        took.append(time.perf_counter() - begun)
        assert found
    return median(took)
