"""Everybody who waits, in the order in which they are served, each with what comes next for them and why."""

from datetime import timedelta
from typing import Any

from litestar import get, post
from litestar.params import FromPath
from litestar.response import Redirect, Template

from portal.choosing.wish_words import ended_words, wish_sentence
from portal.phrases import phrase
from portal.staff.desk import Desk, TheDesk
from portal.web.forms import read_form, wall_words
from portal.web.given import AnyRequest
from tenants.booking.policy import find_policy
from tenants.refusals import TooManyWishes, WaitsAlready, WishEnded
from tenants.team.permissions import Permission
from tenants.waiting.expire import MOST_OFFERS
from tenants.waiting.fits import FIRST_MINUTE, LAST_MINUTE
from tenants.waiting.list import Waiting, list_waiting
from tenants.waiting.wish import REMOVED, remove_wish, restore_wish

LATELY = timedelta(days=7)
UNPROCESSABLE = 422


@get("/desk/{slug:str}/waiting", needs=Permission.WAITING)
async def show_list(request: AnyRequest, desk: TheDesk) -> Template:
    """`added` and `removed` name the wish to which that was just done."""
    return await _page(desk, {name: request.query_params.get(name, "") for name in ("added", "removed")})


@post("/desk/{slug:str}/waiting/{ref:str}/removal", status_code=303, needs=Permission.WAITING)
async def remove(request: AnyRequest, desk: TheDesk, ref: FromPath[str]) -> Redirect:
    await read_form(request, desk.viewer)
    async with desk.lens():
        await remove_wish(desk.practice, ref, desk.viewer.now)
    return Redirect(f"{desk.path}/waiting?removed={ref}", status_code=303)


@post("/desk/{slug:str}/waiting/{ref:str}/return", status_code=303, needs=Permission.WAITING)
async def put_back(request: AnyRequest, desk: TheDesk, ref: FromPath[str]) -> Redirect | Template:
    await read_form(request, desk.viewer)
    try:
        async with desk.lens():
            await restore_wish(desk.practice, ref, desk.viewer.now, ended=REMOVED)
    except (TooManyWishes, WaitsAlready, WishEnded) as refusal:
        return await _page(desk, {}, phrase(refusal, desk.viewer.formats))
    return Redirect(f"{desk.path}/waiting", status_code=303)


async def _page(desk: Desk, done: dict[str, str], refused: str = "") -> Template:
    async with desk.lens():
        listed = await list_waiting(desk.practice, desk.viewer.now - LATELY, desk.viewer.now)
        policy = await find_policy(desk.practice)
    told = [_facts(each, desk) for each in listed]
    return desk.page(
        "desk/waiting.html",
        status_code=UNPROCESSABLE if refused else 200,
        refused=refused,
        waiting=[each for each in told if each["ended_at"] is None],
        ended=[each for each in told if each["ended_at"] is not None],
        undo=next((each for each in told if each["ref"] == done.get("removed") and each["ended_at"]), None),
        added=next((each for each in told if each["ref"] == done.get("added")), None),
        policy=policy,
        hours=(wall_words(FIRST_MINUTE), wall_words(LAST_MINUTE)),
        most=MOST_OFFERS,
    )


def _facts(each: Waiting, desk: Desk) -> dict[str, Any]:
    row, words = each.row, desk.viewer.words
    return row | {
        "who": f"{row['first_name']} {row['last_name']}".strip(),
        "sentence": wish_sentence(row, words, desk.viewer.formats),
        "offers": each.offers,
        "next": _next_words(each, desk) if each.next else "",
        "ended_words": ended_words(row["ended_why"], words) if row["ended_at"] else "",
    }


def _next_words(each: Waiting, desk: Desk) -> str:
    """What comes next, or why nothing does."""
    _, fmt = desk.viewer.words.gettext, desk.viewer.formats
    morning = fmt.time(wall_words(FIRST_MINUTE))
    assert each.next is not None
    return {
        "offered": _("A time is offered at this moment."),
        "unreachable": _("There is no e-mail address on the record, so nothing is offered by itself. Please call."),
        "soon": _("A time that fits is free and is offered within seconds."),
        "morning": _("A time that fits is free. Offers leave again at %(time)s.", time=morning),
        "behind": _("The time that fits is offered to somebody else at this moment; then comes the next in line."),
        "offered_before": _("Every free time that fits was offered to them before."),
        "nothing_free": _("Nothing that fits is free. The next such time is offered by itself."),
        "not_given": _("This service is not given like that any more, so nothing can be offered."),
    }[each.next]
