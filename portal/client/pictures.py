"""People's own photos, as images."""

from typing import Any

from litestar import Response, get
from litestar.exceptions import NotFoundException
from litestar.params import FromPath

from portal.people.photos import find_photo
from portal.web.given import AnyRequest, TheViewer
from portal.web.pictures import as_image


@get("/photos/{ref:str}/{size:str}")
async def send_picture(
    request: AnyRequest, viewer: TheViewer, ref: FromPath[str], size: FromPath[str]
) -> Response[Any]:
    """To the person whose it is. For everybody else, signed in or not, there is none."""
    photo = await find_photo(ref, size, viewer.now)
    if photo is None or viewer.person is None or photo.person_id != viewer.person.person_id:
        raise NotFoundException
    return as_image(request, photo, f"{ref}-{size}", lasting=True)
