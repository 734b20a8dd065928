"""Taking one's photo away, once asked."""

from litestar import get, post
from litestar.response import Redirect, Template

from portal.people.photos import own_photos, remove_photo
from portal.web.forms import read_form
from portal.web.given import AnyRequest, TheViewer
from portal.web.viewer import signed_in

PHOTO = "/profile/photo"


@get(f"{PHOTO}/removal")
async def ask_to_remove(viewer: TheViewer) -> Redirect | Template:
    own = await own_photos(signed_in(viewer).person_id, viewer.now)
    if own.kept is None:
        return Redirect(PHOTO, status_code=303)
    return viewer.page("client/photo_removal.html", kept=own.kept)


@post(f"{PHOTO}/removal", status_code=303)
async def remove(request: AnyRequest, viewer: TheViewer) -> Redirect:
    person = signed_in(viewer)
    await read_form(request, viewer)
    await remove_photo(person.person_id)
    return Redirect(f"{PHOTO}?done=removed", status_code=303)
