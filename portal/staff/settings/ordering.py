"""Moving what a page lists one step up or down; the page then says so, and the focus stays on the button."""

from collections.abc import Awaitable, Callable, Iterable
from typing import Any

from litestar.response import Redirect

from portal.staff.desk import Desk
from portal.web.forms import read_form
from portal.web.given import AnyRequest
from tenants.practices.tenant import Tenant

UP, DOWN = "up", "down"
Mover = Callable[[Tenant, str, int], Awaitable[int]]


async def reorder(request: AnyRequest, desk: Desk, page: str, ref: str, move: Mover) -> Redirect:
    """`page` is the list's, under the desk; `move` is the rule."""
    form = await read_form(request, desk.viewer)
    way = UP if form.get("way") == UP else DOWN
    async with desk.lens():
        await move(desk.practice, ref, -1 if way == UP else 1)
    return Redirect(f"{desk.path}/{page}?moved={ref}&way={way}", status_code=303)


def moved_facts(request: AnyRequest, rows: Iterable[dict[str, Any]]) -> dict[str, Any]:
    """Which of the listed was moved just now, what number it has and which of its buttons was pressed."""
    asked = request.query_params
    for number, row in enumerate(rows, 1):
        if row["ref"] == asked.get("moved"):
            return {"moved": {"ref": row["ref"], "name": row["name"], "number": number, "way": asked.get("way")}}
    return {"moved": None}
