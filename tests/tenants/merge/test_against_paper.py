"""Merges and undos in any order, beside a box of paper cards: nothing is lost, nothing is there twice."""

from collections.abc import Callable, Coroutine, Iterator
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test

from portal.database import practice_lens
from tenants.clients.record import Contact, find_or_make_record
from tenants.merge.merge import look_at_two, merge_records
from tenants.merge.undo import undo_merge
from tenants.refusals import Refusal
from tests.cast import MONDAY, NORA, Cast, play
from tests.one_loop import OneLoop
from tests.tenants.merge.paper_records import Card, PaperBox

EMAILS = [f"client{number}@example.org" for number in range(4)]
any_of_them = st.integers(0, 99)


class Room(OneLoop):
    """The practices, and one event loop for everything that is asked of them."""

    def __init__(self, owner_dsn: str, app_dsn: str) -> None:
        super().__init__(owner_dsn, app_dsn)
        self.cast: Cast = self.run(play(self.owner))

    def ask(self, verb: Callable[..., Coroutine[Any, Any, Any]], *facts: Any) -> Any:
        """What the verb answers in Harbour's lens, or the name of its refusal."""
        try:
            return self.run(self._ask(verb, *facts))
        except Refusal as refusal:
            return type(refusal).__name__

    async def _ask(self, verb: Callable[..., Coroutine[Any, Any, Any]], *facts: Any) -> Any:
        async with practice_lens(self.cast.harbour.tenant):
            return await verb(self.cast.harbour.tenant, *facts)

    async def begin_again(self) -> None:
        await self.owner.execute("TRUNCATE client_merge, client_change, appointment CASCADE")
        await self.owner.execute("DELETE FROM client_record WHERE email LIKE 'client%' OR email IS NULL")

    async def elsewhere(self) -> list[Any]:
        rows: list[Any] = await self.owner.fetch(
            "SELECT * FROM client_record WHERE email IS NOT NULL AND email NOT LIKE 'client%' ORDER BY id"
        )
        return rows

    async def visit(self, record_id: int, number: int) -> str:
        harbour = self.cast.harbour
        harbour.records["them"] = {"id": record_id}
        starts_at = harbour.at(2026, 11, 24, 9) + timedelta(hours=number)
        return str((await harbour.appointment("them", "Follow-up", "Nora Blake", starts_at))["ref"])


class Box(RuleBasedStateMachine):
    room: Room

    def __init__(self) -> None:
        super().__init__()
        self.room.run(self.room.begin_again())
        self.others = self.room.run(self.room.elsewhere())
        self.paper = PaperBox()
        self.slips = 0

    @rule(email=st.sampled_from(EMAILS) | st.none())
    def somebody_comes(self, email: str | None) -> None:
        """With an address that is known already it is the same record."""
        number = self.room.ask(find_or_make_record, Contact(email, "Client", "17"), MONDAY)

        known = self.paper.whose(email) if email else None
        assert known in (number, None)
        self.paper.cards.setdefault(number, Card(email))

    @precondition(lambda self: self.paper.cards)
    @rule(which=any_of_them)
    def somebody_books(self, which: int) -> None:
        """Perhaps on a record that is merged already, by a page that does not know."""
        number = list(self.paper.cards)[which % len(self.paper.cards)]
        self.slips += 1

        slip = self.room.run(self.room.visit(number, self.slips))

        self.paper.cards[self.paper.end_of(number)].slips.add(slip)

    @precondition(lambda self: len(self.paper.standing()) > 1)
    @rule(one=any_of_them, other=any_of_them, stays=st.sampled_from(["kept", "gone"]))
    def two_become_one(self, one: int, other: int, stays: str) -> None:
        standing = self.paper.standing()
        kept, gone = standing[one % len(standing)], standing[other % len(standing)]
        refs = self.ref_of(kept), self.ref_of(gone)
        if kept == gone:
            assert self.room.ask(look_at_two, *refs) == "SameRecord"
            return

        seen = self.room.ask(look_at_two, *refs).seen
        ref = self.room.ask(merge_records, refs, {"reach": stays}, seen, NORA, MONDAY)

        self.paper.merge(ref, kept, gone, stays)

    @precondition(lambda self: self.paper.merges)
    @rule(which=any_of_them)
    def a_merge_is_undone(self, which: int) -> None:
        ref = list(self.paper.merges)[which % len(self.paper.merges)]

        told = self.room.ask(undo_merge, ref, NORA, MONDAY)

        if (refusal := self.paper.why_not(ref)) is not None:
            assert told == refusal
        else:
            assert isinstance(told, tuple)
            self.paper.undo(ref)

    @invariant()
    def the_box_and_the_book_say_the_same(self) -> None:
        rows = self.room.run(self.room.owner.fetch("SELECT id, email, merged_into FROM client_record"))
        pinned = self.room.run(self.room.owner.fetch("SELECT client_record_id, ref FROM appointment"))
        cards = {row["id"]: row for row in rows if row["id"] in self.paper.cards}

        assert {number: (row["email"], row["merged_into"]) for number, row in cards.items()} == {
            number: (card.email, card.into) for number, card in self.paper.cards.items()
        }
        assert sorted((row["client_record_id"], row["ref"]) for row in pinned) == sorted(
            (number, slip) for number, card in self.paper.cards.items() for slip in card.slips
        )
        assert self.room.run(self.room.elsewhere()) == self.others

    def ref_of(self, number: int) -> str:
        ref: str = self.room.run(self.room.owner.fetchval("SELECT ref FROM client_record WHERE id = $1", number))
        return ref


@pytest.fixture
def room(no_pool: None, owner_dsn: str, app_dsn: str) -> Iterator[Room]:
    room = Room(owner_dsn, app_dsn)
    yield room
    room.close()


def test_any_order_of_merges_and_undos_agrees_with_paper(room: Room) -> None:
    box = type("BoxOfCards", (Box,), {"room": room})
    run_state_machine_as_test(
        box,
        settings=settings(
            max_examples=40, stateful_step_count=25, deadline=None, suppress_health_check=list(HealthCheck)
        ),
    )
