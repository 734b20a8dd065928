"""What is said to one client. A child is told by way of the adult, who decides whether anything arrives."""

from datetime import timedelta
from typing import Any

from portal.settings import Settings
from portal.staff.desk import Desk
from portal.staff.log.section import section_of_client

A_YEAR = timedelta(days=365)


async def messages_section(
    desk: Desk, record: dict[str, Any], settings: Settings, guardian: dict[str, Any] | None
) -> dict[str, Any]:
    return {
        "section": await section_of_client(desk, record, settings, reader=guardian),
        "year_ago": desk.viewer.today - A_YEAR,
    }
