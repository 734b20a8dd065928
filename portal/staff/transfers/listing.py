"""Every import and export of the practice, so that one can be left and found again."""

from litestar import get
from litestar.response import Template

from portal.staff.desk import TheDesk
from tenants.team.permissions import Permission
from tenants.transfer.jobs import list_jobs


@get("/desk/{slug:str}/transfers", needs=Permission.TRANSFER)
async def list_transfers(desk: TheDesk) -> Template:
    async with desk.lens():
        jobs = await list_jobs(desk.practice)
    return desk.page("desk/transfers/list.html", jobs=jobs)
