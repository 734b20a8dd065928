"""A client's photo, for the practices to which they show it."""

from typing import Any

from litestar import Response, get
from litestar.exceptions import NotFoundException
from litestar.params import FromPath

from portal.people.photos import find_photo, photo_shown
from portal.staff.desk import TheDesk
from portal.web.given import AnyRequest
from portal.web.pictures import as_image
from tenants.clients.record import find_record
from tenants.team.permissions import Permission


@get("/desk/{slug:str}/clients/{ref:str}/photo/{size:str}", needs=Permission.CLIENTS)
async def send_photo(request: AnyRequest, desk: TheDesk, ref: FromPath[str], size: FromPath[str]) -> Response[Any]:
    """What is not shown here any more is gone at the next look."""
    async with desk.lens():
        record = await find_record(desk.practice, ref)
    shown = await photo_shown(record["email"], desk.practice.id) if record["email"] else None
    photo = await find_photo(shown, size, desk.viewer.now) if shown else None
    if photo is None:
        raise NotFoundException
    return as_image(request, photo, f"{shown}-{size}", lasting=False)
