"""The practice's day, week and month, drawn where scripts run and listed everywhere."""

from typing import Any
from zlib import crc32

from litestar import Response, get
from litestar.response import Template

from portal.founding.checklist import checklist_above
from portal.staff.calendar.agenda import legend, minute_of, window
from portal.staff.calendar.drawn import drawn_facts
from portal.staff.calendar.grid import stylesheet
from portal.staff.calendar.month import weeks
from portal.staff.calendar.spread import open_book
from portal.staff.calendar.turning import addresses, days_shown, turned_to
from portal.staff.desk import TheDesk
from portal.staff.requests.listing import own_only
from portal.web.forms import wall_words
from portal.web.given import AnyRequest, TheSettings
from tenants.requests.find import count_requests
from tenants.team.permissions import Permission

A_YEAR = 365 * 24 * 3600


@get("/desk/{slug:str}", needs=Permission.CALENDAR)
async def show_calendar(request: AnyRequest, desk: TheDesk, settings: TheSettings) -> Template:
    turned = turned_to(request.query_params, desk)
    spread = await open_book(desk, turned, days_shown(turned, desk.viewer.formats.first_weekday))
    async with desk.lens():
        requests = await count_requests(desk.practice, desk.viewer.now, own_only(desk))
        checklist = await checklist_above(desk, sms=bool(settings.twilio_account_sid))
    columns = spread.columns(desk)
    frame = window(columns)
    facts: dict[str, Any] = {
        "day": turned.day,
        "days": spread.days,
        "view": turned.view,
        "by": spread.by,
        "rooms": list(spread.rooms.values()),
        "legend": legend(spread.book.plan),
        "columns": columns,
        "weeks": weeks(spread),
        "window": frame,
        "now_minute": minute_of(desk.viewer.now, desk.viewer.today, desk.practice),
        "practitioners": list(spread.people.values()),
        "places": list(spread.places.values()),
        "chosen": spread.kept.get("practitioner"),
        "chosen_place": spread.kept.get("place"),
        "several_places": len(spread.places) > 1,
        "addresses": addresses(desk, turned, spread.kept),
        "requests": requests,
        "checklist": checklist,
        "drawn": drawn_facts(desk, spread, frame) if turned.view != "list" else None,
    }
    query = spread.kept | {"day": turned.day}
    sheet = f"/desk/grid.css?v={crc32(stylesheet().encode()):x}"
    return desk.page("desk/calendar.html", wall_time=wall_words, grid_address=sheet, query=query, **facts)


@get("/desk/grid.css")
async def show_grid() -> Response[str]:
    """The same for every day and practice; its address changes with it."""
    keep = {"Cache-Control": f"public, max-age={A_YEAR}, immutable"}
    return Response(stylesheet(), media_type="text/css", headers=keep)
