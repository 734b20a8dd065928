"""The question before a room or thing is given up that appointments to come have: they keep it."""

from collections.abc import Sequence

from litestar.response import Template

from portal.staff.desk import Desk
from portal.web.forms import Form
from tenants.appointments.find import appointments_with_names
from tenants.appointments.keeping import standing_with
from tenants.refs import fingerprint

MOST_LISTED = 200


async def ask_first(desk: Desk, form: Form, kind: str, name: str, things: Sequence[int]) -> Template | None:
    """None where no appointment has any of them, or where just these have been shown before. Within a lens.

    `kind` is a ref, `name` what is given up.
    """
    ids = await standing_with(desk.practice, things, desk.viewer.now)
    if not ids or form.get("confirmed") == fingerprint(ids):
        return None
    return desk.page(
        "desk/resource_confirm.html",
        action=desk.viewer.path,
        back=f"{desk.path}/resources/{kind}",
        name=name,
        confirmed=fingerprint(ids),
        appointments=await appointments_with_names(desk.practice, ids[:MOST_LISTED]),
        count=len(ids),
    )
