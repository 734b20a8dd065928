"""Two records side by side, and what becomes of them as one."""

from litestar import get, post
from litestar.params import FromPath
from litestar.response import Redirect, Template

from portal.phrases import phrase
from portal.staff.desk import Desk, TheDesk
from portal.staff.merging.facts import asked_parts, moves_words, part_names, settled_parts, side_facts
from portal.web.forms import Form, read_form
from portal.web.given import AnyRequest
from tenants.merge.compose import settled
from tenants.merge.merge import Two, look_at_two, merge_records
from tenants.refusals import ChangedMeanwhile, KinCannotMerge
from tenants.team.permissions import Permission

CONFLICT, UNPROCESSABLE = 409, 422
SIDES = {"kept", "gone"}


@get("/desk/{slug:str}/clients/{ref:str}/merge/{other:str}", needs=Permission.JOIN_CLIENTS)
async def show_two(desk: TheDesk, ref: FromPath[str], other: FromPath[str]) -> Template:
    return _page(desk, await _look(desk, ref, other), Form(desk.viewer.words))


@post("/desk/{slug:str}/clients/{ref:str}/merge/{other:str}", status_code=303, needs=Permission.JOIN_CLIENTS)
async def merge(request: AnyRequest, desk: TheDesk, ref: FromPath[str], other: FromPath[str]) -> Redirect | Template:
    form = await read_form(request, desk.viewer)
    two = await _look(desk, ref, other)
    asked = [part for part, side in settled(two.kept, two.gone).items() if side is None]
    chosen = {part: form.one_of(part, SIDES) for part in asked}
    seen = form.text("seen", 64, required=False)
    if not form.ok:
        return _page(desk, two, form, status=UNPROCESSABLE)
    try:
        async with desk.lens():
            merged = await merge_records(desk.practice, (ref, other), chosen, seen, desk.by, desk.viewer.now)
    except (ChangedMeanwhile, KinCannotMerge) as refusal:
        form.refuse("", _said(refusal, desk))
        status = CONFLICT if isinstance(refusal, ChangedMeanwhile) else UNPROCESSABLE
        return _page(desk, await _look(desk, ref, other), form, status=status)
    return Redirect(f"{desk.path}/clients/{ref}/merges/{merged}?done=merged", status_code=303)


async def _look(desk: Desk, ref: str, other: str) -> Two:
    async with desk.lens():
        return await look_at_two(desk.practice, ref, other)


def _said(refusal: ChangedMeanwhile | KinCannotMerge, desk: Desk) -> str:
    if isinstance(refusal, KinCannotMerge):
        return phrase(refusal, desk.viewer.formats)
    return desk.viewer.words.gettext(
        "One of these records has changed meanwhile. Please look at them again; what you chose is kept."
    )


def _page(desk: Desk, two: Two, form: Form, *, status: int = 200) -> Template:
    for part, side in settled(two.kept, two.gone).items():
        if side is None:
            form.setdefault(part, "kept")
    return desk.page(
        "desk/client_merge.html",
        status_code=status,
        form=form,
        names=part_names(desk.viewer.words),
        kept=side_facts(two.kept, two.kept_has, desk),
        gone=side_facts(two.gone, two.gone_has, desk),
        asked=asked_parts(two, desk),
        settled=settled_parts(two, desk),
        frees=bool(two.kept["email"] and two.gone["email"]),
        moves=moves_words(two.gone_has, desk.viewer.words),
        seen=two.seen,
    )
