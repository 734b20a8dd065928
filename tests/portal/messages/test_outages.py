"""Outages and clocks: nothing is lost, nothing is said twice, nothing after the appointment began."""

import asyncio
from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import asyncpg
import pytest

from portal.messages.backoff import LONGEST
from portal.messages.practice_messages import PRACTICE_MESSAGES
from portal.messages.worker import look_for_reminders, send_batch
from portal.settings import Settings
from tests.cast import Cast
from tests.factories import PracticeMade, insert
from tests.fake_twilio import FakeTwilio

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
AHEAD = 8 * HOUR
NOWHERE = "http://127.0.0.1:1"


class Watch:
    """A practice that reminds by SMS eight hours ahead, its clients, and a worker on a clock that a test moves."""

    def __init__(
        self, practice: PracticeMade, owner: asyncpg.Connection, settings: Settings, twilio: FakeTwilio
    ) -> None:
        self.practice, self.owner, self.settings, self.twilio = practice, owner, settings, twilio
        self.told: list[tuple[str, datetime]] = []

    async def sends_texts(self) -> None:
        await self.owner.execute("DELETE FROM reminder_rule")
        tenant_id, minutes = self.practice.tenant.id, AHEAD // MINUTE
        await insert(self.owner, "message_policy", tenant_id=tenant_id, sms_on=True)
        since = datetime(2026, 1, 1, tzinfo=self.practice.tenant.zone)
        rule = {"channel": "sms", "minutes_ahead": minutes, "condition": "always", "since": since}
        await insert(self.owner, "reminder_rule", tenant_id=tenant_id, **rule)

    async def visits(self, *starts: datetime) -> dict[str, datetime]:
        """Each of another client; when they begin, by their numbers."""
        numbers = {f"+1416{5550100 + n}": at for n, at in enumerate(starts)}
        service, who = next(iter(self.practice.services)), next(iter(self.practice.practitioners))
        for number, at in numbers.items():
            record = await self.practice.record(f"{number}@example.org", "Client")
            await self.owner.execute("UPDATE client_record SET phone = $1 WHERE id = $2", number, record["id"])
            length = {"ends_at": at + 5 * MINUTE, "blocked_from": at, "blocked_until": at + 5 * MINUTE}
            await self.practice.appointment(record["email"], service, who, at, **length)
        return numbers

    async def works(self, now: datetime, *, provider: bool = True) -> None:
        """One look, and all that can leave at that moment."""
        self.twilio.now = now
        settings = self.settings if provider else replace(self.settings, twilio_base_url=NOWHERE)
        before = len(self.twilio.messages)
        await look_for_reminders(now)
        while await send_batch(PRACTICE_MESSAGES, settings, asyncio.Event(), lambda: now):
            pass
        self.told += [(message["to"], now) for message in self.twilio.messages[before:]]

    async def runs(self, since: datetime, until: datetime, every: timedelta = 5 * MINUTE, **more: Any) -> None:
        """At each step of elapsed time, both ends included."""
        for step in range((until.astimezone(UTC) - since.astimezone(UTC)) // every + 1):
            await self.works(since.astimezone(UTC) + step * every, **more)

    async def outcomes(self) -> Counter[str]:
        rows = await self.owner.fetch("SELECT * FROM message")
        return Counter("sent" if row["sent_at"] else row["skip_reason"] or row["failure"] or "waits" for row in rows)


@pytest.fixture
async def watch(cast: Cast, owner: asyncpg.Connection, sms_settings: Settings, twilio: FakeTwilio) -> Watch:
    watch = Watch(cast.harbour, owner, sms_settings, twilio)
    await watch.sends_texts()
    return watch


async def test_provider_down_for_an_hour_delays_and_loses_nothing(watch: Watch) -> None:
    at = watch.practice.at(2026, 11, 24, 10)
    visits = await watch.visits(*(at + AHEAD + n * 20 * MINUTE for n in range(6)))
    await watch.works(at - 10 * MINUTE)

    await watch.runs(at, at + HOUR, provider=False)
    during = list(watch.told)
    await watch.runs(at + HOUR + 5 * MINUTE, at + 3 * HOUR)

    assert (during, await watch.outcomes()) == ([], {"sent": 6})
    moments = {number: max(starts - AHEAD, at + HOUR) for number, starts in visits.items()}
    assert sorted(number for number, _ in watch.told) == sorted(visits)
    assert all(moments[number] <= when <= moments[number] + LONGEST * 1.5 for number, when in watch.told)


async def test_provider_down_until_the_appointment_begins_ends_the_attempts(watch: Watch) -> None:
    starts = watch.practice.at(2026, 11, 24, 18)
    await watch.visits(starts)
    await watch.works(starts - AHEAD - MINUTE)

    await watch.runs(starts - AHEAD, starts, 10 * MINUTE, provider=False)
    await watch.runs(starts, starts + HOUR)

    (ended,) = await watch.outcomes()
    assert (watch.told, ended in {"begun", "ClientConnectorError"}) == ([], True)
    assert await watch.owner.fetchval("SELECT coalesce(failed_at, skipped_at) <= $1 FROM message", starts)


async def test_clock_set_back_says_nothing_twice(watch: Watch) -> None:
    at = watch.practice.at(2026, 11, 24, 10)
    visits = await watch.visits(*(at + AHEAD + n * 20 * MINUTE for n in range(6)))
    await watch.works(at - MINUTE)

    await watch.runs(at, at + HOUR)
    await watch.runs(at - HOUR, at + 3 * HOUR)

    assert (sorted(number for number, _ in watch.told), await watch.outcomes()) == (sorted(visits), {"sent": 6})


async def test_worker_that_was_off_for_twenty_minutes_says_all_but_what_has_begun(watch: Watch) -> None:
    """What came due meanwhile leaves at once; a rule of minutes is of no use any more for what began meanwhile."""
    await watch.owner.execute("UPDATE reminder_rule SET minutes_ahead = 15")
    off, on = watch.practice.at(2026, 11, 24, 10), watch.practice.at(2026, 11, 24, 10, 20)
    visits = await watch.visits(off + 17 * MINUTE, off + 32 * MINUTE, on + 20 * MINUTE)
    await watch.works(off)

    await watch.runs(on, on + HOUR)

    _, waiting, later = visits
    assert watch.told == [(waiting, on), (later, on + 5 * MINUTE)]


@pytest.mark.parametrize(
    ("place", "night"),
    [
        ("harbour", date(2026, 11, 1)),
        ("harbour", date(2027, 3, 14)),
        ("meadow", date(2026, 10, 25)),
        ("meadow", date(2027, 3, 28)),
    ],
)
async def test_night_of_a_clock_change_reminds_of_each_appointment_once_and_in_time(
    place: str,
    night: date,
    cast: Cast,
    owner: asyncpg.Connection,
    sms_settings: Settings,
    twilio: FakeTwilio,
) -> None:
    """Every half hour of the day, the one that comes twice as well."""
    practice = {"harbour": cast.harbour, "meadow": cast.meadow}[place]
    watch = Watch(practice, owner, replace(sms_settings, sms_countries=("CA",)), twilio)
    await watch.sends_texts()
    zone, every = practice.tenant.zone, 30 * MINUTE
    midnight = datetime.combine(night, time(), zone).astimezone(UTC)
    end = datetime.combine(night + DAY, time(), zone).astimezone(UTC)
    visits = await watch.visits(*(midnight + n * every for n in range((end - midnight) // every)))
    await watch.works(midnight - 9 * HOUR)

    await watch.runs(midnight - AHEAD, end, every)

    assert watch.told == sorted(watch.told, key=lambda told: told[1])
    assert dict(watch.told) == {number: leaves(starts - AHEAD, zone, every) for number, starts in visits.items()}
    assert (len(watch.told), await watch.outcomes()) == (len(visits), {"sent": len(visits)})


def leaves(moment: datetime, zone: Any, every: timedelta) -> datetime:
    """At the first step after a quarter to nine in the evening for what would fall into the quiet hours."""
    wall = moment.astimezone(zone)
    if time(8) <= wall.time() < time(21):
        return moment
    evening = wall.date() if wall.time() >= time(21) else wall.date() - DAY
    last = datetime.combine(evening, time(20, 45), zone).astimezone(UTC)
    return last + (datetime.min.replace(tzinfo=UTC) - last) % every
