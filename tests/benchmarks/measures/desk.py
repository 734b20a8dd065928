"""The desk of a large practice: its week as the calendar asks for it, and a client found while somebody types."""

import http.client
import time
from collections.abc import Sequence
from datetime import timedelta
from statistics import median, quantiles

from portal.web.viewer import connection_cookie
from tests.benchmarks import desk, practices
from tests.benchmarks.figures import ROUNDS, Figure, Limit, Run
from tests.benchmarks.installation import Server, settle

WEEK_AT_MOST, SEARCH_AT_MOST = 60, 50
_ASKS = 60
_WORDS = (
    "a",
    "cha",
    "chloe 12",
    "garcia",
    "angstrom franc",
    "desk-1999",
    "416555",
    "lukasz 77",
    "1234",
    "ito",
    "nobody",
)


async def measure(run: Run) -> list[Figure]:
    await desk.fill(run.installation.owner, run.today)
    await settle(run.installation.owner)
    cookie = f"{connection_cookie(run.installation.settings)}={desk.TOKEN}"
    monday = run.today - timedelta(days=run.today.weekday())
    week = f"/desk/practice-{practices.TEN}/calendar.json?from={monday}&until={monday + timedelta(days=7)}"
    size = len(_answer(run.server, week, cookie)[1])
    searches = [f"/desk/practice-{practices.TEN}/clients?q={word.replace(' ', '+')}" for word in _WORDS]
    taken = _rounds(run.server, [week], cookie)
    bare = _rounds(run.bare, [f"/sized?bytes={size}"], "")
    found = _rounds(run.server, searches, cookie, typing=True)
    limit = (Limit(f"bare route, {size / 1000:.0f} kB", median(bare)),)
    return [
        Figure("Week of ten practitioners as JSON, half within", median(taken), "ms", limits=limit),
        Figure("… 99 % within", quantiles(taken, n=100)[98], "ms", most=WEEK_AT_MOST),
        Figure("Page of a search among 20,000 records, half within", median(found), "ms"),
        Figure("… 99 % within ", quantiles(found, n=100)[98], "ms", most=SEARCH_AT_MOST),
    ]


def _rounds(server: Server, paths: Sequence[str], cookie: str, *, typing: bool = False) -> list[float]:
    """Milliseconds of each answer in the best of a few rounds, one asker at a time."""
    rounds = [
        [_answer(server, paths[n % len(paths)], cookie, typing=typing)[0] for n in range(_ASKS)]
        for _ in range(ROUNDS + 1)
    ]
    return min(rounds[1:], key=median)


def _answer(server: Server, path: str, cookie: str, *, typing: bool = False) -> tuple[float, bytes]:
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=30)
    began = time.perf_counter()
    headers = {"Cookie": cookie, "Host": "localhost"} | ({"HX-Request": "true"} if typing else {})
    connection.request("GET", path, headers=headers)
    answer = connection.getresponse()
    body = answer.read()
    taken = 1000 * (time.perf_counter() - began)
    connection.close()
    if answer.status != 200:
        raise RuntimeError(f"{path} answered {answer.status}")
    return taken, body
