"""Groups and rooms, whatever is done in whatever order: what must hold after each step is read off the rows."""

from datetime import datetime, timedelta
from random import Random
from typing import Any

import asyncpg
import pytest

from portal.database import practice_lens
from tenants.arranging.appoint import How, book_by_staff
from tenants.arranging.ask_why import ask_why
from tenants.arranging.insist import Insistence
from tenants.arranging.rearrange import Move, move_by_staff, restore
from tenants.booking.book import book_held_slot
from tenants.booking.cancel import cancel_by_client, cancel_by_staff
from tenants.booking.hold import hold_slot, release_hold
from tenants.booking.move import move_by_client
from tenants.booking.open_times import Wanted, open_times
from tenants.booking.slot import Choice
from tenants.clients.record import Contact
from tenants.refs import new_key
from tenants.refusals import Refusal
from tests.cast import MONDAY, Cast
from tests.factories import PracticeMade

NORA, THEO = "Nora Blake", "Theo Roy"
NEEDS = {"Back class": {"gym"}, "Follow-up": {"laser"}, "First visit": set[str](), "Shockwave": {"gym", "laser"}}
ON_PURPOSE = Insistence(overbook=True, reason="on purpose")
DAY = (2026, 11, 24)

# Who keeps a practitioner's time: what an appointment blocks less what it shares. Two who keep the same time, or a time
# that is blocked and nobody keeps, would each be a hole.
_KEPT_TWICE = """
SELECT count(*) FROM appointment AS one JOIN appointment AS other
    ON one.id < other.id AND one.practitioner_id = other.practitioner_id
WHERE one.cancelled_at IS NULL AND other.cancelled_at IS NULL
      AND (tstzmultirange(tstzrange(one.blocked_from, one.blocked_until)) - one.shares)
          && (tstzmultirange(tstzrange(other.blocked_from, other.blocked_until)) - other.shares)
"""
_KEPT_BY_NOBODY = """
SELECT count(*) FROM (
    SELECT practitioner_id, range_agg(tstzrange(blocked_from, blocked_until)) AS blocked,
           range_agg(tstzmultirange(tstzrange(blocked_from, blocked_until)) - shares) AS kept
    FROM appointment WHERE cancelled_at IS NULL GROUP BY practitioner_id
) AS each_one WHERE blocked <> kept
"""
_GROUPS = """
SELECT service.name, practitioner_id, starts_at, place_id, array_agg(seat ORDER BY seat) AS seats,
       array_agg(DISTINCT blocked_until) AS untils, array_agg(appointment.id) AS ids
FROM appointment JOIN service ON service.id = service_id
WHERE cancelled_at IS NULL AND seat IS NOT NULL GROUP BY 1, 2, 3, 4
"""
_USES = """
SELECT appointment_id, hold_id, resource_kind.name AS kind, resource_use.blocked_from, resource_use.blocked_until
FROM resource_use JOIN resource ON resource.id = resource_id JOIN resource_kind ON resource_kind.id = kind_id
"""
_LIVE = """
SELECT appointment.*, service.name AS service FROM appointment JOIN service ON service.id = service_id
WHERE cancelled_at IS NULL
"""


@pytest.fixture
async def harbour(cast: Cast) -> PracticeMade:
    await cast.harbour.service("Back class", 60, capacity=3, buffer_after=timedelta(minutes=15))
    await cast.harbour.service("Shockwave", 45)
    await cast.harbour.resources("gym", "Gym", needed_by=["Back class", "Shockwave"])
    await cast.harbour.resources("laser", "Laser", what="equipment", needed_by=["Follow-up", "Shockwave"])
    await cast.harbour.policy(overbooking=True)
    return cast.harbour


class Life:
    """Clients and staff who do as they please, each step a transaction that is done or refused."""

    def __init__(self, practice: PracticeMade, seed: int) -> None:
        self.practice, self.random = practice, Random(seed)
        self.refs: list[str] = []
        self.keys: list[str] = []
        self.done: dict[str, int] = {}

    def choice(self) -> Choice:
        service, who = self.random.choice([*NEEDS]), self.random.choice([NORA, THEO])
        refs = self.practice.services[service]["ref"], self.practice.practitioners[who]["ref"]
        return Choice(Wanted(*refs), self.start())

    def start(self) -> datetime:
        return self.practice.at(*DAY, self.random.choice([10, 11, 12]), self.random.choice([0, 0, 0, 30]))

    async def step(self) -> None:
        verbs = [self.keep, self.keep, self.take, self.take, self.leave, self.book, self.cancel, self.move, self.put]
        verb = self.random.choice([*verbs, self.bring_back, self.stretch])
        try:
            async with practice_lens(self.practice.tenant):
                await verb()
            self.done[verb.__name__] = self.done.get(verb.__name__, 0) + 1
        except Refusal:
            pass

    async def keep(self) -> None:
        self.keys.append(await hold_slot(self.practice.tenant, self.choice(), MONDAY))

    async def take(self) -> None:
        if self.keys:
            key = self.keys.pop(self.random.randrange(len(self.keys)))
            booked = await book_held_slot(self.practice.tenant, key, self.contact(), "", MONDAY)
            self.refs.append(booked.ref)

    async def leave(self) -> None:
        if self.keys:
            await release_hold(self.practice.tenant, self.random.choice(self.keys), MONDAY)

    async def book(self) -> None:
        how = How(insistence=ON_PURPOSE) if self.random.random() < 0.2 else How()
        booked = await book_by_staff(self.practice.tenant, new_key(), self.choice(), self.contact(), MONDAY, how)
        self.refs.append(booked.ref)

    async def cancel(self) -> None:
        if self.refs:
            cancel = self.random.choice([cancel_by_client, cancel_by_staff])
            await cancel(self.practice.tenant, self.random.choice(self.refs), "", MONDAY)

    async def move(self) -> None:
        if self.refs:
            await move_by_client(self.practice.tenant, self.random.choice(self.refs), self.start(), MONDAY)

    async def put(self) -> None:
        if self.refs:
            who = self.practice.practitioners[self.random.choice([NORA, THEO])]["ref"]
            insistence = ON_PURPOSE if self.random.random() < 0.2 else Insistence()
            change = Move(self.start(), who, insistence=insistence)
            await move_by_staff(self.practice.tenant, self.random.choice(self.refs), change, MONDAY)

    async def stretch(self) -> None:
        if self.refs:
            ref = self.random.choice(self.refs)
            row = await self.practice.owner.fetchrow("SELECT starts_at FROM appointment WHERE ref = $1", ref)
            length = timedelta(minutes=self.random.choice([30, 45, 60]))
            await move_by_staff(self.practice.tenant, ref, Move(row["starts_at"], length=length), MONDAY)

    async def bring_back(self) -> None:
        if self.refs:
            await restore(self.practice.tenant, self.random.choice(self.refs), MONDAY)

    def contact(self) -> Contact:
        return Contact(f"client{self.random.randrange(40)}@example.org", "Client", "")


async def check(practice: PracticeMade, owner: asyncpg.Connection) -> None:
    assert await owner.fetchval(_KEPT_TWICE) == 0
    assert await owner.fetchval(_KEPT_BY_NOBODY) == 0
    uses: dict[tuple[int | None, str], Any] = {
        (row["appointment_id"], row["kind"]): row for row in await owner.fetch(_USES)
    }
    groups = await owner.fetch(_GROUPS)
    for group in groups:
        assert len(group["seats"]) == len(set(group["seats"])), "a seat was given twice"
    live = await owner.fetch(_LIVE)
    for row in live:
        fellows = _fellows(row, live)
        for kind in NEEDS[row["service"]]:
            theirs = [uses[each["id"], kind] for each in fellows if (each["id"], kind) in uses]
            assert len(theirs) == 1, f"{row['service']} has {len(theirs)} of {kind}"
            assert (theirs[0]["blocked_from"], theirs[0]["blocked_until"]) == (
                row["blocked_from"],
                row["blocked_until"],
            )
    known = {row["id"] for row in live}
    assert {who for who, _ in uses if who is not None} <= known, "something is used by what is over"


def _fellows(row: Any, live: list[Any]) -> list[Any]:
    """Those that share its time, itself included: of one group, and as long as it."""
    if row["seat"] is None:
        return [row]
    same = ("practitioner_id", "service_id", "starts_at", "blocked_from", "blocked_until", "place_id")
    return [each for each in live if each["seat"] and all(each[name] == row[name] for name in same)]


async def check_answers(practice: PracticeMade) -> None:
    """What is offered to clients, and why the rest is not, is one answer."""
    for service in NEEDS:
        for who in (NORA, THEO):
            wanted = Wanted(practice.services[service]["ref"], practice.practitioners[who]["ref"])
            day = practice.at(*DAY).date()
            async with practice_lens(practice.tenant):
                found = await open_times(practice.tenant, wanted, day, day, MONDAY)
            offered = {slot.start for slot in found.day(day)}
            for half_hour in range(19, 28):
                start = int((practice.at(*DAY) + timedelta(minutes=30 * half_hour)).timestamp())
                async with practice_lens(practice.tenant):
                    answers = await ask_why(practice.tenant, wanted, start, MONDAY)
                assert (answers.answers[0].closed is None) == (start in offered), (service, who, half_hour)


@pytest.mark.parametrize("seed", range(4))
async def test_time_seats_and_rooms_are_given_once(harbour: PracticeMade, owner: asyncpg.Connection, seed: int) -> None:
    life = Life(harbour, seed)

    for number in range(120):
        await life.step()
        await check(harbour, owner)
        if number % 40 == 39:
            await check_answers(harbour)

    assert len(life.done) >= 9, f"the steps that were done are too few: {life.done}"
