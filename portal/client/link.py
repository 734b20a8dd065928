"""What a message's link leads to. Whoever holds its eight signs sees this much without signing in, and no more."""

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from portal.client.facts import appointment_facts
from portal.database import practice_lens, read_row
from portal.people.pace import EVERY_HOUR, check_pace, keep_pace
from portal.people.recipients import find_recipient
from portal.web.given import AnyRequest
from portal.web.practice import find_practice
from portal.web.viewer import Viewer, as_reader
from tenants.booking.cancel import cancel_until
from tenants.booking.policy import Policy, find_policy
from tenants.notifications.told import appointments_told
from tenants.practices.tenant import Tenant
from tenants.refusals import NotFound

MISSES_AN_HOUR = 60
"""From one network. A link has 46 bits, so a guess that hits is not for this century."""

_LINK = re.compile(r"[A-Za-z0-9]{8}")
_BEHIND = "SELECT slug, message_id FROM behind_link($1)"
_NOT_SHOWN = ("reader", "first_name", "last_name", "email", "phone", "note", "cancel_reason", "booking_key")


@dataclass(frozen=True, slots=True)
class Behind:
    """`viewer` reads as the one to whom it was sent; `record` is the ref of that client's record."""

    link: str
    practice: Tenant
    viewer: Viewer
    record: str
    first_name: str
    by_mail: bool
    appointments: list[dict[str, Any]]

    @property
    def path(self) -> str:
        return f"/m/{self.link}"

    @property
    def is_over(self) -> bool:
        """The link has done its work."""
        return all(row["ends_at"] <= self.viewer.now for row in self.appointments)

    def appointment(self, ref: str) -> dict[str, Any]:
        """Raises NotFound for one that the message did not tell of."""
        found = next((row for row in self.appointments if row["ref"] == ref), None)
        if found is None:
            raise NotFound("appointment")
        return found


async def find_behind(request: AnyRequest, viewer: Viewer, link: str) -> Behind:
    """Raises NotFound, and TooOften for whoever guesses: only what is wrong is counted."""
    await check_pace("link-miss", viewer.network, MISSES_AN_HOUR, EVERY_HOUR, viewer.now)
    found = await read_row(_BEHIND, link) if _LINK.fullmatch(link) else None
    if found is None:
        await keep_pace("link-miss", viewer.network, MISSES_AN_HOUR, EVERY_HOUR, viewer.now)
        raise NotFound("message")
    practice = await find_practice(request, found["slug"])
    async with practice_lens(practice):
        rows = await appointments_told(practice, found["message_id"])
        policy = await find_policy(practice)
    reader = rows[0]["reader"]
    recipient = await find_recipient(reader.email) if reader.email else None
    return Behind(
        link=link,
        practice=practice,
        viewer=as_reader(request, viewer, practice, recipient),
        record=reader.client_ref,
        first_name=reader.first_name,
        by_mail=reader.email is not None,
        appointments=[_shown(row, practice, policy) for row in rows],
    )


def _shown(row: dict[str, Any], practice: Tenant, policy: Policy) -> dict[str, Any]:
    """As `own_appointment` has it, without what is nobody's to read who only holds a link."""
    live = row["cancelled_at"] is None
    seen = {name: value for name, value in row.items() if name not in _NOT_SHOWN}
    told: datetime | None = row["told_start"]
    return appointment_facts(
        seen
        | {
            "zone": practice.zone,
            "accent": practice.accent,
            "practice_slug": practice.slug,
            "practice_name": practice.name,
            "can_cancel_until": cancel_until(policy, row) if live else None,
            "can_move_until": policy.move_until(row) if live else None,
            "cancel_reason": row["cancel_reason"] if row["declined_at"] else "",
            "moved_since": told is not None and told != row["starts_at"],
        }
    )
