"""What a process remembers of a practice is never acted on once it is old, whoever changed it and however."""

from datetime import date, time, timedelta

import asyncpg
import pytest

from portal.database import practice_lens
from tenants.booking.hold import hold_slot
from tenants.booking.open_times import Wanted, open_times
from tenants.booking.slot import Choice
from tenants.refusals import SlotTaken, TimeNotOffered
from tenants.services.tables import Service
from tests.cast import ANA, BEN, MONDAY, Cast
from tests.factories import insert
from tests.tenants.booking.rivals import Attempt, Rivals, starts_on

TUESDAY = date(2026, 11, 24)


async def asked_everywhere(processes: Rivals, cast: Cast, wanted: Wanted) -> list[int | str]:
    """How many starts each of four processes sees that Tuesday, or why none."""
    outcomes = await processes.race([Attempt(starts_on, cast.harbour.tenant, (wanted, TUESDAY, MONDAY))] * 4)
    return [len(outcome.given) if outcome.name == "done" else outcome.name for outcome in outcomes]


async def test_every_process_sees_a_change_at_its_next_question(
    processes: Rivals, cast: Cast, owner: asyncpg.Connection
) -> None:
    harbour = cast.harbour
    follow_up = Wanted(harbour.services["Follow-up"]["ref"], harbour.practitioners["Nora Blake"]["ref"])
    seen = [await asked_everywhere(processes, cast, follow_up)]

    await insert(
        owner,
        "closure",
        tenant_id=harbour.tenant.id,
        ref="closure",
        starts_at=harbour.at(2026, 11, 24, 12),
        ends_at=harbour.at(2026, 11, 25),
    )
    seen.append(await asked_everywhere(processes, cast, follow_up))
    await owner.execute("DELETE FROM closure")
    seen.append(await asked_everywhere(processes, cast, follow_up))
    await owner.execute("UPDATE service SET step = '30 minutes'")
    seen.append(await asked_everywhere(processes, cast, follow_up))
    await harbour.policy(minimum_notice=timedelta(days=30))
    seen.append(await asked_everywhere(processes, cast, follow_up))
    added = await harbour.service("Taping", 30)
    await harbour.policy()
    seen.append(await asked_everywhere(processes, cast, Wanted(added["ref"])))
    await owner.execute("UPDATE service SET retired_at = $1 WHERE id = $2", MONDAY, added["id"])
    seen.append(await asked_everywhere(processes, cast, Wanted(added["ref"])))

    assert seen == [[31] * 4, [11] * 4, [31] * 4, [16] * 4, [0] * 4, [31] * 4, ["NotFound"] * 4]


async def test_practice_that_moves_to_another_zone_keeps_its_wall(
    processes: Rivals, cast: Cast, owner: asyncpg.Connection
) -> None:
    follow_up = Wanted(cast.harbour.services["Follow-up"]["ref"], cast.harbour.practitioners["Nora Blake"]["ref"])
    attempt = Attempt(starts_on, cast.harbour.tenant, (follow_up, TUESDAY, MONDAY))
    nine = cast.harbour.at(2026, 11, 24, 9)

    before = [outcome.given[0] for outcome in await processes.race([attempt] * 4)]
    await owner.execute("UPDATE practice SET zone = 'America/Halifax' WHERE slug = 'harbour'")
    after = [outcome.given[0] for outcome in await processes.race([attempt] * 4)]

    assert (before, after) == ([nine] * 4, [nine - timedelta(hours=1)] * 4)


async def test_change_that_was_taken_back_is_forgotten(cast: Cast, owner: asyncpg.Connection) -> None:
    """Otherwise the next change would bring the same number as the one that never was."""
    tenant, follow_up = cast.harbour.tenant, Wanted(cast.harbour.services["Follow-up"]["ref"])
    with pytest.raises(ZeroDivisionError):  # noqa: PT012 - something goes wrong after the plan has been read
        async with practice_lens(tenant):
            await Service.update({Service.step: timedelta(hours=1)}).where(Service.ref == follow_up.service)
            assert 1 / (len(await starts_on(tenant, follow_up, TUESDAY, MONDAY)) - 8)
    await owner.execute("UPDATE practitioner SET title = 'Doctor' WHERE name = 'Theo Roy'")

    async with practice_lens(tenant):
        assert len(await starts_on(tenant, follow_up, TUESDAY, MONDAY)) == 31


async def test_buffers_of_two_days_meet_at_midnight(cast: Cast, owner: asyncpg.Connection) -> None:
    """The longest buffers: one day's last appointment needs time until 4, the next day's first one from 2 on."""
    four_hours = timedelta(hours=4)
    await cast.harbour.hours("Nora Blake", range(1, 3), time(0), time(0))
    await cast.harbour.service(
        "Expedition", 60, buffer_before=four_hours, buffer_after=four_hours, step=timedelta(hours=1)
    )
    await cast.harbour.appointment(BEN, "Expedition", "Nora Blake", cast.harbour.at(2026, 11, 25, 6))
    wanted = Wanted(cast.harbour.services["Expedition"]["ref"], cast.harbour.practitioners["Nora Blake"]["ref"])

    async with practice_lens(cast.harbour.tenant):
        starts = await starts_on(cast.harbour.tenant, wanted, TUESDAY, MONDAY)

    assert starts[-1] == cast.harbour.at(2026, 11, 24, 21), "22:00 and 23:00 would need time after 2 at night"


async def test_time_at_which_the_wanted_practitioner_is_not_in_was_not_taken(cast: Cast) -> None:
    await cast.harbour.hours("Theo Roy", range(5, 6), time(9), time(12))
    saturday = cast.harbour.at(2026, 11, 28, 10)
    follow_up = cast.harbour.services["Follow-up"]["ref"]
    nora, theo = (cast.harbour.practitioners[who]["ref"] for who in ("Nora Blake", "Theo Roy"))
    await cast.harbour.appointment(ANA, "Follow-up", "Theo Roy", saturday)

    for practitioner, refusal in ((nora, TimeNotOffered), (theo, SlotTaken), (None, SlotTaken)):
        with pytest.raises(refusal):
            async with practice_lens(cast.harbour.tenant):
                await hold_slot(cast.harbour.tenant, Choice(Wanted(follow_up, practitioner), saturday), MONDAY)


async def test_month_is_any_of_its_days(cast: Cast) -> None:
    """One question over many days gives what a question for each day gives."""
    await cast.harbour.appointment(ANA, "First visit", "Nora Blake", cast.harbour.at(2026, 11, 24, 16))
    wanted = Wanted(cast.harbour.services["First visit"]["ref"])
    days = [TUESDAY + timedelta(days=number) for number in range(30)]

    async with practice_lens(cast.harbour.tenant):
        month = await open_times(cast.harbour.tenant, wanted, days[0], days[-1], MONDAY)
        each = [await open_times(cast.harbour.tenant, wanted, day, day, MONDAY) for day in days]

    assert month.days == {day: found.days[day] for day, found in zip(days, each, strict=True)}
