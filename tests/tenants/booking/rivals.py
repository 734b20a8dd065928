"""Real rivals: processes of their own, each with its own pool and its own remembered plans."""

import asyncio
import multiprocessing
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from multiprocessing.connection import Connection
from multiprocessing.synchronize import Barrier
from typing import Any

import portal.settings  # noqa: F401 - tells Piccolo where its configuration is
from portal.database import close_database, open_database, practice_lens
from tenants.arranging.rearrange import Move, move_by_staff
from tenants.booking.hold import hold_slot
from tenants.booking.open_times import Wanted, open_times
from tenants.booking.slot import Choice
from tenants.practices.tenant import Tenant
from tenants.refusals import Refusal

CONNECTIONS = 8
PATIENCE = 60  # seconds


@dataclass(frozen=True)
class Attempt:
    """`verb(tenant, *facts)` in a lens of its own; the verb is named by its module, so it can travel."""

    verb: Callable[..., Awaitable[Any]]
    tenant: Tenant
    facts: tuple[Any, ...]


@dataclass(frozen=True)
class Outcome:
    """Either `done` with what the verb gave back, or the exception's name with its facts."""

    name: str
    given: Any


def tally(outcomes: Sequence[Outcome]) -> dict[str, int]:
    return dict(Counter(outcome.name for outcome in outcomes))


async def hold_in(tenant: Tenant, choice: Choice, now: datetime, browser: str) -> str:
    return await hold_slot(tenant, choice, now, browser=browser)


async def move_to(tenant: Tenant, ref: str, starts_at: datetime, practitioner: str, now: datetime) -> None:
    await move_by_staff(tenant, ref, Move(starts_at, practitioner), now)


async def starts_on(tenant: Tenant, wanted: Wanted, day: date, now: datetime) -> list[datetime]:
    return [slot.starts_at for slot in (await open_times(tenant, wanted, day, day, now)).day(day)]


class Rivals:
    """Processes that wait for work, so that only the first race pays for their start."""

    def __init__(self, dsn: str, count: int) -> None:
        context = multiprocessing.get_context("spawn")
        self._barrier = barrier = context.Barrier(count)
        self._lines: list[Connection] = []
        self._processes = []
        for _ in range(count):
            ours, theirs = context.Pipe()
            process = context.Process(target=_run, args=(dsn, theirs, barrier), daemon=True)
            process.start()
            theirs.close()
            self._lines.append(ours)
            self._processes.append(process)

    async def race(self, attempts: Sequence[Attempt]) -> list[Outcome]:
        """All at once, dealt out over the processes; outcomes in the order of the attempts."""
        count = len(self._lines)
        for number, line in enumerate(self._lines):
            line.send(attempts[number::count])
        outcomes: list[Outcome | None] = [None] * len(attempts)
        for number, line in enumerate(self._lines):
            if not await asyncio.to_thread(line.poll, PATIENCE):
                raise TimeoutError("a rival has not answered")
            outcomes[number::count] = line.recv()
        return [outcome for outcome in outcomes if outcome]

    def stop(self) -> None:
        for line in self._lines:
            line.send(None)
        for process in self._processes:
            process.join(PATIENCE)
            process.close()


def _run(dsn: str, line: Connection, barrier: Barrier) -> None:
    asyncio.run(_work(dsn, line, barrier))


async def _work(dsn: str, line: Connection, barrier: Barrier) -> None:
    await open_database(dsn, smallest=CONNECTIONS, largest=CONNECTIONS)
    while (attempts := line.recv()) is not None:
        barrier.wait(PATIENCE)
        line.send(await asyncio.gather(*map(_try, attempts)))
    await close_database()


async def _try(attempt: Attempt) -> Outcome:
    try:
        async with practice_lens(attempt.tenant):
            return Outcome("done", await attempt.verb(attempt.tenant, *attempt.facts))
    except Refusal as refusal:
        return Outcome(type(refusal).__name__, vars(refusal))
    except Exception as trouble:  # noqa: BLE001 - the test says which exceptions it expected: none
        return Outcome(type(trouble).__name__, str(trouble))
