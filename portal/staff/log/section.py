"""The messages of one appointment or one client: what was said, and what is foreseen."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from portal.messages.known import Reached, bounced_among, outside_of, stopped_among
from portal.reasons import reason_words
from portal.settings import Settings
from portal.staff.desk import Desk
from portal.staff.log.lines import Line, line_foreseen, line_of
from tenants.foreseen import Prospects, foresee, prospects_of_appointments, prospects_of_client
from tenants.notifications.log import messages_of_appointment, messages_of_client
from tenants.practices.tenant import Tenant
from tenants.writing.reach import Outside, reach_of

CLIENT_LINES = 20


@dataclass(frozen=True, slots=True)
class Section:
    """`to_come` in the order of their moments, `said` the latest first; `asked` counts questions, sent or not.

    `sms_obstacle` says what keeps SMS from the client at a practice that sends them.
    """

    to_come: list[Line]
    said: list[Line]
    asked: int = 0
    sms_obstacle: str = ""


@dataclass(frozen=True, slots=True)
class _Client:
    """A record, as the rules about reaching somebody ask for it."""

    email: str | None
    phone: str
    sms_off_at: datetime | None
    sms_off_by: str | None
    reminders_off_at: datetime | None
    practice: Tenant


async def section_of_appointment(desk: Desk, appointment: dict[str, Any], settings: Settings) -> Section:
    async with desk.lens():
        rows = await messages_of_appointment(desk.practice, appointment["id"])
        prospects = await prospects_of_appointments(desk.practice, [appointment["id"]])
    asked = sum(row["kind"] == "asked" for row in rows)
    return Section(await _foreseen(prospects, desk, settings), [line_of(row, desk) for row in rows], asked)


async def section_of_client(
    desk: Desk, record: dict[str, Any], settings: Settings, *, reader: dict[str, Any] | None = None
) -> Section:
    """The next appointments' and the last messages. `reader` is the record of the adult who is told for a child."""
    async with desk.lens():
        rows = await messages_of_client(desk.practice, record["id"], CLIENT_LINES)
        prospects = await prospects_of_client(desk.practice, record["id"], desk.viewer.now)
    return Section(
        await _foreseen(prospects, desk, settings),
        [line_of(row, desk) for row in rows],
        sms_obstacle=await _sms_obstacle(prospects, desk, reader or record, settings),
    )


async def _sms_obstacle(prospects: Prospects, desk: Desk, record: dict[str, Any], settings: Settings) -> str:
    """Whatever is left of the month's budget."""
    known = ("email", "phone", "sms_off_at", "sms_off_by", "reminders_off_at")
    client = _Client(**{name: record[name] for name in known}, practice=desk.practice)
    outside = (await look_outside([client], settings))(client)
    reach = reach_of(client, outside, sms_on=prospects.policy.sms_on, budget_left=True)
    return reason_words(reach.sms, desk.viewer.words.language) if reach.sms and prospects.policy.sms_on else ""


async def _foreseen(prospects: Prospects, desk: Desk, settings: Settings) -> list[Line]:
    outside = await look_outside(prospects.appointments, settings)
    return [line_foreseen(each, desk) for each in foresee(prospects, outside, desk.viewer.now)]


async def look_outside(clients: Sequence[Reached], settings: Settings) -> Callable[[Reached], Outside]:
    """What no practice's role can see, read for all of them at once. Not inside a lens."""
    bounced = await bounced_among({each.email for each in clients if each.email})
    stopped = await stopped_among({each.phone for each in clients if each.phone})
    return lambda client: outside_of(client, bounced, stopped, settings)
