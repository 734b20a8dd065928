"""A simulated year: bookings, moves, cancellations, rules, quiet hours and outages in any order, against paper."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

import pytest

from portal.database import practice_lens, worker_lens
from portal.messages.letters.letter import Letter
from portal.messages.letters.text import Text
from portal.messages.practice_messages import PRACTICE_MESSAGES
from portal.messages.queue import NotOwed, Outcome
from portal.settings import Settings
from tenants.due import owe_what_is_due
from tenants.notifications.owe import note_change
from tenants.reminders.reminder import Condition
from tenants.reminders.rules import MOST_RULES, RuleDraft, add_rule, change_rule, end_rule
from tenants.writing.policy import MessageRules, save_message_policy
from tenants.writing.quiet import Quiet
from tests.cast import ANA, BEN, TORONTO, play
from tests.one_loop import OneLoop
from tests.tenants.reminders.paper_year import Paper, PaperAppointment, PaperRule

SETTINGS = Settings(public_url="https://portal.example", secret_key="a secret of forty characters for testing")
BEGINS = datetime(2026, 2, 20, 12, tzinfo=UTC)
HALF_HOUR = timedelta(minutes=30)
AHEADS = [timedelta(hours=2), timedelta(hours=24), timedelta(hours=49), timedelta(days=7)]
CONDITIONS: list[Condition] = ["always", "unconfirmed"]
MOSTLY = 0.8
YEAR = timedelta(days=365)
ENOUGH = 30
NIGHTS = [(21 * 60, 8 * 60), (22 * 60 + 30, 6 * 60), (12 * 60, 14 * 60), (18 * 60, 11 * 60)]

_MOVE = """
UPDATE appointment SET starts_at = $2, ends_at = $2::timestamptz + $4::interval, blocked_from = $2,
       blocked_until = $2::timestamptz + $4::interval, moved_at = $3,
       sequence = sequence + 1, confirmed_at = NULL, confirmed_by = NULL WHERE id = $1
"""
_CANCEL = """
UPDATE appointment SET cancelled_at = $2, cancelled_by = 'client', sequence = sequence + 1 WHERE id = $1
"""


class Year(OneLoop):
    """The practice and its paper, driven by one clock."""

    def __init__(self, owner_dsn: str, app_dsn: str) -> None:
        super().__init__(owner_dsn, app_dsn)
        self.cast = self.run(play(self.owner))
        self.tenant = self.cast.harbour.tenant

    def begin(self) -> None:
        self.now, self.paper = BEGINS, Paper(TORONTO, BEGINS)
        self.refs: dict[int, str] = {}
        self.run(self._begin())

    async def _begin(self) -> None:
        await self.owner.execute(
            "TRUNCATE client_reply, message, booking_override, resource_use, waiting_offer, appointment, hold, "
            "reminder_rule, message_policy"
        )
        await self.owner.execute("DELETE FROM reminder_look")
        await self.owner.execute("INSERT INTO reminder_look VALUES (1, $1)", BEGINS)
        await self.owner.execute("UPDATE client_record SET phone = '+14165550101'")
        await self._save_policy()

    async def _save_policy(self) -> None:
        rules = MessageRules(quiet=Quiet(*self.paper.quiet), sms_on=self.paper.sms_on, sms_budget=1_000_000)
        async with practice_lens(self.tenant):
            await save_message_policy(self.tenant, rules)

    def do(self, action: tuple[Any, ...]) -> None:
        self.run(getattr(self, action[0])(*action[1:]))

    def start(self, days: int, slot: int) -> datetime | None:
        """A half-hour of a working day some days ahead, if nobody has it."""
        day = (self.now + timedelta(days=days)).astimezone(TORONTO).replace(hour=7, minute=0, second=0, microsecond=0)
        at = (day + slot * HALF_HOUR).astimezone(UTC)
        taken = {each.starts_at for each in self.paper.appointments.values() if not each.cancelled}
        return None if at <= self.now or at in taken else at

    async def book(self, client: str, days: int, slot: int) -> None:
        at = self.start(days, slot)
        if at is None:
            return
        row = await self.cast.harbour.appointment(client, "Follow-up", "Nora Blake", at, booked_at=self.now)
        self.paper.appointments[row["id"]] = PaperAppointment(row["id"], client, at, self.now)
        await self._note(row["id"], "booked")

    async def move(self, which: int, days: int, slot: int) -> None:
        each, at = self._live(which), self.start(days, slot)
        if each is None or at is None:
            return
        await self.owner.execute(_MOVE, each.id, at, self.now, HALF_HOUR)
        each.starts_at, each.agreed_at, each.confirmed = at, self.now, False
        await self._note(each.id, "moved")

    async def cancel(self, which: int) -> None:
        if each := self._live(which):
            await self.owner.execute(_CANCEL, each.id, self.now)
            each.cancelled = True
            await self._note(each.id, "cancelled")

    async def confirm(self, which: int) -> None:
        if each := self._live(which):
            sql = "UPDATE appointment SET confirmed_at = $2, confirmed_by = 'client' WHERE id = $1"
            await self.owner.execute(sql, each.id, self.now)
            each.confirmed = True

    async def rule(self, channel: str, ahead: timedelta, condition: Condition, late: timedelta | None) -> None:
        if sum(not each.ended for each in self.paper.rules.values()) == MOST_RULES:
            return
        async with practice_lens(self.tenant):
            ref = await add_rule(self.tenant, RuleDraft(channel, ahead, condition, late), self.now)
        id_ = await self.owner.fetchval("SELECT id FROM reminder_rule WHERE ref = $1", ref)
        self.refs[id_] = ref
        self.paper.rules[id_] = PaperRule(id_, channel, ahead, condition, late, self.now)

    async def change(self, which: int, ahead: timedelta) -> None:
        rules = [rule for rule in self.paper.rules.values() if not rule.ended]
        if rules:
            rule = rules[which % len(rules)]
            async with practice_lens(self.tenant):
                draft = RuleDraft(rule.channel, ahead, rule.condition, rule.late_left)  # type: ignore[arg-type]
                await change_rule(self.tenant, self.refs[rule.id], draft, "", self.now)
            if ahead != rule.ahead:
                rule.ahead, rule.since = ahead, self.now

    async def end(self, which: int) -> None:
        rules = [rule for rule in self.paper.rules.values() if not rule.ended]
        if rules:
            rule = rules[which % len(rules)]
            async with practice_lens(self.tenant):
                await end_rule(self.tenant, self.refs[rule.id], self.now)
            rule.ended = True

    async def quiet(self, night: tuple[int, int]) -> None:
        self.paper.keep_quiet(night)
        await self._save_policy()

    async def sms(self, on: bool) -> None:
        self.paper.sms_on = on
        await self._save_policy()

    async def provider(self, channel: str, up: bool) -> None:
        self.paper.down = self.paper.down - {channel} if up else self.paper.down | {channel}

    async def passes(self, time: timedelta) -> None:
        """The worker runs at its end alone: until then it was off."""
        self.now += time
        async with worker_lens():
            await owe_what_is_due(self.now)
        while rows := await PRACTICE_MESSAGES.claim(self.now):
            written = await PRACTICE_MESSAGES.write(rows, SETTINGS, self.now)
            await PRACTICE_MESSAGES.record(
                [self._outcome(row, message) for row, message in zip(rows, written, strict=True)]
            )
        self.paper.work(self.now)
        assert await self._told() == self.paper.told

    def _outcome(self, row: dict[str, Any], message: object) -> Outcome:
        if isinstance(message, NotOwed):
            return Outcome(row, skipped_at=self.now, reason=str(message))
        if row["kind"] != "reminder":
            return Outcome(row, sent_at=self.now)
        channel = {Letter: "email", Text: "sms"}[type(message)]
        if channel in self.paper.down:
            return Outcome(row, again_at=self.now + timedelta(minutes=10), reason="down")
        return Outcome(row, sent_at=self.now)

    async def _told(self) -> set[tuple[Any, ...]]:
        rows = await self.owner.fetch(
            """SELECT appointment_id, starts_at, rule_id, sent_at, channel FROM message
               WHERE kind = 'reminder' AND sent_at IS NOT NULL"""
        )
        return {tuple(row) for row in rows}

    async def _note(self, id_: int, kind: str) -> None:
        async with practice_lens(self.tenant):
            await note_change(self.tenant, id_, kind, "", self.now)

    def _live(self, which: int) -> PaperAppointment | None:
        live = [each for each in self.paper.appointments.values() if not each.cancelled and each.starts_at > self.now]
        return live[which % len(live)] if live else None


@pytest.fixture
def year(no_pool: None, owner_dsn: str, app_dsn: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Year]:
    for pace in ("NUMBER", "PERSON"):
        monkeypatch.setattr(f"portal.messages.reserve.MOST_TO_ONE_{pace}", 1_000_000)
    year = Year(owner_dsn, app_dsn)
    yield year
    year.close()


def some_step(random: Random) -> tuple[Any, ...]:
    """Time passes often, and by little more often than by much; most of what happens is a booking."""
    return random.choices(
        [
            ("passes", timedelta(minutes=random.randrange(20, 24 * 60))),
            ("passes", timedelta(days=random.randrange(1, 12), minutes=random.randrange(24 * 60))),
            ("book", random.choice([ANA, BEN]), random.randrange(10), random.randrange(26)),
            ("move", random.randrange(10), random.randrange(10), random.randrange(26)),
            ("cancel", random.randrange(10)),
            ("confirm", random.randrange(10)),
            (
                "rule",
                random.choice(["email", "sms"]),
                random.choice(AHEADS),
                random.choice(CONDITIONS),
                a_late(random),
            ),
            ("change", random.randrange(10), random.choice(AHEADS)),
            ("end", random.randrange(10)),
            ("quiet", random.choice(NIGHTS)),
            ("sms", random.random() < MOSTLY),
            ("provider", random.choice(["email", "sms"]), random.random() < MOSTLY),
        ],
        weights=[40, 8, 40, 12, 6, 6, 4, 3, 2, 3, 2, 5],
    )[0]


def a_late(random: Random) -> timedelta | None:
    return random.choice([None, timedelta(hours=1), timedelta(hours=6)])


@pytest.mark.parametrize("seed", range(3))
def test_what_leaves_in_a_year_is_what_the_paper_says(year: Year, seed: int) -> None:
    random = Random(seed)
    year.begin()
    for channel, ahead in (("email", AHEADS[2]), ("sms", AHEADS[1])):
        year.do(("rule", channel, ahead, "always", a_late(random)))

    while year.now < BEGINS + YEAR:
        year.do(some_step(random))

    assert len(year.paper.told) > ENOUGH, "a year in which little was said proves little"
