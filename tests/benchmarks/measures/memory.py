"""What a web process has grown to after a hundred thousand requests for pages and fragments of all practices."""

from datetime import timedelta

from portal.web.viewer import connection_cookie
from tests.benchmarks import posts, practices, wrk
from tests.benchmarks.figures import Figure, Run, checked
from tests.benchmarks.installation import PROCESSES

MOST = 150  # megabytes
REQUESTS = 100_000  # of each process
_A_WHILE = 20  # seconds


async def measure(run: Run) -> list[Figure]:
    await run.installation.owner.execute("UPDATE connection SET last_seen_at = now()")
    requests = [request for number in range(1, practices.PRACTICES + 1) for request in _some_of_each(run, number)]
    before = run.server.memory()
    while run.requests < PROCESSES * REQUESTS:
        run.requests += checked(wrk.drive(run.server.port, requests, _A_WHILE)).requests
    return [
        Figure("Memory of a web process before the requests below", before / 1e6, "MB"),
        Figure(f"… after {REQUESTS:,} requests", run.server.memory() / 1e6, "MB", most=MOST),
    ]


def _some_of_each(run: Run, number: int) -> list[bytes]:
    """A day and a month of free times, the practice's page, somebody's appointments; now and then the form."""
    port = run.server.port
    day = practices.coming_month(run.today)[0] + timedelta(days=number % 28)
    cookies = f"{connection_cookie(run.installation.settings)}=token-of-visitor-{number % posts.PEOPLE}"
    asked = f"service=service{number}&practitioner=any"
    form = [wrk.get(f"/p/practice-{number}/book?{asked}&day={day}", port)] if number % 10 == 0 else []
    return [
        *form,
        wrk.get(f"/p/practice-{number}", port),
        wrk.get(f"/p/practice-{number}/open-times?{asked}&day={day}", port),
        wrk.get(f"/p/practice-{number}/open-days?{asked}&month={day}", port),
        wrk.get("/appointments", port, cookies),
    ]
