"""Bookings that arrive as clients come: one after another at a steady pace, whether or not the last is answered."""

import asyncio
import time

from portal.clock import wall_clock
from tests.benchmarks import posts
from tests.benchmarks.crowd import read_answer
from tests.benchmarks.figures import Run
from tests.benchmarks.installation import settle

A_SECOND, SECONDS = 50, 20
_BOOKED = 303


async def book(run: Run) -> dict[str, float]:
    """When (since the epoch) each client was told that it is booked, by their address."""
    owner, settings, now = run.installation.owner, run.installation.settings, wall_clock()
    numbers = range(A_SECOND * SECONDS)
    await posts.hold_slots(owner, numbers, posts.midnight_of(now), now)
    await settle(owner)
    answered: dict[str, float] = {}

    async def post(number: int) -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", run.server.port)
        writer.write(posts.post_of(number, settings))
        answer = await read_answer(reader)
        writer.close()
        if answer.status != _BOOKED:
            raise RuntimeError(f"booking {number} was answered with {answer.status}")
        answered[posts.email_of(number)] = time.time()

    began = time.monotonic()
    async with asyncio.TaskGroup() as tasks:
        for number in numbers:
            await asyncio.sleep(began + number / A_SECOND - time.monotonic())
            tasks.create_task(post(number))
    run.requests += len(numbers)
    return answered
