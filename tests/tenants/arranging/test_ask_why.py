"""The answers to "why is this hour not offered?", held against what is offered."""

import random
from datetime import date, timedelta
from typing import Any

import asyncpg
import pytest

from portal.database import practice_lens
from tenants.arranging.ask_why import Answers, ask_why
from tenants.booking.open_times import Wanted, open_times
from tenants.refusals import NotFound
from tests.cast import ANA, BEN, MONDAY, Cast
from tests.factories import PracticeMade, insert


async def asked(practice: PracticeMade, wanted: Wanted, *when: int) -> Answers:
    async with practice_lens(practice.tenant):
        return await ask_why(practice.tenant, wanted, int(practice.at(*when).timestamp()), MONDAY)


def wanted(practice: PracticeMade, service: str = "Follow-up", **more: Any) -> Wanted:
    return Wanted(practice.services[service]["ref"], **more)


async def test_answers_agree_with_what_is_offered(cast: Cast) -> None:
    """Whether it is, and which is the next, for each practitioner at times of every kind."""
    harbour, lot = cast.harbour, random.Random(5)
    await harbour.policy(horizon=timedelta(days=12))
    for hour in (9, 11, 14):
        for name in ("Nora Blake", "Theo Roy"):
            email = lot.choice([ANA, BEN])
            await harbour.appointment(email, "First visit", name, harbour.at(2026, 11, 25, hour, lot.choice([0, 30])))
    first, last = date(2026, 11, 23), date(2026, 12, 8)
    for _ in range(40):
        when = (2026, 11, lot.randrange(22, 31), lot.randrange(7, 19), lot.choice([0, 10, 15, 30, 45]))
        answers = (await asked(harbour, wanted(harbour), *when)).answers
        start = int(harbour.at(*when).timestamp())

        assert len(answers) == 2
        for answer in answers:
            ref = next(
                row["ref"] for row in harbour.practitioners.values() if row["id"] == answer.asked.practitioner_id
            )
            async with practice_lens(harbour.tenant):
                offered = await open_times(harbour.tenant, wanted(harbour, practitioner=ref), first, last, MONDAY)
            slots = [slot for slots in offered.days.values() for slot in slots]
            assert (answer.closed is None) == (start in {slot.start for slot in slots}), (when, answer.closed)
            assert answer.next_free == next((slot for slot in slots if slot.start > start), None), when


async def test_closure_is_named_by_the_row_that_closes(cast: Cast, owner: asyncpg.Connection) -> None:
    """One of the same span that is somebody else's, and one of the other practice, are not it."""
    harbour, meadow = cast.harbour, cast.meadow
    theo, nora = (harbour.practitioners[name] for name in ("Theo Roy", "Nora Blake"))
    times = {"starts_at": harbour.at(2026, 11, 24, 10), "ends_at": harbour.at(2026, 11, 24, 12)}
    for tenant, ref, who in (
        (meadow, "ofmeadow22", None),
        (harbour, "theosclosu", theo["id"]),
        (harbour, "norasclosu", nora["id"]),
    ):
        await insert(owner, "closure", tenant_id=tenant.tenant.id, ref=ref, practitioner_id=who, **times)

    answers = (await asked(harbour, wanted(harbour), 2026, 11, 24, 11)).answers

    told = {each.asked.practitioner_id: each.closure and each.closure["ref"] for each in answers}
    assert told == {theo["id"]: "theosclosu", nora["id"]: "norasclosu"}


async def test_what_another_practice_has_is_not_found(cast: Cast) -> None:
    harbour, meadow = cast.harbour, cast.meadow
    lea, studio = meadow.practitioners["Lea Martin"]["ref"], meadow.places["Studio"]["ref"]

    for wrong in (wanted(meadow, "Massage"), wanted(harbour, practitioner=lea), wanted(harbour, place=studio)):
        with pytest.raises(NotFound):
            await asked(harbour, wrong, 2026, 11, 24, 11)
