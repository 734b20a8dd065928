"""All that one waits for, over all practices: what was offered, what can be changed, taken back and put back."""

from datetime import timedelta
from typing import Any

from litestar import get, post
from litestar.params import FromPath
from litestar.response import Redirect, Template

from portal.choosing.wish_words import ended_words, wish_sentence
from portal.client.waiting_form import practice_of_wish
from portal.database import person_lens, practice_lens
from portal.phrases import phrase
from portal.web.forms import read_form, wall_words
from portal.web.given import AnyRequest, TheViewer
from portal.web.viewer import Viewer, signed_in
from tenants.across import own_waiting
from tenants.refusals import TooManyWishes, WaitsAlready, WishEnded
from tenants.waiting.fits import FIRST_MINUTE, LAST_MINUTE
from tenants.waiting.list import is_open
from tenants.waiting.wish import WITHDRAWN, restore_wish, withdraw_wish

LATELY = timedelta(days=30)
UNPROCESSABLE = 422


@get("/waiting")
async def show_waiting(request: AnyRequest, viewer: TheViewer) -> Template:
    """`left`, `changed` and `withdrawn` name the wish to which that was just done."""
    done = {name: request.query_params.get(name, "") for name in ("left", "changed", "withdrawn")}
    return await _page(viewer, done)


@post("/waiting/{ref:str}/withdrawal", status_code=303)
async def withdraw(request: AnyRequest, viewer: TheViewer, ref: FromPath[str]) -> Redirect:
    practice = await practice_of_wish(viewer, ref)
    await read_form(request, viewer)
    async with practice_lens(practice):
        await withdraw_wish(practice, ref, viewer.now)
    return Redirect(f"/waiting?withdrawn={ref}", status_code=303)


@post("/waiting/{ref:str}/return", status_code=303)
async def put_back(request: AnyRequest, viewer: TheViewer, ref: FromPath[str]) -> Redirect | Template:
    practice = await practice_of_wish(viewer, ref)
    await read_form(request, viewer)
    try:
        async with practice_lens(practice):
            await restore_wish(practice, ref, viewer.now, ended=WITHDRAWN)
    except (TooManyWishes, WaitsAlready, WishEnded) as refusal:
        return await _page(viewer, {}, phrase(refusal, viewer.formats))
    return Redirect("/waiting", status_code=303)


async def _page(viewer: Viewer, done: dict[str, str], refused: str = "") -> Template:
    async with person_lens(signed_in(viewer).person_id):
        rows = await own_waiting(viewer.now - LATELY)
    told = [_facts(row, viewer) for row in rows]
    return viewer.page(
        "client/waiting.html",
        status_code=UNPROCESSABLE if refused else 200,
        refused=refused,
        waiting=[each for each in told if each["ended_at"] is None],
        ended=[each for each in told if each["ended_at"] is not None],
        practices=list({each["practice_slug"]: each for each in told}.values()),
        done=done,
        offering=(wall_words(FIRST_MINUTE), wall_words(LAST_MINUTE)),
        undo=next((each for each in told if each["ref"] == done.get("withdrawn") and each["ended_at"]), None),
    )


def _facts(row: dict[str, Any], viewer: Viewer) -> dict[str, Any]:
    open_offers = [each for each in row["offers"] if is_open(each) and each["expires_at"] > viewer.now]
    return row | {
        "sentence": wish_sentence(row, viewer.words, viewer.formats),
        "offer": open_offers[0] if open_offers else None,
        "earlier": [each for each in row["offers"] if each not in open_offers],
        "why": ended_words(row["ended_why"], viewer.words, own=True) if row["ended_at"] else "",
    }
