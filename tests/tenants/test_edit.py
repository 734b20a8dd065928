"""The rules by which a practice changes what it offers, and when."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import date, timedelta
from typing import Any

import asyncpg
import pytest

from portal.database import practice_lens
from tenants.appointments.affected import closures_to_come
from tenants.appointments.retire import retire_service
from tenants.availability.hours import DatedHours, WeeklyHours
from tenants.booking.change_policy import change_policy
from tenants.booking.plan import current_plan
from tenants.booking.policy import Policy, find_policy
from tenants.hours.close import Closing, add_closures, change_closure, closure_seen, find_closure
from tenants.hours.edit import Opening, add_hours, clear_day, set_day
from tenants.hours.overlap import check_overlaps
from tenants.refs import fingerprint
from tenants.refusals import ChangedMeanwhile, EndsBeforeItBegins, HoursOverlap, NotFound, Refusal, StillNeeded
from tenants.services.edit import Offer, add_service, change_service, find_offer, restore_service
from tenants.team.member import Member
from tests.cast import ANA, ANA_AT_MEADOW, BEN, MONDAY, Cast
from tests.factories import PracticeMade

NINE, NOON, FIVE = 9 * 60, 12 * 60, 17 * 60


async def in_practice(practice: PracticeMade, rule: Callable[..., Awaitable[Any]], *facts: Any) -> Any:
    async with practice_lens(practice.tenant):
        return await rule(practice.tenant, *facts)


async def refused(practice: PracticeMade, rule: Callable[..., Awaitable[Any]], *facts: Any) -> Refusal | None:
    try:
        await in_practice(practice, rule, *facts)
    except Refusal as refusal:
        return refusal
    return None


def offer(cast: Cast, **more: Any) -> Offer:
    usual: dict[str, Any] = {
        "name": "Shockwave",
        "about": "",
        "duration": timedelta(minutes=20),
        "buffer_before": timedelta(),
        "buffer_after": timedelta(),
        "step": timedelta(minutes=20),
        "price": None,
        "practitioners": (cast.harbour.practitioners["Theo Roy"]["ref"],),
        "places": (cast.harbour.places["Harbour House"]["ref"],),
    }
    return Offer(**usual | more)


# Who may


def test_professional_plans_for_themselves_and_admin_for_everybody() -> None:
    theo, nora = Member("professional", 2), Member("admin", 1)

    assert [theo.may_plan(who) for who in (2, 1, None)] == [True, False, False]
    assert [nora.may_plan(who) for who in (2, 1, None)] == [True, True, True]
    assert Member("receptionist", None).may_plan(None) is False


def test_memberships_by_two_addresses_add_up() -> None:
    rows: list[dict[str, Any]] = [
        {"role": "professional", "practitioner_id": 4, "sees_all_clients": False, "sees_contacts": True},
        {"role": "receptionist", "practitioner_id": None, "sees_all_clients": True, "sees_contacts": True},
    ]

    assert Member.from_rows(rows) == Member("receptionist", 4)
    assert Member.from_rows([]) is None


# Services


async def test_service_is_found_as_it_was_saved(cast: Cast) -> None:
    ref = await in_practice(cast.harbour, add_service, offer(cast, price=8550))

    assert await in_practice(cast.harbour, find_offer, ref) == offer(cast, price=8550)


async def test_new_service_is_last_in_the_list(cast: Cast) -> None:
    ref = await in_practice(cast.harbour, add_service, offer(cast))

    plan = await in_practice(cast.harbour, current_plan)
    assert list(plan.services)[-1] == ref


async def test_same_form_twice_is_no_conflict(cast: Cast) -> None:
    ref = await in_practice(cast.harbour, add_service, offer(cast))
    seen = fingerprint(offer(cast))
    longer = offer(cast, duration=timedelta(minutes=40))

    await in_practice(cast.harbour, change_service, ref, longer, seen)

    assert await refused(cast.harbour, change_service, ref, longer, seen) is None


async def test_second_of_two_changes_is_told_of_the_first(cast: Cast) -> None:
    ref = await in_practice(cast.harbour, add_service, offer(cast))
    seen = fingerprint(offer(cast))

    outcomes = await asyncio.gather(
        *(refused(cast.harbour, change_service, ref, offer(cast, name=name), seen) for name in ("One", "Two"))
    )

    assert sorted(type(each).__name__ for each in outcomes) == ["ChangedMeanwhile", "NoneType"]


async def test_service_of_another_practice_is_not_found(cast: Cast) -> None:
    massage = cast.meadow.services["Massage"]["ref"]

    for rule, facts in (
        (find_offer, ()),
        (change_service, (offer(cast), "")),
        (restore_service, ()),
        (retire_service, (MONDAY,)),
    ):
        assert isinstance(await refused(cast.harbour, rule, massage, *facts), NotFound), rule


async def test_booking_under_way_keeps_its_service(cast: Cast, owner: asyncpg.Connection, owner_dsn: str) -> None:
    service = cast.harbour.services["Follow-up"]["ref"]
    booking = await asyncpg.connect(owner_dsn)
    transaction = booking.transaction()
    await transaction.start()
    cast.harbour.owner = booking
    await cast.harbour.appointment(ANA, "Follow-up", "Nora Blake", cast.harbour.at(2026, 11, 24, 10))

    retiring = asyncio.create_task(refused(cast.harbour, retire_service, service, MONDAY))
    await asyncio.sleep(0.2)
    assert not retiring.done()
    await transaction.commit()
    await booking.close()

    assert isinstance(await retiring, StillNeeded)


async def test_what_is_over_or_cancelled_needs_no_service(cast: Cast) -> None:
    at = cast.harbour.at(2026, 11, 24, 10)
    await cast.harbour.appointment(ANA, "Follow-up", "Nora Blake", at, cancelled_at=MONDAY, cancelled_by="staff")
    await cast.harbour.appointment(BEN, "Follow-up", "Nora Blake", cast.harbour.at(2026, 11, 20, 10))

    service = cast.harbour.services["Follow-up"]["ref"]
    assert await refused(cast.harbour, retire_service, service, MONDAY) is None


# Hours


def weekly(weekday: int = 0, opens: int = NINE, closes: int = FIVE, place: int = 1, **more: Any) -> WeeklyHours:
    return WeeklyHours(place, weekday, opens, closes, **more)


@pytest.mark.parametrize(
    ("rows", "dated"),
    [
        ([weekly(), weekly(opens=NOON, closes=NOON + 60)], []),
        ([weekly(), weekly(place=2, opens=16 * 60, closes=20 * 60)], []),
        ([weekly(until_day=date(2026, 12, 31)), weekly(from_day=date(2026, 12, 31))], []),
        ([], [DatedHours(1, date(2026, 11, 23), NINE, NOON), DatedHours(2, date(2026, 11, 23), NOON - 5, FIVE)]),
        ([weekly()], [DatedHours(2, date(2026, 11, 23), NOON, FIVE)]),
    ],
)
def test_hours_at_the_same_time_are_refused(rows: list[WeeklyHours], dated: list[DatedHours]) -> None:
    with pytest.raises(HoursOverlap) as refusal:
        check_overlaps(rows, dated)

    assert refusal.value.weekday == 0


@pytest.mark.parametrize(
    ("rows", "dated"),
    [
        ([weekly(closes=NOON), weekly(opens=NOON)], []),
        ([weekly(), weekly(weekday=1)], []),
        ([weekly(until_day=date(2026, 12, 31)), weekly(from_day=date(2027, 1, 1))], []),
        ([weekly()], [DatedHours(1, date(2026, 11, 23), NOON, FIVE)]),
        ([weekly()], [DatedHours(1, date(2026, 11, 23), None, None), DatedHours(2, date(2026, 11, 23), NOON, FIVE)]),
    ],
)
def test_hours_after_each_other_are_not(rows: list[WeeklyHours], dated: list[DatedHours]) -> None:
    check_overlaps(rows, dated)


async def test_two_admins_at_once_cannot_make_an_overlap(cast: Cast, owner: asyncpg.Connection) -> None:
    nora, place = cast.harbour.practitioners["Nora Blake"]["id"], cast.harbour.places["Harbour House"]["ref"]

    outcomes = await asyncio.gather(
        *(
            refused(cast.harbour, add_hours, nora, [5], Opening(place, opens, opens + 120))
            for opens in (NINE, NINE + 30, NINE + 60)
        )
    )

    assert sum(isinstance(each, HoursOverlap) for each in outcomes) == 2
    of_saturday = "SELECT count(*) FROM opening_hours WHERE practitioner_id = $1 AND weekday = 5"
    assert await owner.fetchval(of_saturday, nora) == 1


async def test_refused_hours_leave_nothing_behind(cast: Cast, owner: asyncpg.Connection) -> None:
    nora, place = cast.harbour.practitioners["Nora Blake"]["id"], cast.harbour.places["Harbour House"]["ref"]
    before = await owner.fetch("SELECT * FROM opening_hours ORDER BY id")

    assert isinstance(await refused(cast.harbour, add_hours, nora, [5, 0], Opening(place, NINE, NOON)), HoursOverlap)

    assert await owner.fetch("SELECT * FROM opening_hours ORDER BY id") == before


async def test_hours_need_a_practitioner_and_a_place_of_the_practice(cast: Cast) -> None:
    nora, lea = cast.harbour.practitioners["Nora Blake"]["id"], cast.meadow.practitioners["Lea Martin"]["id"]
    here, there = cast.harbour.places["Harbour House"]["ref"], cast.meadow.places["Studio"]["ref"]

    for who, place in ((lea, here), (nora, there)):
        assert isinstance(await refused(cast.harbour, add_hours, who, [6], Opening(place, NINE, NOON)), NotFound)
        assert isinstance(await refused(cast.harbour, set_day, who, place, date(2026, 11, 24), []), NotFound)
        assert isinstance(await refused(cast.harbour, clear_day, who, place, date(2026, 11, 24)), NotFound)


async def test_day_keeps_only_what_was_set_last(cast: Cast, owner: asyncpg.Connection) -> None:
    nora, place = cast.harbour.practitioners["Nora Blake"]["id"], cast.harbour.places["Harbour House"]["ref"]
    day = date(2026, 11, 24)

    await in_practice(cast.harbour, set_day, nora, place, day, [(NINE, NOON), (13 * 60, FIVE)])
    await in_practice(cast.harbour, set_day, nora, place, day, [])

    rows = await owner.fetch("SELECT opens, closes FROM dated_opening")
    assert [tuple(row) for row in rows] == [(None, None)]


# Closures


async def test_closure_is_kept_in_instants_of_the_practice_s_wall(cast: Cast, owner: asyncpg.Connection) -> None:
    """The night in spring is an hour shorter, and 02:30 is the moment at which the clock jumps."""
    spring = date(2027, 3, 14)

    await in_practice(cast.harbour, add_closures, [Closing(None, None, (spring, 0), (spring, 1440))])
    await in_practice(cast.harbour, add_closures, [Closing(None, None, (spring, 150), (spring, 240))])

    rows = await owner.fetch("SELECT starts_at, ends_at - starts_at AS length FROM closure ORDER BY id")
    assert [row["length"] for row in rows] == [timedelta(hours=23), timedelta(hours=1)]
    assert rows[1]["starts_at"] == cast.harbour.at(2027, 3, 14, 3)


async def test_closure_that_ends_before_it_begins_is_refused(cast: Cast) -> None:
    day = date(2026, 11, 24)

    for ends in ((day, NINE), (date(2026, 11, 23), 1440)):
        closing = Closing(None, None, (day, NINE), ends)
        assert isinstance(await refused(cast.harbour, add_closures, [closing]), EndsBeforeItBegins), ends


async def test_closure_counts_whom_it_concerns(cast: Cast) -> None:
    harbour = cast.harbour
    at = harbour.at(2026, 11, 24, 10)
    await harbour.appointment(ANA, "First visit", "Nora Blake", at)
    await harbour.appointment(BEN, "First visit", "Theo Roy", at)
    await harbour.appointment(
        BEN, "Follow-up", "Theo Roy", harbour.at(2026, 11, 24, 12), cancelled_at=at, cancelled_by="staff"
    )
    await cast.meadow.appointment(ANA_AT_MEADOW, "Massage", "Lea Martin", cast.meadow.at(2026, 11, 24, 16, 30))
    theo = harbour.practitioners["Theo Roy"]["ref"]

    day = date(2026, 11, 24)
    for who, begins, ends in ((None, 0, 1440), (theo, 0, 1440), (None, 11 * 60, 1440), (None, 10 * 60 + 59, 1440)):
        await in_practice(harbour, add_closures, [Closing(who, None, (day, begins), (day, ends))])

    rows = await in_practice(harbour, closures_to_come, MONDAY)
    assert [row["appointments"] for row in rows] == [2, 1, 2, 0]


async def test_several_closures_are_made_or_none(cast: Cast, owner: asyncpg.Connection) -> None:
    day, theo = date(2026, 11, 24), cast.harbour.practitioners["Theo Roy"]["ref"]
    lea = cast.meadow.practitioners["Lea Martin"]["ref"]

    for other in (lea, theo):
        closings = [Closing(who, None, (day, 0), (day, 1440)) for who in (theo, other)]
        refusal = await refused(cast.harbour, add_closures, closings)
        count = await owner.fetchval("SELECT count(*) FROM closure")
        assert (type(refusal), count) == ((NotFound, 0) if other == lea else (type(None), 1))


async def test_closure_sent_by_two_at_once_is_made_once(cast: Cast, owner: asyncpg.Connection) -> None:
    closing = Closing(None, None, (date(2026, 11, 24), 0), (date(2026, 11, 24), 1440), "painting")

    refs = await asyncio.gather(*(in_practice(cast.harbour, add_closures, [closing]) for _ in range(5)))

    assert (len({ref for (ref,) in refs}), await owner.fetchval("SELECT count(*) FROM closure")) == (1, 1)


async def test_second_of_two_changes_to_a_closure_is_told_of_the_first(cast: Cast) -> None:
    day = date(2026, 11, 24)
    (ref,) = await in_practice(cast.harbour, add_closures, [Closing(None, None, (day, 0), (day, 1440))])
    seen = closure_seen(await in_practice(cast.harbour, find_closure, ref))
    shorter = [Closing(None, None, (day, NINE), (day, ends)) for ends in (NOON, FIVE)]

    outcomes = await asyncio.gather(*(refused(cast.harbour, change_closure, ref, each, seen) for each in shorter))
    assert sorted(type(each).__name__ for each in outcomes) == ["ChangedMeanwhile", "NoneType"]

    kept = shorter[[type(each) for each in outcomes].index(type(None))]
    assert await refused(cast.harbour, change_closure, ref, kept, seen) is None  # the same form once more
    assert isinstance(await refused(cast.meadow, change_closure, ref, kept, seen), NotFound)


# Booking rules


async def test_rules_saved_twice_by_one_form_are_no_conflict(cast: Cast) -> None:
    seen = fingerprint(await in_practice(cast.harbour, find_policy))
    wanted = Policy(daily_limit=2)

    await in_practice(cast.harbour, change_policy, wanted, seen)

    assert await refused(cast.harbour, change_policy, wanted, seen) is None
    assert isinstance(await refused(cast.harbour, change_policy, Policy(daily_limit=3), seen), ChangedMeanwhile)
    assert await in_practice(cast.harbour, find_policy) == wanted
    assert await in_practice(cast.meadow, find_policy) == Policy()
