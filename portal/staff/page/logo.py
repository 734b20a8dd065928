"""The practice's logo: chosen, shown on its page and on the front door, taken away."""

from litestar import get, post
from litestar.exceptions.http_exceptions import RequestEntityTooLarge
from litestar.response import Redirect, Template

from portal.people.pace import EVERY_HOUR, keep_pace
from portal.people.photos import develop
from portal.people.refusals import PhotoTooLarge, PhotoTooManyPixels, PhotoUnreadable
from portal.phrases import phrase
from portal.staff.desk import Desk, TheDesk
from portal.staff.page.logo_picture import read_logo
from portal.staff.page.standing import page_of, saved, was_saved
from portal.web.forms import Form, read_form
from portal.web.given import AnyRequest
from portal.web.uploads import FORM_AROUND_A_FILE, read_upload
from tenants.page.logo import keep_logo, remove_logo
from tenants.team.permissions import Permission

TOO_LARGE, UNPROCESSABLE = 413, 422
MEGABYTES = 5
LARGEST = MEGABYTES * 1024 * 1024
CHOICES_AN_HOUR = 30
ACCEPT = "image/png,image/jpeg,image/webp"


@get("/desk/{slug:str}/page/logo", needs=Permission.CHANGE_SETTINGS)
async def show_logo(request: AnyRequest, desk: TheDesk) -> Template:
    return await _page(desk, Form(desk.viewer.words), saved=was_saved(request))


@post(
    "/desk/{slug:str}/page/logo",
    status_code=303,
    needs=Permission.CHANGE_SETTINGS,
    request_max_body_size=LARGEST + FORM_AROUND_A_FILE,
)
async def choose(request: AnyRequest, desk: TheDesk) -> Redirect | Template:
    too_large = phrase(PhotoTooLarge(MEGABYTES), desk.viewer.formats)
    try:
        await read_form(request, desk.viewer)
        sent = await read_upload(request, "logo", LARGEST)
    except RequestEntityTooLarge:
        return await _refused(desk, too_large, TOO_LARGE)
    if not sent:
        return await _refused(desk, desk.viewer.words.gettext("Please choose a file first."))
    if len(sent) > LARGEST:
        return await _refused(desk, too_large, TOO_LARGE)
    await keep_pace("logo", str(desk.practice.id), CHOICES_AN_HOUR, EVERY_HOUR, desk.viewer.now)
    try:
        large, small = await develop(read_logo, sent)
    except PhotoUnreadable:
        words = desk.viewer.words.gettext(
            "This file cannot be read as a logo. It must be a whole PNG, JPEG or WebP image."
        )
        return await _refused(desk, words)
    except PhotoTooManyPixels as refusal:
        return await _refused(desk, phrase(refusal, desk.viewer.formats))
    async with desk.lens():
        await keep_logo(desk.practice, large, small, desk.viewer.now)
    return saved(request, desk, "logo")


@get("/desk/{slug:str}/page/logo/removal", needs=Permission.CHANGE_SETTINGS)
async def ask_to_remove(desk: TheDesk) -> Template:
    return await page_of(desk, "logo_removal")


@post("/desk/{slug:str}/page/logo/removal", status_code=303, needs=Permission.CHANGE_SETTINGS)
async def remove(request: AnyRequest, desk: TheDesk) -> Redirect:
    await read_form(request, desk.viewer)
    async with desk.lens():
        await remove_logo(desk.practice)
    return saved(request, desk, "logo")


async def _refused(desk: Desk, words: str, status: int = UNPROCESSABLE) -> Template:
    form = Form(desk.viewer.words)
    form.refuse("logo", words)
    return await _page(desk, form, status=status)


async def _page(desk: Desk, form: Form, *, status: int = 200, saved: bool = False) -> Template:
    facts = {"accept": ACCEPT, "megabytes": MEGABYTES, "largest": LARGEST}
    too_large = phrase(PhotoTooLarge(MEGABYTES), desk.viewer.formats)
    return await page_of(desk, "logo", status=status, form=form, saved=saved, too_large=too_large, **facts)
