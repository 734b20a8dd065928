from litestar import get
from litestar.response import Template

from portal.staff.desk import TheDesk
from tenants.team.permissions import Permission


@get("/desk/{slug:str}/settings", needs=Permission.SETTINGS)
async def show_settings(desk: TheDesk) -> Template:
    """Every setting with a sentence on what it is for."""
    return desk.page("desk/settings.html")
