"""Killed without warning while clients book: what was acknowledged is there, once, and with its one message."""

import asyncio
import os
import signal
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import asyncpg
import psutil
import pytest

from portal.clock import wall_clock
from portal.settings import Settings
from tests import databases
from tests.benchmarks import posts, practices
from tests.benchmarks.crowd import Answer, read_answer
from tests.portal.operations.installation import Installation

SLOTS, RIVALS, CLIENTS = 60, 2, 12
ENOUGH = 20  # acknowledged bookings before the kill
PATIENCE = 60  # seconds for everybody to be answered, restart and recovery included; an idle machine takes five
BOOKED, CONFLICT, CRASHED, UNAVAILABLE = 303, 409, 500, 503

_APPOINTMENTS = "SELECT booking_key, '/appointments/' || ref AS page FROM appointment"
_WITHOUT_ONE_ANOTHER = """
SELECT count(*) FROM appointment FULL JOIN message ON message.appointment_id = appointment.id
WHERE appointment.id IS NULL OR message.id IS NULL
"""
_OVERLAPPING = """
SELECT count(*) FROM appointment AS one JOIN appointment AS other
ON one.practitioner_id = other.practitioner_id AND one.id < other.id
   AND one.blocked_from < other.blocked_until AND other.blocked_from < one.blocked_until
"""


@dataclass
class Clients:
    """They repeat a form until somebody answers it, as people do; `answers` are final ones, by the form's key."""

    port: int
    forms: list[tuple[str, bytes]]
    answers: dict[str, Answer] = field(default_factory=dict)
    troubles: Counter[str] = field(default_factory=Counter)
    under_way: asyncio.Event = field(default_factory=asyncio.Event)

    async def book(self) -> None:
        waiting = iter(self.forms)
        async with asyncio.timeout(PATIENCE), asyncio.TaskGroup() as tasks:
            for _ in range(CLIENTS):
                tasks.create_task(self._book_each(waiting))

    async def _book_each(self, waiting: Iterator[tuple[str, bytes]]) -> None:
        for key, request in waiting:
            self.answers[key] = await self._insist(request)
            if len(self.acknowledged) >= ENOUGH:
                self.under_way.set()

    async def _insist(self, request: bytes) -> Answer:
        while True:
            try:
                answer = await ask(self.port, request)
                if answer.status < CRASHED:
                    return answer
                trouble = str(answer.status)
            except (OSError, asyncio.IncompleteReadError) as broken_off:
                trouble = type(broken_off).__name__
            self.troubles[trouble] += 1
            await asyncio.sleep(0.1)

    @property
    def acknowledged(self) -> dict[str, str]:
        return {key: answer.location for key, answer in self.answers.items() if answer.status == BOOKED}


async def ask(port: int, request: bytes) -> Answer:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        writer.write(request)
        return await read_answer(reader)
    finally:
        writer.close()


@pytest.fixture
async def clients(demo: Installation) -> Clients:
    """Before their final posts, each slot wanted by two of them; the server is running."""
    demo.start("serve", PORTAL_LOG_LEVEL="error")
    demo.answers()
    settings = Settings.from_environment(demo.environ)
    now = wall_clock()
    owner = await asyncpg.connect(demo.address.owner_dsn)
    await databases.empty(owner)
    await practices.fill(owner, 0, posts.midnight_of(now).date())
    await posts.make_people(owner, now)
    await posts.hold_slots(owner, range(SLOTS), posts.midnight_of(now), now, rivals=RIVALS)
    await owner.execute("TRUNCATE appointment CASCADE")
    await owner.close()
    return Clients(
        demo.port,
        [
            (posts.key_of(number, rival), posts.post_of(number, settings, rival, RIVALS))
            for number in range(SLOTS)
            for rival in range(RIVALS)
        ],
    )


async def book_through(clients: Clients, disaster: Callable[[], None]) -> None:
    """The disaster comes in the middle of it."""
    booking = asyncio.create_task(clients.book())
    await asyncio.wait_for(clients.under_way.wait(), PATIENCE)
    assert not booking.done()
    await asyncio.to_thread(disaster)
    await booking


async def check_books(demo: Installation, clients: Clients) -> None:
    """Every client has an answer by now, so the database holds what they were told and nothing else."""
    owner = await asyncpg.connect(demo.address.owner_dsn)
    try:
        kept = {row["booking_key"]: row["page"] for row in await owner.fetch(_APPOINTMENTS)}
        notices = await owner.fetchval("SELECT count(*) FROM message WHERE audience = 'client'")
        alone = await owner.fetchval(_WITHOUT_ONE_ANOTHER)
        overlapping = await owner.fetchval(_OVERLAPPING)
    finally:
        await owner.close()

    assert kept == clients.acknowledged
    assert Counter(answer.status for answer in clients.answers.values()) == {BOOKED: SLOTS, CONFLICT: SLOTS}
    assert (notices, alone, overlapping) == (SLOTS, 0, 0)


def web_processes(demo: Installation) -> list[psutil.Process]:
    children = psutil.Process(demo.started[-1].pid).children()
    return [child for child in children if "spawn_main" in " ".join(child.cmdline())]


async def test_bookings_outlive_a_kill_of_the_web_processes(demo: Installation, clients: Clients) -> None:
    def kill() -> None:
        for process in web_processes(demo):
            process.kill()

    await book_through(clients, kill)

    assert clients.troubles.total() > 0
    await check_books(demo, clients)


async def test_bookings_outlive_a_kill_of_the_whole_server(demo: Installation, clients: Clients) -> None:
    def kill_and_start_again() -> None:
        for process in [psutil.Process(demo.started[-1].pid), *web_processes(demo)]:
            process.kill()
        demo.started[-1].communicate()
        demo.start("serve", PORTAL_LOG_LEVEL="error")

    await book_through(clients, kill_and_start_again)

    assert clients.troubles.total() > 0
    await check_books(demo, clients)


async def test_bookings_outlive_a_kill_of_postgresql(demo: Installation, clients: Clients) -> None:
    def kill() -> None:
        assert demo.postmaster is not None
        os.kill(demo.postmaster, signal.SIGKILL)

    await book_through(clients, kill)

    assert set(clients.troubles) == {str(UNAVAILABLE)}
    await check_books(demo, clients)
