"""A backlog of reminders that two workers deliver, and the memory it takes them."""

import asyncio
import time
from collections.abc import Callable

from tests.benchmarks import coming, pace
from tests.benchmarks.bare_sender import bare_rate
from tests.benchmarks.figures import Figure, Limit, Run
from tests.benchmarks.installation import settle
from tests.benchmarks.providers import Arrived, Providers, providers
from tests.benchmarks.workers import Workers, working

TEXTS, LETTERS = 500, 300  # a second, at least
BACKLOG = 20_000
SLOWEST = 2_000  # milliseconds from a booking's answer to its confirmation
MEMORY = 200  # megabytes
_PATIENCE = 900  # seconds


async def measure(run: Run) -> list[Figure]:
    with providers() as there:
        async with working(run.installation, there) as workers:
            figures = [
                *await _deliver(run, there, workers, "SMS", coming.SMS, TEXTS, _texts),
                *await _deliver(run, there, workers, "E-mails", coming.EMAIL, LETTERS, _letters),
                *await _confirm(run, there),
                Figure("Memory of a worker after all of it", workers.memory() / 1e6, "MB", most=MEMORY),
            ]
    return figures


def _texts(arrived: Arrived) -> tuple[int, int]:
    return arrived.texts, arrived.different_texts


def _letters(arrived: Arrived) -> tuple[int, int]:
    return arrived.letters, arrived.different_letters


async def _deliver(
    run: Run,
    there: Providers,
    workers: Workers,
    what: str,
    minutes_ahead: int,
    least: float,
    count: Callable[[Arrived], tuple[int, int]],
) -> list[Figure]:
    there.forget()
    owner = run.installation.owner
    limit = await asyncio.to_thread(bare_rate, "sms" if count is _texts else "email", there)
    there.forget()
    await settle(owner)
    busy, began = workers.busy(), time.monotonic()
    await coming.owe_reminders(owner, minutes_ahead, BACKLOG)
    while count(there.arrived())[0] < BACKLOG:
        if time.monotonic() > began + _PATIENCE:
            raise RuntimeError(f"{what}: only {count(there.arrived())[0]} of {BACKLOG} have arrived")
        await asyncio.sleep(0.2)
    rate = BACKLOG / (time.monotonic() - began)
    busy = workers.busy() - busy
    await asyncio.sleep(1)
    arrived, different = count(there.arrived())
    return [
        Figure(f"{what} delivered by two workers", rate, "/s", least=least, limits=(Limit("client alone", limit),)),
        Figure("… that arrived more than once", arrived - different, "", most=0),
        Figure("… work of a processor for each", 1000 * busy / BACKLOG, "ms"),
    ]


async def _confirm(run: Run, there: Providers) -> list[Figure]:
    there.forget()
    answered = await pace.book(run)
    await asyncio.sleep(2 * SLOWEST / 1000)
    mails = there.arrived().mails
    late = sorted(1000 * (mails.get(email, float("inf")) - at) for email, at in answered.items())
    return [
        Figure(f"Confirmation after a booking, {pace.A_SECOND}/s, half within", late[len(late) // 2], "ms"),
        Figure("… 99 % within", late[len(late) * 99 // 100], "ms", most=SLOWEST),
    ]
