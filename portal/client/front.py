from litestar import get
from litestar.response import Template

from portal.database import read_rows
from portal.web.given import TheViewer
from tenants.page.texts import ABOUT_IN, about_in
from tenants.practices.tenant import list_tenants


@get("/")
async def show_front_door(viewer: TheViewer) -> Template:
    practices, language = await list_tenants(), viewer.locale.language
    rows = await read_rows(ABOUT_IN, language, [each.id for each in practices])
    said = {row["tenant_id"]: row["about"] for row in rows}
    return viewer.page("client/front.html", practices=[(each, about_in(each, language, said)) for each in practices])
