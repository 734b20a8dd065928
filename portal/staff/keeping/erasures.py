"""What will be erased when, for whoever would rather keep it: staff are warned here a month ahead."""

from contextlib import suppress
from typing import Any

from litestar import get
from litestar.response import Template

from portal.staff.desk import Desk, TheDesk
from portal.web.given import AnyRequest
from tenants.clients.record import find_record
from tenants.refusals import NotFound
from tenants.retention.announce import WARNED_AHEAD
from tenants.retention.due import count_erasures, erasures_to_come
from tenants.retention.rule import find_retention
from tenants.team.permissions import Permission

A_PAGE = 200


async def erasures_line(desk: Desk) -> dict[str, Any]:
    """What `desk/_erasures_line.html` asks for, as `erasures`."""
    async with desk.lens():
        return await count_erasures(desk.practice)


@get("/desk/{slug:str}/clients/erasures", needs=Permission.CLIENTS)
async def list_erasures(request: AnyRequest, desk: TheDesk) -> Template:
    """`kept` names the record that was just kept."""
    async with desk.lens():
        rows = await erasures_to_come(desk.practice, A_PAGE)
        count = await count_erasures(desk.practice)
        rule = await find_retention(desk.practice)
        kept = None
        with suppress(NotFound):
            kept = await find_record(desk.practice, request.query_params.get("kept", ""))
    return desk.page(
        "desk/erasures.html",
        rows=rows,
        more=count["records"] - len(rows) if len(rows) == A_PAGE else 0,
        rule=rule,
        kept=kept,
        warned_ahead=WARNED_AHEAD.days,
    )
