"""A request is answered once: by the practice, by its client who withdraws it, or by its deadline."""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

import asyncpg
import pytest

from portal.database import practice_lens
from tenants.arranging.attendance import note_attendance
from tenants.booking.cancel import cancel_by_client
from tenants.booking.confirm import confirm_appointment
from tenants.notifications.again import ask_to_confirm
from tenants.practices.tenant import Tenant
from tenants.refusals import (
    AppointmentCancelled,
    MovedMeanwhile,
    NotFound,
    NotYetAgreed,
    RequestAnswered,
    RequestLapsed,
    TooLateToCancel,
)
from tenants.requests.answer import accept, decline
from tenants.requests.lapse import lapse_if_due
from tests.cast import ANA, MONDAY, NORA, THEO, Cast
from tests.tenants.requests.asked import DEADLINE, request_made, state_of, told_to_client

A_MOMENT = timedelta(microseconds=1)


async def test_accepted_request_is_an_appointment(cast: Cast, owner: asyncpg.Connection) -> None:
    row = await request_made(cast)

    async with practice_lens(cast.harbour.tenant):
        await accept(cast.harbour.tenant, row["ref"], MONDAY, by=NORA)

    stands = await owner.fetchrow(
        "SELECT pending, accepted_at, accepted_by, sequence, cancelled_at FROM appointment WHERE id = $1", row["id"]
    )
    assert tuple(stands) == (False, MONDAY, NORA, 1, None)
    assert await told_to_client(owner, row) == ["requested", "booked"]


async def test_declined_request_frees_its_time_and_keeps_the_reason(cast: Cast, owner: asyncpg.Connection) -> None:
    row = await request_made(cast)
    at = await owner.fetchrow("SELECT starts_at, blocked_from FROM appointment WHERE id = $1", row["id"])

    async with practice_lens(cast.harbour.tenant):
        await decline(cast.harbour.tenant, row["ref"], "On holiday.", MONDAY, by=NORA)
    again = await cast.harbour.appointment(ANA, "Follow-up", "Nora Blake", at["starts_at"])

    stands = await owner.fetchrow(
        "SELECT declined_at, cancelled_at, cancelled_by, cancel_reason, sequence FROM appointment WHERE id = $1",
        row["id"],
    )
    assert tuple(stands) == (MONDAY, MONDAY, "staff", "On holiday.", 1)
    assert (await told_to_client(owner, row), again["cancelled_at"]) == (["requested", "declined"], None)


async def test_whoever_answers_second_is_told_who_was_first(cast: Cast) -> None:
    harbour = cast.harbour.tenant
    accepted = await request_made(cast)
    declined = await request_made(cast, who="Theo Roy")

    for ref, first in ((accepted["ref"], accept), (declined["ref"], _decline)):
        async with practice_lens(harbour):
            await first(harbour, ref, MONDAY, by=THEO)
    told = []
    for ref in (accepted["ref"], declined["ref"]):
        for second in (accept, _decline):
            with pytest.raises(RequestAnswered) as refused:
                async with practice_lens(harbour):
                    await second(harbour, ref, MONDAY, by=NORA)
            told.append((refused.value.how, refused.value.by, refused.value.at))

    assert told == [("accepted", THEO, MONDAY)] * 2 + [("declined", THEO, MONDAY)] * 2


async def test_deadline_itself_is_too_late_and_the_rule_s_own(cast: Cast, owner: asyncpg.Connection) -> None:
    harbour = cast.harbour.tenant
    row = await request_made(cast)
    early = await request_made(cast, who="Theo Roy")

    async with practice_lens(harbour):
        await accept(harbour, early["ref"], DEADLINE - A_MOMENT, by=NORA)
        assert not await lapse_if_due(harbour, row["ref"], DEADLINE - A_MOMENT)
        for answer in (accept, _decline):
            with pytest.raises(RequestLapsed):
                await answer(harbour, row["ref"], DEADLINE, by=NORA)
        assert await lapse_if_due(harbour, row["ref"], DEADLINE)
        assert not await lapse_if_due(harbour, row["ref"], DEADLINE)
        with pytest.raises(RequestLapsed):
            await accept(harbour, row["ref"], DEADLINE, by=NORA)

    assert (await state_of(owner, row), await told_to_client(owner, row)) == ("ended by rule", ["requested", "lapsed"])


async def test_client_withdraws_without_a_deadline_until_it_is_agreed(cast: Cast, owner: asyncpg.Connection) -> None:
    """An hour before, at a practice that wants to know a day ahead."""
    harbour = cast.harbour
    row = await request_made(cast)
    agreed = await request_made(cast, who="Theo Roy")
    late = harbour.at(2026, 11, 25, 9)
    await owner.execute("UPDATE appointment SET approve_by = starts_at")

    async with practice_lens(harbour.tenant):
        await accept(harbour.tenant, agreed["ref"], MONDAY, by=NORA)
        await cancel_by_client(harbour.tenant, row["ref"], "", late)
        with pytest.raises(TooLateToCancel):
            await cancel_by_client(harbour.tenant, agreed["ref"], "", late)
        with pytest.raises(AppointmentCancelled):
            await accept(harbour.tenant, row["ref"], MONDAY, by=NORA)

    assert (await state_of(owner, row), await told_to_client(owner, row)) == (
        "ended by client",
        ["requested", "cancelled"],
    )


async def test_another_time_than_was_seen_is_not_accepted(cast: Cast) -> None:
    row = await request_made(cast, sequence=1)

    with pytest.raises(MovedMeanwhile):
        async with practice_lens(cast.harbour.tenant):
            await accept(cast.harbour.tenant, row["ref"], MONDAY, by=NORA, seen=0)


async def test_what_was_never_asked_for_is_no_request(cast: Cast) -> None:
    row = await request_made(cast, approve_by=None)

    for answer in (accept, _decline):
        with pytest.raises(NotFound):
            async with practice_lens(cast.harbour.tenant):
                await answer(cast.harbour.tenant, row["ref"], MONDAY, by=NORA)


@pytest.mark.parametrize("verb", ["arrived", "completed", "missed", "confirm", "ask"])
async def test_nobody_comes_to_what_is_not_agreed(cast: Cast, verb: str) -> None:
    harbour = cast.harbour.tenant
    row = await request_made(cast)
    verbs: dict[str, Callable[[], Awaitable[Any]]] = {
        "confirm": lambda: confirm_appointment(harbour, row["ref"], MONDAY),
        "ask": lambda: ask_to_confirm(harbour, row["ref"], 0, NORA, MONDAY),
    }

    with pytest.raises(NotYetAgreed):
        async with practice_lens(harbour):
            await verbs.get(verb, lambda: note_attendance(harbour, row["ref"], verb, MONDAY))()


async def test_nothing_waits_for_its_answer_beyond_its_start(cast: Cast) -> None:
    row = await request_made(cast, starts_at=MONDAY + timedelta(hours=2))

    assert row["approve_by"] == row["starts_at"]


async def _decline(tenant: Tenant, ref: str, now: Any, *, by: str) -> None:
    await decline(tenant, ref, "", now, by=by)
