"""Every request that waits, whose answer is due first on top; below, what was answered lately."""

from typing import Any

from litestar import get
from litestar.response import Template

from portal.languages.words import Words
from portal.staff.desk import Desk, TheDesk
from portal.web.given import AnyRequest
from tenants.appointments.find import appointment_with_names
from tenants.refusals import NotFound
from tenants.requests.find import answered_lately, count_requests, waiting_requests
from tenants.team.permissions import Permission

ANSWERED = ("accepted", "declined")


@get("/desk/{slug:str}/requests", needs=Permission.REQUESTS)
async def list_requests(request: AnyRequest, desk: TheDesk) -> Template:
    query = request.query_params
    return await requests_page(desk, done=query.get("done", ""), ref=query.get("of", ""))


@get("/desk/{slug:str}/requests/count", needs=Permission.REQUESTS)
async def show_count(desk: TheDesk) -> Template:
    """The figure beside the way to the list, fetched once a page stands: no page waits for it."""
    async with desk.lens():
        waiting = await count_requests(desk.practice, desk.viewer.now, own_only(desk))
    return desk.page("desk/_requests_count.html", waiting=waiting)


def own_only(desk: Desk) -> int | None:
    """The practitioner whose requests alone this member answers, None for everybody's."""
    return None if desk.member.sees_all_clients else desk.member.practitioner_id or 0


async def requests_page(desk: Desk, *, refused: str = "", status: int = 200, done: str = "", ref: str = "") -> Template:
    """`refused` says why there was nothing to answer, of the request `ref`."""
    practice, now, of = desk.practice, desk.viewer.now, own_only(desk)
    async with desk.lens():
        waiting = await waiting_requests(practice, now, of)
        answered = await answered_lately(practice, now, of)
        about = await _about(desk, ref) if ref else None
    return desk.page(
        "desk/requests.html",
        status_code=status,
        refused=refused,
        done=done if done in ANSWERED and about else "",
        about=about,
        waiting=[_local(row, desk) | {"left": row["approve_by"] - now} for row in waiting],
        answered=[_local(row, desk) | {"how": _how(row, desk.viewer.words)} for row in answered],
    )


async def _about(desk: Desk, ref: str) -> dict[str, Any] | None:
    try:
        row = await appointment_with_names(desk.practice, ref)
    except NotFound:
        return None
    return _local(row, desk) if desk.member.may_arrange(row["practitioner_id"]) else None


def _local(row: dict[str, Any], desk: Desk) -> dict[str, Any]:
    instants = ("starts_at", "ends_at", "approve_by", "booked_at", "moved_at", "answered_at")
    local = {name: row[name].astimezone(desk.practice.zone) for name in instants if row.get(name)}
    name = f"{row['first_name']} {row['last_name']}".strip()
    return row | local | {"client": name or desk.viewer.words.gettext("No name")}


def _how(row: dict[str, Any], words: Words) -> dict[str, str]:
    """`state` for the badge's sign, its words, and the address of who answered, "" where nobody did."""
    _ = words.gettext
    if row["accepted_at"]:
        said = _("accepted, then cancelled") if row["cancelled_at"] else _("accepted")
        return {"state": "cancelled" if row["cancelled_at"] else "accepted", "words": said, "by": row["accepted_by"]}
    if row["declined_at"]:
        return {"state": "declined", "words": _("declined"), "by": row["declined_by"] or ""}
    state, said = {
        "rule": ("lapsed", _("not answered in time")),
        "staff": ("declined", _("declined")),
        "client": ("withdrawn", _("withdrawn by the client")),
    }[row["cancelled_by"]]
    return {"state": state, "words": said, "by": ""}
