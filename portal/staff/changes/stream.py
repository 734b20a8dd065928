"""Server-sent events for the calendar (HTML, 9.2): that something has changed, never what. The page asks for that."""

import asyncio
from collections.abc import AsyncIterator

from litestar import get
from litestar.datastructures import State
from litestar.response import ServerSentEvent, ServerSentEventMessage

from portal.staff.changes.desks import OpenDesks
from portal.staff.desk import TheDesk
from tenants.team.permissions import Permission

HEARTBEAT = 15.0  # seconds: shorter than the patience of proxies, so that a dead line is noticed
LASTS = 300.0  # seconds until the browser asks again, with what its connection may see by then
CHANGED = ServerSentEventMessage(event="changed", data="", retry=1000)


@get("/desk/{slug:str}/changes", needs=Permission.CALENDAR)
async def stream_changes(desk: TheDesk, state: State) -> ServerSentEvent:
    """One event at once, since nobody knows what was missed before; then one after each change."""
    return ServerSentEvent(changes_at(state.desks, desk.practice.id), headers={"X-Accel-Buffering": "no"})


async def changes_at(desks: OpenDesks, tenant_id: int) -> AsyncIterator[ServerSentEventMessage]:
    loop = asyncio.get_running_loop()
    ends = loop.time() + LASTS
    with desks.watching(tenant_id) as bell:
        yield CHANGED
        while loop.time() < ends and not desks.closing.is_set():
            try:
                await asyncio.wait_for(bell.wait(), HEARTBEAT)
            except TimeoutError:
                yield ServerSentEventMessage(comment="still here", data=None)
                continue
            bell.clear()
            if not desks.closing.is_set():
                yield CHANGED
