"""The calendar's data: all that is drawn over some days, in one compact answer."""

from datetime import date, timedelta
from typing import Any

import msgspec
from litestar import Response, get

from portal.staff.calendar.colours import tones
from portal.staff.calendar.feed_hours import openings
from portal.staff.calendar.feed_rows import Feed, booked, closed, held, is_known, refs_of
from portal.staff.desk import Desk, TheDesk
from portal.web.forms import is_in_reach
from portal.web.given import AnyRequest
from tenants.arranging.diary import appointments_in_book, holds_in_book
from tenants.arranging.rooms import Uses, find_rooms, uses_in_book
from tenants.availability.wall_clock import day_span, moment, offsets
from tenants.booking.plan import current_plan
from tenants.hours.find import closures_between
from tenants.team.permissions import Permission

MOST_DAYS = 45
UNPROCESSABLE = 422


@get("/desk/{slug:str}/calendar.json", needs=Permission.CALENDAR)
async def show_feed(request: AnyRequest, desk: TheDesk) -> Response[bytes]:
    """From the day `from` to before the day `until`; today alone where neither is named."""
    asked = request.query_params
    days = _days(asked.get("from"), asked.get("until"), desk.viewer.today)
    if days is None:
        words = desk.viewer.words.gettext("The calendar shows 45 days at once at most, and only days that there are.")
        return _json({"refusal": words}, UNPROCESSABLE)
    return _json(await _read(desk, *days))


async def _read(desk: Desk, first: date, last: date) -> Feed:
    practice = desk.practice
    since, until = moment(day_span(first, practice.zone)[0]), moment(day_span(last, practice.zone)[1])
    async with desk.lens():
        plan = desk.narrowed(await current_plan(practice))
        appointments = await appointments_in_book(practice, since, until, desk.own_column)
        holds = await holds_in_book(practice, since, until, desk.viewer.now)
        closures = await closures_between(practice, since, until)
        rooms = {each: row["ref"] for each, row in (await find_rooms(practice)).items()}
        uses = await uses_in_book(practice, since, until) if rooms else Uses()
    toned = tones(plan)
    return Feed(
        [(wall.isoformat(timespec="minutes"), offset) for wall, offset in offsets(first, last, practice.zone)],
        [
            booked(row, toned.get(row["service_ref"], 0), practice.zone, refs_of(uses.appointments, row, rooms))
            for row in appointments
        ],
        [held(row, plan, refs_of(uses.holds, row, rooms)) for row in holds if is_known(row, plan)],
        [closed(row, plan) for row in closures if is_known(row, plan)],
        openings(plan, first, last),
    )


def _days(since: str | None, until: str | None, today: date) -> tuple[date, date] | None:
    """First and last, both included; None for what cannot be shown."""
    try:
        first = date.fromisoformat(since) if since else today
        after = date.fromisoformat(until) if until else first + timedelta(days=1)
    except (ValueError, OverflowError):
        return None
    if not (is_in_reach(first) and is_in_reach(after) and 0 < (after - first).days <= MOST_DAYS):
        return None
    return first, after - timedelta(days=1)


def _json(answer: Any, status: int = 200) -> Response[bytes]:
    return Response(msgspec.json.encode(answer), media_type="application/json", status_code=status)
