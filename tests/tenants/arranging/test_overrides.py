from datetime import datetime

from portal.database import practice_lens
from tenants.arranging.insist import Insistence
from tenants.arranging.overrides import overrides_of
from tenants.arranging.rearrange import Move, move_by_staff
from tenants.booking.cancel import cancel_by_staff
from tests.cast import ANA, ANA_AT_MEADOW, BEN, MONDAY, NORA, Cast
from tests.factories import PracticeMade

ON_PURPOSE = Insistence(overbook=True, outside_hours=True, reason="an emergency")


async def moved(practice: PracticeMade, ref: str, to: datetime, now: datetime) -> None:
    async with practice_lens(practice.tenant):
        await move_by_staff(practice.tenant, ref, Move(to, insistence=ON_PURPOSE, by=NORA), now)


async def told(practice: PracticeMade, row: dict[str, int]) -> list[tuple[bool, bool, str, str]]:
    async with practice_lens(practice.tenant):
        found = await overrides_of(practice.tenant, row["id"])
    return [(each.own, each.stands, each.what, each.other["client"] if each.other else "") for each in found]


async def test_both_sides_tell_of_it_while_they_meet(cast: Cast) -> None:
    await cast.harbour.policy(overbooking=True)
    ten, seven = cast.harbour.at(2026, 11, 24, 10), cast.harbour.at(2026, 11, 24, 7)
    over = await cast.harbour.appointment(ANA, "Follow-up", "Nora Blake", cast.harbour.at(2026, 11, 24, 15))
    under = await cast.harbour.appointment(BEN, "Follow-up", "Nora Blake", ten)

    await moved(cast.harbour, over["ref"], ten, MONDAY)
    meeting = await told(cast.harbour, over), await told(cast.harbour, under)
    await moved(cast.harbour, over["ref"], seven, MONDAY.replace(hour=9))
    apart = await told(cast.harbour, over), await told(cast.harbour, under)

    assert meeting == ([(True, True, "overbooked", "Ben Okafor")], [(False, True, "overbooked", "Ana Silva")])
    assert apart == (
        [(True, False, "overbooked", "Ben Okafor"), (True, True, "outside_hours", "")],
        [(False, False, "overbooked", "Ana Silva")],
    )


async def test_what_is_cancelled_is_in_nobody_s_way(cast: Cast) -> None:
    await cast.harbour.policy(overbooking=True)
    ten = cast.harbour.at(2026, 11, 24, 10)
    over = await cast.harbour.appointment(ANA, "Follow-up", "Nora Blake", cast.harbour.at(2026, 11, 24, 15))
    under = await cast.harbour.appointment(BEN, "Follow-up", "Nora Blake", ten)
    await moved(cast.harbour, over["ref"], ten, MONDAY)

    async with practice_lens(cast.harbour.tenant):
        await cancel_by_staff(cast.harbour.tenant, under["ref"], "", MONDAY, by=NORA)

    assert await told(cast.harbour, over) == [(True, False, "overbooked", "Ben Okafor")]


async def test_nothing_of_it_is_seen_next_door(cast: Cast) -> None:
    await cast.harbour.policy(overbooking=True)
    ten = cast.harbour.at(2026, 11, 24, 10)
    over = await cast.harbour.appointment(ANA, "Follow-up", "Nora Blake", cast.harbour.at(2026, 11, 24, 15))
    await cast.harbour.appointment(BEN, "Follow-up", "Nora Blake", ten)
    await cast.meadow.appointment(ANA_AT_MEADOW, "Massage", "Lea Martin", cast.meadow.at(2026, 11, 24, 10))
    await moved(cast.harbour, over["ref"], ten, MONDAY)

    assert await told(cast.meadow, over) == []
