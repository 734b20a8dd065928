"""The page of a person with four addresses at six practices, and sixty appointments: twenty of them still to come."""

import http.client

from portal.web.viewer import connection_cookie
from tenants import across
from tests.benchmarks import client, pgbench, wrk
from tests.benchmarks.figures import ROUNDS, Figure, Limit, Run

LEAST, LEAST_SHARE = 400, 40
_NEAREST = "SELECT ref FROM appointment WHERE ref LIKE 'many-%' AND ends_at > now() ORDER BY starts_at LIMIT 1"


async def measure(run: Run) -> list[Figure]:
    settings = run.installation.settings
    person = await client.make(run.installation.owner, run.now)
    cookie = f"{connection_cookie(settings)}={client.TOKEN}"
    length = _length(settings.port, cookie)
    load = run.best(run.server, [wrk.get("/appointments", settings.port, cookie)])
    page = run.best(run.bare, [wrk.get(f"/page/{length}", run.bare.port)]).rate
    script = await _script(run, person)
    alone = max(pgbench.rate(run.installation, script, seconds=run.seconds) for _ in range(ROUNDS))
    limits = (Limit("bare route", run.bare_rate()), Limit("bare page", page), Limit("pgbench, same SQL", alone))
    return [
        Figure("Merged list of 60 appointments at 6 practices", load.rate, "/s", least=LEAST, limits=limits),
        Figure(f"… share of a bare page of its {length:,} bytes", 100 * load.rate / page, "%", least=LEAST_SHARE),
        Figure("Merged list, 99 % of the answers within", load.p99, "ms"),
    ]


def _length(port: int, cookie: str) -> int:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=wrk.PATIENCE)
    try:
        connection.request("GET", "/appointments", headers={"Cookie": cookie, "Accept-Language": "en"})
        answer = connection.getresponse()
        page = answer.read()
    finally:
        connection.close()
    if answer.status != http.client.OK:
        raise RuntimeError(f"the list was answered with {answer.status}")
    return len(page)


async def _script(run: Run, person: int) -> list[str]:
    nearest = await run.installation.owner.fetchval(_NEAREST)
    return [
        pgbench.PERSON_LENS.format(person=person),
        pgbench.statement(across._LISTED, "now()", "20"),
        pgbench.statement(across._WHOLE, f"'{nearest}'"),
        "COMMIT;",
    ]
