"""The rules by which a practice keeps its people, places, rooms and what services need of them."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import asyncpg
import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.choosing.offer import texts_for
from portal.database import practice_lens
from tenants.appointments.keeping import told_otherwise
from tenants.appointments.retire import retire_place, retire_practitioner
from tenants.booking.plan import current_plan
from tenants.places.edit import Premises, add_place, change_place, find_place, move_place, premises
from tenants.places.zone import reads_differently, zone_of
from tenants.practitioners.edit import Profile, move_practitioner, practitioners_in_order
from tenants.refs import fingerprint
from tenants.refusals import KindStillNeeded, NotFound, Refusal, StillNeeded
from tenants.resources.edit import Kind, add_kind, add_thing, change_kind, retire_kind, retire_thing
from tenants.resources.find import needed_by
from tenants.services.edit import Offer, add_service, change_service, find_offer, move_service
from tenants.services.givers import Giver, add_giver, change_giver, find_giver
from tenants.services.needs import Missing, missing_needs
from tenants.services.texts import Text, said
from tests.cast import ANA, MONDAY, Cast
from tests.factories import PracticeMade, insert

TORONTO, HALIFAX = ZoneInfo("America/Toronto"), ZoneInfo("America/Halifax")


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


# What a service says, needs and allows


async def test_everything_a_service_has_is_found_as_it_was_saved(cast: Cast) -> None:
    kind = await in_practice(cast.harbour, add_kind, Kind("Laser", "equipment"))
    more = {"capacity": 8, "online": False, "needs_approval": True, "colour": "#2e8b57", "needs": (kind["ref"],)}
    wanted = offer(cast, **more, texts=(Text("fr", "Ondes de choc", ""),))

    ref = await in_practice(cast.harbour, add_service, wanted)

    assert await in_practice(cast.harbour, find_offer, ref) == wanted


async def test_text_in_a_language_the_practice_has_not_is_not_kept(cast: Cast, owner: asyncpg.Connection) -> None:
    for language in ("en", "es"):
        await in_practice(cast.harbour, add_service, offer(cast, texts=(Text(language, "Otro", ""),)))

    assert await owner.fetchval("SELECT count(*) FROM service_text") == 0


async def test_what_was_said_in_a_language_given_up_waits_for_its_return(cast: Cast, owner: asyncpg.Connection) -> None:
    service = cast.harbour.services["Follow-up"]
    text = {"tenant_id": cast.harbour.tenant.id, "service_id": service["id"], "language": "es"}
    await insert(owner, "service_text", **text, name="Seguimiento")
    async with practice_lens(cast.harbour.tenant):
        plan = await current_plan(cast.harbour.tenant)

    assert [texts_for(plan, cast.harbour.tenant, language) for language in ("es", "en", "fr")] == [{}, {}, {}]
    assert await owner.fetchval("SELECT count(*) FROM service_text") == 1


def test_what_a_text_leaves_empty_is_said_as_in_the_first_language() -> None:
    row = {"name": "Massage", "about": "An hour.", "price": 1}

    assert said(row, None) == row
    assert said(row, {"name": "", "about": "Une heure.", "language": "fr"}) == row | {"about": "Une heure."}


async def test_needs_are_missing_where_nothing_is_of_their_kind(cast: Cast) -> None:
    harbour = cast.harbour
    annex = await in_practice(harbour, add_place, Premises("Annex", "", "", "", ""))
    kind = await in_practice(harbour, add_kind, Kind("Laser", "equipment"))
    places = tuple(sorted((annex, harbour.places["Harbour House"]["ref"])))
    ref = await in_practice(harbour, add_service, offer(cast, needs=(kind["ref"],), places=places))

    missing = [await in_practice(harbour, missing_needs)]
    thing = await in_practice(harbour, add_thing, kind["id"], annex, "Laser 1")
    missing.append(await in_practice(harbour, missing_needs))
    await in_practice(harbour, retire_thing, kind["id"], thing, MONDAY)
    missing.append(await in_practice(harbour, missing_needs))

    at_house, at_annex = Missing("Laser", "Harbour House"), Missing("Laser", "Annex")
    assert missing == [{ref: [at_house, at_annex]}, {ref: [at_house]}, {ref: [at_house, at_annex]}]


async def test_kind_is_retired_or_needed_and_never_both(cast: Cast) -> None:
    """A service being saved with it, and the kind being given up, at one time."""
    outcomes = set()
    for number in range(12):
        kind = await in_practice(cast.harbour, add_kind, Kind(f"Laser {number}", "equipment"))
        saving = refused(cast.harbour, add_service, offer(cast, name=f"{number}", needs=(kind["ref"],)))
        retiring = refused(cast.harbour, retire_kind, kind["ref"], MONDAY)
        told = await asyncio.gather(*((saving, retiring) if number % 2 else (retiring, saving)))

        outcomes |= {type(each).__name__ for each in told}
        assert [each is None for each in told].count(True) == 1, told
    assert outcomes <= {"NoneType", "NotFound", "KindStillNeeded"}


async def test_kind_tells_which_services_need_it(cast: Cast) -> None:
    kind = await in_practice(cast.harbour, add_kind, Kind("Laser", "equipment"))
    await in_practice(cast.harbour, add_service, offer(cast, needs=(kind["ref"],)))

    refusal = await refused(cast.harbour, retire_kind, kind["ref"], MONDAY)

    assert isinstance(refusal, KindStillNeeded)
    assert refusal.services == ("Shockwave",)
    assert [row["name"] for row in await in_practice(cast.harbour, needed_by, kind["id"])] == ["Shockwave"]


async def test_second_of_two_changes_is_told_of_the_first(cast: Cast) -> None:
    harbour = cast.harbour
    kind = await in_practice(harbour, add_kind, Kind("Laser", "equipment"))
    theo, house = harbour.practitioners["Theo Roy"]["ref"], harbour.places["Harbour House"]["ref"]
    giver = await in_practice(harbour, find_giver, theo)
    stands = premises(await in_practice(harbour, find_place, house))
    races: list[tuple[Callable[..., Awaitable[Any]], str, str, list[Any]]] = [
        (change_kind, kind["ref"], fingerprint(Kind("Laser", "equipment")), [Kind("A", "room"), Kind("B", "room")]),
        (change_giver, theo, fingerprint(giver), [Giver(Profile(name, "", ""), ()) for name in ("A", "B")]),
        (change_place, house, fingerprint(stands), [Premises(name, "", "", "", "") for name in ("A", "B")]),
    ]

    for rule, ref, seen, wanted in races:
        outcomes = await asyncio.gather(*(refused(harbour, rule, ref, each, seen) for each in wanted))

        assert sorted(type(each).__name__ for each in outcomes) == ["ChangedMeanwhile", "NoneType"], rule


async def test_same_form_twice_is_no_conflict(cast: Cast) -> None:
    theo = cast.harbour.practitioners["Theo Roy"]["ref"]
    stands = await in_practice(cast.harbour, find_giver, theo)
    wanted = Giver(Profile("Theo Roy", "Osteopath", ""), stands.services[:1])

    told = [await refused(cast.harbour, change_giver, theo, wanted, fingerprint(stands)) for _ in range(2)]

    assert told == [None, None]
    assert await in_practice(cast.harbour, find_giver, theo) == wanted


async def test_nothing_of_another_practice_is_found_or_named(cast: Cast) -> None:
    meadow = cast.meadow
    lea, studio = meadow.practitioners["Lea Martin"]["ref"], meadow.places["Studio"]["ref"]
    massage = meadow.services["Massage"]["ref"]
    kind = await in_practice(meadow, add_kind, Kind("Table", "equipment"))
    own = await in_practice(cast.harbour, add_kind, Kind("Laser", "equipment"))
    tries: list[tuple[Callable[..., Awaitable[Any]], tuple[Any, ...]]] = [
        (find_giver, (lea,)),
        (change_giver, (lea, Giver(Profile("A", "", ""), ()), "")),
        (add_giver, (Giver(Profile("A", "", ""), (massage,)),)),
        (retire_practitioner, (lea, MONDAY)),
        (move_practitioner, (lea, 1)),
        (find_place, (studio,)),
        (change_place, (studio, Premises("A", "", "", "", ""), "")),
        (retire_place, (studio, MONDAY)),
        (move_place, (studio, 1)),
        (move_service, (massage, 1)),
        (change_kind, (kind["ref"], Kind("A", "room"), "")),
        (retire_kind, (kind["ref"], MONDAY)),
        (add_thing, (own["id"], studio, "Laser 1")),
        (add_service, (offer(cast, needs=(kind["ref"],)),)),
    ]

    told = {rule.__name__: type(await refused(cast.harbour, rule, *facts)) for rule, facts in tries}

    assert {name: kind for name, kind in told.items() if kind is not NotFound} == {}


async def test_practitioners_and_services_saved_at_one_time_wait_for_each_other(cast: Cast) -> None:
    """Each names the other, and none of them comes to nothing."""
    harbour = cast.harbour
    theo, nora = (harbour.practitioners[name]["ref"] for name in ("Theo Roy", "Nora Blake"))
    first, follow_up = (harbour.services[name]["ref"] for name in ("First visit", "Follow-up"))

    for number in range(8):
        saves = []
        for ref in (first, follow_up):
            stands = await in_practice(harbour, find_offer, ref)
            wanted = replace(stands, about=f"{number}", practitioners=(theo,) if number % 2 else (nora,))
            saves.append(refused(harbour, change_service, ref, wanted, fingerprint(stands)))
        for ref in (theo, nora):
            stands = await in_practice(harbour, find_giver, ref)
            wanted = Giver(Profile(stands.profile.name, "", f"{number}"), (first,) if number % 2 else (follow_up,))
            saves.append(refused(harbour, change_giver, ref, wanted, fingerprint(stands)))
        told = await asyncio.gather(*saves, in_practice(harbour, move_practitioner, theo, 1 if number % 2 else -1))

        assert {type(each).__name__ for each in told[:4]} <= {"NoneType", "ChangedMeanwhile"}


# The order of lists


async def test_moving_goes_on_to_either_end_and_no_further(cast: Cast) -> None:
    harbour = cast.harbour
    refs = [row["ref"] for row in harbour.services.values()]
    refs.append(await in_practice(harbour, add_service, offer(cast)))

    stands = [await in_practice(harbour, move_service, refs[0], step) for step in (1, 1, 1, -1)]

    assert stands == [2, 3, 3, 2]


async def test_moves_at_one_time_all_count(cast: Cast, owner: asyncpg.Connection) -> None:
    """Whoever has no place of their own yet stands by name."""
    harbour = cast.harbour
    for name in ("Ida", "Jo", "Kit"):
        await harbour.practitioner(name)
    refs = {name: row["ref"] for name, row in harbour.practitioners.items()}

    await asyncio.gather(*(in_practice(harbour, move_practitioner, refs["Theo Roy"], -1) for _ in range(3)))

    async with practice_lens(harbour.tenant):
        order = [row["name"] for row in await practitioners_in_order(harbour.tenant)]
    assert order == ["Ida", "Theo Roy", "Jo", "Kit", "Nora Blake"]


# Giving up


@pytest.mark.parametrize("rule", [retire_practitioner, retire_place])
async def test_appointment_to_come_is_in_the_way_and_one_that_is_over_is_not(
    cast: Cast, rule: Callable[..., Awaitable[Any]]
) -> None:
    harbour = cast.harbour
    ref = harbour.places["Harbour House"]["ref"] if rule is retire_place else harbour.practitioners["Theo Roy"]["ref"]
    await harbour.appointment(ANA, "Follow-up", "Theo Roy", harbour.at(2026, 11, 20, 10))
    gone = harbour.at(2026, 11, 24, 9)
    off = {"cancelled_at": MONDAY, "cancelled_by": "staff"}
    await harbour.appointment(ANA, "Follow-up", "Theo Roy", gone, **off)
    to_come = await harbour.appointment(ANA, "Follow-up", "Theo Roy", harbour.at(2026, 11, 24, 10))

    refusal = await refused(harbour, rule, ref, MONDAY)
    assert isinstance(refusal, StillNeeded)
    assert refusal.appointments == 1
    await harbour.owner.execute(
        "UPDATE appointment SET cancelled_at = now(), cancelled_by = 'staff' WHERE id = $1", to_come["id"]
    )

    assert await refused(harbour, rule, ref, MONDAY) is None


# Another clock


async def test_place_without_a_zone_has_the_practice_s(cast: Cast) -> None:
    own, other = ({"zone": zone} for zone in (None, "America/Halifax"))

    assert [zone_of(cast.harbour.tenant, place).key for place in (own, other)] == ["America/Toronto", "America/Halifax"]


async def test_only_what_is_to_come_there_is_told_otherwise(cast: Cast) -> None:
    harbour = cast.harbour
    house = harbour.places["Harbour House"]["id"]
    annex = await harbour.place("Annex")
    days = [harbour.at(2026, 11, day, 10) for day in (20, 24, 25)]
    rows = [await harbour.appointment(ANA, "Follow-up", "Theo Roy", day) for day in days]
    await harbour.appointment(ANA, "Follow-up", "Nora Blake", days[1], place_id=annex["id"])
    await harbour.owner.execute(
        "UPDATE appointment SET cancelled_at = now(), cancelled_by = 'staff' WHERE id = $1", rows[2]["id"]
    )

    told = await in_practice(harbour, told_otherwise, house, TORONTO, HALIFAX, MONDAY)

    assert told == [rows[1]["id"]]


@given(
    at=st.datetimes(min_value=datetime(2020, 1, 1), max_value=datetime(2040, 1, 1), timezones=st.just(UTC)),
    zones=st.tuples(*(st.sampled_from(["America/Toronto", "America/New_York", "Europe/Paris", "Africa/Tunis"]),) * 2),
)
def test_instant_reads_differently_exactly_where_the_clocks_differ_then(at: datetime, zones: tuple[str, str]) -> None:
    before, after = map(ZoneInfo, zones)

    differs = at.astimezone(before).utcoffset() != at.astimezone(after).utcoffset()

    assert reads_differently(at, before, after) == differs
