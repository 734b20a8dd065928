from litestar import get
from litestar.response import Template

from portal.languages.words import named_language
from portal.staff.desk import TheDesk
from portal.staff.page.standing import as_it_stands
from portal.web.given import TheSettings
from tenants.page.texts import find_said
from tenants.team.permissions import Permission


@get("/desk/{slug:str}/page", needs=Permission.CHANGE_SETTINGS)
async def show_overview(desk: TheDesk, settings: TheSettings) -> Template:
    """The page's sign as clients meet it, and the way to each of its parts."""
    practice = await as_it_stands(desk)
    async with desk.lens():
        said = await find_said(practice)
    return desk.page(
        "desk/page/overview.html",
        practice=practice,
        said=[(language, named_language(language), about) for language, about in said.abouts],
        public=f"{settings.public_url}/p/{practice.slug}",
    )
