"""Free times as the pages get them: the JSON of a day and of a month, and ten practitioners over sixty days."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from datetime import timedelta
from statistics import median

import asyncpg

from portal.clock import wall_clock
from portal.database import close_database, open_database, practice_lens
from portal.web.practice import Signs
from tenants.booking import busy
from tenants.booking.open_times import Wanted, open_times
from tenants.practices.tenant import Tenant
from tests.benchmarks import pgbench, practices, wrk
from tests.benchmarks.figures import ROUNDS, Figure, Limit, Run

DAY_RATE, MONTH_RATE, SLOWEST, TEN_PRACTITIONERS = 2_500, 1_000, 60, 40
DAY_FRAGMENT, MONTH_FRAGMENT = FRAGMENTS = ("JSON of a day", "JSON of a month")
_ASKS = 30


async def measure_over_http(run: Run) -> list[Figure]:
    first, days = practices.coming_month(run.today)
    every_day = [_path(f"open-times?day={first + timedelta(days=number)}") for number in range(days)]
    bare = run.bare_rate()
    figures = []
    for name, paths, least, length in (
        (DAY_FRAGMENT, every_day, DAY_RATE, 1),
        (MONTH_FRAGMENT, [_path(f"open-days?month={first}")], MONTH_RATE, days),
    ):
        load = run.best(run.server, [wrk.get(path, run.server.port) for path in paths])
        alone = max(pgbench.rate(run.installation, _script(run, length), seconds=run.seconds) for _ in range(ROUNDS))
        limits = (Limit("bare route", bare), Limit("pgbench, same SQL", alone))
        figures += [
            Figure(name, load.rate, "/s", least=least, limits=limits),
            Figure(f"{name}, half of the answers within", load.p50, "ms"),
            Figure(f"{name}, 99 % of the answers within", load.p99, "ms", most=SLOWEST),
        ]
    return figures


def _path(question: str) -> str:
    number = practices.MEASURED
    return f"/p/practice-{number}/{question}&service=service{number}&practitioner=who{number}"


def _script(run: Run, days: int) -> list[str]:
    """What a request asks of the database once its process remembers the practice and its plan."""
    first, _ = practices.coming_month(run.today)
    midnight = f"'{first}'::timestamp AT TIME ZONE '{practices.ZONE}'"
    since = f"{midnight} - interval '{busy.LONGEST_BLOCKED} seconds'"
    until = f"{midnight} + interval '{days} days' + interval '{busy.LONGEST_BUFFER} seconds'"
    number = str(practices.MEASURED)
    return [pgbench.statement(busy._TAKEN, number, f"ARRAY[{number}]::bigint[]", since, until, "0", "now()", "0")]


async def measure_ten_practitioners(run: Run) -> list[Figure]:
    await open_database(run.installation.address.app_dsn, smallest=2, largest=2)
    try:
        tenant = await Signs().find(f"practice-{practices.TEN}")
        first, last = run.today + timedelta(days=1), run.today + timedelta(days=practices.AHEAD)
        wanted = Wanted(f"service{practices.TEN}")

        async def ask() -> None:
            async with practice_lens(tenant):
                await open_times(tenant, wanted, first, last, wall_clock())

        figure = await _milliseconds(ask)
        limit = await _same_statement(run, tenant)
    finally:
        await close_database()
    limits = (Limit("asyncpg, same SQL", limit),)
    return [Figure("Ten practitioners, 60 days, in process", figure, "ms", most=TEN_PRACTITIONERS, limits=limits)]


async def _same_statement(run: Run, tenant: Tenant) -> float:
    connection = await asyncpg.connect(run.installation.address.app_dsn)
    since = run.now - timedelta(seconds=busy.LONGEST_BLOCKED)
    until = run.now + timedelta(days=practices.AHEAD + 1)
    owner = run.installation.owner
    ids = [row["id"] for row in await owner.fetch("SELECT id FROM practitioner WHERE tenant_id = $1", tenant.id)]

    async def ask() -> None:
        await connection.fetch(busy._TAKEN, tenant.id, ids, since, until, 0, run.now, 0)

    try:
        return await _milliseconds(ask)
    finally:
        await connection.close()


async def _milliseconds(ask: Callable[[], Awaitable[None]]) -> float:
    """The median of many, in the best of a few rounds; what is remembered from then on is not counted."""
    await ask()
    rounds = []
    for _ in range(ROUNDS):
        times = []
        for _ in range(_ASKS):
            began = time.perf_counter()
            await ask()
            times.append(time.perf_counter() - began)
        rounds.append(median(times))
        await asyncio.sleep(0.1)
    return 1000 * min(rounds)
