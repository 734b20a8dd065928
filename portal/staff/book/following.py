"""Moving an appointment and those that follow it in its series: where to, what stands in the way, then all at once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from litestar import get, post
from litestar.params import FromPath
from litestar.response import Redirect, Template

from portal.database import practice_lens
from portal.phrases import phrase
from portal.staff.book.appointment import appointment_facts
from portal.staff.book.series_days import (
    MOST_FIELDS,
    Day,
    insists,
    list_days,
    read_chosen,
    read_insistence,
    read_ticks,
)
from portal.staff.book.series_form import read_length, read_start, too_far
from portal.staff.desk import Desk, TheDesk
from portal.web.forms import Form, read_form
from portal.web.given import AnyRequest
from tenants.appointments.find import appointment_with_names
from tenants.booking.plan import Plan, current_plan
from tenants.booking.rearrange import Move
from tenants.booking.series import following, foresee_shift, shift_following
from tenants.refs import fingerprint
from tenants.refusals import NotFound, Refusal, SeriesMeets

CONFLICT, UNPROCESSABLE = 409, 422


@dataclass(frozen=True, slots=True)
class Rest:
    """An appointment with its names, and all of its series from it on."""

    row: dict[str, Any]
    following: list[dict[str, Any]]
    plan: Plan


def stood(rows: Sequence[Mapping[str, Any]]) -> str:
    """Tells whether any of them has been changed since."""
    return fingerprint([(row["ref"], row["sequence"]) for row in rows])


@get("/desk/{slug:str}/appointments/{ref:str}/following/move")
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


@post("/desk/{slug:str}/appointments/{ref:str}/following/move", status_code=303)
async def move(request: AnyRequest, desk: TheDesk, ref: FromPath[str]) -> Redirect | Template:
    form = await read_form(request, desk.viewer, MOST_FIELDS)
    rest = await find_rest(desk, ref)
    wanted = _read_move(desk, form, rest)
    if wanted is None:
        return _page(desk, rest, form, status=UNPROCESSABLE)
    ticks = read_ticks(form, _question(wanted))
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
        async with practice_lens(desk.practice):
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


async def find_rest(desk: Desk, ref: str) -> Rest:
    """Raises NotFound for an appointment of no series, AppointmentCancelled."""
    async with practice_lens(desk.practice):
        row = await appointment_with_names(desk.practice, ref)
        rows = await following(desk.practice, ref, desk.viewer.now)
        return Rest(row, rows, await current_plan(desk.practice))


def _read_move(desk: Desk, form: Form, rest: Rest) -> Move | None:
    """None when the form has errors."""
    form.pop("start", None)
    starts_at = read_start(form, desk)
    form.pop("end", None)
    form.whole("minutes", 1, 1440)
    length = read_length(form, desk, starts_at)
    practitioner = form.one_of("practitioner", {ref for ref, _ in _practitioners(rest)})
    place = form.one_of("place", {ref for ref, _ in _places(rest)}, required=False)
    if starts_at is not None and (far := too_far(_last(starts_at, rest), desk)):
        form.refuse("day", far)
    if not form.ok or starts_at is None:
        return None
    return Move(starts_at, practitioner, place or None, length, by=desk.by, tell=form.get("tell", "yes") != "no")


def _last(starts_at: datetime, rest: Rest) -> Any:
    by = starts_at - rest.following[0]["starts_at"]
    return (rest.following[-1]["starts_at"] + by).date()


async def _look(desk: Desk, rest: Rest, wanted: Move, form: Form) -> list[Day]:
    async with practice_lens(desk.practice):
        foreseen = await foresee_shift(desk.practice, rest.row["ref"], wanted, desk.viewer.now)
    before = {row["ref"]: row["starts_at"].astimezone(desk.practice.zone) for row in rest.following}
    length = wanted.length or timedelta()
    return list_days(desk, foreseen, rest.plan, length, read_ticks(form, _question(wanted)), before)


def _question(wanted: Move) -> str:
    return fingerprint((wanted.starts_at.timestamp(), wanted.practitioner, wanted.place, wanted.length))


def _practitioners(rest: Rest) -> list[tuple[str, str]]:
    """Who gives the service, and who has it now."""
    givers = [rest.plan.practitioners[each] for each in rest.plan.service(rest.row["service_ref"]).practitioners]
    named = {row["ref"]: row["name"] for row in givers}
    return list((named | {rest.row["practitioner_ref"]: rest.row["practitioner_name"]}).items())


def _places(rest: Rest) -> list[tuple[str, str]]:
    places = rest.plan.service(rest.row["service_ref"]).places
    return [(row["ref"], row["name"]) for key, row in rest.plan.places.items() if key in places]


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
        question=_question(wanted) if wanted else "",
        practitioners=_practitioners(rest),
        places=_places(rest),
        form=form,
        days=days,
        insists=insists(days or []),
        insisted=set(form.many("insist")),
        anew=anew,
    )
