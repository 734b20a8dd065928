"""A worker killed without warning at each step: no SMS twice, of each e-mail at most one more copy, nothing lost."""

import random
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import asyncpg
import pytest

from portal.clock import wall_clock
from portal.messages.queue import BATCH
from portal.messages.sms.twilio import LINES
from portal.settings import Settings
from tests.cast import Cast
from tests.factories import insert
from tests.fake_twilio import HANG, FakeTwilio
from tests.portal.messages.mail_server import HELD, MailServer
from tests.portal.messages.worker_process import Workers

RACERS, DUE = 2, 200


@pytest.fixture
async def practice_with_sms(cast: Cast, owner: asyncpg.Connection, twilio: FakeTwilio) -> None:
    """The provider's dates are today's, as the workers' are."""
    twilio.now = wall_clock()
    await owner.execute("DELETE FROM reminder_rule")
    await insert(owner, "message_policy", tenant_id=cast.harbour.tenant.id, sms_on=True)


@pytest.fixture
def workers(
    practice_with_sms: None,
    cast: Cast,
    owner: asyncpg.Connection,
    sms_settings: Settings,
    app_dsn: str,
    project_root: Path,
    tmp_path: Path,
) -> Iterator[Workers]:
    there = Workers(cast.harbour, owner, sms_settings, app_dsn, project_root, tmp_path)
    yield there
    there.end()


def letters(smtp: MailServer) -> Counter[str]:
    return Counter(str(mail["Message-ID"]) for mail in smtp.received)


def check_texts(twilio: FakeTwilio, kept: list[tuple[str, str]], count: int) -> None:
    """Each number was told once, and the record names that very message."""
    assert kept == sorted((message["to"], message["sid"]) for message in twilio.messages)
    assert len({to for to, _ in kept}) == len(kept) == count


async def test_kill_after_the_claim_loses_nothing(
    workers: Workers, owner_dsn: str, twilio: FakeTwilio, smtp: MailServer
) -> None:
    await workers.owes("sms", 2)
    await workers.owes("email", 2)
    other = await asyncpg.connect(owner_dsn)
    await other.execute("BEGIN; LOCK TABLE client_record")  # so that it waits between claiming and reading
    victim = workers.start()

    async def claimed() -> bool:
        return await workers.count("claimed_until IS NOT NULL") == 4

    await workers.until(claimed)
    workers.kill(victim)
    before = (len(twilio.received), len(smtp.received))
    await other.close()
    await workers.finish()

    assert before == (0, 0)
    check_texts(twilio, await workers.kept(), 2)
    assert sorted(letters(smtp).values()) == [1, 1]


async def test_kill_before_the_answer_is_recorded_asks_the_provider_first(
    workers: Workers, twilio: FakeTwilio, smtp: MailServer
) -> None:
    """E-mail has nobody to ask: a second copy has the same name, by which mailboxes know it."""
    await workers.owes("sms", 2)
    await workers.owes("email", 1)
    twilio.answers, smtp.answers = [HANG, HANG], [HELD]
    victim = workers.start()

    async def accepted() -> bool:
        return (len(twilio.messages), len(smtp.received)) == (2, 1)

    await workers.until(accepted)
    workers.kill(victim)
    recorded = await workers.count("sent_at IS NOT NULL")
    await workers.finish()

    assert recorded == 0
    check_texts(twilio, await workers.kept(), 2)
    assert (len(twilio.received), list(letters(smtp).values())) == (2, [2])


async def test_kill_in_the_middle_of_a_batch_sends_the_rest_once(workers: Workers, twilio: FakeTwilio) -> None:
    answered = 10
    await workers.owes("sms", BATCH)
    twilio.answers = [*["accepted"] * answered, *[HANG] * LINES]
    victim = workers.start()

    async def half_done() -> bool:
        return len(twilio.messages) == answered + LINES and await workers.count("sent_at IS NOT NULL") == answered

    await workers.until(half_done)
    workers.kill(victim)
    await workers.finish()

    check_texts(twilio, await workers.kept(), BATCH)


async def test_two_workers_race_and_one_is_killed(workers: Workers, twilio: FakeTwilio) -> None:
    """At a moment that differs each time; what it leaves behind, another one finishes."""
    racers = [workers.start() for _ in range(RACERS)]
    await workers.listen(RACERS)
    await workers.owes("sms", DUE)
    await workers.owner.execute("NOTIFY carnet_messages")
    enough = random.randrange(DUE)

    async def so_many() -> bool:
        return len(twilio.messages) >= enough

    await workers.until(so_many)
    workers.kill(racers[0])
    await workers.stop(racers[1])
    await workers.finish()

    check_texts(twilio, await workers.kept(), DUE)
