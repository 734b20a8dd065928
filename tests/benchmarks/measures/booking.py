"""The final post of signed-in clients, each on a slot of its own, with its message written."""

from portal.clock import wall_clock
from tenants.booking import book
from tests.benchmarks import pgbench, posts, wrk
from tests.benchmarks.figures import ROUNDS, Figure, Limit, Run, checked
from tests.benchmarks.installation import settle

LEAST, LEAST_SHARE = 700, 20
_OVER_HTTP = range(60_000)
_BY_PGBENCH = range(60_000, 100_000)
_MOST_A_SECOND = 2_000
_TRANSACTIONS = 600  # of each pgbench client

_COUNT = "SELECT count(*) FROM message JOIN appointment ON appointment.id = appointment_id WHERE booked_at >= $1"


async def measure(run: Run) -> list[Figure]:
    _warm_up(run)
    rates = [(await _over_http(run, turn), await _by_pgbench(run, turn)) for turn in range(ROUNDS)]
    booked, limit = (max(each) for each in zip(*rates, strict=True))
    return [
        Figure("Booked by signed-in clients", booked, "/s", least=LEAST, limits=(Limit("pgbench, same SQL", limit),)),
        Figure("Share of pgbench's rate", 100 * booked / limit, "%", least=LEAST_SHARE),
    ]


def _warm_up(run: Run) -> None:
    """Everybody has looked at the free times before, so each process remembers the practices' plans."""
    asked = [f"/p/practice-{number}/open-times?service=service{number}&day={run.today}" for number in posts.PRACTICES]
    checked(wrk.drive(run.server.port, [wrk.get(path, run.server.port) for path in asked], run.seconds))


async def _over_http(run: Run, turn: int) -> float:
    """Appointments with their notices, counted in the database."""
    owner, settings = run.installation.owner, run.installation.settings
    count = min(run.seconds * _MOST_A_SECOND, len(_OVER_HTTP) // ROUNDS)
    numbers = _OVER_HTTP[turn * count : (turn + 1) * count]
    now = wall_clock()
    await posts.hold_slots(owner, numbers, posts.midnight_of(now), now)
    await settle(owner)
    requests = [posts.post_of(number, settings) for number in numbers]
    began = wall_clock()
    load = checked(wrk.drive(run.server.port, requests, run.seconds, once=True))
    run.requests += load.requests
    return int(await owner.fetchval(_COUNT, began)) / load.seconds


async def _by_pgbench(run: Run, turn: int) -> float:
    count = pgbench.clients(run.installation) * _TRANSACTIONS
    numbers = _BY_PGBENCH[turn * count : (turn + 1) * count]
    now = wall_clock()
    midnight = posts.midnight_of(now)
    await posts.hold_slots(run.installation.owner, numbers, midnight, now)
    await settle(run.installation.owner)
    return pgbench.rate(run.installation, _script(run, numbers.start), transactions=_TRANSACTIONS)


def _script(run: Run, first: int) -> list[str]:
    """The transaction of `book_held_slot`, statement by statement."""
    now = f"to_timestamp({wall_clock().timestamp()})"
    times = {"midnight": f"to_timestamp({posts.midnight_of(wall_clock()).timestamp()})", "n": ":n"}
    starts_at = posts.STARTS_AT.format(**times)
    reach = [f"interval '{each.total_seconds():.0f} seconds'" for each in (book._REACH_BACK, book._REACH_ON)]
    ends_at = f"{starts_at} + interval '30 minutes'"
    key, email = "'hold-' || :n || '-0'", f"'visitor-' || :n % {posts.PEOPLE} || '@example.org'"
    who = [":tenant", "left(md5(random()::text), 10)", ":held_client", ":tenant", ":tenant", ":tenant"]
    network, soon = "'0123456789abcdef'", f"{now} + interval '24 hours'"
    alone = ["NULL", "'{}'", "NULL"]  # no group, nothing to agree to
    how = ["'The left knee again.'", key, now, network, soon, "left(md5(random()::text), 10)", *alone]
    return [
        f"\\set n {first} + :client_id * {_TRANSACTIONS} + :nth",
        "\\set nth :nth + 1",
        f"\\set tenant {posts.TENANT.format(n=':n')}",
        pgbench.PRACTICE_LENS.format(tenant=":tenant"),
        pgbench.statement(book._HELD, ":tenant", key, email, *reach, now).removesuffix(";") + " \\gset held_",
        pgbench.statement(book._BOOK, *who, starts_at, ends_at, starts_at, ends_at, *how),
        "COMMIT;",
    ]
