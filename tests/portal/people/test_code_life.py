"""Anything anybody may do with codes, in any order, beside a list on paper."""

import json
from collections.abc import Awaitable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test

from portal.people.codes import (
    ADD_ADDRESS,
    SIGN_IN,
    VERIFY_MOBILE,
    find_code,
    prove_code,
    proved_by,
    send_code,
    was_just_proved,
)
from portal.people.refusals import CodeOver, CodeTooSoon, CodeWrong
from tests.cast import ANA, BEN, CLEO, MONDAY
from tests.factories import make_person
from tests.one_loop import OneLoop
from tests.portal.people.paper_codes import MINUTE, Kind, Paper

SECRET = "a secret of forty characters for testing"
MOBILE = "+14165550100"

kinds = st.integers(0, 4)
latest = st.integers(0, 2)
typings = st.sampled_from(["right", "right", "spaced", "wrong", "wrong", "another's", ""])
pauses = st.sampled_from([timedelta(seconds=seconds) for seconds in (0, 0, 0, 1, 60, 60)])
A_SECOND = timedelta(seconds=1)


class Mailbox(OneLoop):
    """People, and the messages that codes are read from."""

    def __init__(self, owner_dsn: str, app_dsn: str) -> None:
        super().__init__(owner_dsn, app_dsn)
        ben, cleo = (self.run(make_person(self.owner, name, to))["id"] for name, to in (("Ben", BEN), ("Cleo", CLEO)))
        self.kinds = [
            Kind(ANA, SIGN_IN, None),
            Kind(ANA, ADD_ADDRESS, ben),
            Kind(ANA, ADD_ADDRESS, cleo),
            Kind(MOBILE, VERIFY_MOBILE, ben),
            Kind(MOBILE, VERIFY_MOBILE, cleo),
        ]

    async def begin_again(self) -> None:
        await self.owner.execute("DELETE FROM code; DELETE FROM account_message")

    def newest(self) -> tuple[int, dict[str, Any]]:
        """How many there are, and the last."""
        rows = self.run(self.owner.fetch("SELECT * FROM account_message ORDER BY id"))
        return len(rows), dict(rows[-1], facts=json.loads(rows[-1]["facts"]))


class Codes(RuleBasedStateMachine):
    mailbox: Mailbox

    def __init__(self) -> None:
        super().__init__()
        self.mailbox.run(self.mailbox.begin_again())
        self.paper = Paper(MONDAY)

    def ask(self, work: Awaitable[Any]) -> Any:
        """The answer, or the refusal."""
        try:
            return self.mailbox.run(work)
        except (CodeWrong, CodeOver, CodeTooSoon) as refusal:
            return refusal

    @rule(pause=pauses, number=kinds)
    def send(self, pause: timedelta, number: int) -> None:
        self.paper.now += pause
        kind = self.mailbox.kinds[number]
        standing, again_at = self.paper.standing(kind), self.paper.again_at(kind.to)

        sent = self.ask(send_code(kind.to, kind.purpose, "en", SECRET, self.paper.now, person_id=kind.person))

        if standing:
            assert (sent.ref, sent.resend_at) == (standing, self.paper.codes[standing].sent_at + MINUTE)
        elif again_at:
            assert (type(sent), sent.again_at) == (CodeTooSoon, again_at)
        else:
            assert (sent.to, sent.resend_at) == (kind.to, self.paper.now + MINUTE)
            self.paper.send(sent.ref, kind, self.read(kind))

    def read(self, kind: Kind) -> str:
        """The digits, as the message carries them to this receiver alone."""
        messages, message = self.mailbox.newest()
        assert messages == len(self.paper.codes) + 1
        assert (message["sent_to"], message["channel"]) == (kind.to, "sms" if kind.to == MOBILE else "email")
        assert set(message["facts"]) == {"code"}
        digits: str = message["facts"]["code"]
        assert (len(digits), digits.isascii(), digits.isdecimal()) == (6, True, True)
        return digits

    @precondition(lambda self: self.paper.codes)
    @rule(pause=pauses, number=latest, typing=typings, times=st.sampled_from([1, 1, 2, 5]))
    def type(self, pause: timedelta, number: int, typing: str, times: int) -> None:
        self.paper.now += pause
        ref = self.pick(number)
        for _ in range(times):
            self.try_once(ref, typing, self.paper.codes[ref].kind)

    @precondition(lambda self: self.paper.codes)
    @rule(number=latest, other=kinds)
    def type_for_another_person_or_purpose(self, number: int, other: int) -> None:
        self.try_once(self.pick(number), "right", self.mailbox.kinds[other])

    def try_once(self, ref: str, typing: str, kind: Kind) -> None:
        typed = self.typed(ref, typing)
        digits = typed.replace(" ", "")
        expected = self.paper.type(ref, digits, kind)

        answer = self.ask(prove_code(ref, typed, kind.purpose, SECRET, self.paper.now, person_id=kind.person))

        if expected is None:
            assert type(answer) is CodeOver
        elif isinstance(expected, int):
            assert (type(answer), answer.tries_left) == (CodeWrong, expected)
        else:
            assert answer == expected
        code = self.paper.codes[ref]
        proved = self.mailbox.run(was_just_proved(ref, typed, kind.purpose, SECRET, self.paper.now))
        fits = (digits, kind.purpose) == (code.digits, code.kind.purpose)
        assert proved == (self.paper.used_since(ref, MINUTE) and fits)

    def typed(self, ref: str, typing: str) -> str:
        digits = self.paper.codes[ref].digits
        return {
            "right": digits,
            "spaced": f" {digits[:3]} {digits[3:]}",
            "wrong": f"{(int(digits) + 1) % 1_000_000:06}",
            "another's": next(iter(self.paper.codes.values())).digits,
            "": "",
        }[typing]

    def pick(self, number: int) -> str:
        return list(self.paper.codes)[-1 - number % len(self.paper.codes)]

    @precondition(lambda self: self.paper.codes)
    @rule(number=latest, which=st.sampled_from(["again", "over", "just"]), early=st.booleans())
    def wait_for_a_limit(self, number: int, which: str, early: bool) -> None:
        """What matters is on which side of it the next step falls."""
        code = self.paper.codes[self.pick(number)]
        limit = {
            "again": self.paper.again_at(code.kind.to),
            "over": code.sent_at + 15 * MINUTE,
            "just": code.used_at and code.used_at + MINUTE,
        }[which]
        if limit:
            self.paper.now = max(self.paper.now, limit - A_SECOND if early else limit)

    @precondition(lambda self: self.paper.codes)
    @rule(number=latest, early=st.booleans(), pause=st.sampled_from([MINUTE - A_SECOND, MINUTE]))
    def type_at_the_end_of_its_life(self, number: int, early: bool, pause: timedelta) -> None:
        """And once more, as the second half of a double click that comes late."""
        self.wait_for_a_limit(number, "over", early)
        self.type(timedelta(0), number, "right", 1)
        self.type(pause, number, "right", 1)

    @rule(number=kinds, times=st.integers(2, 6))
    def spend_the_hour(self, number: int, times: int) -> None:
        for _ in range(times):
            self.send(MINUTE, number)

    @precondition(lambda self: self.paper.codes)
    @rule(pause=pauses, number=latest, other=kinds)
    def ask_about_it(self, pause: timedelta, number: int, other: int) -> None:
        self.paper.now += pause
        ref = self.pick(number)
        code, person = self.paper.codes[ref], self.mailbox.kinds[other].person

        found = self.mailbox.run(find_code(ref, code.kind.purpose, person_id=person))
        proved = self.mailbox.run(proved_by(person or 0, ref, ADD_ADDRESS, self.paper.now))

        expected = (ref, code.kind.to, code.sent_at + MINUTE) if person == code.kind.person else None
        assert (found and (found.ref, found.to, found.resend_at)) == expected
        of_this = code.kind.purpose == ADD_ADDRESS and person == code.kind.person
        assert proved == (of_this and self.paper.used_since(ref, 15 * MINUTE))

    @invariant()
    def rows_are_those_on_paper(self) -> None:
        rows = self.mailbox.run(self.mailbox.owner.fetch("SELECT * FROM code ORDER BY id"))
        assert [(row["ref"], row["tries_left"], row["used_at"], row["voided_at"] is not None) for row in rows] == [
            (ref, code.tries, code.used_at, code.void) for ref, code in self.paper.codes.items()
        ]

    @invariant()
    def one_code_at_a_time_opens(self) -> None:
        opening = [code.kind for code in self.paper.codes.values() if code.opens(self.paper.now)]
        assert len(opening) == len(set(opening))


@pytest.fixture
def mailbox(owner_dsn: str, app_dsn: str, no_pool: None) -> Iterator[Mailbox]:
    opened = Mailbox(owner_dsn, app_dsn)
    yield opened
    opened.close()


def test_whatever_is_done_with_codes_in_whatever_order(mailbox: Mailbox) -> None:
    codes = type("CodesOfThisRun", (Codes,), {"mailbox": mailbox})

    run_state_machine_as_test(
        codes,
        settings=settings(
            max_examples=25, stateful_step_count=40, deadline=None, suppress_health_check=list(HealthCheck)
        ),
    )
