"""Whom a rule comes too late for."""

from datetime import datetime, timedelta
from typing import Any

import asyncpg
import pytest

from portal.database import practice_lens
from tenants.reminders.passed_over import count_passed_over
from tenants.reminders.rules import RuleDraft, add_rule, find_rule
from tenants.writing.quiet import Quiet
from tests.cast import ANA, MONDAY, Cast

HOUR = timedelta(hours=1)
NONE = Quiet(0, 0)


async def count(cast: Cast, now: datetime = MONDAY, quiet: Quiet = NONE, **draft: Any) -> int:
    """For a rule of 24 hours, new on Monday at 8."""
    tenant = cast.harbour.tenant
    async with practice_lens(tenant):
        ref = await add_rule(tenant, RuleDraft("email", 24 * HOUR, "always", **draft), MONDAY)
        return await count_passed_over(tenant, await find_rule(tenant, ref), quiet, now)


@pytest.mark.parametrize(("hours", "counted"), [(-1, 0), (1, 1), (23, 1), (24, 0), (26, 0)])
async def test_only_what_begins_before_its_moment_is_passed_over(cast: Cast, hours: int, counted: int) -> None:
    await cast.harbour.appointment(ANA, "Follow-up", "Nora Blake", MONDAY + hours * HOUR)

    assert await count(cast) == counted


async def test_quiet_hours_bring_its_moment_forward(cast: Cast) -> None:
    """Tuesday at 11: its message would have left before the quiet hours that hold Monday at 11."""
    await cast.harbour.appointment(ANA, "Follow-up", "Nora Blake", cast.harbour.at(2026, 11, 24, 11))

    assert (await count(cast), await count(cast, quiet=Quiet(7 * 60, 12 * 60))) == (0, 1)


async def test_who_is_not_meant_is_not_passed_over(cast: Cast, owner: asyncpg.Connection) -> None:
    gone = {"cancelled_at": MONDAY, "cancelled_by": "client"}
    await cast.harbour.appointment(ANA, "Follow-up", "Nora Blake", MONDAY + 3 * HOUR, **gone)
    await cast.harbour.appointment(ANA, "First visit", "Nora Blake", MONDAY + 3 * HOUR)
    ref = cast.harbour.services["First visit"]["ref"]

    assert (await count(cast), await count(cast, off_services=frozenset({ref}))) == (1, 0)


async def test_who_books_just_now_may_still_get_it_late(cast: Cast) -> None:
    """Agreed a minute ago, told in four."""
    booked = {"booked_at": MONDAY - timedelta(minutes=1)}
    await cast.harbour.appointment(ANA, "Follow-up", "Nora Blake", MONDAY + 5 * HOUR, **booked)

    assert (await count(cast), await count(cast, late_left=2 * HOUR), await count(cast, late_left=6 * HOUR)) == (
        1,
        0,
        1,
    )
