"""The page of a person with four addresses at six practices, and sixty appointments: twenty of them past."""

import http.client

from portal.web.viewer import connection_cookie
from tenants import across
from tests.benchmarks import client, pgbench, wrk
from tests.benchmarks.figures import ROUNDS, Figure, Limit, Run

LEAST, LEAST_SHARE = 400, 40
NEARLY = 0.02


async def measure(run: Run) -> list[Figure]:
    settings = run.installation.settings
    person = await client.make(run.installation.owner, run.now)
    cookie = f"{connection_cookie(settings)}={client.TOKEN}"
    length, bare_length = _length(settings.port, "/appointments", cookie), _length(run.bare.port, "/list")
    if abs(bare_length - length) > NEARLY * length:
        raise RuntimeError(f"the bare page has {bare_length} bytes, the real one {length}: no measure of each other")
    load = run.best(run.server, [wrk.get("/appointments", settings.port, cookie)])
    page = run.best(run.bare, [wrk.get("/list", run.bare.port)]).rate
    script = [pgbench.statement(across._LISTED, str(person), "now()", str(client.PAST), "''")]
    alone = max(pgbench.rate(run.installation, script, seconds=run.seconds) for _ in range(ROUNDS))
    limits = (Limit("bare route", run.bare_rate()), Limit("bare page", page), Limit("pgbench, same SQL", alone))
    return [
        Figure("Merged list of 60 appointments at 6 practices", load.rate, "/s", least=LEAST, limits=limits),
        Figure(f"… share of a bare page of its {length:,} bytes", 100 * load.rate / page, "%", least=LEAST_SHARE),
        Figure("Merged list, 99 % of the answers within", load.p99, "ms"),
    ]


def _length(port: int, path: str, cookie: str = "") -> int:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=wrk.PATIENCE)
    try:
        connection.request("GET", path, headers={"Cookie": cookie, "Accept-Language": "en"})
        answer = connection.getresponse()
        page = answer.read()
    finally:
        connection.close()
    if answer.status != http.client.OK:
        raise RuntimeError(f"{path} was answered with {answer.status}")
    return len(page)
