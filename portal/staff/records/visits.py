"""The appointments of one client: those to come, and page by page those that were."""

from typing import Any

from portal.staff.desk import Desk
from tenants.appointments.of_client import past_of, to_come_of

MOST_PAGES = 1000


async def visits_section(desk: Desk, record: dict[str, Any], page: str) -> dict[str, Any]:
    """`page` as the address has it; what is none counts as the first."""
    number = read_page(page)
    async with desk.lens():
        coming = await to_come_of(desk.practice, record["id"], desk.viewer.now)
        past, more = await past_of(desk.practice, record["id"], desk.viewer.now, number)
    return {
        "coming": [_there(row, desk) for row in coming],
        "past": [_there(row, desk) for row in past],
        "past_page": number,
        "more_past": more,
    }


def read_page(typed: str) -> int:
    return min(max(int(typed), 1), MOST_PAGES) if typed.isascii() and typed.isdecimal() and len(typed) < 6 else 1  # noqa: PLR2004


def _there(row: dict[str, Any], desk: Desk) -> dict[str, Any]:
    return row | {name: row[name].astimezone(desk.practice.zone) for name in ("starts_at", "ends_at")}
