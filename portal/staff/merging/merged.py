"""One merge: what went into what, who sees it, and the way back for thirty days."""

import json
from typing import Any

from litestar import get, post
from litestar.params import FromPath
from litestar.response import Redirect, Template

from portal.phrases import phrase
from portal.staff.desk import Desk, TheDesk
from portal.staff.merging.facts import moves_words, name_of, part_names, say
from portal.web.forms import read_form
from portal.web.given import AnyRequest
from tenants.merge.history import records_of
from tenants.merge.undo import UNDONE_WITHIN, check_may_undo, find_merge, remembered, undo_merge
from tenants.refusals import AddressTaken, NotFound, Refusal
from tenants.team.permissions import Permission

CONFLICT, UNPROCESSABLE = 409, 422
SHOWN = ("first_name", "last_name", "reach", "phone", "home_phone", "birthday", "language")


@get("/desk/{slug:str}/clients/{ref:str}/merges/{merge:str}", needs=Permission.JOIN_CLIENTS)
async def show_merge(request: AnyRequest, desk: TheDesk, ref: FromPath[str], merge: FromPath[str]) -> Template:
    names = part_names(desk.viewer.words)
    stayed = [names[part] for part in request.query_params.get("stayed", "").split(",") if part in names]
    return await _page(desk, ref, merge, done=request.query_params.get("done", ""), stayed=stayed)


@post("/desk/{slug:str}/clients/{ref:str}/merges/{merge:str}/undoing", status_code=303, needs=Permission.JOIN_CLIENTS)
async def undo(request: AnyRequest, desk: TheDesk, ref: FromPath[str], merge: FromPath[str]) -> Redirect | Template:
    await read_form(request, desk.viewer)
    try:
        async with desk.lens():
            stayed = await undo_merge(desk.practice, merge, desk.by, desk.viewer.now)
    except NotFound:
        raise
    except Refusal as refusal:
        return await _page(desk, ref, merge, refusal=refusal)
    there = f"{desk.path}/clients/{ref}/merges/{merge}?done=undone"
    return Redirect(f"{there}&stayed={','.join(stayed)}" if stayed else there, status_code=303)


async def _page(desk: Desk, ref: str, merge: str, *, refusal: Refusal | None = None, **more: Any) -> Template:
    async with desk.lens():
        row = await find_merge(desk.practice, merge)
        kept, gone = await records_of(desk.practice, row, ref)
        before = {side: await remembered(row, side) for side in ("kept", "gone")}
    words = desk.viewer.words
    return desk.page(
        "desk/client_merged.html",
        status_code=200 if refusal is None else CONFLICT if isinstance(refusal, AddressTaken) else UNPROCESSABLE,
        merge=row,
        ref=ref,
        kept=kept | {"name": name_of(before["kept"], words)},
        gone=gone | {"name": name_of(before["gone"], words)},
        lines=_lines(before, desk),
        freed=before["gone"]["email"],
        moved=moves_words(json.loads(row["moved"]), words),
        until=row["at"] + UNDONE_WITHIN,
        obstacle=_obstacle(row, kept, gone, desk),
        refusal=phrase(refusal, desk.viewer.formats) if refusal else None,
        taken=refusal if isinstance(refusal, AddressTaken) else None,
        **{"done": "", "stayed": []} | more,
    )


def _lines(before: dict[str, dict[str, Any]], desk: Desk) -> list[tuple[str, str, str]]:
    """What each of the two said, where either said anything."""
    if before["kept"]["id"] is None:
        return []
    names = part_names(desk.viewer.words)
    said = [(names[part], say(before["kept"], part, desk), say(before["gone"], part, desk)) for part in SHOWN]
    return [line for line in said if line[1] or line[2]]


def _obstacle(row: dict[str, Any], kept: dict[str, Any], gone: dict[str, Any], desk: Desk) -> str:
    """Why it cannot be undone any more, as far as that can be told beforehand."""
    try:
        check_may_undo(row, kept, gone, desk.viewer.now)
    except Refusal as refusal:
        return phrase(refusal, desk.viewer.formats)
    return ""
