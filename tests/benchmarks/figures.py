"""What a measure gives, and what it is given."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from tests.benchmarks import wrk
from tests.benchmarks.installation import Installation, Server
from tests.benchmarks.wrk import Load

ROUNDS = 5


@dataclass(frozen=True)
class Limit:
    """What the same machine could do at best, measured beside the figure and in its unit."""

    name: str
    value: float


@dataclass(frozen=True)
class Figure:
    """`least` and `most` are the target's ends, included; a figure without either is for comparison only."""

    name: str
    value: float
    unit: str
    least: float | None = None
    most: float | None = None
    limits: tuple[Limit, ...] = ()

    @property
    def met(self) -> bool | None:
        if self.least is None and self.most is None:
            return None
        return (self.least is None or self.value >= self.least) and (self.most is None or self.value <= self.most)


@dataclass
class Run:
    """One size of database, with the real server and the bare one beside it; `today` is the practices' day.

    `requests` are those that the real server has answered.
    """

    installation: Installation
    appointments: int
    server: Server
    bare: Server
    seconds: int
    now: datetime
    today: date
    requests: int = 0

    def best(self, server: Server, requests: Sequence[bytes]) -> Load:
        """The fastest of a few rounds, with the least p99 of them: the others have more of what else the machine did.

        Each request must be answered.
        """
        loads = [checked(wrk.drive(server.port, requests, self.seconds)) for _ in range(ROUNDS)]
        if server is self.server:
            self.requests += sum(load.requests for load in loads)
        return replace(max(loads, key=lambda load: load.rate), p99=min(load.p99 for load in loads))

    def bare_rate(self) -> float:
        return self.best(self.bare, [wrk.get("/", self.bare.port)]).rate


def checked(load: Load) -> Load:
    if load.refused or load.unconnected or load.broken or load.late:
        raise RuntimeError(f"not every request was answered as it should: {load}")
    return load
