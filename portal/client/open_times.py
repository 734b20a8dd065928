"""The free times as JSON: what the pages draw, for whoever draws them elsewhere."""

from datetime import date, datetime

import msgspec
from litestar import Response, get
from litestar.exceptions import ClientException
from litestar.params import FromPath, FromQuery

from portal.choosing.offer import wanted_from
from portal.choosing.times import month_days
from portal.database import practice_lens
from portal.web.forms import is_in_reach
from portal.web.given import AnyRequest, TheClock
from portal.web.open_door import open_practice
from tenants.booking.open_times import open_times

_encode = msgspec.json.Encoder().encode
_BRIEFLY = {"Cache-Control": "no-store"}


@get("/p/{slug:str}/open-times")
async def list_open_times(
    request: AnyRequest,
    slug: FromPath[str],
    service: FromQuery[str],
    day: FromQuery[date],
    clock: TheClock,
    practitioner: FromQuery[str] = "any",
    place: FromQuery[str] = "",
) -> Response[bytes]:
    """Every free start of one day in the practice's zone, with who would give it and where."""
    _check_reach(day)
    tenant = await open_practice(request, slug)
    async with practice_lens(tenant):
        found = await open_times(tenant, wanted_from(service, practitioner, place), day, day, clock())
    plan = found.plan
    times = [
        {
            "start": datetime.fromtimestamp(slot.start, tenant.zone),
            "practitioner": plan.practitioners[slot.practitioner_id]["ref"],
            "place": plan.places[slot.place_id]["ref"],
        }
        for slot in found.day(day)
    ]
    return Response(_encode({"day": day, "times": times}), media_type="application/json", headers=_BRIEFLY)


@get("/p/{slug:str}/open-days")
async def list_open_days(
    request: AnyRequest,
    slug: FromPath[str],
    service: FromQuery[str],
    month: FromQuery[date],
    clock: TheClock,
    practitioner: FromQuery[str] = "any",
    place: FromQuery[str] = "",
) -> Response[bytes]:
    """The days of the month (any day of it names it) that have a free start."""
    _check_reach(month)
    tenant = await open_practice(request, slug)
    first, last = month_days(month)
    async with practice_lens(tenant):
        found = await open_times(tenant, wanted_from(service, practitioner, place), first, last, clock())
    return Response(_encode({"month": first, "days": found.open_days}), media_type="application/json", headers=_BRIEFLY)


def _check_reach(day: date) -> None:
    if not is_in_reach(day):
        raise ClientException("there is no such day")
