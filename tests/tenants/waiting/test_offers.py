"""Who is offered what, in which order, and how each offer ends."""

import asyncio
from datetime import timedelta
from typing import Any

import asyncpg
import pytest

from portal.database import Acting, desk_lens, practice_lens
from portal.messages.waiting import look_everywhere, offer_what_came_free
from tenants.notifications.offered import note_offer
from tenants.practices.tenant import Tenant
from tenants.refusals import OfferAccepted, OfferDeclined, OfferExpired, OfferLost, SlotTaken
from tenants.waiting.answer import accept_offer, decline_offer, lose_offer
from tenants.waiting.offer import make_offers
from tenants.waiting.wish import remove_wish
from tests.cast import ANA, BEN, MONDAY, THEO
from tests.factories import PracticeMade
from tests.tenants.waiting.conftest import waits

HOURS, MINUTES = timedelta(hours=1), timedelta(minutes=1)
STATES = """
SELECT email, starts_at, CASE WHEN accepted_at IS NOT NULL THEN 'accepted' WHEN declined_at IS NOT NULL THEN 'declined'
       WHEN expired_at IS NOT NULL THEN 'expired' WHEN lost_at IS NOT NULL THEN 'lost' ELSE 'open' END AS state
FROM waiting_offer JOIN client_record ON client_record.id = client_record_id ORDER BY waiting_offer.id
"""


async def told(owner: asyncpg.Connection) -> list[tuple[str, str, str]]:
    """Of each offer in turn: to whom, which time, what became of it."""
    rows = await owner.fetch(STATES)
    return [(row["email"], f"{row['starts_at']:%d %H:%M}", row["state"]) for row in rows]


async def offers(owner: asyncpg.Connection) -> list[int]:
    return [row["id"] for row in await owner.fetch("SELECT id FROM waiting_offer ORDER BY id")]


async def accept(tenant: Tenant, offer: int, now: Any = MONDAY) -> str:
    async with practice_lens(tenant):
        return (await accept_offer(tenant, offer, now)).ref


async def decline(tenant: Tenant, offer: int, now: Any = MONDAY) -> None:
    async with practice_lens(tenant):
        await decline_offer(tenant, offer, now)


async def test_who_waits_longest_gets_the_earliest_time_and_keeps_it(
    full: PracticeMade, owner: asyncpg.Connection
) -> None:
    await waits(full, BEN)
    await waits(full, ANA, MONDAY + MINUTES)

    await offer_what_came_free(MONDAY + 2 * MINUTES)
    await offer_what_came_free(MONDAY + 3 * MINUTES)

    assert await told(owner) == [(BEN, "24 15:00", "open"), (ANA, "24 15:30", "open")]
    kept = await owner.fetch("SELECT hold.starts_at, expires_at FROM hold ORDER BY starts_at")
    until = MONDAY + 2 * MINUTES + 2 * HOURS
    assert [tuple(row) for row in kept] == [(full.at(2026, 11, 24, 10), until), (full.at(2026, 11, 24, 10, 30), until)]
    owed = await owner.fetch("SELECT kind, starts_at, offer_id FROM message ORDER BY id")
    assert [row["kind"] for row in owed] == ["offered", "offered"]


async def test_time_that_nobody_took_goes_to_the_next(full: PracticeMade, owner: asyncpg.Connection) -> None:
    await full.appointment(ANA, "Follow-up", "Nora Blake", full.at(2026, 11, 24, 10, 30))
    await waits(full, BEN, last_day=full.at(2026, 11, 29).date())
    await waits(full, ANA, MONDAY + MINUTES, last_day=full.at(2026, 11, 29).date())
    await offer_what_came_free(MONDAY)
    first = await told(owner)

    await offer_what_came_free(MONDAY + 2 * HOURS - MINUTES)
    before = await told(owner)
    await offer_what_came_free(MONDAY + 2 * HOURS)

    assert first == before == [(BEN, "24 15:00", "open")]
    assert await told(owner) == [(BEN, "24 15:00", "expired"), (ANA, "24 15:00", "open")]
    assert await owner.fetchval("SELECT count(*) FROM hold WHERE released_at IS NULL") == 1


async def test_accepted_offer_is_an_appointment_and_ends_the_wish(
    full: PracticeMade, owner: asyncpg.Connection
) -> None:
    await waits(full, BEN, note="Left knee")
    await offer_what_came_free(MONDAY)

    ref = await accept(full.tenant, (await offers(owner))[0])

    booked = await owner.fetchrow("SELECT * FROM appointment WHERE ref = $1", ref)
    assert booked is not None
    assert (booked["client_record_id"], booked["starts_at"], booked["note"]) == (
        full.records[BEN]["id"],
        full.at(2026, 11, 24, 10),
        "Left knee",
    )
    assert await owner.fetchval("SELECT ended_why FROM waiting_wish") == "booked"
    assert await owner.fetchval("SELECT count(*) FROM hold WHERE released_at IS NULL") == 0
    assert await owner.fetchval("SELECT count(*) FROM message WHERE kind = 'booked' AND audience = 'client'") == 1


async def test_declined_time_goes_to_the_next_and_never_comes_back(
    full: PracticeMade, owner: asyncpg.Connection
) -> None:
    await waits(full, BEN)
    await offer_what_came_free(MONDAY)
    await waits(full, ANA, MONDAY + MINUTES)

    await decline(full.tenant, (await offers(owner))[0], MONDAY + 2 * MINUTES)
    await offer_what_came_free(MONDAY + 2 * MINUTES)

    assert await told(owner) == [(BEN, "24 15:00", "declined"), (BEN, "24 15:30", "open"), (ANA, "24 15:00", "open")]


async def test_three_offers_are_enough(full: PracticeMade, owner: asyncpg.Connection) -> None:
    await waits(full, BEN)
    for _ in range(3):
        await offer_what_came_free(MONDAY)
        await decline(full.tenant, (await offers(owner))[-1])

    await offer_what_came_free(MONDAY)

    assert [state for _, _, state in await told(owner)] == ["declined"] * 3
    assert await owner.fetchval("SELECT ended_why FROM waiting_wish") == "offered_enough"


async def test_each_answer_is_told_apart(full: PracticeMade, owner: asyncpg.Connection) -> None:
    await waits(full, BEN)
    await waits(full, ANA, MONDAY + MINUTES)
    await offer_what_came_free(MONDAY)
    bens, anas = await offers(owner)

    await accept(full.tenant, bens)
    with pytest.raises(OfferAccepted):
        await accept(full.tenant, bens)
    with pytest.raises(OfferAccepted):
        await decline(full.tenant, bens)
    with pytest.raises(OfferExpired):
        await accept(full.tenant, anas, MONDAY + 2 * HOURS)
    await decline(full.tenant, anas)
    with pytest.raises(OfferDeclined):
        await accept(full.tenant, anas)

    assert await owner.fetchval("SELECT count(*) FROM appointment") == 1


async def test_offered_to_all_at_once_the_first_one_has_it(full: PracticeMade, owner: asyncpg.Connection) -> None:
    await full.policy(offer_to="all")
    await waits(full, BEN)
    await waits(full, ANA, MONDAY + MINUTES)
    await offer_what_came_free(MONDAY)
    offered, kept = await told(owner), await owner.fetchval("SELECT count(*) FROM hold")
    bens, anas = await offers(owner)

    await accept(full.tenant, anas)
    with pytest.raises(OfferLost):
        await accept(full.tenant, bens)
    await offer_what_came_free(MONDAY + HOURS)
    await look_everywhere(MONDAY + HOURS)
    await offer_what_came_free(MONDAY + HOURS)

    assert (offered, kept) == ([(BEN, "24 15:00", "open"), (ANA, "24 15:00", "open")], 0)
    assert await told(owner) == [(BEN, "24 15:00", "lost"), (ANA, "24 15:00", "accepted"), (BEN, "24 15:30", "open")]


async def test_offered_to_all_and_taken_by_a_stranger_is_lost(full: PracticeMade, owner: asyncpg.Connection) -> None:
    await full.policy(offer_to="all")
    await waits(full, BEN)
    await offer_what_came_free(MONDAY)
    await full.appointment(ANA, "Follow-up", "Nora Blake", full.at(2026, 11, 24, 10))
    offer = (await offers(owner))[0]

    with pytest.raises(SlotTaken):
        await accept(full.tenant, offer)
    async with practice_lens(full.tenant):
        await lose_offer(full.tenant, offer, MONDAY)
    with pytest.raises(OfferLost):
        await accept(full.tenant, offer)

    assert await told(owner) == [(BEN, "24 15:00", "lost")]


async def test_nothing_leaves_at_night(full: PracticeMade, owner: asyncpg.Connection) -> None:
    night = full.at(2026, 11, 22, 20, 0)
    await waits(full, BEN, night)

    await offer_what_came_free(night)
    await offer_what_came_free(full.at(2026, 11, 23, 7, 59))
    before = await told(owner)
    await offer_what_came_free(full.at(2026, 11, 23, 8, 0))

    assert (before, await told(owner)) == ([], [(BEN, "24 15:00", "open")])


async def test_offer_ends_before_its_time_can_no_longer_be_booked(
    full: PracticeMade, owner: asyncpg.Connection
) -> None:
    """The practice wants to know two hours ahead."""
    await full.policy(offer_lasts=timedelta(hours=24))
    await waits(full, BEN)

    await offer_what_came_free(MONDAY)

    assert await owner.fetchval("SELECT expires_at FROM waiting_offer") == full.at(2026, 11, 24, 8)


async def test_who_cannot_be_written_to_holds_nobody_up(full: PracticeMade, owner: asyncpg.Connection) -> None:
    """One has no address, the mail of the other comes back."""
    await waits(full, BEN)
    await waits(full, ANA, MONDAY + MINUTES)
    await owner.execute("UPDATE client_record SET email = NULL WHERE email = $1", BEN)
    await offer_what_came_free(MONDAY)
    offered = await told(owner)

    await owner.execute("UPDATE message SET skipped_at = $1, skip_reason = 'bounced'", MONDAY)
    await offer_what_came_free(MONDAY + MINUTES)

    assert offered == [(ANA, "24 15:00", "open")]
    assert (await told(owner))[0][2] == "expired"


async def test_cancellation_is_offered_and_a_move_too(full: PracticeMade, owner: asyncpg.Connection) -> None:
    one, _ = [
        await full.appointment(ANA, "Follow-up", "Nora Blake", full.at(2026, 11, 24, 10, minute)) for minute in (0, 30)
    ]
    await waits(full, BEN, last_day=full.at(2026, 11, 29).date())
    await offer_what_came_free(MONDAY)
    before = await told(owner)

    await owner.execute(
        "UPDATE appointment SET cancelled_at = $2, cancelled_by = 'staff' WHERE id = $1", one["id"], MONDAY
    )
    await offer_what_came_free(MONDAY)

    assert (before, await told(owner)) == ([], [(BEN, "24 15:00", "open")])


async def test_wish_whose_days_are_over_ends(full: PracticeMade, owner: asyncpg.Connection) -> None:
    await full.appointment(ANA, "First visit", "Nora Blake", full.at(2026, 11, 24, 10))
    await waits(full, BEN, last_day=full.at(2026, 11, 24).date())

    await offer_what_came_free(full.at(2026, 11, 24, 23, 59))
    before = await owner.fetchval("SELECT ended_why FROM waiting_wish")
    await offer_what_came_free(full.at(2026, 11, 25, 0, 0))

    assert (before, await owner.fetchval("SELECT ended_why FROM waiting_wish")) == (None, "over")


async def test_two_workers_offer_each_time_once(full: PracticeMade, owner: asyncpg.Connection) -> None:
    for number in range(6):
        await full.record(f"client{number}@example.org", f"Client {number}")
        await waits(full, f"client{number}@example.org", MONDAY + number * MINUTES)

    for _ in range(3):
        await asyncio.gather(*(offer_what_came_free(MONDAY + 10 * MINUTES) for _ in range(4)))

    assert await told(owner) == [
        (f"client{number}@example.org", when, "open")
        for number, when in enumerate(("24 15:00", "24 15:30", "01 15:00", "01 15:30"))
    ]


async def test_worker_that_is_killed_loses_nothing(
    full: PracticeMade, owner: asyncpg.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In the middle of the second offer: the first is not made either, and the next look makes both."""
    await waits(full, BEN)
    await waits(full, ANA, MONDAY + MINUTES)
    noted = 0

    async def dies_at_the_second(tenant: Tenant, offer: int, now: Any) -> None:
        nonlocal noted
        noted += 1
        if noted == 2:
            raise RuntimeError("killed")
        await note_offer(tenant, offer, now)

    with monkeypatch.context() as patched:
        patched.setattr("tenants.waiting.offer.note_offer", dies_at_the_second)
        await offer_what_came_free(MONDAY + 2 * MINUTES)
    left = (await told(owner), await owner.fetchval("SELECT count(*) FROM waiting_look"))
    await offer_what_came_free(MONDAY + 2 * MINUTES)

    assert left == ([], 1)
    assert await told(owner) == [(BEN, "24 15:00", "open"), (ANA, "24 15:30", "open")]
    assert await owner.fetchval("SELECT count(*) FROM message") == 2


async def test_time_freed_during_a_look_is_looked_for_again(full: PracticeMade, owner: asyncpg.Connection) -> None:
    """The cancellation waits for the worker's transaction and then marks anew."""
    one = await full.appointment(ANA, "Follow-up", "Nora Blake", full.at(2026, 11, 24, 10))
    await waits(full, BEN, until_minute=10 * 60 + 15, last_day=full.at(2026, 11, 29).date())
    async with practice_lens(full.tenant):
        assert await make_offers(full.tenant, MONDAY) == 0
        freeing = asyncio.create_task(
            owner.execute(
                "UPDATE appointment SET cancelled_at = $2, cancelled_by = 'staff' WHERE id = $1", one["id"], MONDAY
            )
        )
        await asyncio.sleep(0.1)
        waited = not freeing.done()
    await freeing

    await offer_what_came_free(MONDAY)

    assert waited
    assert await told(owner) == [(BEN, "24 15:00", "open")]


async def test_worker_gives_way_to_whoever_is_at_work(full: PracticeMade, owner: asyncpg.Connection) -> None:
    """What it would wait for longer than a moment it leaves for the next look."""
    await waits(full, BEN)
    async with owner.transaction():
        await owner.execute("SELECT FROM client_record WHERE email = $1 FOR UPDATE", BEN)
        await offer_what_came_free(MONDAY)
    before = await told(owner)
    await offer_what_came_free(MONDAY)

    assert (before, await told(owner)) == ([], [(BEN, "24 15:00", "open")])


async def test_suspended_practice_offers_nothing(full: PracticeMade, owner: asyncpg.Connection) -> None:
    await waits(full, BEN)
    await owner.execute(
        "UPDATE practice SET suspended_at = $1, suspended_why = 'unpaid' WHERE slug = 'harbour'", MONDAY
    )

    await offer_what_came_free(MONDAY)

    assert await told(owner) == []


async def test_time_that_is_not_for_clients_to_see_is_freed_in_the_next_look(
    full: PracticeMade, owner: asyncpg.Connection
) -> None:
    """Theo, who sees his own clients alone, takes Ana off the list while Nora's time is offered to her."""
    await full.appointment(ANA, "Follow-up", "Theo Roy", full.at(2026, 11, 25, 10))
    ref = await waits(full, ANA)
    await offer_what_came_free(MONDAY)
    acting = Acting(THEO, "", "", MONDAY, full.practitioners["Theo Roy"]["id"])
    async with desk_lens(full.tenant, acting):
        await remove_wish(full.tenant, ref, MONDAY)
    before = await owner.fetchval("SELECT count(*) FROM hold WHERE released_at IS NULL")
    await waits(full, BEN)

    await offer_what_came_free(MONDAY + MINUTES)
    await look_everywhere(MONDAY)
    await offer_what_came_free(MONDAY + MINUTES)

    assert before == 1
    assert (await told(owner))[0] == (ANA, "24 15:00", "lost")
    assert (await told(owner))[1][:2] == (BEN, "24 15:00")


async def test_of_two_answers_one_comes_first(full: PracticeMade, owner: asyncpg.Connection) -> None:
    await waits(full, BEN)
    await offer_what_came_free(MONDAY)
    offer = (await offers(owner))[0]

    answers: list[Any] = [accept(full.tenant, offer), decline(full.tenant, offer), accept(full.tenant, offer)]
    ends = await asyncio.gather(*answers, return_exceptions=True)

    refused = [each for each in ends if isinstance(each, Exception)]
    assert len(refused) == 2
    assert {type(each) for each in refused} in ({OfferAccepted}, {OfferDeclined})
    state = (await told(owner))[0][2]
    assert await owner.fetchval("SELECT count(*) FROM appointment") == (1 if state == "accepted" else 0)


async def test_race_for_a_time_offered_to_all_has_one_winner(full: PracticeMade, owner: asyncpg.Connection) -> None:
    await full.policy(offer_to="all")
    for number in range(5):
        await full.record(f"client{number}@example.org", f"Client {number}")
        await waits(full, f"client{number}@example.org", MONDAY + number * MINUTES)
    await offer_what_came_free(MONDAY + 10 * MINUTES)

    ends = await asyncio.gather(
        *(accept(full.tenant, offer, MONDAY + 11 * MINUTES) for offer in await offers(owner)), return_exceptions=True
    )

    assert [type(each) for each in ends if not isinstance(each, str | SlotTaken | OfferLost)] == []
    assert sum(isinstance(each, str) for each in ends) == 1
    assert await owner.fetchval("SELECT count(*) FROM appointment WHERE cancelled_at IS NULL") == 1
