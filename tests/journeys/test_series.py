"""A weekly series over a night when the clocks change: booked, moved and cancelled in the pages."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from tests.cast import BEN, NORA
from tests.journeys.conftest import Visit
from tests.journeys.demo import Demo
from tests.journeys.steps import post_fields
from tests.journeys.visitor import FEW_LOOKS, Look, Visitor

pytestmark = pytest.mark.browser

TORONTO = ZoneInfo("America/Toronto")
WEEK = timedelta(weeks=1)


@pytest.mark.parametrize("look", FEW_LOOKS, ids=str)
async def test_series_over_a_clock_change_keeps_its_hour_on_the_wall(visit: Visit, portal: Demo, look: Look) -> None:
    nora = await visit(look, NORA)
    first = before_next_clock_change()

    await list_days(nora, portal, first, times=4)
    listed = [line.replace("\u202f", " ") for line in await nora.page.locator(".series-when").all_inner_texts()]
    await nora.press("Book the ticked days")
    await nora.page.wait_for_url("**?done=series")
    await nora.follow("Move this and the following")
    await nora.type("Time", "11:00")
    await nora.press("See what stands in the way")
    await nora.press("Move the ticked ones")
    await nora.page.wait_for_url("**?done=series-moved")
    walls, offsets = await in_toronto(portal)
    await portal.settle()
    mail = await portal.mail_to(BEN, "4 appointments booked")
    await nora.follow("Cancel this and the following")
    await nora.press("Cancel 4 appointments")
    await nora.press("Take all of it back")
    await nora.page.wait_for_url("**?done=series-restored")

    days = [first.date() + week * WEEK for week in range(4)]
    assert [line.endswith("10:00 a.m. – 10:30 a.m.") for line in listed] == [True] * 4
    assert walls == [(day, 11) for day in days]
    assert len(set(offsets)) == 2
    assert mail["text"].replace("\u202f", " ").count("11:00 a.m. – 11:30 a.m.") == 4
    assert (
        await portal.owner.fetchval("SELECT count(*) FROM appointment WHERE cancelled_at IS NULL AND series_id > 0")
        == 4
    )


async def list_days(nora: Visitor, portal: Demo, first: datetime, times: int) -> None:
    refs = await portal.owner.fetchrow(
        """SELECT client_record.ref AS client, service.ref AS service, practitioner.ref AS practitioner
           FROM client_record JOIN service USING (tenant_id) JOIN practitioner USING (tenant_id)
           WHERE client_record.email = $1 AND service.name = 'Follow-up' AND practitioner.name = 'Nora Blake'""",
        BEN,
    )
    await nora.go("/desk/harbour/closures")
    often = {"start": first.isoformat(), "every_weeks": "1", "times": str(times)}
    await post_fields(nora, "/desk/harbour/appointments/series", dict(refs) | often)


async def in_toronto(portal: Demo) -> tuple[list[tuple[date, int]], list[timedelta | None]]:
    """The series' days and hours on the wall, and how far from Greenwich each is."""
    rows = await portal.owner.fetch("SELECT starts_at FROM appointment WHERE series_id IS NOT NULL ORDER BY starts_at")
    walls = [row["starts_at"].astimezone(TORONTO) for row in rows]
    return [(at.date(), at.hour) for at in walls], [at.utcoffset() for at in walls]


def before_next_clock_change() -> datetime:
    """A Tuesday at ten, two weeks before the first Tuesday that has another offset."""
    at = datetime.now(UTC).astimezone(TORONTO) + 3 * WEEK
    tuesday = at.replace(hour=10, minute=0, second=0, microsecond=0) + timedelta(days=(1 - at.weekday()) % 7)
    while (tuesday + WEEK).utcoffset() == tuesday.utcoffset():
        tuesday += WEEK
    return tuesday - WEEK
