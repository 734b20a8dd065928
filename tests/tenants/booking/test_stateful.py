"""Anything anybody may do at a practice, in any order, beside a calendar of paper."""

from collections.abc import Callable, Coroutine, Iterator
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test

from portal.database import practice_lens
from tenants.arranging.appoint import book_by_staff
from tenants.arranging.rearrange import Move, move_by_staff
from tenants.booking.book import Booked, book_held_slot
from tenants.booking.cancel import cancel_by_client, cancel_by_staff
from tenants.booking.hold import find_hold, hold_slot, release_hold
from tenants.booking.move import move_by_client
from tenants.booking.open_times import Wanted, open_times
from tenants.booking.slot import Choice
from tenants.clients.record import Contact
from tenants.refusals import AppointmentCancelled, PractitionerBusy, Refusal, SlotTaken
from tests.cast import ANA, ANA_AT_MEADOW, BEN, MONDAY, TORONTO, Cast, play
from tests.one_loop import OneLoop
from tests.tenants.booking.paper_calendar import DAYS, LENGTHS, NORA, QUARTER, THEO, Entry, PaperCalendar

CLIENTS = (Contact(ANA, "Ana", "Silva"), Contact(BEN, "Ben", "Okafor"))

whos = st.sampled_from([NORA, THEO])
services = st.sampled_from(sorted(LENGTHS))
clients = st.sampled_from(CLIENTS)
any_of_them = st.integers(0, 99)


@st.composite
def mornings(draw: st.DrawFn) -> datetime:
    """Few enough for two to meet often."""
    day: date = draw(st.sampled_from(DAYS))
    return datetime(day.year, day.month, day.day, 9, tzinfo=TORONTO) + QUARTER * draw(st.integers(0, 9))


class Room(OneLoop):
    """The practices, and one event loop for everything that is asked of them."""

    def __init__(self, owner_dsn: str, app_dsn: str) -> None:
        super().__init__(owner_dsn, app_dsn)
        self.cast: Cast = self.run(play(self.owner))

    def ask(self, verb: Callable[..., Coroutine[Any, Any, Any]], *facts: Any, **more: Any) -> Any:
        """What the verb answers in Harbour's lens, or the class of its refusal."""
        try:
            return self.run(self._ask(verb, *facts, **more))
        except Refusal as refusal:
            return type(refusal)

    async def _ask(self, verb: Callable[..., Coroutine[Any, Any, Any]], *facts: Any, **more: Any) -> Any:
        tenant = self.cast.harbour.tenant
        async with practice_lens(tenant):
            return await verb(tenant, *facts, **more)

    def wanted(self, service: str, who: str | None) -> Wanted:
        harbour = self.cast.harbour
        return Wanted(harbour.services[service]["ref"], harbour.practitioners[who]["ref"] if who else None)

    async def begin_again(self) -> None:
        meadow = self.cast.meadow
        await self.owner.execute(
            "TRUNCATE client_reply, message, booking_override, resource_use, waiting_offer, appointment, hold"
        )
        await meadow.appointment(ANA_AT_MEADOW, "Massage", "Lea Martin", meadow.at(2026, 11, 25, 15))

    async def at_meadow(self) -> list[list[Any]]:
        tables = ("practice", "client_record", "appointment", "message", "hold", "service", "opening_hours")
        column = {"practice": "id"}
        return [
            await self.owner.fetch(
                f"SELECT * FROM {table} WHERE {column.get(table, 'tenant_id')} = $1", self.cast.meadow.tenant.id
            )
            for table in tables
        ]


class Desk(RuleBasedStateMachine):
    room: Room

    def __init__(self) -> None:
        super().__init__()
        self.room.run(self.room.begin_again())
        self.paper = PaperCalendar(MONDAY)
        self.meadow = self.room.run(self.room.at_meadow())

    @rule(who=whos | st.none(), service=services, start=mornings(), browser=st.sampled_from(["one", "two", "three"]))
    def hold(self, who: str | None, service: str, start: datetime, browser: str) -> None:
        choice = Choice(self.room.wanted(service, who), start)

        key = self.room.ask(hold_slot, choice, self.paper.now, browser=browser)

        chosen = who or self.paper.no_preference(service, start, browser)
        entry = Entry(chosen or NORA, service, start)
        if chosen is None or not self.paper.is_free(entry, browser=browser):
            assert key is SlotTaken
        else:
            assert self.room.ask(find_hold, key)["practitioner_name"] == chosen
            self.paper.hold(key, entry, browser)

    @precondition(lambda self: self.paper.holds)
    @rule(number=any_of_them)
    def release(self, number: int) -> None:
        key = pick(self.paper.holds, number)

        self.room.ask(release_hold, key, self.paper.now)

        self.paper.holds[key].released = True

    @precondition(lambda self: self.paper.holds)
    @rule(number=any_of_them, client=clients)
    def book(self, number: int, client: Contact) -> None:
        key = pick(self.paper.holds, number)
        held = self.paper.holds[key]

        booked = self.room.ask(book_held_slot, key, client, "", self.paper.now)

        if held.booked:
            assert booked == Booked(held.booked, again=True)
        elif self.paper.is_free(held.entry, key=key):
            assert not booked.again
            self.paper.book(booked.ref, held.entry)
            held.released, held.booked = True, booked.ref
        else:
            assert booked is SlotTaken

    @rule(form=st.integers(0, 9), who=whos, service=services, start=mornings(), client=clients)
    def book_by_staff(self, form: int, who: str, service: str, start: datetime, client: Contact) -> None:
        key, entry = f"form {form}", Entry(who, service, start)
        choice = Choice(self.room.wanted(service, who), start)

        booked = self.room.ask(book_by_staff, key, choice, client, self.paper.now)

        if key in self.paper.forms:
            assert booked == Booked(self.paper.forms[key], again=True)
        elif self.paper.is_free(entry):
            assert not booked.again
            self.paper.book(booked.ref, entry)
            self.paper.forms[key] = booked.ref
        else:
            assert booked is PractitionerBusy

    @precondition(lambda self: self.paper.appointments)
    @rule(number=any_of_them, who=whos, start=mornings(), by_staff=st.booleans())
    def move(self, number: int, who: str, start: datetime, by_staff: bool) -> None:
        ref = pick(self.paper.appointments, number)
        kept = self.paper.appointments[ref]
        there = Entry(who, kept.entry.service, start)
        practitioner = self.room.cast.harbour.practitioners[who]["ref"]

        if by_staff:
            answer = self.room.ask(move_by_staff, ref, Move(start, practitioner), self.paper.now)
        else:
            answer = self.room.ask(move_by_client, ref, start, self.paper.now, practitioner=practitioner)

        if kept.cancelled:
            assert answer is AppointmentCancelled
        elif self.paper.is_free(there, ref=ref):
            assert answer is None
            self.paper.notices += there != kept.entry
            kept.entry = there
        else:
            assert answer is (PractitionerBusy if by_staff else SlotTaken)

    @precondition(lambda self: self.paper.appointments)
    @rule(number=any_of_them, cancel=st.sampled_from([cancel_by_client, cancel_by_staff]))
    def cancel(self, number: int, cancel: Callable[..., Coroutine[Any, Any, None]]) -> None:
        ref = pick(self.paper.appointments, number)
        kept = self.paper.appointments[ref]

        assert self.room.ask(cancel, ref, "", self.paper.now) is None

        self.paper.notices += not kept.cancelled
        kept.cancelled = True

    @rule(minutes=st.integers(1, 6))
    def wait(self, minutes: int) -> None:
        self.paper.now += timedelta(minutes=minutes)

    @invariant()
    def open_times_are_those_on_paper(self) -> None:
        for service in LENGTHS:
            for who in (NORA, THEO):
                wanted = self.room.wanted(service, who)
                found = self.room.ask(open_times, wanted, DAYS[0], DAYS[1], self.paper.now)
                shown = {day: [slot.starts_at for slot in slots] for day, slots in found.days.items()}
                assert shown == {day: self.paper.free_starts(who, service, day) for day in DAYS}

    @invariant()
    def appointments_and_notices_are_those_on_paper(self) -> None:
        rows = self.room.run(self.room.owner.fetch(_LIVE, self.room.cast.harbour.tenant.id))
        live = {ref: kept.entry for ref, kept in self.paper.appointments.items() if not kept.cancelled}
        assert {row["ref"]: (row["name"], row["blocked_from"], row["blocked_until"]) for row in rows} == {
            ref: (entry.who, *entry.blocked) for ref, entry in live.items()
        }
        entries = list(live.values())
        assert not any(one.meets(other) for number, one in enumerate(entries) for other in entries[:number])
        assert (
            self.room.run(self.room.owner.fetchval("SELECT count(*) FROM message WHERE audience = 'client'"))
            == self.paper.notices
        )

    @invariant()
    def nothing_changes_at_the_neighbour_s(self) -> None:
        assert self.room.run(self.room.at_meadow()) == self.meadow


_LIVE = """
SELECT appointment.ref, practitioner.name, blocked_from, blocked_until
FROM appointment JOIN practitioner ON practitioner.id = practitioner_id
WHERE appointment.tenant_id = $1 AND cancelled_at IS NULL
"""


def pick(some: dict[str, Any], number: int) -> str:
    return list(some)[number % len(some)]


@pytest.fixture
def room(owner_dsn: str, app_dsn: str, no_pool: None) -> Iterator[Room]:
    opened = Room(owner_dsn, app_dsn)
    yield opened
    opened.close()


def test_whatever_is_done_in_whatever_order(room: Room) -> None:
    desk = type("DeskOfThisRun", (Desk,), {"room": room})

    run_state_machine_as_test(
        desk,
        settings=settings(
            max_examples=15, stateful_step_count=40, deadline=None, suppress_health_check=list(HealthCheck)
        ),
    )
