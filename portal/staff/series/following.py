"""Moving an appointment and those that follow it in its series: where to, what stands in the way, then all at once."""

from dataclasses import replace
from datetime import timedelta

from litestar import get, post
from litestar.params import FromPath
from litestar.response import Redirect, Template

from portal.phrases import phrase
from portal.staff.book.appointment import appointment_facts
from portal.staff.desk import Desk, TheDesk
from portal.staff.series.days import (
    MOST_FIELDS,
    Day,
    insists,
    list_days,
    read_chosen,
    read_insistence,
    read_ticks,
)
from portal.staff.series.following_form import (
    Rest,
    find_rest,
    places_of,
    practitioners_of,
    question_of,
    read_move,
    stood,
)
from portal.web.forms import Form, read_form
from portal.web.given import AnyRequest
from tenants.arranging.rearrange import Move
from tenants.arranging.series import foresee_shift, shift_following
from tenants.refusals import NotFound, Refusal, SeriesMeets
from tenants.team.permissions import Permission

CONFLICT, UNPROCESSABLE = 409, 422


@get("/desk/{slug:str}/appointments/{ref:str}/following/move", needs=Permission.ARRANGE)
async def ask_where_to(desk: TheDesk, ref: FromPath[str]) -> Template:
    rest = await find_rest(desk, ref)
    begins = rest.row["starts_at"].astimezone(desk.practice.zone)
    length = rest.row["ends_at"] - rest.row["starts_at"]
    now = {
        "day": f"{begins:%Y-%m-%d}",
        "time": f"{begins:%H:%M}",
        "minutes": str(int(length.total_seconds()) // 60),
        "practitioner": rest.row["practitioner_ref"],
        "place": rest.row["place_ref"],
        "tell": "yes",
    }
    return _page(desk, rest, Form(desk.viewer.words, now.items()))


@post("/desk/{slug:str}/appointments/{ref:str}/following/move", status_code=303, needs=Permission.ARRANGE)
async def move(request: AnyRequest, desk: TheDesk, ref: FromPath[str]) -> Redirect | Template:
    form = await read_form(request, desk.viewer, MOST_FIELDS)
    rest = await find_rest(desk, ref)
    wanted = read_move(desk, form, rest)
    if wanted is None:
        return _page(desk, rest, form, status=UNPROCESSABLE)
    ticks = read_ticks(form, question_of(wanted))
    try:
        days = await _look(desk, rest, wanted, form)
        if ticks is None or form.get("again"):
            return _page(desk, rest, form, wanted, days)
        insistence = read_insistence(form, desk)
        chosen = read_chosen(form, days, ticks, insistence, desk)
        anew = chosen.anew or form.get("stood") != stood(rest.following)
        if anew or not form.ok:
            return _page(desk, rest, form, wanted, days, anew=anew, status=CONFLICT if anew else UNPROCESSABLE)
        stay = frozenset(day.value for day in days) - chosen.days
        async with desk.lens():
            wanted = replace(wanted, insistence=insistence, seen=rest.row["sequence"])
            await shift_following(desk.practice, ref, wanted, desk.viewer.now, stay)
    except SeriesMeets:
        days = await _look(desk, rest, wanted, form)
        return _page(desk, rest, form, wanted, days, anew=True, status=CONFLICT)
    except NotFound:
        raise
    except Refusal as refusal:
        form.refuse("", phrase(refusal, desk.viewer.formats))
        return _page(desk, rest, form, status=UNPROCESSABLE)
    return Redirect(f"{desk.path}/appointments/{ref}?done=series-moved", status_code=303)


async def _look(desk: Desk, rest: Rest, wanted: Move, form: Form) -> list[Day]:
    async with desk.lens():
        foreseen = await foresee_shift(desk.practice, rest.row["ref"], wanted, desk.viewer.now)
    before = {row["ref"]: row["starts_at"].astimezone(desk.practice.zone) for row in rest.following}
    length = wanted.length or timedelta()
    return list_days(desk, foreseen, rest.plan, length, read_ticks(form, question_of(wanted)), before)


def _page(
    desk: Desk,
    rest: Rest,
    form: Form,
    wanted: Move | None = None,
    days: list[Day] | None = None,
    *,
    anew: bool = False,
    status: int = 200,
) -> Template:
    return desk.page(
        "desk/following_move.html",
        status_code=status,
        appointment=appointment_facts(rest.row, desk.practice),
        following=rest.following,
        stood=stood(rest.following),
        question=question_of(wanted) if wanted else "",
        practitioners=practitioners_of(rest),
        places=places_of(rest),
        form=form,
        days=days,
        insists=insists(days or []),
        insisted=set(form.many("insist")),
        anew=anew,
    )
