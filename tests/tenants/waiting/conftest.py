from datetime import date, datetime, time
from typing import Any

import asyncpg
import pytest

from portal.database import practice_lens
from tenants.booking.open_times import Wanted
from tenants.clients.record import Contact
from tenants.waiting.wish import Wish, leave_wish
from tests.cast import MONDAY, Cast
from tests.factories import PracticeMade

EVERY_DAY = (0, 1, 2, 3, 4, 5, 6)
_TEN_TO_ELEVEN = (time(10), time(11))


def wish_for(practice: PracticeMade, service: str = "Follow-up", who: str | None = None, **more: Any) -> Wish:
    """For any day of this week and the next, at any hour."""
    practitioner = practice.practitioners[who]["ref"] if who else None
    wanted = Wanted(practice.services[service]["ref"], practitioner)
    usual: dict[str, Any] = {
        "weekdays": EVERY_DAY,
        "from_minute": 0,
        "until_minute": 1440,
        "first_day": date(2026, 11, 23),
        "last_day": date(2026, 12, 6),
    }
    return Wish(wanted, **usual | more)


async def waits(practice: PracticeMade, email: str, now: datetime = MONDAY, **more: Any) -> str:
    """The ref of the wish of somebody whom the practice knows."""
    known = practice.records[email]
    contact = Contact(email, known["first_name"], known["last_name"])
    async with practice_lens(practice.tenant):
        return await leave_wish(practice.tenant, contact, wish_for(practice, **more), now)


@pytest.fixture
async def full(cast: Cast, owner: asyncpg.Connection) -> PracticeMade:
    """Harbour, where only Tuesday from 10 to 11 is offered, by Nora alone, in half hours."""
    harbour = cast.harbour
    await owner.execute("DELETE FROM opening_hours WHERE tenant_id = $1", harbour.tenant.id)
    await harbour.hours("Nora Blake", range(1, 2), *_TEN_TO_ELEVEN)
    await owner.execute("UPDATE service SET step = '30 minutes' WHERE tenant_id = $1", harbour.tenant.id)
    return harbour
