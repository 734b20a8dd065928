from litestar import get
from litestar.response import Template

from portal.web.given import TheViewer
from tenants.practices.tenant import list_tenants


@get("/")
async def show_front_door(viewer: TheViewer) -> Template:
    return viewer.page("client/front.html", practices=await list_tenants())
