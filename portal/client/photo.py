"""One's photo: chosen, looked at, turned, and kept once it is saved."""

from contextlib import suppress

from litestar import get, post
from litestar.exceptions.http_exceptions import RequestEntityTooLarge
from litestar.response import Redirect, Template

from portal.people.pace import EVERY_HOUR, EVERY_MINUTE, keep_pace
from portal.people.photos import choose_photo, discard_draft, own_photos, save_photo, turn_photo
from portal.people.refusals import PhotoOver, PhotoTooLarge, PhotoTooManyPixels, PhotoUnreadable
from portal.phrases import phrase
from portal.web.forms import Form, read_form
from portal.web.given import AnyRequest, TheViewer
from portal.web.uploads import FORM_AROUND_A_FILE, read_upload
from portal.web.viewer import Viewer, signed_in

CONFLICT, TOO_LARGE, UNPROCESSABLE = 409, 413, 422
HERE = "/profile/photo"
MEGABYTES = 10
LARGEST = MEGABYTES * 1024 * 1024
CHOICES_AN_HOUR, TURNS_A_MINUTE = 30, 60
ACCEPT = "image/jpeg,image/png,image/webp,image/heic,.heic,.heif"


@get(HERE)
async def show_photo(request: AnyRequest, viewer: TheViewer) -> Template:
    """`done` tells what has just been changed."""
    return await _page(viewer, Form(viewer.words), done=request.query_params.get("done", ""))


@post(HERE, status_code=303, request_max_body_size=LARGEST + FORM_AROUND_A_FILE)
async def choose(request: AnyRequest, viewer: TheViewer) -> Redirect | Template:
    person = signed_in(viewer)
    await keep_pace("photo", str(person.person_id), CHOICES_AN_HOUR, EVERY_HOUR, viewer.now)
    try:
        await read_form(request, viewer)
        sent = await read_upload(request, "photo", LARGEST)
    except RequestEntityTooLarge:
        return await _refused(viewer, phrase(PhotoTooLarge(MEGABYTES), viewer.formats), TOO_LARGE)
    if sent is None:
        return await _refused(viewer, viewer.words.gettext("Please choose a file first."))
    if len(sent) > LARGEST:
        return await _refused(viewer, phrase(PhotoTooLarge(MEGABYTES), viewer.formats), TOO_LARGE)
    try:
        await choose_photo(person.person_id, sent, viewer.now)
    except (PhotoUnreadable, PhotoTooManyPixels) as refusal:
        return await _refused(viewer, phrase(refusal, viewer.formats))
    return Redirect(HERE, status_code=303)


@post(f"{HERE}/turn", status_code=303)
async def turn(request: AnyRequest, viewer: TheViewer) -> Redirect:
    """What has been turned elsewhere meanwhile is shown as it is now instead, and a double click turns once."""
    person = signed_in(viewer)
    form = await read_form(request, viewer)
    await keep_pace("photo turn", str(person.person_id), TURNS_A_MINUTE, EVERY_MINUTE, viewer.now)
    with suppress(PhotoOver):
        await turn_photo(person.person_id, form.text("shown", 40), viewer.now)
    return Redirect(f"{HERE}?done=turned", status_code=303)


@post(f"{HERE}/save", status_code=303)
async def save(request: AnyRequest, viewer: TheViewer) -> Redirect | Template:
    person = signed_in(viewer)
    form = await read_form(request, viewer)
    try:
        await save_photo(person.person_id, form.text("shown", 40), viewer.now)
    except PhotoOver as refusal:
        form.refuse("", phrase(refusal, viewer.formats))
        return await _page(viewer, form, status=CONFLICT)
    return Redirect(f"{HERE}?done=saved", status_code=303)


@post(f"{HERE}/discard", status_code=303)
async def discard(request: AnyRequest, viewer: TheViewer) -> Redirect:
    person = signed_in(viewer)
    await read_form(request, viewer)
    await discard_draft(person.person_id)
    return Redirect(HERE, status_code=303)


async def _refused(viewer: Viewer, words: str, status: int = UNPROCESSABLE) -> Template:
    form = Form(viewer.words)
    form.refuse("photo", words)
    return await _page(viewer, form, status=status)


async def _page(viewer: Viewer, form: Form, *, done: str = "", status: int = 200) -> Template:
    own = await own_photos(signed_in(viewer).person_id, viewer.now)
    return viewer.page(
        "client/photo.html",
        status_code=status,
        form=form,
        kept=own.kept,
        draft=own.draft,
        done=done,
        accept=ACCEPT,
        megabytes=MEGABYTES,
        largest=LARGEST,
        too_large=phrase(PhotoTooLarge(MEGABYTES), viewer.formats),
    )
