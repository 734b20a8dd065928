"""The practice's address in the portal. Those that it had lead to the present one."""

from litestar import get, post
from litestar.response import Redirect, Template

from portal.people.pace import EVERY_HOUR, keep_pace
from portal.phrases import phrase
from portal.staff.desk import Desk, TheDesk
from portal.staff.page.standing import as_it_stands, page_of, saved, was_saved
from portal.web.forms import Form, read_form
from portal.web.given import AnyRequest, TheSettings
from tenants.page.slug import LONGEST, SHORTEST, change_slug, former_slugs
from tenants.refusals import ChangedMeanwhile, SlugReserved, SlugTaken, SlugUnusable
from tenants.team.permissions import Permission

CONFLICT, UNPROCESSABLE = 409, 422
CHANGES_AN_HOUR = 5
"""Each address that was once a practice's stays its own: nobody collects them."""
LONGEST_TYPED = 200


@get("/desk/{slug:str}/page/address", needs=Permission.CHANGE_SETTINGS)
async def show_address(request: AnyRequest, desk: TheDesk, settings: TheSettings) -> Template:
    practice = await as_it_stands(desk)
    form = Form(desk.viewer.words, [("slug", practice.slug), ("seen", practice.slug)])
    return await _page(desk, form, settings.public_url, saved=was_saved(request))


@post("/desk/{slug:str}/page/address", status_code=303, needs=Permission.CHANGE_SETTINGS)
async def change(request: AnyRequest, desk: TheDesk, settings: TheSettings) -> Redirect | Template:
    """Typed with capitals or with what stands before it, it is understood all the same."""
    form = await read_form(request, desk.viewer)
    typed = form.text("slug", LONGEST_TYPED).lower().rstrip("/")
    form["slug"] = wanted = form.get("take") or typed.removeprefix(f"{settings.public_url}/p/")
    if form.get("take"):
        form.errors.clear()
    if not form.ok:
        return await _page(desk, form, settings.public_url, status=UNPROCESSABLE)
    await keep_pace("slug", str(desk.practice.id), CHANGES_AN_HOUR, EVERY_HOUR, desk.viewer.now)
    try:
        async with desk.lens():
            await change_slug(desk.practice, wanted, form.get("seen", ""))
    except (SlugUnusable, SlugReserved, SlugTaken) as refusal:
        form.refuse("slug", phrase(refusal, desk.viewer.formats))
        free = refusal.free if isinstance(refusal, SlugTaken) else ()
        status = CONFLICT if isinstance(refusal, SlugTaken) else UNPROCESSABLE
        return await _page(desk, form, settings.public_url, status=status, free=free)
    except ChangedMeanwhile as refusal:
        form.refuse("", phrase(refusal, desk.viewer.formats))
        form["seen"] = (await as_it_stands(desk)).slug
        return await _page(desk, form, settings.public_url, status=CONFLICT)
    return saved(request, desk, "address", slug=wanted)


async def _page(
    desk: Desk, form: Form, public_url: str, *, status: int = 200, saved: bool = False, free: tuple[str, ...] = ()
) -> Template:
    async with desk.lens():
        former = await former_slugs(desk.practice)
    return await page_of(
        desk,
        "address",
        status=status,
        form=form,
        saved=saved,
        free=free,
        former=former,
        public_url=public_url,
        bounds={"least": SHORTEST, "most": LONGEST},
    )
